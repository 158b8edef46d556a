"""Whatever stands where something else belongs is read or refused, and ends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from gateway.personalize import (
    audiences,
    cart_price_rules,
    carts,
    catalogue_price_rules,
    coupon_codes,
    customer_groups,
    dynamic_blocks,
    events,
    related_product_rules,
    segments,
    store_views,
    websites,
)
from gateway.personalize.errors import InvalidInput
from gateway.personalize.events import EVENT_TYPES
from tests.events import an_event
from tests.factories import NOW

STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    float("nan"),
    10**40,
    "",
    "x",
    "x" * 5000,
    "\x00",
    "\ud800",
    [],
    [[]],
    [None],
    {},
    {"": {}},
    {"a": {"b": []}},
)

NAMED = {"key": "a", "name": "A", "websites": ["base"], "description": "About it"}
DATED = {**NAMED, "active": True, "from": "2026-03-01", "to": "2026-03-31"}
TARGET = {"shown_to": "segments", "segments": ["a"]}
TREE: dict[str, Any] = {"all": []}
CART = {
    "cart_id": "c",
    "customer_id": "1",
    "items": [
        {
            "sku": "set",
            "quantity": 2,
            "price": "1.50",
            "children": [{"sku": "mug", "quantity": 1, "price": "1.50"}],
        }
    ],
    "coupon_codes": ["A"],
    "shipping": {"method": "post", "amount": "5"},
    "tax": "1",
    "payment_method": "cash",
    "address": {"country": "DE", "city": "Bonn", "region": "NW", "postcode": "53111"},
    "store_credit": "1",
    "gift_card": "1",
}
WHOLE: dict[str, tuple[Callable[[Mapping[str, Any]], object], dict[str, Any]]] = {
    "segment": (
        segments.read,
        {
            **DATED,
            "applies_to": "both",
            "keeps_after_login": False,
            "conditions": TREE,
            "include": {"base": ["1"]},
            "exclude": {"base": ["2"]},
        },
    ),
    "dynamic block": (
        dynamic_blocks.read,
        {
            **NAMED,
            **TARGET,
            "active": True,
            "locations": ["HEADER"],
            "cart_price_rules": ["a"],
            "catalogue_price_rules": ["a"],
            "position": 1,
            "content": "Hello",
            "content_by_store_view": {"default": "Hello"},
        },
    ),
    "cart price rule": (
        cart_price_rules.read,
        {
            **DATED,
            "customer_groups": [0],
            "priority": 1,
            "coupon_code": "A",
            "uses_per_coupon": 1,
            "uses_per_customer": 1,
            "uses_per_rule": 1,
            "conditions": TREE,
            "item_conditions": TREE,
            "action": "by_fixed",
            "amount": 5,
            "at_most": 5,
            "at_most_per": "line",
            "most_discount": 5,
            "budget": 50,
            "totals_of": "cart",
            "step": 1,
            "discards_subsequent": True,
            "applies_to_shipping": False,
            "free_shipping": "none",
            "hinted": True,
            "lane": "default",
            "evaluation_group": "a",
            "group_applies": "best",
            "label": "Less",
            "label_by_store_view": {"default": "Less"},
        },
    ),
    "catalogue price rule": (
        catalogue_price_rules.read,
        {
            **DATED,
            "customer_groups": [0],
            "segments": ["a"],
            "priority": 1,
            "conditions": TREE,
            "action": "by_percent",
            "amount": 5,
            "discards_subsequent": True,
        },
    ),
    "related-product rule": (
        related_product_rules.read,
        {
            **DATED,
            **TARGET,
            "list": "related",
            "priority": 1,
            "limit": 5,
            "products_to_match": TREE,
            "products_to_display": TREE,
        },
    ),
    "audience": (audiences.read, {**NAMED, "source": "mail", "ttl_seconds": 60}),
    "members": (
        audiences.read_change,
        {
            "audience": "a",
            "members": [{"customer_id": "1", "expires_at": NOW}],
            "removed": ["2"],
        },
    ),
    "coupon codes": (
        coupon_codes.read,
        {
            "quantity": 5,
            "length": 8,
            "format": "alphanumeric",
            "prefix": "A",
            "suffix": "B",
            "dash_every": 2,
            "keeps_length": True,
        },
    ),
    "customer group": (customer_groups.read, {"id": 1, "name": "Trade"}),
    "store view": (
        store_views.read,
        {"code": "de", "website": "base", "name": "German", "locale": "de-DE"},
    ),
    "website": (
        websites.read,
        {
            "code": "base",
            "name": "Base",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
            "most_discount": 50,
        },
    ),
    "cart": (partial(carts.read, from_server=True), CART),
}
ADDRESS = {"street1": "Way 1", "city": "Bonn", "country": "DE", "postalCode": "53111"}
EVERYTHING = {
    "commerce": {
        "order": {
            "purchaseID": "1000",
            "currencyCode": "EUR",
            "createdDate": "2026-03-10T10:00:00Z",
            "payments": [{"paymentAmount": 5}],
            "discountAmount": 1,
            "taxAmount": 1,
        },
        "shipping": {"shippingAmount": 5, "address": ADDRESS},
        "billing": {"address": ADDRESS},
        "refunds": [{"refundAmount": 5}],
        "cart": {"cartID": "c"},
        "requisitionList": {"ID": "1", "name": "Mine"},
    },
    "productListItems": [{"SKU": "mug", "name": "M", "quantity": 1, "priceTotal": 2}],
    "person": {
        "name": {"firstName": "Ada", "lastName": "L"},
        "birthDate": "1990-12-10",
    },
    "gender": "female",
    "personalEmail": {"address": "ada@example.com"},
    "userAccount": {"startDate": "2026-03-10T10:00:00Z"},
    "billingAddress": ADDRESS,
    "billingAddressPhone": {"number": "1"},
    "shippingAddress": ADDRESS,
    "shippingAddressPhone": {"number": "1"},
    "web": {"webPageDetails": {"URL": "/"}, "webReferrer": {"URL": "/"}},
    "siteSearch": {"query": "mug", "numberOfResults": 5},
}


def variants(whole: Any) -> Iterator[Any]:
    """Give *whole* with each of its parts in turn, and itself, replaced."""
    yield from STRANGE
    if isinstance(whole, dict):
        for name, part in whole.items():
            yield from ({**whole, name: other} for other in variants(part))
    if isinstance(whole, list):
        for at, part in enumerate(whole):
            before, after = whole[:at], whole[at + 1 :]
            yield from ([*before, other, *after] for other in variants(part))


def is_refused(read: Callable[[Any], object], given: Any) -> bool:
    """Whether it is refused as it should be; whatever else is raised passes."""
    try:
        read(given)
    except InvalidInput as refused:
        return all(problem.message for problem in refused.problems)
    return False


@pytest.mark.parametrize("subject", WHOLE)
def test_a_definition_with_a_strange_value_is_read_or_refused(subject: str) -> None:
    read, whole = WHOLE[subject]

    refused = [is_refused(read, given) for given in variants(whole)]

    assert not is_refused(read, whole)
    assert sum(refused) > len(refused) / 3


@pytest.mark.parametrize("type", EVENT_TYPES)
def test_an_event_with_a_strange_value_is_read_or_refused(type: str) -> None:
    def read(payload: Any) -> object:
        event = an_event("1", type, payload, customer_id="ada")
        return events.read([event], NOW, from_server=True, keeps_days=30)

    refused = [is_refused(read, given) for given in variants(EVERYTHING)]

    assert not is_refused(read, EVERYTHING)
    assert any(refused)
