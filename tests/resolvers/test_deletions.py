"""Nothing that is told of a customer until they were deleted brings them back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from gateway.personalize import events as told
from gateway.personalize.events import Told
from gateway.personalize.history import NO_HISTORY
from gateway.resolvers import events
from gateway.resolvers.events import Recorded
from gateway.resolvers.visits import Visit
from gateway.storage import events as stored_events
from gateway.storage.database import Database
from gateway.storage.opened import Storage
from tests.events import Given, a_product_view, an_event, an_order, of_order
from tests.factories import NOW
from tests.resolvers.conftest import Visiting, on
from tests.rows import Shop
from tests.waiting import until, until_waiting

BEFORE, AFTER = "2026-03-10T10:59:59Z", "2026-03-10T11:00:01Z"
TABLES = ("customer", "sales_order", "order_address", "history", "joined_session")


@pytest.fixture
def server(patient: Storage, visiting: Visiting) -> Visit:
    return on(patient, visiting(session=None, is_server=True))


def deleted(id: str = "deleted") -> Given:
    """Ada is deleted at eleven."""
    return an_event(id, "accountDeleted", customer_id="ada")


async def known(shop: Shop) -> dict[str, int]:
    """Where ada is known."""
    counted = {
        table: await shop.value(
            f"select count(*) from {table} as t where t::text like '%ada%'"
        )
        for table in (*TABLES, "event")
    }
    return {table: count for table, count in counted.items() if count}


async def test_what_was_before_the_deletion_does_not_count_in_the_same_call_either(
    server: Visit, shop: Shop
) -> None:
    sent = [
        an_order("1", "1000", customer_id="ada", at=BEFORE),
        a_product_view("2", "mug", customer_id="ada", at=BEFORE),
        deleted(),
    ]

    recorded = await events.record(server, sent, consents=True)

    assert recorded == Recorded(recorded=3)
    assert await known(shop) == {}
    again = await events.record(server, sent, consents=True)
    assert again == Recorded(repeated=3)
    assert await known(shop) == {}


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_order_of_whoever_is_deleted_by_e_mail_says_no_more_who_it_was(
    server: Visit, shop: Shop, *, at_once: bool
) -> None:
    order = an_order("1", "1000", email="ada@example.com", at=BEFORE)
    order["payload"]["billing"] = {"address": {"street1": "at ada's", "city": "Bern"}}
    gone = an_event("2", "accountDeleted", email="ada@example.com")
    late = of_order("3", "orderItemsShipped", "1000")
    late["payload"]["shipping"] = {"address": {"street1": "at ada's", "city": "Bonn"}}

    for sent in [[order, gone]] if at_once else [[order], [gone]]:
        await events.record(server.afresh(), sent)

    assert await known(shop) == {}
    assert await shop.value("select order_id || city from sales_order") == "1000Bern"
    await events.record(server.afresh(), [late])
    assert await shop.value("select count(*) from order_address") == 0
    assert await shop.value("select count(shipped_to) from order_standing") == 0
    assert await shop.value("select order_id || city from sales_order") == "1000Bonn"


async def test_who_comes_back_after_the_deletion_in_the_same_call_is_there(
    server: Visit, shop: Shop
) -> None:
    sent = [deleted(), an_order("1", "1000", customer_id="ada", at=AFTER)]

    await events.record(server, sent)

    assert await known(shop) == {"customer": 1, "sales_order": 1, "event": 1}


async def test_a_storefront_tells_nothing_of_before_the_deletion_either(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    await events.record(server, [deleted()])
    ada = visiting("ada", consents=True)

    recorded = await events.record(ada, [a_product_view("1", "mug", at=BEFORE)])

    assert recorded == Recorded(recorded=1)
    assert await known(shop) == {}
    await events.record(ada, [a_product_view("2", "pot", at=AFTER)])
    assert await known(shop) == {"history": 1, "event": 1}


async def test_a_login_after_the_deletion_joins_nothing_of_before(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    visitor = visiting(consents=True)
    await events.record(visitor, [a_product_view("1", "mug", at=BEFORE)])
    await events.record(server, [deleted()])

    login = visiting("ada", "next", consents=True, visitor_session="session")
    found = (await login.context()).history

    assert found == NO_HISTORY
    assert await known(shop) == {}
    assert len((await visitor.afresh().context()).history.viewed) == 1


async def an_event_held_back(
    database: Database, id: str, recording: asyncio.Event, *, from_server: bool
) -> None:
    """Hold the id of an event, whose recording then waits, until it may go on."""
    read = told.read([a_product_view(id, "mug")], NOW, from_server=False, keeps_days=30)
    async with database.dedicated() as connection:
        other = connection.transaction()
        await other.start()
        await stored_events.insert(
            connection, "base", [Told(one) for one in read], from_server=from_server
        )
        recording.set()
        try:
            await asyncio.Event().wait()
        finally:
            await other.rollback()


@pytest.mark.parametrize("who", ["server", "customer", "visitor who logged in"])
async def test_what_is_being_recorded_at_the_deletion_is_forgotten_with_the_rest(
    server: Visit,
    patient: Storage,
    visiting: Visiting,
    database: Database,
    shop: Shop,
    who: str,
) -> None:
    is_server = who == "server"
    asking = server.afresh()
    if who == "customer":
        asking = on(patient, visiting("ada", consents=True))
    elif not is_server:
        at = NOW - timedelta(hours=2)
        login = visiting("ada", "next", consents=True, visitor_session="session", at=at)
        await login.join_history()
        late = visiting(consents=True, at=at + timedelta(minutes=1))
        asking = on(patient, late)
    sent = (
        an_order("1", "1000", customer_id="ada", at=BEFORE)
        if is_server
        else a_product_view("1", "mug", at="2026-03-10T10:00:00Z")
    )
    await patient.months.make([NOW.date().replace(day=1)])
    held = asyncio.Event()
    holding = asyncio.create_task(
        an_event_held_back(database, "1", held, from_server=is_server)
    )
    await until(held.is_set)

    recording = asyncio.create_task(events.record(asking, [sent]))
    await until_waiting(database, 1)
    deleting = asyncio.create_task(events.record(server, [deleted()]))
    if who != "visitor who logged in":
        await until_waiting(database, 2)
        assert not deleting.done()
    else:
        await deleting
    holding.cancel()
    await asyncio.gather(holding, return_exceptions=True)
    await asyncio.gather(recording, deleting)

    assert await known(shop) == {}


async def test_deletions_and_what_is_told_of_many_do_not_stand_in_each_others_way(
    server: Visit, shop: Shop
) -> None:
    customers = [f"customer-{one}" for one in range(40)]

    async def tell(turn: int) -> Recorded:
        at = NOW - timedelta(minutes=turn)
        whose = customers if turn % 2 else customers[::-1]
        sent = [
            an_event(f"{one}-{turn}", "accountDeleted", customer_id=one, at=str(at))
            if number % 4 == turn
            else a_product_view(f"{one}-{turn}", "mug", customer_id=one, at=str(at))
            for number, one in enumerate(whose)
        ]
        return await events.record(server.afresh(), sent, consents=True)

    counted = await asyncio.gather(*map(tell, range(4)))

    assert counted == [Recorded(recorded=40)] * 4
    # The last word of ten is their deletion; of all others something was told later.
    assert await shop.value("select count(*) from history") == 30
    whose = "select count(distinct customer_id) from event"
    assert await shop.value(whose) == 30
