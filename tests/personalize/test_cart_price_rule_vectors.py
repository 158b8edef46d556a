"""Magento's own expectations of cart price rules, from the folder beside ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.cart_price_rules import CartDiscounts, LineDiscounts
from gateway.personalize.operators import Kind
from tests import magento

VECTORS = (
    Path(__file__).parents[3] / "shared" / "vectors" / "cart_price_rules.json"
).resolve()

if not VECTORS.exists():
    pytest.skip(
        f"Magento's cart price rule vectors are not here: {VECTORS} does not exist.",
        allow_module_level=True,
    )

# What a vector requires and we have not got. Of a cart with several addresses the
# lines are compared, and its orders, one for each address, are not.
LEFT_OUT = {
    "tax": "the mirrored cart's tax is an amount, not a rate to work out.",
}

HALF_A_CENT = Decimal("0.005")


def vectors() -> list[Any]:
    cases = json.loads(VECTORS.read_text())["vectors"]
    return [pytest.param(case, id=case["id"]) for case in cases]


@pytest.mark.parametrize("vector", vectors())
def test_a_cart_costs_what_it_costs_in_magento(vector: Mapping[str, Any]) -> None:
    for feature in vector["requires"]:
        if feature in LEFT_OUT:
            pytest.skip(f"{vector['id']}: {LEFT_OUT[feature]}")
    kinds = vector.get("attribute_inputs", {}).items()
    declared = [DeclaredAttribute("product", code, Kind(kind)) for code, kind in kinds]
    rules = [
        cart_price_rules.compile(
            cart_price_rules.read(magento.cart_price_rule(rule)),
            Attributes(declared),
            id=rule["rule_id"],
        )
        for rule in vector["rules"]
    ]

    discounts = cart_price_rules.apply(
        sorted(rules, key=lambda rule: rule.order), magento.context(vector["cart"])
    )

    assert_as_expected(vector["expect"], discounts)


def assert_as_expected(expect: Mapping[str, Any], discounts: CartDiscounts) -> None:
    """Compare what the vector's source asserts; it may be little."""
    amounts = {
        "subtotal": discounts.subtotal,
        "discount_total": discounts.total_discount,
        "grand_total": discounts.grand_total,
        "shipping_amount": discounts.shipping,
    }
    for name, amount in amounts.items():
        if name in expect:
            assert amount == about(expect[name]), name
    if "items" in expect:
        given = [one for line in discounts.lines for one in on_each(line)]
        assert given == [about(item["discount"]) for item in expect["items"]]
    if "applied_rule_ids" in expect:
        assert [rule.id for rule in discounts.applied] == expect["applied_rule_ids"]
    if "labels" in expect:
        labels = [one.label for line in discounts.lines for one in line.by_rule]
        assert labels == expect["labels"]
    if "rule_valid" in expect:
        assert bool(discounts.applied) is expect["rule_valid"]


def on_each(line: LineDiscounts) -> list[Decimal]:
    """What was given on the line itself, and on each of its children."""
    children = [child.amount for child in line.children]
    return [line.amount - sum(children, Decimal(0)), *children]


def about(amount: float) -> Any:
    return pytest.approx(Decimal(str(amount)), abs=HALF_A_CENT)
