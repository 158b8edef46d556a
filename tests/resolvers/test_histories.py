"""What a visitor did is the customer's who logs in, also what arrives after that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.personalize import events as told
from gateway.personalize.events import Told
from gateway.personalize.history import NO_HISTORY, History
from gateway.resolvers import events
from gateway.resolvers.events import Recorded
from gateway.resolvers.visits import Visit
from gateway.storage import events as stored_events
from gateway.storage import histories as stored_histories
from gateway.storage.database import Database
from gateway.storage.events import Terms
from gateway.storage.histories import Owners
from gateway.storage.opened import Storage
from tests.events import a_page_view, a_product_view, an_event
from tests.factories import NOW
from tests.resolvers.conftest import Visiting, on
from tests.rows import Shop
from tests.waiting import until_waiting

LOGIN = NOW + timedelta(seconds=10)
SOON = LOGIN + timedelta(minutes=5)


@pytest.fixture
def visitor(visiting: Visiting) -> Visit:
    return visiting(consents=True)


@pytest.fixture
def late(visiting: Visiting) -> Visit:
    """A request with the visitor's cookie that arrives after the login."""
    return visiting(consents=True, at=SOON)


@pytest.fixture
def login(visiting: Visiting) -> Visit:
    return visiting("ada", "next", consents=True, visitor_session="session", at=LOGIN)


@pytest.fixture
def ada(visiting: Visiting) -> Visit:
    """A request of hers that has her own cookie only."""
    return visiting("ada", "next", consents=True, at=SOON)


async def history(visit: Visit) -> History:
    return (await visit.afresh().context()).history


async def viewed(visit: Visit) -> Sequence[str]:
    return [one.sku for one in (await history(visit)).viewed]


async def test_what_arrives_after_the_login_is_the_customers_too(
    visitor: Visit, login: Visit, ada: Visit, late: Visit, shop: Shop
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])
    await login.join_history()

    recorded = await events.record(late, [a_product_view("2", "pot")])

    assert recorded == Recorded(recorded=1)
    assert await viewed(ada) == ["pot", "mug"]
    # The visitor's cookie shows nothing of it.
    assert await history(late) == NO_HISTORY
    whose = "select array_agg(distinct customer_id) from event"
    assert await shop.value(whose) == ["ada"]


async def test_a_visitor_of_whom_nothing_was_known_at_the_login_is_the_customer_too(
    login: Visit, ada: Visit, late: Visit
) -> None:
    await login.join_history()

    await events.record(late, [a_product_view("1", "mug")])

    assert await viewed(ada) == ["mug"]


async def test_a_history_is_the_same_whether_its_events_arrive_before_or_after_it(
    visiting: Visiting, visitor: Visit, login: Visit, ada: Visit, late: Visit
) -> None:
    def sent(session: str) -> list[dict[str, object]]:
        return [
            a_page_view(f"{session}1", "https://shop/?utm_source=mail"),
            a_product_view(f"{session}2", "mug", at="2026-03-10T11:10:00Z"),
            an_event(
                f"{session}3",
                "searchRequestSent",
                {"siteSearch": {"query": "pots"}},
                at="2026-03-10T11:50:00Z",
            ),
            a_product_view(f"{session}4", "pot", at="2026-03-10T11:59:00Z"),
        ]

    known = [a_product_view("0", "cup", at="2026-03-01T11:00:00Z")]
    for customer_id in ("ada", "eve"):
        await events.record(visiting(customer_id, customer_id, consents=True), known)
        known = [{**known[0], "id": "again"}]
    await events.record(visitor, sent("a")[:2])
    await login.join_history()
    await events.record(late, sent("a")[2:])
    other = visiting(session="other", consents=True)
    await events.record(other, sent("b"))
    as_eve = visiting("eve", "last", consents=True, visitor_session="other", at=LOGIN)

    hers, eves = await history(ada), await history(as_eve)

    assert hers == replace(eves, version=hers.version)
    assert (hers.visits, hers.page_views, hers.searches) == (3, 1, ("pots",))


async def test_what_is_being_written_at_the_login_is_waited_for(
    patient: Storage, database: Database, login: Visit, ada: Visit, shop: Shop
) -> None:
    read = told.read(
        [a_product_view("1", "mug")], NOW, from_server=False, keeps_days=30
    )
    await patient.months.make(one.month for one in read)
    visitors = Owners("base", are_customers=False)

    async with database.transaction() as connection:
        await stored_events.insert(
            connection,
            "base",
            [Told(one, session="session") for one in read],
            from_server=False,
        )
        await stored_histories.lock(connection, visitors, ["session"])
        joining = asyncio.create_task(on(patient, login).join_history())
        await until_waiting(database, 1)
        seen = replace(NO_HISTORY, visits=1, last_at=NOW)
        await stored_histories.save(connection, visitors, {"session": seen})
    await joining

    assert (await history(ada)).visits == 1
    assert await shop.value("select customer_id from event") == "ada"


