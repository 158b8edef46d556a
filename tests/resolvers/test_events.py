"""Events are recorded once, all or none, and what is made of them is read at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.errors import Conflict, InvalidInput, NotFound
from gateway.personalize.history import NO_HISTORY, History, ViewedProduct
from gateway.resolvers import events
from gateway.resolvers.events import Recorded
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.storage.cache import segment_cache
from gateway.storage.database import connected
from gateway.storage.errors import Unavailable
from gateway.storage.events import Terms
from gateway.storage.opened import Storage, opened
from gateway.storage.pace import Pace
from tests.events import a_page_view, a_product_view, an_event, an_order, of_order
from tests.factories import NOW
from tests.fault_proxy import FaultProxy
from tests.resolvers.conftest import Visiting
from tests.rows import Shop
from tests.waiting import UNHURRIED

LANDING = "https://shop/?utm_source=mail&utm_campaign=may"
DAY = date(2026, 3, 10)


@pytest.fixture
def visitor(visiting: Visiting) -> Visit:
    return visiting(consents=True)


@pytest.fixture
def server(visiting: Visiting) -> Visit:
    return visiting(session=None, is_server=True)


def viewed(sku: str) -> dict[str, Any]:
    """A condition that a shopper has viewed a product."""
    that = {"attribute": "product.sku", "operator": "is", "value": sku}
    return {"found": "products.viewed", "all": [that]}


async def history(visit: Visit) -> History:
    return (await visit.afresh().context()).history


async def orders(visiting: Visiting, customer_id: str) -> list[tuple[str, Decimal]]:
    customer = (await visiting(customer_id).context()).customer
    assert customer is not None
    return [(order.status, order.grand_total) for order in customer.orders]


async def test_nothing_is_recorded_of_a_website_that_is_gone(
    visitor: Visit, server: Visit, shop: Shop
) -> None:
    told = an_event("2", "profileRecord", {"person": {"gender": "female"}})
    # The worker does not know yet.
    await visitor.website()
    await shop.execute("delete from website")

    for who, event in (
        (visitor, a_product_view("1", "mug")),
        (server, {**told, "customer_id": "ada"}),
    ):
        with pytest.raises(NotFound, match=r"^there is no website 'base'\.$"):
            await events.record(who, [event])

    for table in ("event", "event_id", "history"):
        assert await shop.value(f"select count(*) from {table}") == 0


async def test_what_a_visitor_did_is_in_the_next_context(visitor: Visit) -> None:
    recorded = await events.record(
        visitor,
        [
            a_page_view("1", LANDING, "https://a/"),
            a_product_view("2", "mug"),
            a_product_view("3", "mug"),
            an_event("4", "searchRequestSent", {"siteSearch": {"query": "Green Mug"}}),
        ],
    )

    assert recorded == Recorded(recorded=4)
    found = await history(visitor)
    assert found == History(
        landing_page=LANDING,
        referrer="https://a/",
        campaign=(("source", "mail"), ("name", "may")),
        visits=1,
        page_views=1,
        searches=("green mug",),
        viewed=(ViewedProduct("mug", DAY, 2),),
        version=found.version,
        last_at=NOW - timedelta(hours=1),
        began_at=NOW - timedelta(hours=1),
        landed_at=NOW - timedelta(hours=1),
    )
    assert found.version > 0


async def test_an_event_that_comes_twice_counts_once(visitor: Visit) -> None:
    sent = [a_product_view("1", "mug"), a_product_view("2", "pot")]
    await events.record(visitor, sent[:1])
    before = await history(visitor)

    again = await events.record(visitor, [*sent, sent[0]])

    assert again == Recorded(recorded=1, repeated=2)
    viewed = (await history(visitor)).viewed
    assert sorted((one.sku, one.views) for one in viewed) == [("mug", 1), ("pot", 1)]
    assert (await history(visitor)).version > before.version


async def test_an_id_that_stands_for_something_else_refuses_the_whole_call(
    visitor: Visit, shop: Shop
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])

    with pytest.raises(Conflict) as refused:
        await events.record(
            visitor, [a_product_view("2", "pot"), a_product_view("1", "pot")]
        )

    assert [problem.path for problem in refused.value.problems] == ["events.1.id"]
    assert await shop.value("select count(*) from event") == 1
    assert [one.sku for one in (await history(visitor)).viewed] == ["mug"]


async def test_a_server_and_a_shopper_may_use_the_same_id(
    visitor: Visit, server: Visit
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])

    recorded = await events.record(server, [an_order("1", "1000")])

    assert recorded == Recorded(recorded=1)


async def test_without_consent_behaviour_leaves_no_trace(
    visiting: Visiting, shop: Shop
) -> None:
    visit = visiting(consents=False)

    recorded = await events.record(visit, [a_product_view("1", "mug")])

    assert recorded == Recorded(not_consented=1)
    assert await shop.value("select count(*) from event_id") == 0
    assert await history(visiting(consents=True)) == NO_HISTORY


async def test_what_was_kept_is_not_looked_at_once_consent_is_gone(
    visitor: Visit, visiting: Visiting
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])

    assert await history(visiting(consents=False)) == NO_HISTORY


async def test_a_server_says_whose_consent_it_has(
    server: Visit, visiting: Visiting
) -> None:
    sent = [
        a_product_view("1", "mug", customer_id="ada"),
        a_product_view("2", "pot", customer_id="ada", consents=False),
    ]

    recorded = await events.record(server, sent, consents=True)

    assert recorded == Recorded(recorded=1, not_consented=1)
    viewed = (await history(visiting("ada", consents=True))).viewed
    assert [one.sku for one in viewed] == ["mug"]


async def test_everything_that_is_wrong_is_said_with_its_path(visitor: Visit) -> None:
    with pytest.raises(InvalidInput) as refused:
        await events.record(
            visitor,
            [
                an_event("1", "productPageVeiw"),
                an_event("2", "productPageView", {"productListItems": [{"name": "x"}]}),
                an_order("3", "1000"),
                a_product_view("4", "mug", at="2026-03-10T12:06:00Z"),
                a_product_view("5", "mug", at="2024-03-10T12:06:00Z"),
                a_product_view("6", "mug", at="yesterday", customer_id="ada"),
            ],
        )

    assert [problem.path for problem in refused.value.problems] == [
        "events.0.type",
        "events.1.payload.productListItems.0.SKU",
        "events.2.type",
        "events.5.customer_id",
        "events.5.at",
        "events.3.at",
        "events.4.at",
    ]


async def test_a_visitors_history_is_the_customers_with_the_very_request_of_the_login(
    visitor: Visit, visiting: Visiting, shop: Shop
) -> None:
    ada = visiting("ada", "hers", consents=True)
    await events.record(ada, [a_product_view("1", "pot")])
    await events.record(visitor, [a_page_view("2", "/"), a_product_view("3", "mug")])

    login = visiting("ada", "next", consents=True, visitor_session="session")
    found = (await login.context()).history

    assert [one.sku for one in found.viewed] == ["mug", "pot"]
    assert (found.page_views, found.visits, found.landing_page) == (1, 2, "/")
    again = visiting("ada", "next", consents=True, visitor_session="session")
    assert (await again.context()).history == found
    assert await history(visitor) == NO_HISTORY
    assert await shop.value("select count(*) from event where customer_id is null") == 0


async def test_a_login_without_consent_joins_nothing(
    visitor: Visit, visiting: Visiting
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])

    await visiting("ada", "next", visitor_session="session").context()

    assert await history(visiting("ada", consents=True)) == NO_HISTORY
    assert [one.sku for one in (await history(visitor)).viewed] == ["mug"]


async def test_a_placed_order_is_the_customers_and_has_its_lines(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    await events.record(server, [an_order("1", "1000", customer_id="ada")])

    assert await orders(visiting, "ada") == [("pending", Decimal("24.9000"))]
    line = await shop.value(
        "select (sku, quantity, price, row_total)::text from order_line"
    )
    assert line == "(mug,2.0000,9.9500,19.9000)"


async def test_an_order_says_where_it_is_billed_and_shipped_to(
    server: Visit, shop: Shop
) -> None:
    sent = an_order("1", "1000", customer_id="ada")
    sent["payload"]["billing"] = {"address": {"city": "Bern", "country": "ch"}}
    sent["payload"]["shipping"] = {"address": {"city": "Bonn", "country": "de"}}

    await events.record(server, [sent])

    written = (
        "select string_agg(concat_ws(' ', type, city, country), ', ' order by type)"
    )
    found = await shop.value(f"{written} from order_address")
    assert found == "billing Bern CH, shipping Bonn DE"
    assert await shop.value("select city || country from sales_order") == "BonnDE"


@pytest.mark.parametrize("placed_first", [True, False])
async def test_an_order_went_where_it_was_shipped_last_whatever_comes_first(
    server: Visit, visiting: Visiting, shop: Shop, *, placed_first: bool
) -> None:
    placed = an_order("1", "1000", customer_id="ada")
    placed["payload"]["billing"] = {"address": {"city": "Bern", "country": "CH"}}
    shipped = of_order("2", "orderItemsShipped", "1000")
    to = {"street1": "Way 1", "city": "Bonn", "state": "NW", "country": "DE"}
    shipped["payload"]["commerce"]["shipping"] = {"address": to}
    earlier = of_order("3", "orderShipmentCompleted", "1000", at="2026-03-10T10:00:00Z")
    earlier["payload"]["shipping"] = {"address": {"city": "Paris", "country": "FR"}}
    silent = of_order("4", "orderItemsShipped", "1000", at="2026-03-10T11:30:00Z")

    told = [shipped, earlier, silent]
    for one in [placed, *told] if placed_first else [*told, placed]:
        await events.record(server, [one])

    customer = (await visiting("ada").context()).customer
    assert customer is not None
    assert [one.country for one in customer.orders] == ["DE"]
    assert {
        (one.type, one.address.street, one.address.region, one.address.city)
        for one in customer.order_addresses
    } == {("billing", None, None, "Bern"), ("shipping", "Way 1", "NW", "Bonn")}
    assert await shop.value("select count(shipped_to) from order_standing") == 0


async def test_a_customers_phones_come_with_their_addresses(
    server: Visit, visiting: Visiting
) -> None:
    payload = {
        "billingAddress": {"city": "Bern", "countryCode": "CH", "country": "Suisse"},
        "billingAddressPhone": {"number": "+41 31 1", "primary": False},
        "shippingAddress": {"city": "Bonn", "country": "de"},
        "shippingAddressPhone": {"number": 228},
    }
    sent = an_event("1", "profileRecord", payload, customer_id="ada")

    await events.record(server, [sent])

    customer = (await visiting("ada").context()).customer
    assert customer is not None
    assert [(one.city, one.country, one.telephone) for one in customer.addresses] == [
        ("Bern", "CH", "+41 31 1"),
        ("Bonn", "DE", "228"),
    ]


async def test_an_address_that_says_nothing_is_none(
    server: Visit, visiting: Visiting
) -> None:
    payload = {
        "billingAddress": {"street1": "", "city": None, "primary": False},
        "billingAddressPhone": {"number": "228"},
    }
    placed = an_order("2", "1000", customer_id="ada")
    placed["payload"]["billing"] = {"address": {"country": ""}}

    await events.record(
        server, [an_event("1", "profileRecord", payload, customer_id="ada"), placed]
    )

    customer = (await visiting("ada").context()).customer
    assert customer is not None
    assert (customer.addresses, customer.order_addresses) == ((), ())


async def test_an_order_told_of_under_two_ids_is_one(
    server: Visit, visiting: Visiting
) -> None:
    sent = [an_order(id, "1000", customer_id="ada") for id in ("1", "2")]

    recorded = await events.record(server, sent)

    assert recorded == Recorded(recorded=2)
    assert len(await orders(visiting, "ada")) == 1


@pytest.mark.parametrize(
    ("types", "status"),
    [
        pytest.param([], "pending", id="placed"),
        pytest.param(["orderInvoiced"], "processing", id="invoiced"),
        pytest.param(["orderItemsShipped"], "processing", id="shipped in part"),
        pytest.param(["orderShipmentCompleted"], "complete", id="shipped"),
        pytest.param(["orderCanceled"], "canceled", id="cancelled, as the guide says"),
        pytest.param(["orderCancelled", "orderInvoiced"], "canceled", id="too late"),
        pytest.param(["orderItemsReturnInitiated"], "pending", id="sent back"),
    ],
)
@pytest.mark.parametrize("placed_first", [True, False])
async def test_an_order_goes_as_far_as_events_bring_it_in_any_order(
    server: Visit,
    visiting: Visiting,
    types: list[str],
    status: str,
    *,
    placed_first: bool,
) -> None:
    told = [of_order(type, type, "1000", customer_id="ada") for type in types]
    placed = an_order("placed", "1000", customer_id="ada")

    for one in [placed, *told] if placed_first else [*told, placed]:
        await events.record(server, [one])

    assert [found for found, _ in await orders(visiting, "ada")] == [status]


async def test_an_order_is_closed_once_all_of_it_was_given_back(
    server: Visit, visiting: Visiting
) -> None:
    await events.record(server, [an_order("1", "1000", customer_id="ada")])

    async def refund(id: str, amount: str) -> list[tuple[str, Decimal]]:
        sent = of_order(id, "orderLineItemRefunded", "1000")
        sent["payload"]["refunds"] = [{"refundAmount": amount}]
        await events.record(server, [sent])
        return await orders(visiting, "ada")

    assert await refund("2", "14.90") == [("pending", Decimal("24.9000"))]
    assert await refund("3", "10.00") == [("closed", Decimal("24.9000"))]


async def test_an_imported_order_keeps_a_status_of_the_shops_own(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    await shop.customer("ada")
    await shop.order("ada", "1000", "holded")

    await events.record(server, [an_order("1", "1000", customer_id="ada")])

    assert await orders(visiting, "ada") == [("holded", Decimal("10.0000"))]


async def test_a_server_may_name_a_customer_by_e_mail_alone(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    await shop.customer("ada", email="Ada@Example.com")
    await shop.customer("bob", email="twice@example.com")
    await shop.customer("eve", email="twice@example.com")

    await events.record(
        server,
        [
            an_order("1", "1000", email="ada@example.COM"),
            an_order("2", "1001", email="twice@example.com"),
        ],
    )

    assert len(await orders(visiting, "ada")) == 1
    assert await orders(visiting, "bob") == await orders(visiting, "eve") == []
    visitors = "select email from sales_order where customer_id is null"
    assert await shop.value(visitors) == "twice@example.com"


async def test_a_profile_is_told_of_and_the_latest_word_counts(
    server: Visit, visiting: Visiting
) -> None:
    def told(id: str, at: str, first_name: str) -> dict[str, Any]:
        payload = {
            "person": {"name": {"firstName": first_name}, "birthDate": "1984-05-17"},
            "shippingAddress": {"city": "Bern", "country": "ch", "primary": False},
        }
        return an_event(id, "profileRecord", payload, customer_id="ada", at=at)

    await events.record(server, [told("2", "2026-03-10T11:00:02Z", "Ada")])
    await events.record(server, [told("1", "2026-03-10T11:00:01Z", "Eda")])

    customer = (await visiting("ada").context()).customer
    assert customer is not None
    assert (customer.first_name, customer.date_of_birth) == ("Ada", date(1984, 5, 17))
    (address,) = customer.addresses
    assert (address.city, address.country) == ("Bern", "CH")


async def test_a_deleted_customer_is_forgotten_and_nothing_late_brings_them_back(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    ada = visiting("ada", "hers", consents=True)
    await events.record(ada, [a_product_view("1", "mug")])
    told = {"personalEmail": {"address": "ada@example.com"}}
    await events.record(
        server,
        [
            an_event("1", "accountCreated", told, customer_id="ada"),
            an_order("2", "1000", customer_id="ada"),
            an_order("3", "1001", email="ada@example.com"),
        ],
    )

    await events.record(
        server, [an_event("4", "accountDeleted", told, customer_id="ada")]
    )
    await events.record(
        server, [an_order("5", "1002", customer_id="ada", email="ada@example.com")]
    )

    # What was sold stays sold, but says no more to whom.
    left = "select string_agg(order_id || coalesce(email, ' to nobody'), ', ')"
    assert await shop.value(f"{left} from sales_order") == "1001 to nobody"
    for table in ("customer", "history", "event", "order_line"):
        rows = f"select count(*) from {table} as t where t::text like '%ada%'"
        assert await shop.value(rows) == 0, table


async def test_one_batch_from_two_workers_at_once_counts_once(
    visiting: Visiting,
) -> None:
    sent = [a_product_view(str(one), "mug") for one in range(20)]
    visits = [visiting(consents=True) for _ in range(4)]

    counted = await asyncio.gather(*(events.record(one, sent) for one in visits))

    assert sorted(one.recorded for one in counted) == [0, 0, 0, 20]
    assert (await history(visits[0])).viewed == (ViewedProduct("mug", DAY, 20),)


async def test_many_who_order_at_once_do_not_stand_in_each_others_way(
    visiting: Visiting, shop: Shop
) -> None:
    customers = [f"customer-{one}" for one in range(10)]

    async def tell(turn: int) -> Recorded:
        server = visiting(session=None, is_server=True)
        whose = customers if turn % 2 else customers[::-1]
        sent = [
            told
            for one in whose
            for told in (
                an_order(f"{one}-{turn}", one, customer_id=one),
                a_product_view(f"{one}-view-{turn}", "mug", customer_id=one),
            )
        ]
        return await events.record(server, sent, consents=True)

    counted = await asyncio.gather(*map(tell, range(4)))

    assert {one.recorded for one in counted} == {20}
    assert await shop.value("select count(*) from sales_order") == 10
    for one in customers:
        viewed = (await history(visiting(one, consents=True))).viewed
        assert viewed == (ViewedProduct("mug", DAY, 4),)


async def test_what_is_sent_again_after_lost_connections_is_counted_exactly(
    proxied_url: str, postgres_proxy: FaultProxy, shop: Shop
) -> None:
    await shop.website()
    stored_of_lost = set()
    cache, fast = segment_cache(None, entries=10), Terms(per_minute=1_000_000)
    async with (
        connected(proxied_url, timeouts=UNHURRIED) as database,
        opened(database, cache, poll_seconds=60, terms=fast) as storage,
    ):
        shopper = Shopper("base", "default", session="session", consents=True)
        for batch in range(50):
            sent = [a_product_view(f"{batch}-{one}", "mug") for one in range(4)]
            # Each time a little later, so that every moment has its turn: on
            # the way there, on the way back, and while connecting again.
            postgres_proxy.cut_at(1 + batch // 2)
            delivered = 0
            # Some are delivered twice though they had been answered.
            while delivered <= batch % 2:
                visit = Visit(storage, shopper, NOW, keep_seconds=60)
                try:
                    await events.record(visit, sent)
                    delivered += 1
                except Unavailable:
                    query = "select count(*) from event where id like $1"
                    stored_of_lost.add(await shop.value(query, f"{batch}-%"))

    assert await shop.value("select count(*) from event") == 200
    stored = await shop.value("select history -> 'viewed' from history")
    assert stored == [["mug", "2026-03-10", 200]]
    # Lost on the way there, and on the way back; never in part.
    assert stored_of_lost == {0, 4}


async def test_a_profile_is_one_round_trip_however_many_segments_ask_for_it(
    visiting: Visiting, server: Visit, shop: Shop, reads: list[str]
) -> None:
    for number in range(300):
        await shop.segment(f"{number}", viewed(f"sku-{number}"), applies_to="both")
    await visiting("somebody else").decision()
    sent = [an_order("1", "1000", customer_id="ada")]
    views = [a_product_view(f"v{one}", f"sku-{one}") for one in range(50)]
    await events.record(server, sent)
    ada = visiting("ada", consents=True)
    await events.record(ada, views)
    reads.clear()

    again = ada.afresh()
    decision = await again.decision()

    assert len(reads) == 1
    assert len(decision.segments) == 50
    context = await again.context()
    assert len(context.history.viewed) == 50
    assert context.customer is not None
    assert len(context.customer.orders) == 1


@pytest.fixture
async def counts_inserts(shop: Shop) -> AsyncIterator[None]:
    """`testing.inserts` counts the statements that put events into their table."""
    await shop.execute("create sequence testing.inserts")
    await shop.execute(
        "create function testing.count_insert() returns trigger language plpgsql as"
        " $$begin perform nextval('testing.inserts'); return null; end$$"
    )
    await shop.execute(
        "create trigger count_insert after insert on event"
        " for each statement execute function testing.count_insert()"
    )
    yield
    await shop.execute("drop function testing.count_insert() cascade")
    await shop.execute("drop sequence testing.inserts")


@pytest.mark.usefixtures("counts_inserts")
async def test_all_events_of_a_call_are_put_in_by_one_statement(
    visitor: Visit, shop: Shop
) -> None:
    months = [f"2026-0{month}-10T10:00:00Z" for month in (1, 2, 3)]
    sent = [a_product_view(f"{n}", "mug", at=months[n % 3]) for n in range(99)]

    recorded = await events.record(visitor, sent)

    assert recorded == Recorded(recorded=99)
    assert await shop.value("select count(*) from event") == 99
    assert await shop.value("select last_value from testing.inserts") == 1
    assert await shop.value("select is_called from testing.inserts")


async def test_a_session_that_sends_too_much_is_refused(storage: Storage) -> None:
    slow = replace(storage, pace=Pace(2))
    visit = Visit(
        slow, Shopper("base", "x", session="s", consents=True), NOW, keep_seconds=60
    )
    await events.record(visit, [a_product_view("1", "mug"), a_product_view("2", "mug")])

    with pytest.raises(InvalidInput) as refused:
        await events.record(visit, [a_product_view("3", "mug")])

    assert str(refused.value) == (
        "events: a session may send 2 within a minute. Send these in the next one."
    )


async def test_a_shop_may_forbid_that_histories_are_joined(
    visitor: Visit, visiting: Visiting, storage: Storage
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])
    apart = replace(storage, terms=Terms(joins=False))
    shopper = visiting("ada", "next", consents=True, visitor_session="session").shopper

    context = await Visit(apart, shopper, NOW, keep_seconds=60).context()

    assert context.history == NO_HISTORY
    assert [one.sku for one in (await history(visitor)).viewed] == ["mug"]


async def test_the_first_event_after_a_login_joins_what_was_before(
    visitor: Visit, visiting: Visiting
) -> None:
    await events.record(visitor, [a_product_view("1", "mug")])
    login = visiting("ada", "next", consents=True, visitor_session="session")

    await events.record(login, [a_product_view("2", "pot")])

    viewed = (await history(visiting("ada", consents=True))).viewed
    assert [one.sku for one in viewed] == ["pot", "mug"]


async def test_websites_know_nothing_of_each_others_events(
    visitor: Visit, visiting: Visiting, shop: Shop
) -> None:
    await shop.website("us")
    await events.record(visitor, [a_product_view("1", "mug")])
    there = visiting(website="us", consents=True)

    recorded = await events.record(there, [a_product_view("1", "pot")])

    assert recorded == Recorded(recorded=1)
    assert [one.sku for one in (await history(there)).viewed] == ["pot"]


async def test_an_event_of_another_month_finds_room(visitor: Visit, shop: Shop) -> None:
    sent = a_product_view("1", "mug", at="2025-11-30T23:59:59.5+00:00")

    await events.record(visitor, [sent])

    assert await shop.value("select count(*) from event_2025_11") == 1
