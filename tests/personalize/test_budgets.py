"""Budgets: what a rule takes off all orders together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import CartPriceRule, Outcome
from gateway.personalize.errors import InvalidInput, Problem
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    an_item,
)

CART = a_cart(an_item("mug", 1, 100), an_item("pot", 1, 50), shipping=12)


def decided(spent: str, *rules: CartPriceRule) -> tuple[list[Outcome], Decimal]:
    """What becomes of rules when so much of the first one's budget is spent."""
    context = a_context(CART, spent={1: Decimal(spent)})
    told = cart_price_rules.explain(rules, context)
    assert told.discounts == cart_price_rules.apply(rules, context)
    return [one.outcome for one in told.rules], told.discounts.total_discount


def budgeted(**also: Any) -> CartPriceRule:
    return a_cart_price_rule(**{"budget": 100, "id": 1, **also})


@pytest.mark.parametrize(
    ("spent", "outcome", "amount"),
    [
        ("0", Outcome.APPLIED, "15"),
        ("85", Outcome.APPLIED, "15"),
        ("85.01", Outcome.BUDGET, "0"),
        ("100", Outcome.BUDGET, "0"),
        ("120", Outcome.BUDGET, "0"),
    ],
)
def test_a_budget_meets_a_whole_discount_or_nothing(
    spent: str, outcome: Outcome, amount: str
) -> None:
    assert decided(spent, budgeted()) == ([outcome], Decimal(amount))


def test_a_budget_counts_what_is_taken_off_shipping() -> None:
    rule = budgeted(applies_to_shipping=True)

    assert decided("83.80", rule) == ([Outcome.APPLIED], Decimal("16.2"))
    assert decided("83.81", rule) == ([Outcome.BUDGET], Decimal(0))


def test_a_spent_budget_says_so_only_where_nothing_else_is_in_the_way() -> None:
    asks = a_comparison("cart.lines", "is", 9)

    assert decided("100", budgeted(coupon_code="X"))[0] == [Outcome.COUPON]
    assert decided("99", budgeted(conditions=asks))[0] == [Outcome.CONDITIONS]


def test_rules_after_one_that_is_off_go_on_as_if_it_were_not_there() -> None:
    rules = budgeted(discards_subsequent=True), a_cart_price_rule("next", id=2)

    assert decided("100", *rules) == ([Outcome.BUDGET, Outcome.APPLIED], Decimal(15))


def test_the_best_of_a_group_is_one_whose_budget_meets_it() -> None:
    group: dict[str, Any] = {"evaluation_group": "sale", "group_applies": "best"}
    rules = (
        budgeted(amount=20, **group),
        a_cart_price_rule("next", amount=10, id=2, **group),
    )

    assert decided("0", *rules)[0] == [Outcome.APPLIED, Outcome.EVALUATION_GROUP]
    assert decided("71", *rules) == (
        [Outcome.BUDGET, Outcome.APPLIED],
        Decimal(15),
    )


def test_a_budget_of_nothing_is_refused() -> None:
    given = {"key": "x", "name": "x", "websites": ["base"], "amount": 1}

    with pytest.raises(InvalidInput) as refused:
        cart_price_rules.read({**given, "action": "by_percent", "budget": "0"})

    remedy = "Leave it out for no limit, or make the rule inactive."
    assert refused.value.problems == (Problem("budget", "it is zero.", remedy),)