async def test_what_began_before_the_login_and_is_written_after_it_is_the_customers(
    patient: Storage, database: Database, visitor: Visit, login: Visit, ada: Visit
) -> None:
    sent = [a_product_view("1", "mug")]
    read = told.read(sent, NOW, from_server=False, keeps_days=30)
    await patient.months.make(one.month for one in read)

    # Whoever else writes an event under the same id is waited for.
    async with database.dedicated() as connection:
        other = connection.transaction()
        await other.start()
        await stored_events.insert(
            connection, "base", [Told(one) for one in read], from_server=False
        )
        recording = asyncio.create_task(events.record(on(patient, visitor), sent))
        await until_waiting(database, 1)
        await login.join_history()
        await other.rollback()
    await recording

    assert await viewed(ada) == ["mug"]
    assert await history(visitor) == NO_HISTORY


async def test_nobody_else_gets_what_belongs_to_who_logged_in_first(
    visiting: Visiting, visitor: Visit, login: Visit, ada: Visit, late: Visit
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])
    await login.join_history()
    eve = visiting("eve", "third", consents=True, visitor_session="session", at=SOON)

    await eve.join_history()
    await events.record(late, [a_product_view("2", "pot")])
    again = visiting("eve", "fourth", consents=True, visitor_session="session", at=SOON)

    assert await viewed(again) == []
    assert await viewed(ada) == ["pot", "mug"]


async def test_what_arrives_later_is_nobody_elses_than_the_visitors(
    visiting: Visiting, login: Visit, ada: Visit, shop: Shop
) -> None:
    await login.join_history()
    too_late = visiting(consents=True, at=SOON + timedelta(seconds=1))

    await events.record(too_late, [a_product_view("1", "mug")])

    assert await history(ada) == NO_HISTORY
    assert await viewed(too_late) == ["mug"]
    assert await shop.value("select customer_id from event") is None


async def test_whoever_logs_in_again_gets_what_came_later(
    visiting: Visiting, login: Visit
) -> None:
    await login.join_history()
    after = SOON + timedelta(hours=1)
    await events.record(visiting(consents=True, at=after), [a_product_view("1", "mug")])

    again = visiting("ada", "third", consents=True, visitor_session="session", at=after)

    assert await viewed(again) == ["mug"]


@pytest.mark.parametrize("consents", [True, False], ids=["forbidden", "no consent"])
async def test_what_arrives_late_follows_no_login_that_joined_nothing(
    visiting: Visiting, storage: Storage, late: Visit, *, consents: bool
) -> None:
    terms = Terms(joins=not consents)
    login = visiting(
        "ada", "next", consents=consents, visitor_session="session", at=LOGIN
    )
    apart = replace(storage, terms=terms)
    await on(apart, login).join_history()

    await events.record(on(apart, late), [a_product_view("1", "mug")])

    assert await viewed(visiting("ada", consents=True)) == []
    assert await viewed(late) == ["mug"]


async def test_a_setting_that_forbids_joining_holds_for_what_is_late_at_once(
    storage: Storage, login: Visit, ada: Visit, late: Visit
) -> None:
    await login.join_history()
    apart = replace(storage, terms=Terms(joins=False))

    await events.record(on(apart, late), [a_product_view("1", "mug")])

    assert await viewed(ada) == []
    assert await viewed(late) == ["mug"]


async def test_what_arrives_late_needs_consent_of_its_own(
    visiting: Visiting, login: Visit, ada: Visit
) -> None:
    await login.join_history()
    denied = visiting(consents=False, at=SOON)

    recorded = await events.record(denied, [a_product_view("1", "mug")])

    assert recorded == Recorded(not_consented=1)
    assert await history(ada) == NO_HISTORY


async def test_what_arrives_late_on_another_website_is_not_the_customers(
    visiting: Visiting, login: Visit, shop: Shop
) -> None:
    await shop.website("us")
    await login.join_history()
    there = visiting(website="us", consents=True, at=SOON)

    await events.record(there, [a_product_view("1", "mug")])

    assert await history(visiting("ada", website="us", consents=True)) == NO_HISTORY
    assert await viewed(there) == ["mug"]


@pytest.mark.parametrize("is_known", [True, False])
async def test_nothing_late_comes_to_a_customer_who_was_deleted_meanwhile(
    visiting: Visiting, login: Visit, late: Visit, shop: Shop, *, is_known: bool
) -> None:
    if is_known:
        await shop.customer("ada")
    await login.join_history()
    server = visiting(session=None, is_server=True, at=SOON)
    deleted = an_event("1", "accountDeleted", customer_id="ada", at=None)
    await events.record(server, [deleted])

    await events.record(late, [a_product_view("2", "mug")])

    assert await history(visiting("ada", consents=True)) == NO_HISTORY
    assert await viewed(late) == ["mug"]
    assert await shop.value("select count(*) from joined_session") == 0


async def test_nothing_is_lost_of_what_many_requests_tell_around_the_login(
    visiting: Visiting, patient: Storage, ada: Visit, shop: Shop
) -> None:
    async def tell(turn: int) -> Recorded:
        visit = on(patient, visiting(consents=True, at=SOON))
        return await events.record(visit, [a_product_view(str(turn), "mug")])

    async def log_in(turn: int) -> None:
        login = visiting(
            "ada", f"s{turn}", consents=True, visitor_session="session", at=LOGIN
        )
        await on(patient, login).join_history()

    work = [tell(one) if one % 6 else log_in(one) for one in range(1, 31)]

    await asyncio.gather(*work)

    assert [one.views for one in (await history(ada)).viewed] == [25]
    assert await shop.value("select array_agg(owner) from history") == ["ada"]
    whose = "select array_agg(distinct customer_id) from event"
    assert await shop.value(whose) == ["ada"]
