"""Which leaves a condition turned on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import grammar
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.because import Reason, because
from gateway.personalize.element_lists import LISTS
from gateway.personalize.grammar import Grammar
from tests.factories import a_cart, a_context, a_product, an_item

OF_CARTS = Grammar(Scope.CONTEXT, frozenset(Scope), frozenset(LISTS))
OF_LINES = Grammar(Scope.ITEM, frozenset({Scope.ITEM, Scope.PRODUCT}))
CONTEXT = a_context(a_cart(an_item("mug", 2, 10), an_item("cup", 1, 5), shipping=4))

FROM_50 = {"attribute": "cart.subtotal", "operator": "at_least", "value": 50}
TO_NORWAY = {"attribute": "cart.country", "operator": "is", "value": "NO"}
TWO_LINES = {"attribute": "cart.lines", "operator": "is", "value": 2}
MUGS = {"attribute": "product.sku", "operator": "is", "value": "mug"}
POTS = {"attribute": "product.sku", "operator": "is", "value": "pot"}


def subtotal(path: str) -> Reason:
    return Reason(path, "cart.subtotal", "at_least", Decimal(25), Decimal(50))


def country(path: str) -> Reason:
    return Reason(path, "cart.country", "is", None, "NO")


def lines(path: str) -> Reason:
    return Reason(path, "cart.lines", "is", Decimal(2), Decimal(2))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        pytest.param(FROM_50, [subtotal("c")], id="a leaf"),
        pytest.param(
            {"all": [FROM_50, TWO_LINES, TO_NORWAY]},
            [subtotal("c.all.0"), country("c.all.2")],
            id="all that fail of all",
        ),
        pytest.param(
            {"any": [FROM_50, {"all": [TWO_LINES, TO_NORWAY]}]},
            [subtotal("c.any.0"), country("c.any.1.all.1")],
            id="every one of any",
        ),
        pytest.param(
            {"all": [TWO_LINES, TO_NORWAY], "are": False},
            [lines("c.all.0")],
            id="what holds and must not",
        ),
        pytest.param(
            {"all": [{"any": [TWO_LINES, FROM_50]}]},
            [lines("c.all.0.any.0")],
            id="what holds of a tree that holds",
        ),
        pytest.param({}, [], id="nothing is asked"),
        pytest.param(
            {"found": "cart.items", "all": [POTS]},
            [Reason("c", "found cart.items", "at_least", Decimal(0), Decimal(1))],
            id="nothing is found",
        ),
        pytest.param(
            {"not_found": "cart.items", "all": [MUGS]},
            [Reason("c", "not_found cart.items", "is", Decimal(1), Decimal(0))],
            id="something is found",
        ),
        pytest.param(
            {"sum": "item.quantity", "operator": "at_least", "value": 3, "all": [MUGS]},
            [Reason("c", "sum item.quantity", "at_least", Decimal(2), Decimal(3))],
            id="a sum",
        ),
    ],
)
def test_a_condition_says_which_leaves_settled_it(
    tree: Any, expected: list[Reason]
) -> None:
    condition = grammar.parse(tree, OF_CARTS, Attributes(), path="conditions")

    assert list(because(condition, CONTEXT, "c")) == expected


def test_a_line_says_what_its_nearest_face_misses() -> None:
    tee = a_product("tee", None, type="configurable", categories=("tees",))
    shirt = an_item("tee-s", 1, 20, parent=tee)
    tree = {
        "all": [
            {"attribute": "product.sku", "operator": "is", "value": "tee"},
            {"attribute": "product.category", "operator": "is", "value": ["tees"]},
            {"attribute": "item.quantity", "operator": "at_least", "value": 2},
        ]
    }
    condition = grammar.parse(tree, OF_LINES, Attributes(), path="item_conditions")

    assert list(because(condition, shirt, "i")) == [
        Reason("i.all.2", "item.quantity", "at_least", Decimal(1), Decimal(2))
    ]


def test_a_condition_on_the_parent_says_what_the_parent_is() -> None:
    tee = a_product("tee", None, type="configurable")
    shirt = an_item("tee-s", 1, 20, parent=tee)
    tree = {**MUGS, "of": "parent"}
    condition = grammar.parse(tree, OF_LINES, Attributes(), path="item_conditions")

    assert list(because(condition, shirt, "i")) == [
        Reason("i", "product.sku", "is", "tee", "mug")
    ]
