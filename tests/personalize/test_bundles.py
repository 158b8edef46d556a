"""Bundles: what their children cost, and how discounts reach them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import carts
from gateway.personalize.context import Cart
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.products import Catalogue
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_context,
    a_product,
    an_item,
    discounts_on,
    of_sku,
    prices_of,
)

CATALOGUE = Catalogue.of(
    [
        a_product("kit", None, type="bundle"),
        a_product("box", 50, type="bundle"),
        a_product("pot", "15.99"),
        a_product("mug", "5.99"),
    ]
)
PRICES = prices_of(CATALOGUE)
CHILDREN = [{"sku": "mug", "quantity": 1}, {"sku": "pot", "quantity": 2}]


def cart_of(sku: str = "kit", quantity: int = 1, **also: Any) -> Cart:
    line = {"sku": sku, "quantity": quantity, "children": CHILDREN, **also}
    return carts.read({"items": [line]}, from_server=True).priced(PRICES)


def test_a_bundle_without_a_price_costs_what_its_children_do() -> None:
    cart = cart_of(quantity=2)

    (kit,) = cart.items
    assert kit.sums_children
    assert kit.price == Decimal("37.97")
    assert cart.subtotal == Decimal("75.94")
    assert [child.quantity for child in kit.children] == [2, 4]
    assert cart.quantity == 2


def test_a_bundle_with_a_price_costs_just_that() -> None:
    assert cart_of("box").subtotal == 50
    assert cart_of("kit", price="20").subtotal == 20


@pytest.mark.parametrize(("own", "weight"), [(None, "1.5"), ("4", "8")])
def test_a_bundle_without_a_weight_weighs_what_its_children_do(
    own: str | None, weight: str
) -> None:
    listed = [
        a_product("kit", 1, type="bundle", weight=own and Decimal(own)),
        a_product("mug", 1, weight=Decimal("0.25")),
        a_product("pot", 1, weight=Decimal("0.25")),
    ]
    line = {"sku": "kit", "quantity": 2, "children": CHILDREN}

    cart = carts.read({"items": [line]}, from_server=True)

    assert cart.priced(prices_of(Catalogue.of(listed))).weight == Decimal(weight)


@pytest.mark.parametrize(("type", "ships_free"), [("virtual", True), ("simple", False)])
def test_a_bundle_of_what_is_not_shipped_is_not_shipped(
    type: str, *, ships_free: bool
) -> None:
    kit = an_item(a_product("kit", 10, type="bundle"))
    course = an_item(a_product("course", 10, type=type))
    cart = a_cart(replace(kit, children=(course,)), an_item("mug"), shipping=5)
    free_mugs = a_cart_price_rule(
        free_shipping="items", amount=0, item_conditions=of_sku("mug")
    )

    assert discounts_on(a_context(cart), free_mugs).ships_free is ships_free


def test_a_discount_on_a_bundle_is_split_over_its_children() -> None:
    rule = a_cart_price_rule(amount=10, item_conditions=of_sku("kit"))

    (line,) = discounts_on(a_context(cart_of()), rule).lines

    assert str(line.amount) == "3.80"
    assert [str(child.amount) for child in line.children] == ["0.60", "3.20"]


def test_a_discount_on_a_child_is_the_bundles_too() -> None:
    rule = a_cart_price_rule(amount=50, item_conditions=of_sku("mug"))

    discounts = discounts_on(a_context(cart_of()), rule)

    (line,) = discounts.lines
    assert [str(child.amount) for child in line.children] == ["3.00", "0"]
    assert line.by_rule == line.children[0].by_rule
    assert str(discounts.discount) == "3.00"


def test_rules_on_the_bundle_and_on_a_child_see_each_other() -> None:
    rules = [
        a_cart_price_rule("kit", amount=50, item_conditions=of_sku("kit"), id=1),
        a_cart_price_rule("mug", amount=100, item_conditions=of_sku("mug"), id=2),
        a_cart_price_rule("all", "cart_fixed", 100, id=3),
    ]

    (line,) = discounts_on(a_context(cart_of()), *rules).lines

    assert [str(one.amount) for one in line.by_rule] == ["18.99", "2.99", "15.99"]
    assert line.amount == line.row_total == Decimal("37.97")
    assert [child.amount for child in line.children] == [
        child.row_total for child in line.children
    ]


def test_a_rule_that_discards_closes_the_whole_bundle() -> None:
    rules = [
        a_cart_price_rule(
            "mug", amount=50, item_conditions=of_sku("mug"), discards_subsequent=True
        ),
        a_cart_price_rule("all", amount=10, id=2),
    ]

    discounts = discounts_on(a_context(cart_of()), *rules)

    assert discounts.applied_keys == {"mug"}


def test_one_child_that_matches_is_enough_for_a_bundle_with_a_price() -> None:
    rule = a_cart_price_rule(amount=10, item_conditions=of_sku("mug"))

    (line,) = discounts_on(a_context(cart_of("box")), rule).lines

    assert str(line.amount) == "5.00"
    assert line.children == ()


def test_a_child_is_found_in_the_cart() -> None:
    rule = a_cart_price_rule(
        conditions={"found": "cart.items", **of_sku("pot")}, amount=10
    )

    assert discounts_on(a_context(cart_of()), rule).applied_keys == {"rule"}


def test_only_a_server_states_the_price_of_a_child() -> None:
    child = {"sku": "mug", "quantity": 1, "price": "0.01"}
    given = {"items": [{"sku": "kit", "quantity": 1, "children": [child]}]}

    with pytest.raises(InvalidInput) as refused:
        carts.read(given, from_server=False)

    assert refused.value.problems == (
        Problem(
            "items.0.children.0.price",
            "a shopper cannot state it.",
            "Leave it out: only a server token may state amounts.",
        ),
    )


def test_a_line_is_not_a_bundle_and_a_child_at_once() -> None:
    line = {"sku": "kit", "quantity": 1, "parent_sku": "tee", "children": CHILDREN}

    with pytest.raises(InvalidInput) as refused:
        carts.read({"items": [line]}, from_server=False)

    assert refused.value.problems == (
        Problem(
            "items.0.children",
            "the line is a child itself.",
            "Keep one: a bundle has children, a configurable's child a parent.",
        ),
    )
