"""What a shopper is told of their coupon codes: applied, nearly, or not valid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.cart_price_rules import (
    CartPriceRule,
    CouponReason,
    CouponResult,
    Hint,
)
from gateway.personalize.cart_price_rules.hints import follow
from gateway.personalize.context import Cart, Context
from gateway.personalize.coupons import Coupon
from gateway.personalize.decide import Decision
from gateway.personalize.rulebook import RuleBook
from tests.factories import (
    WEBSITE,
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    an_item,
    of_sku,
)

CART = a_cart(an_item("mug", 2, "18.80"), coupon_codes=("ten",))
FROM_50 = a_comparison("cart.subtotal", "at_least", 50)
FOUR = a_comparison("cart.quantity", "at_least", 4)
NOT_VALID = CouponReason.NOT_VALID


def a_coupon_rule(key: str = "ten", **also: Any) -> CartPriceRule:
    given = {"coupon_code": "TEN", "hinted": True, "label": "Ten off", **also}
    return a_cart_price_rule(key, **given)


def results(context: Context, *rules: CartPriceRule) -> tuple[CouponResult, ...]:
    listed = tuple(sorted(rules, key=lambda rule: rule.order))
    book = RuleBook(WEBSITE, cart_price_rules=listed)
    return Decision(context, book).coupon_results


def told(cart: Cart, *rules: CartPriceRule) -> list[tuple[str, CouponReason]]:
    return [(one.code, one.reason) for one in results(a_context(cart), *rules)]


def test_a_code_that_takes_part_is_applied() -> None:
    assert results(a_context(CART), a_coupon_rule()) == (
        CouponResult("ten", CouponReason.APPLIED),
    )


def test_an_amount_that_is_missing_for_a_code_is_told() -> None:
    rule = a_coupon_rule(conditions=FROM_50)

    (result,) = results(a_context(CART), rule)

    hint = Hint(rule, "Ten off", amount=Decimal("12.40"))
    assert result == CouponResult("ten", CouponReason.AMOUNT_MISSING, hint)


def test_a_quantity_that_is_missing_for_a_code_is_told() -> None:
    rule = a_coupon_rule(conditions=FOUR)

    (result,) = results(a_context(CART), rule)

    hint = Hint(rule, "Ten off", quantity=Decimal(2), sku="mug")
    assert result == CouponResult("ten", CouponReason.QUANTITY_MISSING, hint)


@pytest.mark.parametrize("conditions", [FROM_50, FOUR])
def test_following_the_hint_of_a_code_applies_it(conditions: Any) -> None:
    rule = a_coupon_rule(conditions=conditions)
    context = a_context(CART)
    (before,) = results(context, rule)
    assert before.hint is not None

    (after,) = results(follow(before.hint, context), rule)

    assert after == CouponResult("ten", CouponReason.APPLIED)


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(a_coupon_rule(coupon_code="OTHER"), id="unknown"),
        pytest.param(a_coupon_rule(conditions=FROM_50, hinted=False), id="not hinted"),
        pytest.param(
            a_coupon_rule(conditions=FROM_50, customer_groups=[3]), id="another group"
        ),
        pytest.param(a_coupon_rule(conditions=FROM_50, to="2020-01-01"), id="over"),
        pytest.param(
            a_coupon_rule(conditions=FROM_50, **{"from": "2999-01-01"}), id="not begun"
        ),
        pytest.param(
            a_coupon_rule(
                conditions={
                    "all": [FROM_50, a_comparison("cart.country", "is", "NO")],
                }
            ),
            id="more is missing than an amount",
        ),
        pytest.param(
            a_coupon_rule(conditions=FROM_50, item_conditions=of_sku("pot")),
            id="for nothing in the cart",
        ),
    ],
)
def test_of_any_other_code_the_same_is_told(rule: CartPriceRule) -> None:
    assert results(a_context(CART), rule) == (CouponResult("ten", NOT_VALID),)


def test_of_a_code_that_is_used_up_the_same_is_told() -> None:
    used_up = (Coupon("ten", 1, has_use=False),)
    context = a_context(replace(CART, coupons=used_up))

    assert results(context, a_coupon_rule(conditions=FROM_50)) == (
        CouponResult("ten", NOT_VALID),
    )


def test_of_a_code_whose_budget_is_spent_the_same_is_told() -> None:
    context = a_context(CART, spent={1: Decimal(5)})

    assert results(context, a_coupon_rule(conditions=FROM_50, budget="5")) == (
        CouponResult("ten", NOT_VALID),
    )


def test_each_code_is_told_once_and_as_it_was_written_first() -> None:
    cart = replace(CART, coupon_codes=("five", "Ten", "TEN", " ", "none"))
    five = a_coupon_rule("five", id=2, coupon_code="FIVE", conditions=FROM_50)

    assert told(cart, a_coupon_rule(), five) == [
        ("five", CouponReason.AMOUNT_MISSING),
        ("Ten", CouponReason.APPLIED),
        ("none", NOT_VALID),
    ]


def test_a_hint_without_a_coupon_belongs_to_no_code() -> None:
    hinted = a_cart_price_rule("plain", conditions=FROM_50, hinted=True)

    assert told(CART, hinted) == [("ten", NOT_VALID)]


def test_of_a_cart_without_codes_nothing_is_told() -> None:
    cart = replace(CART, coupon_codes=())

    assert told(cart, a_coupon_rule(conditions=FROM_50)) == []
