"""Why rules gave what they gave: told by the evaluator that gave it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from gateway.personalize import cart_price_rules
from gateway.personalize.because import Reason
from gateway.personalize.cart_price_rules import (
    CartPriceRule,
    Explanation,
    LineOutcome,
    Outcome,
)
from gateway.personalize.context import Cart, CartItem
from gateway.personalize.coupons import Coupon
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    a_product,
    an_item,
    of_sku,
)

CART = a_cart(an_item("mug", 2, 10), an_item("cup", 1, 5))


def a_bundle() -> CartItem:
    bundle = a_product("kit", None, type="bundle")
    children = tuple(
        replace(an_item(sku, 1, price), within=bundle)
        for sku, price in (("mug", 6), ("pot", 16))
    )
    return replace(an_item(bundle, 1, 22), children=children, sums_children=True)


def explained(*rules: CartPriceRule, cart: Cart = CART) -> Explanation:
    context = a_context(cart)
    in_order = sorted(rules, key=lambda rule: rule.order)
    explanation = cart_price_rules.explain(in_order, context)
    assert explanation.discounts == cart_price_rules.apply(in_order, context)
    return explanation


def outcomes(explanation: Explanation) -> dict[str, Outcome]:
    return {one.rule.key: one.outcome for one in explanation.rules}


def test_every_rule_says_what_became_of_it() -> None:
    starts_in_2027: dict[str, Any] = {"from": "2027-01-01"}
    explanation = explained(
        a_cart_price_rule("coupon", coupon_code="SPRING", id=1),
        a_cart_price_rule("group", customer_groups=[3], id=2),
        a_cart_price_rule("days", id=3, **starts_in_2027),
        a_cart_price_rule(
            "conditions", conditions=a_comparison("cart.lines", "is", 3), id=4
        ),
        a_cart_price_rule("items", item_conditions=of_sku("pot"), id=5),
        a_cart_price_rule("step", item_conditions=of_sku("mug"), step=3, id=6),
        a_cart_price_rule("all", discards_subsequent=True, id=7),
        a_cart_price_rule("late", id=8),
    )

    assert outcomes(explanation) == {
        "coupon": Outcome.COUPON,
        "group": Outcome.CUSTOMER_GROUP,
        "days": Outcome.DAYS,
        "conditions": Outcome.CONDITIONS,
        "items": Outcome.ITEM_CONDITIONS,
        "step": Outcome.STEP,
        "all": Outcome.APPLIED,
        "late": Outcome.DISCARDED,
    }


def test_a_coupon_without_a_use_left_is_told_from_one_that_is_missing() -> None:
    known = (Coupon("spring", 1, has_use=False), Coupon("gift", 3, has_use=False))
    cart = replace(CART, coupon_codes=("SPRING",), coupons=known)

    explanation = explained(
        a_cart_price_rule("used-up", coupon_code="spring", id=1),
        a_cart_price_rule("missing", coupon_code="autumn", id=2),
        a_cart_price_rule("elsewhere", generated_coupons=True, id=3),
        cart=cart,
    )

    assert outcomes(explanation) == {
        "used-up": Outcome.LIMIT,
        "missing": Outcome.COUPON,
        "elsewhere": Outcome.COUPON,
    }


def test_a_code_with_a_use_left_makes_up_for_one_without() -> None:
    known = (Coupon("gift-a", 1, has_use=False), Coupon("gift-b", 1))
    codes = ("GIFT-A", "GIFT-B")

    explanation = explained(
        a_cart_price_rule("gifts", generated_coupons=True, id=1),
        cart=replace(CART, coupon_codes=codes, coupons=known),
    )

    assert outcomes(explanation) == {"gifts": Outcome.APPLIED}


def test_an_empty_cart_has_no_items() -> None:
    explanation = explained(a_cart_price_rule(), cart=a_cart())

    assert outcomes(explanation) == {"rule": Outcome.NO_ITEMS}


def test_conditions_are_explained_with_what_rules_before_have_given() -> None:
    over_22 = a_comparison("cart.subtotal_after_discounts", "at_least", 23)

    explanation = explained(
        a_cart_price_rule("first", id=1),
        a_cart_price_rule("second", conditions=over_22, id=2),
    )

    assert explanation.rules[1].reasons == (
        Reason(
            "conditions.all.0",
            "cart.subtotal_after_discounts",
            "at_least",
            Decimal("22.50"),
            Decimal(23),
        ),
    )


def test_each_line_says_why_a_rule_left_it_alone() -> None:
    unpriced = an_item(a_product("ghost", None))
    cart = a_cart(*CART.items, an_item("pot", 1, 30), unpriced)

    explanation = explained(
        a_cart_price_rule("pots", item_conditions=of_sku("pot"), id=1),
        a_cart_price_rule(
            "mugs", item_conditions=of_sku("mug"), discards_subsequent=True, id=2
        ),
        a_cart_price_rule("all", step=2, at_most=1, id=3),
        cart=cart,
    )

    missed = Reason(
        "item_conditions.all.0", "product.sku", "is_one_of", "mug", ("pot",)
    )
    assert explanation.rules[0].lines[0] == LineOutcome(
        0, Outcome.ITEM_CONDITIONS, (missed,)
    )
    assert explanation.rules[2].lines == (
        LineOutcome(0, Outcome.DISCARDED, discarded_by="mugs"),
        LineOutcome(1, Outcome.STEP),
        LineOutcome(2, Outcome.STEP),
        LineOutcome(3, Outcome.NO_PRICE),
    )


def test_each_amount_says_how_it_came_to_be() -> None:
    cart = a_cart(an_item("mug", 1, "1.05"), an_item("cup", 1, "1.05"), shipping=5)

    explanation = explained(
        a_cart_price_rule("ten", applies_to_shipping=True, id=1),
        a_cart_price_rule("two", "by_fixed", 2, id=2),
        cart=cart,
    )

    first, second = explanation.lines
    assert [(one.rule_key, str(one.given.proposed)) for one in first] == [
        ("ten", "0.105"),
        ("two", "2"),
    ]
    assert [str(one.given.carried) for one in second] == ["-0.005", "0"]
    assert [str(one.given.amount) for one in second] == ["0.10", "0.95"]
    assert [one.given.is_cut for one in second] == [False, True]
    assert second[1].given.portion.net == Decimal("0.95")
    (on_shipping,) = explanation.shipping
    assert on_shipping.rule_key == "ten"
    assert str(on_shipping.given.amount) == "0.50"


def test_what_a_rule_gives_at_most_cuts_it() -> None:
    explanation = explained(a_cart_price_rule(amount=50, most_discount=5))

    steps = [step.given for line in explanation.lines for step in line]
    assert [str(step.proposed) for step in steps] == ["10", "2.5"]
    assert [str(step.amount) for step in steps] == ["4.00", "1.00"]
    assert all(step.is_cut for step in steps)


def test_a_child_of_a_bundle_is_named() -> None:
    explanation = explained(
        a_cart_price_rule(item_conditions=of_sku("pot")), cart=a_cart(a_bundle())
    )

    ((step,),) = explanation.lines
    assert step.child == 1
    assert str(step.given.amount) == "1.60"


def test_free_shipping_is_explained_once() -> None:
    free = a_cart_price_rule("free", amount=0, free_shipping="shipment", id=2)
    off = a_cart_price_rule("off", applies_to_shipping=True, id=1)

    explanation = explained(off, free, cart=a_cart(an_item(), shipping=5))

    assert [*outcomes(explanation)] == ["off", "free"]
    assert explanation.shipping == ()
    assert len(explanation.lines[0]) == 2


def test_a_gift_says_that_a_line_is_none() -> None:
    rule = a_cart_price_rule("gift", "free_gift", 1, gifts=["pot"])

    explanation = explained(rule)

    assert outcomes(explanation) == {"gift": Outcome.APPLIED}
    assert explanation.rules[0].lines[0].reasons == (
        Reason("gifts", "product.sku", "is_one_of", "mug", ("pot",)),
    )
