"""Conditions on the parent only, or on the children only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.personalize import grammar
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.context import CartItem
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Grammar
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_context,
    a_product,
    an_item,
    discounts_on,
)

OF_LINES = Grammar(Scope.ITEM, frozenset({Scope.ITEM, Scope.PRODUCT}))
OF_CARTS = Grammar(Scope.CONTEXT, frozenset(Scope), frozenset({"cart.items"}))

TEE = a_product("tee", None, type="configurable", categories=("tees",))
TEE_S = a_product("tee-s", 20, categories=("sale",))
SHIRT = an_item(TEE_S, parent=TEE)
KIT = replace(
    an_item(a_product("kit", 30, type="bundle", categories=("kits",))),
    children=(
        an_item(a_product("pot", 10, categories=("cooking",))),
        an_item(a_product("mug", 5, categories=("sale",))),
    ),
)
MUG = an_item(a_product("mug", 5, categories=("sale",)))


def in_category(category: str, operator: str = "is_one_of", **also: str) -> Any:
    asked = {"attribute": "product.category", "operator": operator}
    return {**asked, "value": [category], **also}


def holds(tree: Any, item: CartItem) -> bool:
    condition = grammar.parse(tree, OF_LINES, Attributes(), path="item_conditions")
    return condition.holds(item)


@pytest.mark.parametrize(
    ("tree", "item", "expected"),
    [
        pytest.param(in_category("tees"), SHIRT, True, id="either, of the parent"),
        pytest.param(in_category("sale"), SHIRT, True, id="either, of the child"),
        pytest.param(in_category("tees", of="parent"), SHIRT, True, id="the parent is"),
        pytest.param(
            in_category("sale", of="parent"), SHIRT, False, id="the parent is not"
        ),
        pytest.param(
            in_category("sale", of="children"), SHIRT, True, id="the child is"
        ),
        pytest.param(
            in_category("tees", of="children"), SHIRT, False, id="the child is not"
        ),
        pytest.param(
            in_category("tees", "is_not_one_of", of="parent"),
            SHIRT,
            False,
            id="not of the parent",
        ),
        pytest.param(
            in_category("sale", of="children"), KIT, True, id="one child of a bundle"
        ),
        pytest.param(
            in_category("kits", of="children"), KIT, False, id="no child of a bundle"
        ),
        pytest.param(in_category("kits", of="parent"), KIT, True, id="the bundle"),
        pytest.param(
            in_category("sale", of="parent"), MUG, True, id="a parent of its own"
        ),
        pytest.param(
            in_category("sale", of="children"), MUG, True, id="a child of its own"
        ),
    ],
)
def test_a_condition_can_be_on_the_parent_or_on_the_children(
    tree: Any,
    item: CartItem,
    expected: bool,  # noqa: FBT001
) -> None:
    assert holds(tree, item) is expected


def test_a_parent_and_a_child_can_be_asked_in_one_tree() -> None:
    tree = {
        "all": [in_category("tees", of="parent"), in_category("sale", of="children")]
    }

    assert holds(tree, SHIRT)
    assert not holds({"all": [in_category("tees"), in_category("sale")]}, SHIRT)


def test_a_child_of_a_bundle_knows_its_parent() -> None:
    bundle = a_product("kit", None, type="bundle", categories=("kits",))
    children = (
        replace(an_item("pot", 1, 10), within=bundle),
        replace(an_item("mug", 1, 5), within=bundle),
    )
    kit = replace(an_item(bundle, 1, 15), children=children, sums_children=True)
    mugs_of_kits = {
        "all": [
            {"attribute": "product.sku", "operator": "is", "value": "mug"},
            in_category("kits", of="parent"),
        ]
    }
    rule = a_cart_price_rule(amount=20, item_conditions=mugs_of_kits)

    discounts = discounts_on(a_context(a_cart(kit, MUG)), rule)

    assert [str(line.amount) for line in discounts.lines] == ["1.00", "0"]


@pytest.mark.parametrize(
    ("leaf", "problem"),
    [
        pytest.param(
            in_category("sale", of="grandparent"),
            Problem(
                "conditions.all.0.of",
                "'grandparent' is not a choice.",
                "Did you mean 'parent'?",
            ),
            id="nobody",
        ),
        pytest.param(
            {
                "attribute": "item.quantity",
                "operator": "is",
                "value": 1,
                "of": "parent",
            },
            Problem(
                "conditions.all.0.of",
                "there is no parent and no child here.",
                "Leave it out; only product.* of lines in the cart has it.",
            ),
            id="not of a product",
        ),
    ],
)
def test_of_whom_is_checked(leaf: Any, problem: Problem) -> None:
    tree = {"found": "cart.items", "all": [leaf]}

    with pytest.raises(InvalidInput) as refused:
        grammar.parse(tree, OF_CARTS, Attributes(), path="conditions")

    assert refused.value.problems == (problem,)
