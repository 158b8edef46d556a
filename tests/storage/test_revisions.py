"""Changes are heard of at once, and looked up anyway when nobody tells of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from gateway.storage.database import Connection, Database, Timeouts, connected
from gateway.storage.errors import Unavailable
from gateway.storage.revisions import SQL, Watch
from gateway.storage.rulebooks import RuleBooks
from tests.fault_proxy import FaultProxy
from tests.rows import Shop
from tests.waiting import PATIENCE_SECONDS, UNHURRIED, until

# Than anybody waits for it here.
MUCH_LATER = 10 * PATIENCE_SECONDS

# What a listener has said last is either of these.
LISTENERS = (
    "select count(*) from pg_stat_activity"
    f" where (query ilike 'listen %' or query = '{SQL.heartbeat}')"
    " and datname = current_database() and pid <> pg_backend_pid()"
)
CUT_LISTENERS = LISTENERS.replace("count(*)", "count(pg_terminate_backend(pid))")


@pytest.fixture
async def rulebooks(database: Database, shop: Shop) -> RuleBooks:
    await shop.website()
    rulebooks = RuleBooks(database)
    await rulebooks.refresh()
    return rulebooks


def segments(rulebooks: RuleBooks) -> list[str]:
    return [one.key for one in rulebooks.held["base"].rulebook.segments]


async def until_listeners(shop: Shop, wanted: int = 1) -> None:
    # Nobody tells when somebody listens.
    async def listening() -> bool:
        listeners: int = await shop.value(LISTENERS)
        return listeners == wanted

    await until(listening)


@asynccontextmanager
async def watching(
    database: Database, refresh: Callable[[], Awaitable[None]], seconds: float
) -> AsyncIterator[Watch]:
    async with Watch(database, refresh, seconds).running() as watch:
        yield watch


async def test_a_change_is_heard_of_at_once(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    async with watching(database, rulebooks.refresh, seconds=MUCH_LATER):
        await until_listeners(shop)
        await shop.segment("new")

        await until(lambda: segments(rulebooks) == ["new"])


async def test_what_changed_before_anybody_listened_is_looked_up(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.segment("new")

    async with watching(database, rulebooks.refresh, seconds=MUCH_LATER):
        await until(lambda: segments(rulebooks) == ["new"])


async def test_what_nobody_told_of_is_looked_up_every_few_seconds(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    async with watching(database, rulebooks.refresh, seconds=0.2):
        await until_listeners(shop)
        await shop.execute("alter table website disable trigger website_is_announced")
        try:
            await shop.segment("untold")
            await until(lambda: segments(rulebooks) == ["untold"])
        finally:
            await shop.execute(
                "alter table website enable trigger website_is_announced"
            )


async def test_a_listener_whose_connection_is_ended_listens_again(
    rulebooks: RuleBooks,
    database: Database,
    shop: Shop,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[object] = []
    note = Watch._note

    def noting(self: Watch, *told: object) -> None:
        heard.append(told)
        note(self, *told)

    monkeypatch.setattr(Watch, "_note", noting)
    async with watching(database, rulebooks.refresh, seconds=3) as watch:
        await until_listeners(shop)
        assert await shop.value(CUT_LISTENERS) == 1
        await until(lambda: watch.reconnects == 1)
        await until_listeners(shop)
        # What was told before is of no interest, nor is what is looked up by itself.
        heard.clear()
        await shop.segment("new")
        await until(lambda: heard)
        await until(lambda: segments(rulebooks) == ["new"])

    (told,) = caplog.records
    assert told.message.startswith("the listener reconnects: ")
    assert "closed" in told.message


async def test_a_connection_that_only_looks_alive_is_noticed_by_its_heartbeat(
    proxied_url: str, postgres_proxy: FaultProxy
) -> None:
    refreshed = 0

    async def refresh() -> None:
        nonlocal refreshed
        refreshed += 1

    async with connected(proxied_url, timeouts=UNHURRIED) as database:
        # Of the listener's connection alone.
        database._timeouts = Timeouts(connect=60, command=0.5)
        async with watching(database, refresh, seconds=0.2) as watch:
            await until(lambda: refreshed)
            before = watch.reconnects
            postgres_proxy.block()
            await until(lambda: watch.reconnects > before)
            postgres_proxy.unblock()


async def test_a_refresh_that_fails_is_tried_again(
    rulebooks: RuleBooks, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    tried = 0

    async def refresh() -> None:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise Unavailable("PostgreSQL went away")
        if tried == 2:
            raise ValueError("a fault of ours")
        await rulebooks.refresh()

    async with watching(database, refresh, seconds=0.05):
        await until(lambda: tried > 3)

    assert [(one.levelno, one.message) for one in caplog.records] == [
        (logging.WARNING, "rule books were not refreshed: PostgreSQL went away"),
        (logging.ERROR, "rule books were not refreshed"),
    ]


async def test_a_listener_that_fails_listens_again(
    rulebooks: RuleBooks,
    database: Database,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    listen, tried = database.dedicated, 0

    def dedicated() -> AbstractAsyncContextManager[Connection]:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise ValueError("a fault of ours")
        return listen()

    monkeypatch.setattr(database, "dedicated", dedicated)
    async with watching(database, rulebooks.refresh, seconds=0.3):
        await until_listeners(shop)

    assert [(one.levelno, one.message) for one in caplog.records] == [
        (logging.ERROR, "the listener failed"),
        (logging.WARNING, "the listener reconnects: a fault of ours"),
    ]


async def test_nothing_is_left_behind_when_watching_ends(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    before = asyncio.all_tasks()

    async with watching(database, rulebooks.refresh, seconds=MUCH_LATER):
        await until_listeners(shop)

    assert asyncio.all_tasks() == before
    await until_listeners(shop, 0)
