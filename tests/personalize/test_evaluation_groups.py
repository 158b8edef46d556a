"""Evaluation groups: all of a group apply, or the best of them, or the first."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import (
    CartDiscounts,
    CartPriceRule,
    Outcome,
)
from gateway.personalize.errors import InvalidInput, Problem
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    an_item,
    discounts_on,
    of_sku,
)

CART = a_cart(an_item("mug", 1, 100), an_item("pot", 1, 50), shipping=12)


def of_group(
    key: str, id: int, group_applies: str = "best", **also: Any
) -> CartPriceRule:
    given = {"evaluation_group": "sale", "group_applies": group_applies, **also}
    return a_cart_price_rule(key, id=id, **given)


def applied(*rules: CartPriceRule) -> list[str]:
    return [rule.key for rule in decided(*rules).applied]


def decided(*rules: CartPriceRule) -> CartDiscounts:
    return discounts_on(a_context(CART), *rules)


def test_rules_of_a_group_stack_unless_they_say_otherwise() -> None:
    assert applied(of_group("a", 1, "all"), of_group("b", 2, "all")) == ["a", "b"]


def test_the_first_of_a_group_keeps_the_others_away() -> None:
    rules = [of_group("a", 1, "first", amount=5), of_group("b", 2, "first", amount=20)]

    assert applied(*rules) == ["a"]


def test_a_first_one_that_does_nothing_keeps_nobody_away() -> None:
    rules = [
        of_group("a", 1, "first", item_conditions=of_sku("cup")),
        of_group("b", 2, "first", conditions=a_comparison("cart.lines", "is", 9)),
        of_group("c", 3, "first"),
    ]

    assert applied(*rules) == ["c"]


def test_the_best_of_a_group_is_what_gives_the_shopper_the_most() -> None:
    rules = [
        of_group("ten-percent", 1, amount=10),
        of_group("twenty-off", 2, action="cart_fixed", amount=20),
        of_group("half-a-pot", 3, amount=50, item_conditions=of_sku("pot")),
    ]

    discounts = decided(*rules)

    assert [rule.key for rule in discounts.applied] == ["half-a-pot"]
    assert str(discounts.discount) == "25.00"


def test_among_equals_the_first_is_the_best() -> None:
    assert applied(of_group("a", 1), of_group("b", 2)) == ["a"]


def test_free_shipping_counts_for_what_shipping_costs() -> None:
    ships = of_group("ships", 1, amount=0, free_shipping="shipment")

    assert applied(ships, of_group("ten", 2, action="cart_fixed", amount=10)) == [
        "ships"
    ]
    assert applied(ships, of_group("13", 2, action="cart_fixed", amount=13)) == ["13"]


def test_free_shipping_also_counts_for_the_one_that_takes_something_off_it() -> None:
    ships = of_group(
        "ships", 1, amount=2, applies_to_shipping=True, free_shipping="shipment"
    )
    takes_ten = of_group("takes-ten", 2, action="cart_fixed", amount=10)

    discounts = decided(ships, takes_ten)

    assert [rule.key for rule in discounts.applied] == ["ships"]
    assert discounts.discount == 3
    assert discounts.shipping_discount == 0
    assert discounts.ships_free


def test_the_best_is_chosen_of_what_rules_before_have_left() -> None:
    pots = a_cart_price_rule("pots", amount=100, item_conditions=of_sku("pot"), id=1)
    rules = [
        of_group("half-a-pot", 2, amount=50, item_conditions=of_sku("pot")),
        of_group("ten-percent", 3, amount=10),
    ]

    assert applied(pots, *rules) == ["pots", "ten-percent"]


def test_other_rules_and_other_groups_stack() -> None:
    rules = [
        of_group("a", 1),
        of_group("b", 2, amount=20),
        a_cart_price_rule("c", id=3),
        a_cart_price_rule("d", id=4, evaluation_group="other", group_applies="best"),
    ]

    assert applied(*rules) == ["b", "c", "d"]


def test_whoever_stays_out_for_a_group_says_so() -> None:
    rules = [of_group("a", 1, amount=5), of_group("b", 2, amount=20)]

    told = cart_price_rules.explain(rules, a_context(CART))

    assert {one.rule.key: one.outcome for one in told.rules} == {
        "a": Outcome.EVALUATION_GROUP,
        "b": Outcome.APPLIED,
    }


def test_a_rule_that_does_not_stack_needs_a_group() -> None:
    given = {"key": "x", "name": "X", "websites": ["base"], "amount": 1}
    given |= {"action": "by_fixed", "group_applies": "best"}

    with pytest.raises(InvalidInput) as refused:
        cart_price_rules.read(given)

    assert refused.value.problems == (
        Problem(
            "evaluation_group",
            "it is missing.",
            "Write the group's key, or leave 'group_applies' out.",
        ),
    )
