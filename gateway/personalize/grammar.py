"""From a condition tree as JSON to a condition: parsed once, strictly.

A tree is refused with every fault it has, each with its path and what to write
instead. Which attributes and lists a tree may use depends on whose tree it is:
that is its grammar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gateway.personalize.attributes import Attribute, Attributes, Scope
from gateway.personalize.clocks import Clock
from gateway.personalize.comparisons import Leaves, word
from gateway.personalize.conditions import (
    ALWAYS,
    FOLDS,
    NEVER,
    Aggregate,
    Combination,
    Condition,
    Found,
    OfLine,
    once,
)
from gateway.personalize.constants import shown
from gateway.personalize.element_lists import LISTS, ElementList
from gateway.personalize.errors import InvalidInput
from gateway.personalize.language import Grammar, Limits, Tree
from gateway.personalize.operators import Kind, Value
from gateway.personalize.table import suggest
from gateway.personalize.ways import reader

__all__ = ["Grammar", "Limits", "Tree", "parse"]

_MEASURED = {
    Scope.ITEM: "cart.items",
    Scope.ORDER: "customer.orders",
    Scope.VIEWED: "products.viewed",
    Scope.ORDERED: "products.ordered",
}
_SHAPES = ("attribute", "found", "not_found", "sum", "average", "count", "all", "any")


def parse(
    tree: Tree | None,
    grammar: Grammar,
    attributes: Attributes,
    *,
    path: str,
    limits: Limits | None = None,
) -> Condition:
    """Parse *tree*, which stands at *path* of the caller's input.

    No tree, or an empty one, holds of everything.

    Raises:
        InvalidInput: with every fault of the tree.
    """
    parser = _Parser(grammar, attributes, limits or Limits())
    given = {"all": []} if tree is None or tree == {} else tree
    condition = parser.read(given, grammar.scope, path, depth=1)
    if parser.problems:
        raise InvalidInput(*parser.problems)
    return _of_line(condition, grammar.scope)


def _of_line(condition: Condition, scope: Scope) -> Condition:
    asks_nothing = scope is not Scope.ITEM or condition == ALWAYS
    return condition if asks_nothing else OfLine(condition)


class _Measure(NamedTuple):
    """What an aggregate folds of each element."""

    read: Callable[[Any], Value]
    clocks: frozenset[Clock] = frozenset()


_ONE = _Measure(once)


@dataclass
class _Parser(Leaves):
    nodes: int = 0

    def read(self, node: Any, scope: Scope, path: str, depth: int) -> Condition:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            if self.nodes == self.limits.nodes + 1:
                limit = f"A tree may have {self.limits.nodes} conditions."
                self.fault(path, "the tree has too many conditions.", limit)
            return NEVER
        if depth > self.limits.depth:
            limit = f"Conditions may nest {self.limits.depth} deep."
            return self.fault(path, "the tree is nested too deep.", limit)
        if not isinstance(node, Mapping):
            return self.fault(
                path,
                "a condition is an object.",
                'Write {"all": [...]} or {"attribute": ..., "operator": ..., '
                '"value": ...}.',
            )
        shape = next((word for word in _SHAPES if word in node), None)
        match shape:
            case "attribute":
                return self.comparison(node, scope, path)
            case "found" | "not_found":
                return self._found(node, scope, path, depth, shape)
            case "sum" | "average" | "count":
                return self._aggregate(node, scope, path, depth, shape)
            case "all" | "any":
                return self._combination(node, scope, path, depth)
        return self.fault(
            path,
            "this is not a condition.",
            f"Write one of the members {', '.join(_SHAPES)}.",
        )

    def _combination(
        self, node: Tree, scope: Scope, path: str, depth: int, *also: str
    ) -> Condition:
        self.members(node, path, "all", "any", "are", *also)
        if "all" in node and "any" in node:
            self.fault(path, "'all' and 'any' stand together.", "Keep one.")
        member = "any" if "any" in node else "all"
        are, given = node.get("are", True), node.get(member, [])
        if not isinstance(are, bool):
            message = f"{shown(are)} is neither true nor false."
            self.fault(f"{path}.are", message, "Write true or false.")
        if not isinstance(given, list | tuple):
            remedy = f'Write "{member}": [...].'
            return self.fault(f"{path}.{member}", f"{shown(given)} is no list.", remedy)
        children = tuple(
            self.read(child, scope, f"{path}.{member}.{position}", depth + 1)
            for position, child in enumerate(given)
        )
        return Combination(member == "all", children, are) if children else ALWAYS

    def _found(
        self, node: Tree, scope: Scope, path: str, depth: int, shape: str
    ) -> Condition:
        elements = self._list(node[shape], scope, f"{path}.{shape}")
        if elements is None:
            return NEVER
        condition = self._combination(node, elements.of, path, depth, shape)
        condition = _of_line(condition, elements.of)
        found, asked = shape == "found", f"{shape} {elements.key}"
        return Found(elements.elements, condition, found, elements.scope, asked)

    def _aggregate(
        self, node: Tree, scope: Scope, path: str, depth: int, shape: str
    ) -> Condition:
        elements, measure = self._measured(node[shape], scope, f"{path}.{shape}", shape)
        operator, wanted = self.compared(node, Kind.NUMBER, path)
        if elements is None:
            return NEVER
        also = (shape, "operator", "value")
        condition = self._combination(node, elements.of, path, depth, *also)
        if operator is None:
            return NEVER
        if shape == "sum" and elements.of is Scope.ITEM and condition == ALWAYS:
            # Adobe Commerce: a products subselection without children never passes.
            return NEVER
        condition = _of_line(condition, elements.of)
        return Aggregate(
            elements.elements,
            condition,
            measure.read,
            FOLDS[shape],
            operator,
            wanted,
            measure.clocks,
            elements.scope,
            f"{shape} {word(node[shape])}",
        )

    def _measured(
        self, key: Any, scope: Scope, path: str, shape: str
    ) -> tuple[ElementList | None, _Measure]:
        def fits(row: Attribute) -> bool:
            return row.scope in _MEASURED and row.kind is Kind.NUMBER

        if shape == "count":
            return self._list(key, scope, path), _ONE
        row = self.attributes.find(word(key))
        if row is not None and fits(row):
            measure = _Measure(reader(row, row.scope), row.clocks)
            return self._list(_MEASURED[row.scope], scope, path), measure
        if row is not None and row.scope in _MEASURED:
            # What is alike would only mislead: it is there, and cannot be summed up.
            said = f"{row.key!r} is a {row.kind}, and a number is needed."
            same = self.attributes.suggest(
                "", lambda one: fits(one) and one.scope is row.scope
            )
            self.fault(path, said, same)
            return None, _ONE
        remedy = self.attributes.suggest(word(key), fits)
        self.fault(path, f"{shown(key)} is not a number of a list's elements.", remedy)
        return None, _ONE

    def _list(self, key: Any, scope: Scope, path: str) -> ElementList | None:
        allowed = self.grammar.lists
        if scope is Scope.CONTEXT and word(key) in allowed:
            return LISTS[word(key)]
        message = f"{shown(key)} is not a list that can be looked into here."
        if scope is not self.grammar.scope:
            remedy = "Lists do not nest; put it beside this one."
        elif word(key) in LISTS or not allowed:
            remedy = self.grammar.only
        else:
            remedy = suggest(word(key), allowed)
        self.fault(path, message, remedy)
        return None
