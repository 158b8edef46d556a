from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.attributes import Attributes
from gateway.personalize.cart_price_rules import CartPriceRuleDefinition, FreeShipping
from gateway.personalize.errors import InvalidInput
from gateway.personalize.grammar import Limits
from tests.factories import a_cart_price_rule_definition

MINIMAL = {"key": "spring", "name": "Spring", "websites": ["base"]}


def refusals(**given: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        cart_price_rules.read({**MINIMAL, "action": "by_fixed", "amount": 1, **given})
    return [str(problem) for problem in refused.value.problems]


def compile_refusals(limits: Limits | None = None, **given: Any) -> list[str]:
    definition = a_cart_price_rule_definition(**given)
    with pytest.raises(InvalidInput) as refused:
        cart_price_rules.compile(definition, Attributes(), limits=limits)
    return [str(problem) for problem in refused.value.problems]


def test_every_field_is_read() -> None:
    conditions: dict[str, Any] = {"all": []}

    definition = cart_price_rules.read(
        {
            **MINIMAL,
            "description": "For the spring sale",
            "active": False,
            "customer_groups": [0, 1],
            "from": "2026-03-01",
            "to": "2026-03-31",
            "priority": 3,
            "coupon_code": " SPRING ",
            "uses_per_coupon": 100,
            "uses_per_customer": 1,
            "uses_per_rule": 50,
            "conditions": conditions,
            "item_conditions": conditions,
            "action": "buy_x_get_y",
            "amount": "1",
            "at_most": 6,
            "step": 2,
            "discards_subsequent": True,
            "applies_to_shipping": True,
            "free_shipping": "ITEMS",
            "label": "Spring sale",
            "label_by_store_view": {"german": "Frühling"},
        }
    )

    assert definition == CartPriceRuleDefinition(
        key="spring",
        name="Spring",
        websites=("base",),
        description="For the spring sale",
        active=False,
        customer_groups=(0, 1),
        from_day=date(2026, 3, 1),
        to_day=date(2026, 3, 31),
        priority=3,
        coupon_code="SPRING",
        uses_per_coupon=100,
        uses_per_customer=1,
        uses_per_rule=50,
        conditions=conditions,
        item_conditions=conditions,
        action="buy_x_get_y",
        amount=Decimal(1),
        at_most=Decimal(6),
        step=2,
        discards_subsequent=True,
        applies_to_shipping=True,
        free_shipping=FreeShipping.ITEMS,
        label="Spring sale",
        label_by_store_view={"german": "Frühling"},
    )


def test_a_rule_of_free_shipping_needs_no_discount() -> None:
    definition = cart_price_rules.read({**MINIMAL, "free_shipping": "shipment"})

    assert definition == CartPriceRuleDefinition(
        "spring", "Spring", ("base",), free_shipping=FreeShipping.SHIPMENT
    )


def test_at_most_nothing_is_no_limit() -> None:
    assert a_cart_price_rule_definition(at_most=0).at_most is None


def test_a_rule_that_gives_nothing_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        cart_price_rules.read(MINIMAL)

    assert [str(problem) for problem in refused.value.problems] == [
        "action: it is missing. Only a rule that gives free shipping can do without.",
        "amount: it is missing. Only a rule that gives free shipping can do without.",
    ]


def test_a_rule_may_have_generated_coupons_in_place_of_a_code() -> None:
    definition = a_cart_price_rule_definition(generated_coupons=True, uses_per_coupon=1)

    assert definition.generated_coupons
    assert definition.coupon_code == ""
    assert definition.uses_per_coupon == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        pytest.param(
            # One character, which stands for a sentence of 18.
            {"coupon_code": "\ufdfa" * 15},
            "coupon_code: it has too many characters. Write at most 255, as they are"
            " compared.",
            id="a code that is too long when it is folded",
        ),
        pytest.param(
            {"generated_coupons": True, "coupon_code": "SPRING"},
            "coupon_code: the rule has generated coupons already. Write one or the "
            "other.",
            id="two kinds of coupons",
        ),
        pytest.param(
            {"uses_per_customer": 1},
            "uses_per_customer: only the uses of coupons are counted. Write a "
            "coupon_code, or ask for generated_coupons.",
            id="uses of no coupon",
        ),
        pytest.param(
            {"action": "by_percnt"},
            "action: no discount action is called 'by_percnt'. "
            "Did you mean 'by_percent'?",
            id="unknown action",
        ),
        pytest.param(
            {"amount": -1},
            "amount: -1 is too small. Write at least 0.",
            id="negative amount",
        ),
        *(
            pytest.param(
                {name: "0.00001"},
                f"{name}: 0.00001 is too fine. Write at most 4 decimals.",
                id=f"too fine: {name}",
            )
            for name in ("amount", "at_most", "most_discount", "budget")
        ),
        pytest.param(
            {"amount": "ten"},
            "amount: 'ten' is not a number. Write a number such as 12 or 12.5.",
            id="amount in words",
        ),
        pytest.param(
            {"action": "buy_x_get_y"},
            "step: it is missing. Write X, the units to buy before some are free.",
            id="nothing to buy",
        ),
        pytest.param(
            {"action": "buy_x_get_y", "step": 1, "amount": 2},
            "amount: 2 free units for 1 bought ones give nothing. Write at most as "
            "many free units as 'step' says are bought.",
            id="more free than bought",
        ),
        pytest.param(
            {"action": "cart_fixed", "step": 2},
            "step: 'cart_fixed' takes no step. Leave it out.",
            id="step of a budget",
        ),
        pytest.param(
            {"at_most": -1},
            "at_most: -1 is too small. Write at least 0.",
            id="negative limit",
        ),
        pytest.param(
            {"most_discount": 0},
            "most_discount: it is zero. Leave it out for no limit, or make the rule "
            "inactive.",
            id="a cap of nothing",
        ),
        pytest.param(
            {"budget": "0.00"},
            "budget: it is zero. Leave it out for no limit, or make the rule inactive.",
            id="a budget of nothing",
        ),
        pytest.param(
            {"priority": -1},
            "priority: -1 is too small. Write at least 0.",
            id="negative priority",
        ),
        pytest.param(
            {"customer_groups": []},
            "customer_groups: it is empty. Write at least one group, or leave it out "
            "for all of them.",
            id="no group",
        ),
        pytest.param(
            {"from": "2026-03-02", "to": "2026-03-01"},
            "to: 2026-03-01 is before 2026-03-02. Write the later day here.",
            id="ends before it starts",
        ),
        pytest.param(
            {"free_shipping": "yes"},
            "free_shipping: 'yes' is not a choice. Write one of: items, none, "
            "shipment.",
            id="free shipping of what",
        ),
        pytest.param(
            {"stop": True},
            "stop: there is no such field. Did you mean 'step'?",
            id="unknown field",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, Any], refusal: str) -> None:
    assert refusals(**given) == [refusal]


