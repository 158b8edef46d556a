"""Events are read whole or refused with everything that is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import events
from gateway.personalize.constants import shown
from gateway.personalize.context import Address
from gateway.personalize.errors import InvalidInput
from gateway.personalize.events import EVENT_TYPES, Event, Sender
from gateway.personalize.events.effects import (
    Acted,
    CustomerChanged,
    Effect,
    OrderLine,
    OrderMoved,
    OrderPlaced,
    OrderRefunded,
    Searched,
)
from gateway.personalize.events.table import event_type, find
from tests.events import Given, a_product_view, an_event, an_order
from tests.factories import NOW


def read(*given: Given, from_server: bool = True) -> tuple[Event, ...]:
    return events.read(given, NOW, from_server=from_server, keeps_days=30)


def refusals(*given: Given, from_server: bool = True) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read(*given, from_server=from_server)
    return [str(problem) for problem in refused.value.problems]


def effect(type: str, payload: Given, **also: Any) -> Effect:
    (event,) = read(an_event("1", type, payload, **{"customer_id": "ada", **also}))
    return event.effect


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("orderCanceled", "orderCancelled"),
        ("orderItemsReturnedInitiated", "orderItemsReturnInitiated"),
        ("placeOrder", "completeCheckout"),
        ("initiateCheckout", "startCheckout"),
        ("web.webpagedetails.pageViews", "pageView"),
        ("commerce.productViews", "productPageView"),
        ("commerce.requsitionListRemovals", "removeFromRequisitionList"),
    ],
)
def test_a_type_is_understood_by_its_other_names(name: str, key: str) -> None:
    row = find(name)

    assert row is not None
    assert row.key == key


@pytest.mark.parametrize("key", EVENT_TYPES)
def test_a_type_says_in_a_sentence_what_has_happened(key: str) -> None:
    assert EVENT_TYPES[key].label
    assert find(EVENT_TYPES[key].xdm) is EVENT_TYPES[key]


def test_two_types_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="two event types are called 'placeOrder'"):
        event_type("x", "y", Sender.SERVER, aliases=("placeOrder",))(lambda _: Acted())

    assert "x" not in EVENT_TYPES
    assert find("y") is None


@pytest.mark.parametrize("group", ["commerce", None])
def test_an_order_is_read_with_its_group_or_without(group: str | None) -> None:
    told = {
        "order": {
            "purchaseID": 1000,
            "taxAmount": "1.90",
            "discountAmount": 2,
            "currencyCode": "EUR",
            "createdDate": "2026-03-09T10:00:00+01:00",
        },
        "shipping": {"shippingAmount": 4.95},
        "billing": {"address": {"street1": "Way 1", "street2": "b", "country": "de"}},
    }
    lines = [{"SKU": "mug", "quantity": 2, "priceTotal": 20.1, "mine": {"own": 1}}]
    payload = {"productListItems": lines, **({group: told} if group else told)}

    assert effect("orderPlaced", payload) == OrderPlaced(
        order_id="1000",
        lines=(OrderLine("mug", Decimal(2), Decimal("20.1")),),
        grand_total=Decimal("24.95"),
        subtotal=Decimal("20.1"),
        discount=Decimal(2),
        tax=Decimal("1.90"),
        shipping=Decimal("4.95"),
        currency="EUR",
        placed_at=datetime(2026, 3, 9, 9, tzinfo=UTC),
        billing=Address(street="Way 1, b", country="DE"),
    )


def test_what_was_paid_is_what_an_order_cost() -> None:
    (event,) = read(an_order("1", "1000"))

    assert isinstance(event.effect, OrderPlaced)
    assert event.effect.grand_total == Decimal("24.9")


def test_refunds_are_added_up() -> None:
    payload = {
        "order": {"purchaseID": "1000"},
        "refunds": [{"refundAmount": 1.1}, {"refundAmount": "2.2"}],
    }

    assert effect("orderLineItemRefunded", payload) == OrderRefunded(
        "1000", Decimal("3.3")
    )


def test_a_return_says_nothing_of_how_far_an_order_is() -> None:
    payload = {"order": {"purchaseID": "1000", "returns": {"returnID": "7"}}}

    assert effect("orderItemReturnCompleted", payload) == OrderMoved("1000")


def test_a_search_without_words_is_none() -> None:
    assert effect("searchRequestSent", {"siteSearch": {"query": "mug"}}) == Searched(
        "mug"
    )
    assert effect("searchRequestSent", {"siteSearch": {"sort": []}}) == Acted()


def test_a_profile_is_read_as_far_as_it_is_told() -> None:
    payload = {
        "person": {"name": {"firstName": "Ada"}, "birthDate": "1984-05-17T00:00:00Z"},
        "billingAddress": {"city": "Bern", "primary": False},
    }

    assert effect("profileRecord", payload) == CustomerChanged(
        {
            "first_name": "Ada",
            "date_of_birth": datetime(1984, 5, 17, tzinfo=UTC).date(),
        },
        billing=Address(city="Bern"),
    )


@pytest.mark.parametrize(
    ("name", "country"), [("country", "Germany"), ("countryCode", "D"), ("country", 49)]
)
def test_a_country_that_is_no_code_is_refused_with_its_place(
    name: str, country: object
) -> None:
    payload = {"billingAddress": {"city": "Bonn", name: country}}

    with pytest.raises(InvalidInput) as refused:
        effect("profileRecord", payload)

    [problem] = refused.value.problems
    assert problem.path == f"events.0.payload.billingAddress.{name}"
    assert problem.message == f"{shown(country)} is not a country's code."
    assert problem.remedy == "Write its two letters, like DE."


def test_an_e_mail_may_stand_in_the_payload() -> None:
    payload = {"personalEmail": {"address": "Ada@Example.com"}}

    (event,) = read(an_event("1", "accountUpdated", payload))

    assert event.email == "ada@example.com"


def test_what_is_unknown_in_a_payload_is_kept() -> None:
    payload = {"productListItems": [{"SKU": "mug", "own": [1, {"a": None}]}], "b": 2}

    (event,) = read(an_event("1", "productPageView", payload, customer_id="ada"))

    assert event.payload == payload


def test_the_same_event_is_known_however_its_fields_are_ordered() -> None:
    sent = a_product_view("1", "mug", customer_id="ada")
    turned = dict(reversed(sent.items()))
    other = {**sent, "payload": {**sent["payload"], "own": 1}}

    one, same, different = (read(given)[0].digest for given in (sent, turned, other))

    assert one == same != different


def test_a_call_has_1_to_100_events() -> None:
    said = "events are not 1 to 100. Send them in several calls."

    assert refusals() == [f"events: 0 {said}"]
    many = [a_product_view(str(at), "mug") for at in range(101)]
    assert refusals(*many) == [f"events: 101 {said}"]


@pytest.mark.parametrize(
    ("type", "payload", "said"),
    [
        pytest.param(
            "productPageView",
            {"productListItems": [{"SKU": "mug"}, 7]},
            "payload.productListItems.1: 7 is not an object. Write {...}.",
            id="a line that is none",
        ),
        pytest.param(
            "productPageView",
            {},
            "payload.productListItems: it is missing. Write at least one.",
            id="no product",
        ),
        pytest.param(
            "addToCart",
            {"productListItems": [{"SKU": "mug", "quantity": -1}]},
            "payload.productListItems.0.quantity: -1 is too small. Write at least 0.",
            id="less than nothing",
        ),
        pytest.param(
            "addToCart",
            {"productListItems": [{"SKU": "mug", "quantity": 0.00001}]},
            "payload.productListItems.0.quantity: 0.00001 is too fine. Write at most 4"
            " decimals.",
            id="almost nothing",
        ),
        pytest.param(
            "orderInvoiced",
            {"commerce": {"order": {}}},
            "payload.commerce.order.purchaseID: it is missing. Write a text.",
            id="no order",
        ),
        pytest.param(
            "orderInvoiced",
            {"commerce": 1, "order": {"purchaseID": ["1"]}},
            "payload.order.purchaseID: a list is not text. Write a text in quotes.",
            id="no text",
        ),
        pytest.param(
            "pageView",
            {"web": {"webPageDetails": {"URL": "x" * 2049}}},
            "payload.web.webPageDetails.URL: it has 2049 characters. Write at most"
            " 2048.",
            id="a long address",
        ),
        pytest.param(
            "pageView", [], "payload: a list is not an object. Write {...}.", id="list"
        ),
    ],
)
def test_a_payload_is_refused_where_it_is_wrong(
    type: str, payload: Any, said: str
) -> None:
    assert refusals(an_event("1", type, payload, customer_id="ada")) == [
        f"events.0.{said}"
    ]


def test_an_event_of_a_server_says_whose_it_is() -> None:
    said = refusals(a_product_view("1", "mug"), an_event("2", "accountCreated"))

    assert said == [
        (
            "events.0.customer_id: whose behaviour it is is missing. Write the"
            " customer's id; a visitor's storefront sends its own events."
        ),
        (
            "events.1.customer_id: whose it is is missing. Write the customer's id, or"
            " 'email'."
        ),
    ]


ISO = "Write it as 2026-12-24T18:30:00Z."


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param(
            "2026-03-10T12:05:01Z",
            "it is in the future. Set the clock, or leave it out: then it is now.",
            id="future",
        ),
        pytest.param(
            "2026-02-08T11:59:59Z",
            "it is older than events are kept. Leave the event out.",
            id="old",
        ),
        pytest.param(
            "2026-03-10T12:00",
            f"'2026-03-10T12:00' has no offset from UTC. {ISO}",
            id="no offset",
        ),
        pytest.param("noon", f"'noon' is not an instant. {ISO}", id="text"),
        pytest.param(7, f"7 is not an instant. {ISO}", id="number"),
    ],
)
def test_an_event_happened_not_long_ago_and_not_later_than_now(
    at: object, said: str
) -> None:
    sent = a_product_view("1", "mug", at=at)

    assert refusals(sent, from_server=False) == [f"events.0.at: {said}"]


def test_an_event_without_a_time_happens_now() -> None:
    sent = a_product_view("1", "mug", at=None)

    (event,) = read(sent, from_server=False)

    assert event.at == NOW
