"""What is due by the clock is refreshed, once, whichever worker comes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from gateway.resolvers.refresh_schedule import RefreshSchedule, latest
from gateway.resolvers.refresher import Refresher
from gateway.storage import segment_refreshes
from gateway.storage.database import Database
from tests.refreshing import FEMALE, members, refresh
from tests.rows import Shop
from tests.waiting import until

TIMES = (time(3, 30), time(15))
RUNS = "select count(*) from segment_refresh"


@pytest.fixture
async def schedule(database: Database, shop: Shop) -> AsyncIterator[RefreshSchedule]:
    await shop.website()
    await shop.segment("women", FEMALE, applies_to="registered")
    await shop.customer("1", gender="female")
    refresher = Refresher()
    yield RefreshSchedule(database, refresher, TIMES, look_seconds=0.1)
    await refresher.close()


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-05-05T03:30", "UTC", "2026-05-05T03:30"),
        ("2026-05-05T03:29", "UTC", "2026-05-04T15:00"),
        ("2026-05-05T20:00", "UTC", "2026-05-05T15:00"),
        ("2026-05-05T02:00", "Europe/Berlin", "2026-05-05T01:30"),
        ("2026-05-05T01:00", "America/New_York", "2026-05-04T19:00"),
    ],
)
def test_due_is_the_last_time_by_the_clock_of_the_website(
    now: str, zone: str, due: str
) -> None:
    given = datetime.fromisoformat(now).replace(tzinfo=UTC)

    found = latest(TIMES, zone, given)

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


async def test_what_is_due_is_refreshed_once(
    database: Database, schedule: RefreshSchedule, shop: Shop
) -> None:
    now = datetime.now(UTC)

    both = await asyncio.gather(schedule.look(now), schedule.look(now))
    again = await schedule.look(now)
    tomorrow = await schedule.look(now + timedelta(days=1))

    assert [*both, again, tomorrow] == [True] * 4
    assert await members(database) == {"women": ["1"]}
    assert await shop.value(RUNS) == 2


async def test_whoever_was_refreshed_by_hand_meanwhile_is_not_due(
    database_url: str, schedule: RefreshSchedule, shop: Shop
) -> None:
    # Before, lest something becomes due meanwhile.
    now = datetime.now(UTC)
    await refresh(database_url)

    await schedule.look(now)

    assert await shop.value(RUNS) == 1


async def test_nothing_is_started_while_a_refresh_runs(
    database: Database, schedule: RefreshSchedule, shop: Shop
) -> None:
    async with database.dedicated() as other:
        assert await segment_refreshes.try_lock(other, "base")
        await schedule.look(datetime.now(UTC))

    assert await shop.value(RUNS) == 0


async def test_a_website_that_cannot_be_refreshed_stops_no_other(
    database: Database, schedule: RefreshSchedule, shop: Shop
) -> None:
    await shop.website("nowhere", timezone="Nowhere/Land")

    went_well = await schedule.look(datetime.now(UTC))

    assert not went_well
    assert await members(database) == {"women": ["1"]}


async def test_a_worker_looks_for_as_long_as_it_runs(
    database: Database, schedule: RefreshSchedule
) -> None:
    async def has_ended() -> bool:
        return await segment_refreshes.last_of_all(database, "base") is not None

    async with schedule.running():
        await until(has_ended)

    assert await members(database) == {"women": ["1"]}
