"""Carts as they are sent: bounded, and priced by the catalogue."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import carts
from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.context import Address, Shipping
from gateway.personalize.errors import InvalidInput
from gateway.personalize.products import Catalogue, SpecialPrice
from tests.factories import a_product, prices_of

ITEM = {"sku": "mug", "quantity": 1}


def refusals(given: Mapping[str, Any], *, from_server: bool = True) -> list[str]:
    try:
        carts.read(given, from_server=from_server)
    except InvalidInput as refused:
        return [str(problem) for problem in refused.problems]
    return []


def test_a_cart_is_read_with_all_that_a_server_may_say() -> None:
    given = {
        "cart_id": "c" * 32,
        "customer_id": "1",
        "items": [
            {"sku": "mug", "quantity": 2.5, "price": "9.99"},
            {"sku": "tee-s", "quantity": 1, "parent_sku": "tee"},
        ],
        "coupon_codes": ["TEN"],
        "shipping": {"method": "flatrate_flatrate", "amount": "4.95"},
        "tax": "1.90",
        "store_credit": "20.00",
        "gift_card": "2.50",
        "payment_method": "checkmo",
        "address": {
            "country": "us",
            "region": "Texas",
            "city": "Austin",
            "postcode": "73301",
        },
    }

    assert carts.read(given, from_server=True) == MirroredCart(
        id="c" * 32,
        customer_id="1",
        lines=(
            Line("mug", Decimal("2.5"), Decimal("9.99")),
            Line("tee-s", Decimal(1), parent_sku="tee"),
        ),
        coupon_codes=("TEN",),
        shipping=Shipping("flatrate_flatrate", Decimal("4.95")),
        tax=Decimal("1.90"),
        payment_method="checkmo",
        address=Address(country="US", region="Texas", city="Austin", postcode="73301"),
        store_credit=Decimal("20.00"),
        gift_card=Decimal("2.50"),
    )


def test_an_empty_cart_is_a_cart() -> None:
    assert carts.read({"items": []}, from_server=False) == MirroredCart()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(
            {"items": [ITEM] * 251},
            "items: 251 are too many. Write at most 250.",
            id="lines",
        ),
        pytest.param(
            {"items": [], "coupon_codes": ["A"] * 21},
            "coupon_codes: 21 are too many. Write at most 20.",
            id="coupons",
        ),
        pytest.param(
            {"items": [{"sku": "mug"}]},
            "items.0.quantity: it is missing. Write how many there are.",
            id="no quantity",
        ),
        pytest.param(
            {"items": [{"sku": "mug", "quantity": "two"}]},
            "items.0.quantity: 'two' is not a number. Write a number such as 12 or"
            " 12.5.",
            id="no number",
        ),
        pytest.param(
            {"items": [{"sku": "mug", "quantity": 0}]},
            "items.0.quantity: it is zero. Leave the line out instead.",
            id="zero",
        ),
        pytest.param(
            {"items": [{"sku": "mug", "quantity": -1}]},
            "items.0.quantity: -1 is too small. Write more than 0.",
            id="negative",
        ),
        pytest.param(
            {"items": [{"sku": "mug", "quantity": 100_001}]},
            "items.0.quantity: 100001 is too large. Write at most 100000.",
            id="many",
        ),
        pytest.param(
            {"items": [{"sku": "mug", "quantity": 0.00001}]},
            "items.0.quantity: 0.00001 is too fine. Write at most 4 decimals.",
            id="too fine",
        ),
        pytest.param(
            {"items": [{"sku": "", "quantity": 1}]},
            "items.0.sku: it is missing. Write a text.",
            id="no SKU",
        ),
        pytest.param(
            {"items": [{"sku": "m" * 256, "quantity": 1}]},
            "items.0.sku: it has 256 characters. Write at most 255.",
            id="long SKU",
        ),
        pytest.param(
            {"items": [{**ITEM, "price": "1000000001"}]},
            "items.0.price: 1000000001 is too large. Write at most 1000000000.",
            id="price",
        ),
        pytest.param(
            {"items": [{**ITEM, "price": "-1"}]},
            "items.0.price: -1 is too small. Write at least 0.",
            id="negative price",
        ),
        pytest.param(
            {"items": [], "tax": "-1"},
            "tax: -1 is too small. Write at least 0.",
            id="negative tax",
        ),
        pytest.param(
            {"items": [], "address": {"country": "Germany"}},
            "address.country: 'Germany' is not a country's code. Write its two"
            " letters, like DE.",
            id="country",
        ),
    ],
)
def test_what_is_beyond_bounds_is_refused(given: Mapping[str, Any], said: str) -> None:
    assert refusals(given) == [said]


@pytest.mark.parametrize("price", ["NaN", "Infinity", "1e400", "0x10", "a lot", "1,5"])
def test_a_price_that_is_no_plain_number_is_refused(price: str) -> None:
    assert len(refusals({"items": [{**ITEM, "price": price}]})) == 1


def test_every_fault_is_said_at_once() -> None:
    given = {
        "items": [{"sku": "", "quantity": 0}, {**ITEM, "price": "1"}],
        "tax": "1",
        "colour": "red",
    }

    assert [one.split(":")[0] for one in refusals(given, from_server=False)] == [
        "items.0.quantity",
        "items.0.sku",
        "items.1.price",
        "tax",
        "colour",
    ]


def test_known_products_have_the_catalogues_price_of_the_day() -> None:
    offer = SpecialPrice(Decimal(8), date(2026, 3, 10), date(2026, 3, 10))
    catalogue = Catalogue.of([a_product("mug", special=offer)])
    mirrored = MirroredCart(lines=(Line("mug", Decimal(2)), Line("gone", Decimal(1))))

    cart = mirrored.priced(prices_of(catalogue))

    assert [(item.price, item.known) for item in cart.items] == [
        (Decimal(8), True),
        (None, False),
    ]
    assert cart.subtotal == 16


def test_a_price_that_was_stated_stands_before_the_catalogues() -> None:
    catalogue = Catalogue.of([a_product("mug")])
    mirrored = MirroredCart(lines=(Line("mug", Decimal(2), Decimal("7.5")),))

    assert mirrored.priced(prices_of(catalogue)).subtotal == 15


def test_what_a_server_states_becomes_whole_coins() -> None:
    catalogue = Catalogue.of([a_product("mug")])
    mirrored = MirroredCart(
        lines=(Line("mug", Decimal(1), Decimal("100.005")),),
        shipping=Shipping("flatrate_flatrate", Decimal("4.954")),
        tax=Decimal("1.905"),
        store_credit=Decimal("20.004"),
        gift_card=Decimal("2.5"),
    )

    cart = mirrored.priced(prices_of(catalogue))

    assert cart.items[0].price == Decimal("100.005")
    assert cart.subtotal == Decimal("100.01")
    assert (cart.shipping.amount, cart.tax) == (Decimal("4.95"), Decimal("1.91"))
    assert (cart.store_credit, cart.gift_card) == (Decimal("20.00"), Decimal("2.50"))
    assert cart.grand_total == Decimal("84.37")


def test_a_child_brings_its_parent_along() -> None:
    parent = a_product("tee", None, type="configurable", children=("tee-s",))
    catalogue = Catalogue.of([parent, a_product("tee-s", 20)])
    mirrored = MirroredCart(
        lines=(
            Line("tee-s", Decimal(1), parent_sku="tee"),
            Line("tee-s", Decimal(1), parent_sku="unknown"),
        )
    )

    first, second = mirrored.priced(prices_of(catalogue)).items

    assert first.price == 20
    assert first.parent == catalogue.products["tee"]
    assert second.parent is not None
    assert second.parent.name is None
