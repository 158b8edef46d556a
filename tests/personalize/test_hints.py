"""What a shopper is close to; following a hint does unlock its rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import CartPriceRule, Hint, RuleIndex
from gateway.personalize.cart_price_rules.hints import follow, hints
from gateway.personalize.context import Cart, Context
from gateway.personalize.coupons import Coupon
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    an_item,
    of_sku,
)

CART = a_cart(an_item("mug", 2, "18.80"))
FROM_50 = a_comparison("cart.subtotal", "at_least", 50)


def a_hinted_rule(key: str = "rule", **also: Any) -> CartPriceRule:
    return a_cart_price_rule(key, **{"hinted": True, "label": "Ten off", **also})


def told(
    *rules: CartPriceRule, cart: Cart = CART, **also: Any
) -> list[tuple[Decimal | None, Decimal | None, str | None]]:
    found = hinted(a_context(cart, **also), *rules)
    return [(hint.amount, hint.quantity, hint.sku) for hint in found]


def hinted(context: Context, *rules: CartPriceRule) -> tuple[Hint, ...]:
    return hints(RuleIndex(sorted(rules, key=lambda rule: rule.order)), context)


def test_an_amount_that_is_missing_is_told() -> None:
    rule = a_hinted_rule(conditions=FROM_50)

    (hint,) = hinted(a_context(CART), rule)

    assert hint == Hint(rule, "Ten off", amount=Decimal("12.40"))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        pytest.param(
            a_comparison("cart.subtotal", "greater_than", 50),
            [(Decimal("12.41"), None, None)],
            id="more than an amount",
        ),
        pytest.param(
            a_comparison("cart.subtotal_after_discounts", "at_least", 40),
            [(Decimal("2.40"), None, None)],
            id="an amount after discounts",
        ),
        pytest.param(
            a_comparison("cart.quantity", "at_least", 5),
            [(None, Decimal(3), "mug")],
            id="a quantity",
        ),
        pytest.param(
            a_comparison("cart.quantity", "greater_than", 5),
            [(None, Decimal(4), "mug")],
            id="more than a quantity",
        ),
        pytest.param(
            {
                "sum": "item.quantity",
                "operator": "at_least",
                "value": 3,
                **of_sku("mug"),
            },
            [(None, Decimal(1), "mug")],
            id="units of a product",
        ),
        pytest.param(
            {
                "sum": "item.row_total",
                "operator": "at_least",
                "value": 50,
                **of_sku("mug"),
            },
            [(None, Decimal(1), "mug")],
            id="an amount on a product",
        ),
        pytest.param(
            {
                "any": [
                    {"attribute": "cart.country", "operator": "is", "value": "NO"},
                    {"attribute": "cart.subtotal", "operator": "at_least", "value": 50},
                ]
            },
            [(Decimal("12.40"), None, None)],
            id="one of several ways",
        ),
        pytest.param(
            {
                "all": [
                    {"attribute": "cart.country", "operator": "is", "value": "NO"},
                    {"attribute": "cart.subtotal", "operator": "at_least", "value": 50},
                ]
            },
            [],
            id="one of two things missing",
        ),
        pytest.param(
            a_comparison("customer.segment", "is_one_of", ["secret"]),
            [],
            id="a segment",
        ),
        pytest.param(
            a_comparison("cart.subtotal", "at_most", 10), [], id="too much already"
        ),
        pytest.param(
            {
                "sum": "item.quantity",
                "operator": "at_least",
                "value": 3,
                **of_sku("pot"),
            },
            [],
            id="units of what is not in the cart",
        ),
    ],
)
def test_what_is_missing_is_told_if_it_is_only_that(
    conditions: Any, expected: list[Any]
) -> None:
    assert told(a_hinted_rule(conditions=conditions)) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(
            a_hinted_rule(action="buy_x_get_y", amount=1, step=3),
            [(None, Decimal(2), "mug")],
            id="buy three get one",
        ),
        pytest.param(
            a_hinted_rule(step=3), [(None, Decimal(1), "mug")], id="multiples of three"
        ),
    ],
)
def test_units_that_are_missing_for_a_step_are_told(
    rule: CartPriceRule, expected: list[Any]
) -> None:
    assert told(rule) == expected


def test_free_shipping_and_gifts_are_hinted_at() -> None:
    ships = a_hinted_rule(
        "ships", amount=0, free_shipping="shipment", conditions=FROM_50
    )
    gift = a_hinted_rule(
        "gift",
        action="free_gift",
        amount=1,
        gifts=["cup"],
        conditions=a_comparison("cart.subtotal", "at_least", 45),
        id=2,
    )
    cart = replace(CART, shipping=replace(CART.shipping, amount=Decimal(5)))

    assert told(ships, gift, cart=cart) == [
        (Decimal("7.40"), None, None),
        (Decimal("12.40"), None, None),
    ]


def test_totals_of_matched_items_are_reached_with_more_of_them() -> None:
    cart = a_cart(an_item("pot", 1, 100), *CART.items)
    rule = a_hinted_rule(
        conditions=FROM_50, item_conditions=of_sku("mug"), totals_of="matched_items"
    )

    assert told(rule, cart=cart) == [(None, Decimal(1), "mug")]


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(
            a_cart_price_rule(conditions=FROM_50, label="Quiet"), id="not hinted at"
        ),
        pytest.param(
            a_hinted_rule(conditions=FROM_50, customer_groups=[3]), id="another group"
        ),
        pytest.param(a_hinted_rule(), id="applied already"),
        pytest.param(a_hinted_rule(amount=0, conditions=FROM_50), id="gives nothing"),
        pytest.param(
            a_hinted_rule(conditions=FROM_50, item_conditions=of_sku("pot")),
            id="for nothing in the cart",
        ),
    ],
)
def test_nothing_is_told_of_a_rule(rule: CartPriceRule) -> None:
    assert told(rule) == []


def test_nothing_is_told_of_an_empty_cart() -> None:
    assert told(a_hinted_rule(conditions=FROM_50), cart=a_cart()) == []


def test_a_rule_that_another_one_would_keep_away_is_not_hinted_at() -> None:
    first = a_cart_price_rule("first", priority=0, discards_subsequent=True)
    rule = a_hinted_rule(
        conditions=FROM_50, item_conditions=of_sku("mug"), priority=1, id=2
    )

    assert told(first, rule) == []


def test_discounts_of_other_rules_are_allowed_for() -> None:
    half = a_cart_price_rule("half", amount=50)
    rule = a_hinted_rule(
        conditions=a_comparison("cart.subtotal_after_discounts", "at_least", 40),
        priority=1,
        id=2,
    )

    found = told(half, rule)

    # 21.20 more would be halved, too: what cannot be promised is not told.
    assert found == []


def test_no_more_than_three_are_told_and_the_smallest_first() -> None:
    rules = [
        a_hinted_rule(f"from-{n}", conditions=over(n), id=n) for n in (90, 60, 80, 70)
    ]

    assert [amount for amount, _, _ in told(*rules)] == [
        Decimal("22.40"),
        Decimal("32.40"),
        Decimal("42.40"),
    ]


def over(amount: int) -> Any:
    return a_comparison("cart.subtotal", "at_least", amount)


@pytest.mark.parametrize(
    ("codes", "coupons", "expected"),
    [
        pytest.param(("ten",), (), [Decimal("12.40")], id="in the cart"),
        pytest.param((), (), [], id="not in the cart"),
        pytest.param(("other",), (), [], id="another code"),
        pytest.param(
            ("ten",), (Coupon("ten", 1, has_use=False),), [], id="without a use left"
        ),
    ],
)
def test_a_rule_with_a_coupon_is_hinted_at_while_its_coupon_is_in_the_cart(
    codes: tuple[str, ...], coupons: tuple[Coupon, ...], expected: list[Decimal]
) -> None:
    rule = a_hinted_rule(conditions=FROM_50, coupon_code="TEN")
    cart = replace(CART, coupon_codes=codes, coupons=coupons)

    assert [amount for amount, _, _ in told(rule, cart=cart)] == expected


def test_a_rule_with_generated_coupons_is_hinted_at_while_one_is_in_the_cart() -> None:
    rules = [
        a_hinted_rule(f"gift-{id}", id=id, conditions=FROM_50, generated_coupons=True)
        for id in (1, 2)
    ]
    cart = replace(CART, coupon_codes=("GIFT",), coupons=(Coupon("gift", 2),))

    assert [hint.rule.key for hint in hinted(a_context(cart), *rules)] == ["gift-2"]


def test_the_three_others_that_are_told_leave_room_for_a_coupon() -> None:
    others = [a_hinted_rule(f"{n}", conditions=over(n), id=n) for n in range(40, 60)]
    own = a_hinted_rule("own", conditions=over(90), id=90, coupon_code="TEN")
    cart = replace(CART, coupon_codes=("TEN",))

    found = told(*others, own, cart=cart)

    assert [amount for amount, _, _ in found] == [
        Decimal("2.40"),
        Decimal("3.40"),
        Decimal("4.40"),
        Decimal("52.40"),
    ]


@st.composite
def rules(draw: st.DrawFn, id: int) -> CartPriceRule:
    attribute = draw(
        st.sampled_from(
            ["cart.subtotal", "cart.subtotal_after_discounts", "cart.quantity"]
        )
    )
    operator = draw(st.sampled_from(["at_least", "greater_than"]))
    return a_cart_price_rule(
        f"rule-{id}",
        draw(st.sampled_from(["by_percent", "by_fixed", "cart_fixed"])),
        draw(st.integers(1, 30)),
        id=id,
        hinted=draw(st.booleans()),
        coupon_code=draw(st.sampled_from(["", f"code-{id}"])),
        priority=draw(st.integers(0, 2)),
        conditions=a_comparison(attribute, operator, draw(st.integers(1, 90))),
        item_conditions=draw(st.none() | st.sampled_from(["mug", "pot"]).map(of_sku)),
        step=0,
        discards_subsequent=draw(st.booleans()),
        totals_of=draw(st.sampled_from(["cart", "matched_items"])),
    )


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(1, 3), st.integers(1, 3))
def test_following_a_hint_unlocks_its_rule(
    data: st.DataObject, mugs: int, pots: int
) -> None:
    listed = [data.draw(rules(id)) for id in range(1, data.draw(st.integers(2, 5)))]
    codes = tuple(f"CODE-{id}" for id in (1, 2))
    cart = a_cart(an_item("mug", mugs, "9.99"), an_item("pot", pots, 20))
    context = a_context(replace(cart, coupon_codes=codes))
    before = cart_price_rules.apply(
        sorted(listed, key=lambda rule: rule.order), context
    )

    for hint in hinted(context, *listed):
        changed = follow(hint, context)
        after = cart_price_rules.apply(
            sorted(listed, key=lambda rule: rule.order), changed
        )

        assert hint.rule.hinted
        assert hint.rule.key not in before.applied_keys
        assert hint.rule.key in after.applied_keys
        assert any(one.rule_key == hint.rule.key for one in after.on_items)
