"""Lanes: rules discard and groups compete within one; the next sees what is left."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import (
    CartDiscounts,
    CartPriceRule,
    Outcome,
)
from gateway.personalize.errors import InvalidInput
from tests.factories import a_cart, a_cart_price_rule, a_context, an_item, discounts_on

CART = a_cart(an_item("mug", 1, 100), shipping=10)
CONTEXT = a_context(CART)


def in_lane(lane: str, key: str, id: int = 1, **also: Any) -> CartPriceRule:
    return a_cart_price_rule(key, id=id, lane=lane, **also)


def applied(*rules: CartPriceRule) -> list[tuple[str, str]]:
    given = discounts_on(CONTEXT, *rules).lines[0].by_rule
    return [(one.rule_key, str(one.amount)) for one in given]


def test_lanes_are_taken_in_order_whatever_the_priorities() -> None:
    rules = [
        in_lane("post", "loyalty", 1, priority=0),
        in_lane("default", "sale", 2, priority=5),
        in_lane("pre", "trade-in", 3, priority=9, action="by_fixed", amount=50),
    ]

    assert applied(*rules) == [
        ("trade-in", "50.00"),
        ("sale", "5.00"),
        ("loyalty", "4.50"),
    ]


def test_what_a_rule_discards_is_open_again_in_the_next_lane() -> None:
    sale = in_lane("default", "sale", 1, discards_subsequent=True)
    other = in_lane("default", "other", 2)
    loyalty = in_lane("post", "loyalty", 3)

    assert applied(sale, other, loyalty) == [("sale", "10.00"), ("loyalty", "9.00")]


def test_shipping_is_open_again_in_the_next_lane() -> None:
    sale = in_lane("default", "sale", 1, discards_subsequent=True)
    loyalty = in_lane("post", "loyalty", 2, applies_to_shipping=True)

    discounts = discounts_on(CONTEXT, sale, loyalty)

    assert str(discounts.shipping_discount) == "1.00"


def test_a_line_without_a_price_stays_closed_in_every_lane() -> None:
    cart = a_cart(an_item("mug", 1, 100), an_item("refund", 1, -5))

    discounts = discounts_on(
        a_context(cart),
        in_lane("default", "sale", 1, discards_subsequent=True),
        in_lane("post", "loyalty", 2),
    )

    assert [str(line.amount) for line in discounts.lines] == ["19.00", "0"]


@pytest.mark.parametrize("group_applies", ["first", "best"])
def test_groups_compete_within_a_lane(group_applies: str) -> None:
    group = {"evaluation_group": "sale", "group_applies": group_applies}
    rules = [
        in_lane("default", "a", 1, amount=20, **group),
        in_lane("default", "b", 2, amount=10, **group),
        in_lane("post", "c", 3, amount=10, **group),
    ]

    assert applied(*rules) == [("a", "20.00"), ("c", "8.00")]


def test_a_rule_is_told_who_discarded_it_in_its_own_lane_only() -> None:
    sale = in_lane("default", "sale", 1, discards_subsequent=True)
    other = in_lane("default", "other", 2)
    loyalty = in_lane("post", "loyalty", 3)

    told = cart_price_rules.explain([sale, other, loyalty], CONTEXT)

    outcomes = {one.rule.key: one.lines[0].outcome for one in told.rules}
    assert outcomes == {
        "sale": Outcome.APPLIED,
        "other": Outcome.DISCARDED,
        "loyalty": Outcome.APPLIED,
    }


def test_rules_of_one_lane_are_as_without_lanes() -> None:
    def given(lane: str) -> CartDiscounts:
        return discounts_on(
            CONTEXT,
            in_lane(lane, "a", 1, priority=2),
            in_lane(lane, "b", 2, priority=1, discards_subsequent=True),
        )

    assert {given(lane).discount for lane in ("pre", "default", "post")} == {10}


def test_a_lane_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        in_lane("express", "fast")

    (problem,) = refused.value.problems
    assert (problem.path, problem.message) == ("lane", "'express' is not a choice.")
