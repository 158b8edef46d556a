"""Writing what was decided, while customers are deleted: real transactions at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from gateway.storage import matched_customers, matches, segment_refreshes
from gateway.storage.connection import Connection
from gateway.storage.database import Database
from gateway.storage.matched_customers import Decided, Ids
from gateway.storage.segment_refreshes import Range, Run
from tests.refreshing import WRONG_SIZES, members
from tests.rows import Shop
from tests.waiting import until_waiting

DELETE = "delete from customer where customer_id = $1"
FORMER = "select count(*) from former_match"
JOINED = "select sum(joined)::integer from segment_refresh_range"


@pytest.fixture
async def segment(shop: Shop) -> int:
    """A segment that a refresh writes, of a website with three customers."""
    await shop.website()
    for customer_id in ("1", "2", "3"):
        await shop.customer(customer_id)
    return await shop.segment("some")


@pytest.fixture(autouse=True)
async def _counted(database: Database, segment: int) -> AsyncIterator[None]:
    """Whatever a test does: the sizes of segments are what their customers say."""
    del segment
    yield
    assert await database.read(WRONG_SIZES) == []


async def written(
    connection: Connection, run: Run, segments: Mapping[str, Ids]
) -> Range | None:
    """Write the only range of a run, all at once."""
    [part] = run.ranges
    decided = Decided(segments, None, len(segments), is_end=True)
    return await matched_customers.write(connection, run, part, decided)


async def refreshed(
    database: Database,
    segments: Mapping[str, Ids],
    keys: Sequence[str] | None = None,
) -> None:
    """Refresh, with these as what was decided."""
    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", keys)
        await written(connection, run, segments)
        await segment_refreshes.finish(connection, run)


@asynccontextmanager
async def deleting(database: Database, customer_id: str) -> AsyncIterator[Connection]:
    """Have a customer deleted by a transaction that ends with the block."""
    async with database.dedicated() as connection, connection.transaction():
        await connection.execute(DELETE, customer_id)
        yield connection


async def test_who_was_deleted_after_the_decision_stays_out(
    database: Database, shop: Shop, segment: int
) -> None:
    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        await shop.execute(DELETE, "2")

        await written(connection, run, {"1": (segment,), "2": (segment,)})

    assert await members(database) == {"some": ["1"]}
    assert await shop.value(JOINED) == 1


async def test_a_write_waits_for_a_deletion_and_sees_it(
    database: Database, segment: int
) -> None:
    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        async with deleting(database, "2"):
            writing = asyncio.ensure_future(
                written(connection, run, {"1": (segment,), "2": (segment,)})
            )
            await until_waiting(database, 1)
        await writing

    assert await members(database) == {"some": ["1"]}


async def test_a_deletion_that_is_taken_back_keeps_nobody_out(
    database: Database, segment: int
) -> None:
    async with database.dedicated() as connection, database.dedicated() as other:
        run = await segment_refreshes.begin(connection, "base", None)
        transaction = other.transaction()
        await transaction.start()
        await other.execute(DELETE, "2")
        writing = asyncio.ensure_future(written(connection, run, {"2": (segment,)}))
        await until_waiting(database, 1)
        await transaction.rollback()
        await writing

    assert await members(database) == {"some": ["2"]}


async def test_a_deletion_waits_for_a_write_and_sees_it(
    database: Database, shop: Shop, segment: int
) -> None:
    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        async with connection.transaction():
            await written(connection, run, {"1": (segment,), "2": (segment,)})
            deletion = asyncio.ensure_future(shop.execute(DELETE, "2"))
            await until_waiting(database, 1)
        await deletion

    assert await members(database) == {"some": ["1"]}


async def test_a_run_that_is_begun_waits_for_a_deletion(
    database: Database, segment: int
) -> None:
    async with deleting(database, "2"):
        refreshing = asyncio.ensure_future(
            refreshed(database, {"1": (segment,), "2": (segment,)})
        )
        await until_waiting(database, 1)
    await refreshing

    assert await members(database) == {"some": ["1"]}


async def test_who_leaves_a_segment_while_being_deleted_is_not_remembered(
    database: Database, shop: Shop, segment: int
) -> None:
    await refreshed(database, {"1": (segment,), "2": (segment,)})

    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        async with deleting(database, "2"):
            writing = asyncio.ensure_future(written(connection, run, {}))
            await until_waiting(database, 1)
        await writing

    assert await members(database) == {}
    assert await shop.value("select array_agg(customer_id) from former_match") == ["1"]


async def test_who_left_a_segment_and_is_deleted_at_once_is_not_remembered(
    database: Database, shop: Shop, segment: int
) -> None:
    await refreshed(database, {"2": (segment,)})

    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        async with connection.transaction():
            await written(connection, run, {})
            deletion = asyncio.ensure_future(shop.execute(DELETE, "2"))
            await until_waiting(database, 1)
        await deletion

    assert await shop.value(FORMER) == 0


async def test_several_delete_at_once_also_while_a_refresh_waits(
    database: Database, segment: int
) -> None:
    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        everybody = {"1": (segment,), "2": (segment,), "3": (segment,)}
        async with deleting(database, "1") as first, deleting(database, "2"):
            writing = asyncio.ensure_future(written(connection, run, everybody))
            await until_waiting(database, 1)
            await first.execute(DELETE, "3")
        await writing

    assert await members(database) == {}


async def test_who_deletes_nobody_does_not_wait(
    database: Database, shop: Shop, segment: int
) -> None:
    async with database.dedicated() as connection:
        run = await segment_refreshes.begin(connection, "base", None)
        async with connection.transaction():
            await written(connection, run, {"1": (segment,)})
            await shop.execute(DELETE, "nobody")

    assert await members(database) == {"some": ["1"]}


async def test_a_process_that_stops_while_it_writes_is_given_up_after_a_minute(
    database: Database, segment: int
) -> None:
    limit = "show idle_in_transaction_session_timeout"
    async with database.dedicated() as connection:
        before = await connection.fetchval(limit)
        run = await segment_refreshes.begin(connection, "base", None)
        async with connection.transaction():
            await written(connection, run, {"1": (segment,)})
            meanwhile = await connection.fetchval(limit)
        after = await connection.fetchval(limit)

    assert (meanwhile, after) == ("1min", before)
    assert before != meanwhile


async def test_a_run_that_was_given_up_writes_nothing_more(
    database: Database, segment: int
) -> None:
    async with database.dedicated() as connection:
        old = await segment_refreshes.begin(connection, "base", None)
        await segment_refreshes.begin(connection, "base", ["some"])

        left = await written(connection, old, {"1": (segment,)})

    assert left is None
    assert await members(database) == {}


async def test_what_is_being_written_is_there_before_its_run_is_given_up(
    database: Database, segment: int
) -> None:
    everybody = {"1": (segment,), "2": (segment,)}
    async with database.dedicated() as connection:
        old = await segment_refreshes.begin(connection, "base", None)
        [part] = old.ranges
        async with connection.transaction():
            first = Decided({"1": (segment,)}, "1", 1, is_end=False)
            left = await matched_customers.write(connection, old, part, first)
            refreshing = asyncio.ensure_future(refreshed(database, everybody, ["some"]))
            await until_waiting(database, 1)
        await refreshing
        assert left is not None
        second = Decided({"2": (segment,)}, None, 1, is_end=True)
        nothing = await matched_customers.write(connection, old, left, second)

    assert nothing is None
    assert await members(database) == {"some": ["1", "2"]}


async def test_a_size_that_is_not_what_the_customers_say_is_found(
    database: Database, shop: Shop, segment: int
) -> None:
    await refreshed(database, {"1": (segment,)})

    await shop.execute("update segment_size set customers = customers + 2")
    found = await database.read(WRONG_SIZES)
    await shop.execute("update segment_size set customers = customers - 2")

    [wrong] = found
    assert (wrong["website"], wrong["segment_id"]) == ("base", segment)
    assert (wrong["counted"], wrong["there"]) == (3, 1)


async def test_customers_whom_something_else_adds_are_counted_too(
    database: Database, shop: Shop, segment: int
) -> None:
    await refreshed(database, {"1": (segment,)})

    await shop.execute(
        "insert into matched_customer (website, customer_id, segment_ids, joined_at)"
        " values ('base', '2', array[$1::bigint], array[now()])",
        segment,
    )

    assert (await matches.sizes(database, "base"))[segment].customers == 2
