"""Matching all customers in bulk: differences only, killed and gone on with, alone."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor

import pytest

from gateway.personalize.errors import NotFound
from gateway.resolvers.matching import prepare_process
from gateway.resolvers.segment_refreshes import deaf_to_interrupts
from gateway.storage import matches, segment_refreshes
from gateway.storage.connection import connection_to
from gateway.storage.database import Database
from gateway.storage.matches import Size
from gateway.storage.segment_refreshes import Run
from gateway.storage.sql import Query
from tests.processes import environment
from tests.refreshing import (
    FEMALE,
    HAS_ORDERED,
    WRONG_SIZES,
    Told,
    adding,
    members,
    refresh,
)
from tests.rows import Shop
from tests.waiting import PATIENCE_SECONDS, until, until_waiting

MANY = 30_000
END_WHO_WAITS = Query("""
select pg_terminate_backend(pid, 60000) from pg_stat_activity
 where datname = current_database() and wait_event_type = 'Lock'""")


@pytest.fixture(autouse=True)
async def _website(shop: Shop) -> None:
    await shop.website()


@pytest.fixture(autouse=True)
async def _counted(database: Database, _website: None) -> AsyncIterator[None]:
    """Whatever a test does: the sizes of segments are what their customers say."""
    yield
    assert await database.read(WRONG_SIZES) == []


async def three_customers(shop: Shop) -> None:
    """One ordered, one is female, one is both."""
    await shop.customer("1", gender="male")
    await shop.customer("2", gender="female")
    await shop.customer("3", gender="female")
    await shop.order("1", "a")
    await shop.order("3", "b")


async def many_customers(url: str, *, of_which_women: int) -> None:
    """So many that a refresh takes a while; every second or third is a woman."""
    async with connection_to(url) as connection:
        await connection.execute(
            "insert into customer (website, customer_id, gender)"
            " select 'base', n::text, case n % $1 when 0 then 'female' end"
            " from generate_series(1, $2::integer) n",
            of_which_women,
            MANY,
        )


async def two_segments(shop: Shop) -> tuple[int, int]:
    return (
        await shop.segment("women", FEMALE, applies_to="registered"),
        await shop.segment("buyers", HAS_ORDERED, applies_to="registered"),
    )


async def test_every_customer_is_in_the_segments_that_hold_of_them(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    await shop.segment("all", applies_to="both")
    await shop.segment("visitors", applies_to="visitor")
    await shop.segment("idle", active=False)

    told = await refresh(database_url)

    assert await members(database) == {
        "all": ["1", "2", "3"],
        "buyers": ["1", "3"],
        "women": ["2", "3"],
    }
    [done] = told.done
    assert (done.customers, done.decided, done.joined, done.departed) == (3, 3, 7, 0)


async def test_only_what_is_otherwise_is_written(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    await refresh(database_url)
    joined = "select joined_at from matched_customer where customer_id = '3'"
    before = await shop.value(joined)
    await shop.order("2", "c")
    await shop.execute("update customer set gender = 'male' where customer_id = '2'")

    told = await refresh(database_url)

    assert await members(database) == {"buyers": ["1", "2", "3"], "women": ["3"]}
    assert (told.done[0].joined, told.done[0].departed) == (1, 1)
    assert await shop.value(joined) == before
    former = "select array[customer_id, (left_at > joined_at)::text] from former_match"
    assert await shop.value(former) == ["2", "true"]


async def test_sizes_follow_every_change_and_are_put_together_by_a_refresh(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    women, buyers = await two_segments(shop)
    parts = "select count(*) from segment_size"

    await refresh(database_url)
    first = await matches.sizes(database, "base")
    await shop.execute("delete from customer where customer_id = '3'")
    second = await matches.sizes(database, "base")
    named = await matches.sizes(database, "base", [women])
    apart = await shop.value(parts)
    await shop.execute("update customer set gender = 'male'")
    await refresh(database_url)
    third = await matches.sizes(database, "base")

    one, two = Size(1, 1), Size(2, 2)
    assert (first, second) == ({women: two, buyers: two}, {women: one, buyers: one})
    assert (named, third) == ({women: one}, {buyers: one})
    assert (apart, await shop.value(parts)) == (4, 1)


async def test_only_the_segments_that_were_named_are_written(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)

    await refresh(database_url, ["women"])

    assert await members(database) == {"women": ["2", "3"]}


async def test_an_unknown_segment_or_website_is_refused(
    database_url: str, shop: Shop
) -> None:
    await two_segments(shop)

    with pytest.raises(NotFound, match="no segment of 'base' is called 'men'"):
        await refresh(database_url, ["women", "men"])

    assert await shop.value("select count(*) from segment_refresh") == 0


async def test_a_segment_that_is_no_longer_active_loses_its_customers(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    await refresh(database_url)
    await shop.execute("update segment set active = false where key = 'women'")

    await refresh(database_url)

    assert await members(database) == {"buyers": ["1", "3"]}


async def test_who_or_what_is_deleted_is_in_nothing_any_more(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    await refresh(database_url)

    await shop.execute("delete from customer where customer_id = '3'")
    await shop.execute("delete from segment where key = 'buyers'")

    rows = "select array_agg(customer_id order by customer_id) from matched_customer"
    assert await members(database) == {"women": ["2"]}
    assert await shop.value(rows) == ["1", "2"]
    await refresh(database_url)
    assert await shop.value(rows) == ["2"]


async def test_what_is_left_of_a_refresh_names_no_customer(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    async with database.dedicated() as connection:
        killed = await segment_refreshes.begin(connection, "base", None)
    await shop.execute("update segment_refresh_range set done_to = '1', until_id = '3'")
    await shop.segment("late")

    told = await refresh(database_url, batch=2)

    assert [run.id == killed.id for run in told.begun] == [False]
    ids = "select count(*), count(done_to), count(until_id) from segment_refresh_range"
    assert await shop.value(f"select to_json(r)::text from ({ids}) as r (n, a, b)") == (
        '{"n":2,"a":0,"b":0}'
    )
    assert await members(database) == {
        "buyers": ["1", "3"],
        "late": ["1", "2", "3"],
        "women": ["2", "3"],
    }


async def test_a_segment_saved_during_a_refresh_is_matched_as_it_is_then(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    saved = "update segment set conditions = $1, version = version + 1 where key = $2"

    class Saving(Told):
        def begin(self, website: str, run: Run) -> None:
            super().begin(website, run)
            if len(self.begun) == 1:
                self.saving = asyncio.ensure_future(
                    shop.execute(saved, HAS_ORDERED, "women")
                )

    told = await refresh(database_url, told=Saving(), batch=1)

    assert await members(database) == {"buyers": ["1", "3"], "women": ["1", "3"]}
    assert len(told.begun) == 2
    assert len(told.begun[1].segment_ids) == 1


async def test_a_second_refresh_waits_for_the_first(
    database: Database, database_url: str, shop: Shop
) -> None:
    await three_customers(shop)
    await two_segments(shop)
    told = Told()

    async def has_waited() -> bool:
        return told.waited == ["base"]

    async with database.dedicated() as other:
        assert await segment_refreshes.try_lock(other, "base")
        second = asyncio.ensure_future(refresh(database_url, told=told))
        await until(has_waited)
        nothing_yet = await members(database)
    await second

    assert nothing_yet == {}
    assert await members(database) == {"buyers": ["1", "3"], "women": ["2", "3"]}


@pytest.mark.parametrize(
    ("initializer", "handled"),
    [
        pytest.param(None, signal.SIG_IGN, id="begun"),
        pytest.param(prepare_process, signal.SIG_DFL, id="prepared"),
    ],
)
def test_a_process_of_a_refresh_says_nothing_of_an_interrupt(
    initializer: Callable[[], None] | None, handled: signal.Handlers
) -> None:
    before = signal.getsignal(signal.SIGINT)
    context = multiprocessing.get_context("spawn")

    with ProcessPoolExecutor(1, context, initializer) as pool:
        with deaf_to_interrupts():
            asked = pool.submit(signal.getsignal, signal.SIGINT)
        found = asked.result(PATIENCE_SECONDS)

    assert found is handled
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("processes", ["1", "2"])
async def test_a_killed_refresh_is_gone_on_with(
    database: Database, database_url: str, shop: Shop, processes: str
) -> None:
    await many_customers(database_url, of_which_women=2)
    await shop.segment("women", FEMALE, applies_to="registered")
    arguments = ("-m", "gateway", "segments", "refresh", "--processes", processes)
    decided = "select coalesce(sum(customers), 0)::int from segment_refresh_range"

    async def has_begun() -> bool:
        return bool(await shop.value(decided))

    # It comes to no end, however fast it is.
    async with adding(database, "9998"):
        killed = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=environment(DATABASE_URL=database_url)
        )
        await until(has_begun)
        await until_waiting(database, 1)
        killed.send_signal(signal.SIGKILL)
        await killed.wait()
        # Nor does it afterwards, when nobody is there for it any more.
        await database.read(END_WHO_WAITS)
    so_far = await shop.value(decided)
    told = await refresh(database_url, batch=5000)

    assert 0 < so_far < MANY
    assert [run.resumed for run in told.begun] == [True]
    assert told.done[0].decided == MANY
    assert len((await members(database))["women"]) == MANY / 2


async def test_several_processes_match_what_one_does(
    database: Database, database_url: str, shop: Shop
) -> None:
    await many_customers(database_url, of_which_women=3)
    await shop.segment("women", FEMALE, applies_to="registered")

    told = await refresh(database_url, processes=2, batch=2000)

    assert len((await members(database))["women"]) == MANY / 3
    assert told.done[0].decided == MANY
