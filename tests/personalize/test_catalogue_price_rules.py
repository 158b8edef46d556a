"""Catalogue price rules: what is accepted, and what is refused with its path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import catalogue_price_rules
from gateway.personalize.attributes import Attributes
from gateway.personalize.catalogue_price_rules import CataloguePriceRuleDefinition
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Limits
from tests.factories import a_comparison

GIVEN: dict[str, Any] = {
    "key": "sale",
    "name": "Sale",
    "websites": ["base"],
    "action": "by_percent",
    "amount": "10",
}


def read(**also: Any) -> CataloguePriceRuleDefinition:
    return catalogue_price_rules.read({**GIVEN, **also})


def faults(**also: Any) -> list[Problem]:
    with pytest.raises(InvalidInput) as refused:
        read(**also)
    return list(refused.value.problems)


def test_a_definition_is_read_with_everything() -> None:
    tree = a_comparison("product.price", "at_least", 20)

    definition = read(
        description="For spring.",
        active=False,
        customer_groups=[0, 2],
        segments=["gold"],
        priority=3,
        conditions=tree,
        action="to_fixed",
        amount="7.50",
        discards_subsequent=True,
        **{"from": "2026-03-01", "to": "2026-03-31"},
    )

    assert definition == CataloguePriceRuleDefinition(
        key="sale",
        name="Sale",
        websites=("base",),
        description="For spring.",
        active=False,
        customer_groups=(0, 2),
        segments=("gold",),
        from_day=date(2026, 3, 1),
        to_day=date(2026, 3, 31),
        priority=3,
        conditions=tree,
        action="to_fixed",
        amount=Decimal("7.50"),
        discards_subsequent=True,
    )
    assert catalogue_price_rules.read(as_given(definition)) == definition


def test_what_is_left_out_has_its_default() -> None:
    assert read() == CataloguePriceRuleDefinition(
        "sale", "Sale", ("base",), amount=Decimal(10)
    )


def test_every_field_at_fault_is_told() -> None:
    problems = faults(
        websites=[],
        customer_groups=[],
        segments=["Gold"],
        priority=-1,
        action="by_percnt",
        amount="-1",
        coupon_code="X",
        **{"from": "2026-03-02", "to": "2026-03-01"},
    )

    assert [(one.path, one.message) for one in problems] == [
        ("to", "2026-03-01 is before 2026-03-02."),
        ("websites", "it is empty."),
        ("segments.0", "'Gold' is not a key."),
        ("priority", "-1 is too small."),
        ("amount", "-1 is too small."),
        ("action", "no price action is called 'by_percnt'."),
        ("customer_groups", "it is empty."),
        ("coupon_code", "there is no such field."),
    ]
    assert problems[5].remedy == "Did you mean 'by_percent'?"


def test_an_amount_of_which_something_would_be_lost_is_refused() -> None:
    [problem] = faults(amount="33.33333")

    assert str(problem) == ("amount: 33.33333 is too fine. Write at most 4 decimals.")


@pytest.mark.parametrize("name", ["action", "amount"])
def test_a_rule_without_action_or_amount_is_refused(name: str) -> None:
    assert [one.path for one in faults(**{name: None})] == [name]


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        (a_comparison("cart.subtotal", "at_least", 5), "conditions.all.0.attribute"),
        (a_comparison("customer.group", "is", 2), "conditions.all.0.attribute"),
        (a_comparison("item.quantity", "is", 2), "conditions.all.0.attribute"),
        (a_comparison("product.prize", "is", 2), "conditions.all.0.attribute"),
        ({"found": "cart.items", "all": []}, "conditions.found"),
    ],
    ids=["cart", "customer", "item", "unknown", "list"],
)
def test_conditions_look_at_products_only(tree: Any, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        catalogue_price_rules.compile(read(conditions=tree), Attributes())

    assert [one.path for one in refused.value.problems] == [path]


def test_segments_are_refused_unless_they_are_turned_on() -> None:
    definition = read(segments=["gold"])

    with pytest.raises(InvalidInput) as refused:
        catalogue_price_rules.compile(definition, Attributes())
    allowed = Limits(segment_prices=True)
    rule = catalogue_price_rules.compile(definition, Attributes(), limits=allowed)

    assert refused.value.problems == (
        Problem(
            "segments",
            "prices for segments are turned off.",
            "Leave it out, or set GATEWAY_SEGMENT_PRICES to true.",
        ),
    )
    assert rule.segments == {"gold"}