def test_conditions_may_look_at_the_customer_but_item_conditions_may_not() -> None:
    tree = {
        "all": [{"attribute": "customer.email", "operator": "is", "value": "a@b.c"}]
    }

    refused = compile_refusals(conditions=tree, item_conditions=tree)

    (refusal,) = refused
    assert refusal == (
        "item_conditions.all.0.attribute: 'customer.email' cannot be asked here. "
        "Item conditions look at one line of the cart: item.* and product.*. Put what "
        "concerns the whole cart into 'conditions'."
    )


def test_both_trees_are_refused_together() -> None:
    tree = {"all": [{"attribute": "cart.subtotl", "operator": "is", "value": 1}]}

    refused = compile_refusals(conditions=tree, item_conditions=tree)

    assert [line.split(":")[0] for line in refused] == [
        "conditions.all.0.attribute",
        "item_conditions.all.0.attribute",
    ]


def test_a_tree_may_not_exceed_the_limits() -> None:
    assert compile_refusals(Limits(depth=1), conditions={"all": [{"all": []}]}) == [
        "conditions.all.0: the tree is nested too deep. Conditions may nest 1 deep."
    ]


def test_an_action_that_is_gone_is_refused_when_compiling() -> None:
    definition = CartPriceRuleDefinition("k", "K", ("base",), action="free_beer")

    with pytest.raises(InvalidInput, match="no discount action is called 'free_beer'"):
        cart_price_rules.compile(definition, Attributes())


def test_the_segments_a_rule_asks_for_can_be_listed() -> None:
    conditions = {
        "all": [
            {
                "attribute": "customer.segment",
                "operator": "is_one_of",
                "value": ["vip", "new"],
            },
            {
                "any": [
                    {
                        "attribute": "customer.segment",
                        "operator": "is_not_one_of",
                        "value": "old, lost",
                    },
                    {"attribute": "cart.quantity", "operator": "is", "value": 1},
                ]
            },
        ]
    }

    definition = a_cart_price_rule_definition(conditions=conditions)

    assert cart_price_rules.segment_keys(definition) == {"vip", "new", "old", "lost"}


def test_a_rule_without_conditions_asks_for_no_segment() -> None:
    assert cart_price_rules.segment_keys(a_cart_price_rule_definition()) == frozenset()
