"""The index finds every rule that does something, and leaves out most that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import CartPriceRule, RuleIndex
from gateway.personalize.context import Address, Cart, CartItem, Context
from gateway.personalize.coupons import Coupon
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    a_customer,
    a_product,
    an_item,
    of_sku,
)
from tests.strategies import combined

MUG = a_product("mug", 10, categories=("kitchen/mugs",))
TEE = a_product("tee", None, type="configurable", categories=("tees",))
CART = a_cart(
    an_item(MUG, 2),
    an_item("tee-s", 1, 20, parent=TEE),
    coupon_codes=(" Spring ",),
    address=Address(country="DE"),
)
CONTEXT = a_context(
    CART, customer=a_customer(group_id=2), segments=frozenset({"campers"})
)


def conditions(*trees: Any, **also: Any) -> dict[str, Any]:
    return {"conditions": {"all": [*trees], **also}}


def leaf(attribute: str, operator: str, value: Any) -> Any:
    return {"attribute": attribute, "operator": operator, "value": value}


def found_of(word: str, *trees: Any) -> Any:
    return {word: "cart.items", "all": [*trees]}


def sum_of(attribute: str, operator: str, value: Any, *trees: Any) -> Any:
    return {"sum": attribute, "operator": operator, "value": value, "all": [*trees]}


def is_candidate(context: Context = CONTEXT, **also: Any) -> bool:
    rule = a_cart_price_rule(**also)
    return [*RuleIndex([rule]).candidates(context)] == [rule]


@pytest.mark.parametrize(
    "also",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"coupon_code": "SPRING"}, id="its coupon"),
        pytest.param({"customer_groups": [1, 2]}, id="its group"),
        pytest.param({"to": "2026-03-10"}, id="its last day"),
        pytest.param(conditions(leaf("cart.subtotal", "at_least", 40)), id="total"),
        pytest.param(conditions(leaf("cart.country", "is", "de")), id="country"),
        pytest.param(
            conditions(leaf("customer.segment", "is_one_of", ["campers"])),
            id="segment",
        ),
        pytest.param({"item_conditions": of_sku("tee")}, id="the parent of an item"),
        pytest.param(
            {
                "item_conditions": {
                    **leaf("product.category", "is_one_of", ["tees"]),
                    "of": "parent",
                }
            },
            id="the parent only",
        ),
        pytest.param(
            {
                "item_conditions": {
                    **leaf("product.sku", "is", "tee-s"),
                    "of": "children",
                }
            },
            id="the child only",
        ),
        pytest.param(
            conditions(found_of("found", leaf("product.category", "is", ["kitchen"]))),
            id="an item that is found",
        ),
        pytest.param(
            conditions(found_of("not_found", leaf("product.sku", "is", "pot"))),
            id="an item that is not found",
        ),
        pytest.param(
            conditions(
                sum_of("item.quantity", "at_least", 2, leaf("product.sku", "is", "mug"))
            ),
            id="a sum",
        ),
        pytest.param(
            conditions(
                sum_of(
                    "item.quantity", "less_than", 2, leaf("product.sku", "is", "pot")
                )
            ),
            id="a sum over nothing",
        ),
        pytest.param(
            {
                "conditions": {
                    "any": [
                        leaf("cart.country", "is", "NO"),
                        leaf("cart.country", "is", "DE"),
                    ]
                }
            },
            id="any country",
        ),
        pytest.param(
            {
                "conditions": {
                    "any": [
                        leaf("cart.country", "is", "NO"),
                        leaf("cart.subtotal", "at_least", 10),
                    ]
                }
            },
            id="a country or a total",
        ),
        pytest.param(
            conditions(leaf("cart.country", "is", "NO"), are=False), id="not so"
        ),
        pytest.param(
            {"item_conditions": of_sku("pot"), "applies_to_shipping": True},
            id="shipping without an item",
        ),
        pytest.param(
            {"action": "free_gift", "gifts": ["pot"]}, id="a gift that is offered"
        ),
        pytest.param(
            {
                **conditions(leaf("cart.subtotal", "at_least", 9000)),
                "totals_of": "matched_items",
            },
            id="totals of matched items",
        ),
    ],
)
def test_what_may_apply_is_found(also: Any) -> None:
    assert is_candidate(**also)


@pytest.mark.parametrize(
    "also",
    [
        pytest.param({"coupon_code": "SUMMER"}, id="another coupon"),
        pytest.param({"customer_groups": [0, 1]}, id="another group"),
        pytest.param({"from": "2026-03-11"}, id="tomorrow"),
        pytest.param({"to": "2026-03-09"}, id="yesterday"),
        pytest.param(conditions(leaf("cart.subtotal", "at_least", 41)), id="total"),
        pytest.param(
            conditions(leaf("cart.subtotal_after_discounts", "greater_than", 41)),
            id="a total that discounts only lower",
        ),
        pytest.param(conditions(leaf("cart.country", "is", "NO")), id="country"),
        pytest.param(
            conditions(leaf("customer.segment", "is_one_of", ["hikers"])),
            id="segment",
        ),
        pytest.param({"item_conditions": of_sku("pot")}, id="no such item"),
        pytest.param(
            conditions(found_of("found", leaf("product.category", "is", ["tents"]))),
            id="an item that is not found",
        ),
        pytest.param(
            conditions(
                sum_of("item.quantity", "at_least", 1, leaf("product.sku", "is", "pot"))
            ),
            id="a sum",
        ),
        pytest.param(
            {
                "conditions": {
                    "any": [
                        leaf("cart.country", "is", "NO"),
                        found_of("found", leaf("product.sku", "is", "pot")),
                    ]
                }
            },
            id="neither of two",
        ),
        pytest.param(
            {"action": "free_gift", "gifts": ["pot"], "customer_groups": [7]},
            id="a gift for others",
        ),
    ],
)
def test_what_cannot_apply_is_left_out(also: Any) -> None:
    assert not is_candidate(**also)


def test_a_rule_with_generated_coupons_is_found_by_what_is_known_of_them() -> None:
    rule = a_cart_price_rule(generated_coupons=True, id=7)
    cart = a_cart(an_item(MUG), coupon_codes=("GIFT-1",))
    of_rule = replace(cart, coupons=(Coupon("gift-1", rule_id=7),))
    of_other = replace(cart, coupons=(Coupon("gift-1", rule_id=8),))
    index = RuleIndex([rule])

    assert [*index.candidates(a_context(of_rule))] == [rule]
    assert [*index.candidates(a_context(of_other))] == []
    assert [*index.candidates(a_context(cart))] == []


def test_of_a_thousand_rules_few_are_asked() -> None:
    rules = [
        a_cart_price_rule(
            f"rule-{n}",
            id=n,
            **conditions(leaf("cart.country", "is", "DE")),
            item_conditions=of_sku("mug" if n % 100 == 0 else f"sku-{n}"),
        )
        for n in range(1000)
    ]

    found = RuleIndex(rules).candidates(CONTEXT)

    assert [rule.id for rule in found] == [*range(0, 1000, 100)]


def test_a_rule_begins_while_the_index_is_in_use() -> None:
    one_day: dict[str, Any] = {"from": "2026-03-11", "to": "2026-03-11"}
    index = RuleIndex([a_cart_price_rule(**one_day)])

    def found(day: int) -> int:
        at = datetime(2026, 3, day, 12, tzinfo=UTC)
        return len(index.candidates(replace(CONTEXT, at=at)))

    assert [found(day) for day in (10, 11, 12, 11, 10)] == [0, 1, 0, 1, 0]


LEAVES = st.sampled_from(
    [
        leaf("cart.subtotal", "at_least", 30),
        leaf("cart.subtotal_after_discounts", "at_least", 35),
        leaf("cart.subtotal", "at_most", 30),
        leaf("cart.quantity", "greater_than", 2),
        leaf("cart.country", "is", "DE"),
        leaf("cart.country", "is_not", "DE"),
        leaf("customer.segment", "is_one_of", ["campers", "hikers"]),
        found_of("found", leaf("product.sku", "is", "mug")),
        found_of("not_found", leaf("product.sku", "is", "pot")),
        sum_of("item.quantity", "at_least", 2, leaf("product.sku", "is", "mug")),
        sum_of("item.quantity", "less_than", 2, leaf("product.sku", "is", "pot")),
    ]
)
TREES = st.recursive(
    LEAVES,
    combined,
    max_leaves=6,
)


@st.composite
def rules(draw: st.DrawFn, id: int) -> CartPriceRule:
    return a_cart_price_rule(
        f"rule-{id}",
        draw(st.sampled_from(["by_percent", "by_fixed", "cart_fixed"])),
        10,
        id=id,
        conditions=draw(TREES),
        item_conditions=draw(st.none() | st.sampled_from(["mug", "pot"]).map(of_sku)),
        customer_groups=draw(st.none() | st.lists(st.integers(0, 2), min_size=1)),
        coupon_code=draw(st.sampled_from(["", "", f"CODE-{id % 2}"])),
        discards_subsequent=draw(st.booleans()),
        evaluation_group="group",
        lane=draw(st.sampled_from(["default", "default", "pre", "post"])),
        group_applies=draw(st.sampled_from(["all", "all", "best", "first"])),
        applies_to_shipping=draw(st.booleans()),
        totals_of=draw(st.sampled_from(["cart", "matched_items"])),
    )


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    lines: list[CartItem] = draw(
        st.lists(
            st.builds(
                lambda sku, quantity: an_item(sku, quantity, 12),
                st.sampled_from(["mug", "pot", "cup"]),
                st.integers(1, 3),
            ),
            max_size=3,
        )
    )
    address = Address(country=draw(st.sampled_from(["DE", "NO", None])))
    codes = draw(st.lists(st.sampled_from(["code-0", "CODE-1"]), unique=True))
    return a_cart(*lines, shipping=5, address=address, coupon_codes=tuple(codes))


@settings(deadline=None, max_examples=80)
@given(carts(), st.integers(0, 2), st.booleans(), st.data())
def test_what_is_left_out_would_have_done_nothing(
    cart: Cart,
    group: int,
    camps: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    listed = [data.draw(rules(id)) for id in range(data.draw(st.integers(1, 6)))]
    in_order = sorted(listed, key=lambda rule: rule.order)
    customer = a_customer(group_id=group) if group else None
    segments = frozenset({"campers"} if camps else ())
    context = a_context(cart, customer=customer, segments=segments)

    found = RuleIndex(in_order).candidates(context)

    assert cart_price_rules.apply(found, context) == cart_price_rules.apply(
        in_order, context
    )


def test_a_total_is_compared_exactly() -> None:
    cart = a_cart(an_item("mug", 1, "49.99"))

    for amount, expected in (("49.99", True), ("50", False)):
        tree = a_comparison("cart.subtotal", "at_least", amount)
        assert is_candidate(a_context(cart), conditions=tree) is expected
    assert cart.subtotal == Decimal("49.99")
