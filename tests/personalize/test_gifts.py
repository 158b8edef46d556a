"""Free gifts: offered, and free once they are in the cart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import CartPriceRule, GiftOffer
from gateway.personalize.errors import InvalidInput, Problem
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    a_product,
    an_item,
    discounts_on,
    of_sku,
    on_lines,
)


def a_gift_rule(**also: Any) -> CartPriceRule:
    given = {"gifts": ["mug", "cup"], "label": "A gift", **also}
    return a_cart_price_rule("gift", "free_gift", given.pop("amount", 1), **given)


def offered(taken: int, quantity: int = 1) -> tuple[GiftOffer, ...]:
    skus = ("mug", "cup")
    return (GiftOffer(1, "gift", "A gift", skus, Decimal(quantity), Decimal(taken)),)


def test_a_gift_that_is_not_in_the_cart_is_offered() -> None:
    discounts = discounts_on(a_context(a_cart(an_item("tent", 1, 200))), a_gift_rule())

    assert discounts.gifts == offered(taken=0)
    assert discounts.applied_keys == {"gift"}
    assert on_lines(discounts) == ["0"]


def test_a_gift_in_the_cart_is_free() -> None:
    cart = a_cart(an_item("tent", 1, 200), an_item("mug", 3, 10))

    discounts = discounts_on(a_context(cart), a_gift_rule())

    assert on_lines(discounts) == ["0", "10.00"]
    assert discounts.gifts == offered(taken=1)


def test_so_many_units_are_free_of_all_gifts_together() -> None:
    cart = a_cart(an_item("mug", 1, 10), an_item("cup", 3, 4))

    discounts = discounts_on(a_context(cart), a_gift_rule(amount=3))

    assert on_lines(discounts) == ["10.00", "8.00"]
    assert discounts.gifts == offered(taken=3, quantity=3)


def test_a_child_of_a_gift_is_one() -> None:
    tee = a_product("mug", None, type="configurable")
    cart = a_cart(an_item("mug-blue", 1, 10, parent=tee))

    assert on_lines(discounts_on(a_context(cart), a_gift_rule())) == ["10.00"]


def test_an_empty_cart_is_offered_nothing() -> None:
    discounts = discounts_on(a_context(), a_gift_rule())

    assert discounts.gifts == ()
    assert discounts.applied == ()


def test_a_gift_is_offered_only_while_conditions_hold() -> None:
    rule = a_gift_rule(conditions=a_comparison("cart.subtotal", "at_least", 100))

    discounts = discounts_on(a_context(a_cart(an_item("tent", 1, 99))), rule)

    assert discounts.gifts == ()


def test_a_gift_is_a_line_that_rules_before_it_left_alone() -> None:
    tents = a_cart_price_rule(
        "tents", item_conditions=of_sku("tent"), discards_subsequent=True, id=2
    )
    first = a_cart_price_rule("all", priority=0, discards_subsequent=True, id=3)
    cart = a_context(a_cart(an_item("tent", 1, 200)))

    assert discounts_on(cart, tents, a_gift_rule(priority=1)).gifts == offered(0)
    assert discounts_on(cart, first, a_gift_rule(priority=1)).gifts == offered(0)


def test_a_gift_takes_nothing_off_shipping() -> None:
    cart = a_cart(an_item("mug", 1, 10), shipping=5)

    discounts = discounts_on(a_context(cart), a_gift_rule(applies_to_shipping=True))

    assert discounts.on_shipping == ()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param(
            {"action": "free_gift"},
            Problem("gifts", "it is missing.", "Write the SKUs of which one is free."),
            id="no gifts",
        ),
        pytest.param(
            {"action": "by_percent", "gifts": ["mug"]},
            Problem(
                "gifts",
                "'by_percent' gives no gifts.",
                "Leave it out, or set action to 'free_gift'.",
            ),
            id="gifts of another action",
        ),
    ],
)
def test_gifts_belong_to_their_action(fields: Any, problem: Problem) -> None:
    given = {"key": "x", "name": "X", "websites": ["base"], "amount": 1, **fields}

    with pytest.raises(InvalidInput) as refused:
        cart_price_rules.read(given)

    assert refused.value.problems == (problem,)
