"""Events are in months, which are made when they are needed and dropped when old."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

import pytest

from gateway.personalize import events as told
from gateway.personalize.events import Told
from gateway.storage import events
from gateway.storage.database import Database
from gateway.storage.events import Dropped, Months
from tests.events import a_product_view
from tests.factories import NOW
from tests.rows import Shop


async def insert(database: Database, *given: Any) -> frozenset[str]:
    read = told.read(given, NOW, from_server=False, keeps_days=3000)
    await Months(database).make(one.month for one in read)
    async with database.transaction() as connection:
        return await events.insert(
            connection,
            "base",
            [Told(one, session="s") for one in read],
            from_server=False,
        )


async def months(shop: Shop) -> list[str]:
    names: list[str] = await shop.value(
        "select array_agg(relname::text order by relname) from pg_class"
        " where relname like 'event\\_2%' and relkind = 'r'"
    )
    return names


async def test_a_month_is_made_by_whoever_needs_it_first(
    database: Database, shop: Shop
) -> None:
    await asyncio.gather(*(Months(database).make([date(2031, 1, 1)]) for _ in range(4)))

    assert "event_2031_01" in await months(shop)


async def test_whole_months_that_are_too_old_are_dropped_with_all_that_is_of_them(
    database: Database, shop: Shop
) -> None:
    await shop.website()
    await insert(
        database,
        a_product_view("old", "mug", at="2020-01-31T23:59:59.999999Z"),
        a_product_view("edge", "mug", at="2020-02-01T00:00:00Z"),
    )
    for owner, at in (("gone", "2020-02-10"), ("here", "2020-02-11")):
        await shop.execute(
            "insert into history (website, of_customer, owner, last_at)"
            " values ('base', true, $1, $2)",
            *(owner, datetime.fromisoformat(f"{at}T12:00:00+00:00")),
        )

        await shop.execute(
            "insert into joined_session (website, session, customer_id, joined_at)"
            " values ('base', $1, 'ada', $2)",
            *(owner, datetime.fromisoformat(f"{at}T12:00:00+00:00")),
        )

    dropped = await events.purge(database, date(2020, 2, 11))

    assert dropped == Dropped(months=1, ids=1, histories=1)
    assert "event_2020_01" not in await months(shop)
    assert await shop.value("select string_agg(id, ', ') from event") == "edge"
    assert await shop.value("select string_agg(id, ', ') from event_id") == "edge"
    assert await shop.value("select string_agg(owner, ', ') from history") == "here"
    sessions = "select string_agg(session, ', ') from joined_session"
    assert await shop.value(sessions) == "here"


async def test_one_process_drops_at_a_time(database: Database) -> None:
    async with database.dedicated() as other:
        assert await other.fetchval(events.SQL.lock_purge)

        assert await events.purge(database, date(2020, 1, 1)) is None

    assert await events.purge(database, date(2019, 1, 1)) == Dropped()


async def test_many_ids_go_a_few_at_a_time(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "AT_ONCE", 2)
    await shop.execute(
        "insert into event_id (website, from_server, id, digest, month)"
        " select 'base', true, n::text, '', '2019-05-01' from generate_series(1, 5) n"
    )

    dropped = await events.purge(database, date(2019, 6, 1))

    assert dropped == Dropped(ids=5)


async def test_an_id_counts_once_in_whichever_month_it_comes_again(
    database: Database, shop: Shop
) -> None:
    await shop.website()
    first = await insert(database, a_product_view("1", "mug"))
    again = await insert(
        database, a_product_view("1", "mug", at="2026-02-10T11:00:00Z")
    )

    assert (first, again) == (frozenset("1"), frozenset())


async def test_what_belongs_to_a_website_goes_with_it(
    database: Database, shop: Shop
) -> None:
    await shop.website()
    await insert(database, a_product_view("1", "mug"))
    await shop.execute(
        "insert into joined_session (website, session, customer_id, joined_at)"
        " values ('base', 'session', 'ada', now())"
    )

    await shop.execute("delete from website where code = 'base'")

    assert await shop.value("select count(*) from event") == 0
    assert await shop.value("select count(*) from event_id") == 0
    assert await shop.value("select count(*) from joined_session") == 0
