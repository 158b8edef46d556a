"""From the leaves of a condition tree to comparisons; see ``grammar`` for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gateway.personalize.attributes import Attribute, Attributes, Scope
from gateway.personalize.conditions import NEVER, Comparison, Condition, SameAsMatched
from gateway.personalize.constants import (
    Fault,
    as_list,
    read_constant,
    read_country,
    shown,
)
from gateway.personalize.errors import Problem
from gateway.personalize.language import Grammar, Limits, Tree
from gateway.personalize.operators import (
    OPERATORS,
    Kind,
    Operator,
    Scalar,
    Value,
    Values,
)
from gateway.personalize.relatives import OfRelatives, Relatives
from gateway.personalize.table import suggest
from gateway.personalize.ways import LISTS_OF, WAYS, reader

Read = Callable[[Any, Kind], tuple[Scalar | None, Fault | None]]


def word(key: Any) -> str:
    """Return what was written as a word; whatever is no text is none."""
    return key if isinstance(key, str) else ""


@dataclass
class Leaves:
    """Reads the leaves of one tree, and notes what is wrong with them."""

    grammar: Grammar
    attributes: Attributes
    limits: Limits
    problems: list[Problem] = field(default_factory=list)

    def fault(self, path: str, message: str, remedy: str = "") -> Condition:
        """Note a fault; the answer stands in for what cannot be read."""
        self.problems.append(Problem(path, message, remedy))
        return NEVER

    def members(self, node: Tree, path: str, *allowed: str) -> None:
        """Note every member of *node* that is not *allowed*."""
        for name in node:
            if name not in allowed:
                said = f"{shown(name)} is unknown here."
                self.fault(f"{path}.{name}", said, suggest(word(name), allowed))

    def comparison(self, node: Tree, scope: Scope, path: str) -> Condition:
        """Read an attribute that is compared with a constant, or a matched product."""
        row = self._attribute(node["attribute"], scope, f"{path}.attribute")
        if row is None:
            return NEVER
        read = reader(row, scope)
        if "same_as_matched" in node or "percent_of_matched" in node:
            return self._same_as_matched(node, row, read, path)
        also = ("of",) if "of" in node else ()
        self.members(node, path, "attribute", "operator", "value", *also)
        relatives = self._relatives(node, row, scope, f"{path}.of")
        read_value = read_country if row.is_country else read_constant
        operator, wanted = self.compared(node, row.kind, path, read_value)
        if operator is None:
            return NEVER
        asked = Comparison(row.key, read, operator, wanted, row.clocks, row.scope)
        return asked if relatives is None else OfRelatives(relatives, asked)

    def _relatives(
        self, node: Tree, row: Attribute, scope: Scope, path: str
    ) -> Relatives | None:
        """Read whether the parent or the children of a line are meant."""
        if "of" not in node:
            return None
        if scope is not Scope.ITEM or row.scope is not Scope.PRODUCT:
            remedy = "Leave it out; only product.* of lines in the cart has it."
            self.fault(path, "there is no parent and no child here.", remedy)
        elif word(node["of"]) in list(Relatives):
            return Relatives(node["of"])
        else:
            remedy = suggest(word(node["of"]), Relatives)
            self.fault(path, f"{shown(node['of'])} is not a choice.", remedy)
        return None

    def compared(
        self, node: Tree, kind: Kind, path: str, read: Read = read_constant
    ) -> tuple[Operator | None, Value]:
        """Read an operator that fits *kind*, and what it compares with."""
        operator = self._operator(node, kind, path)
        where = f"{path}.value"
        if "value" not in node:
            self.fault(where, "the value to compare with is missing.", "Write one.")
            return None, None
        if operator is None:
            return None, None
        if not operator.wants_list(kind):
            return operator, self._constant(node["value"], kind, where, read)
        return operator, self._constants(node["value"], kind, where, read)

    def _attribute(self, key: Any, scope: Scope, path: str) -> Attribute | None:
        def fits(row: Attribute) -> bool:
            reachable = row.scope is scope or (scope, row.scope) in WAYS
            allowed = row.in_conditions and row.scope in self.grammar.scopes
            return reachable and allowed

        row = self.attributes.find(word(key))
        if row is None:
            remedy = self.attributes.suggest(word(key), fits)
            self.fault(path, f"no condition attribute is called {shown(key)}.", remedy)
            return None
        if not row.in_conditions:
            said = f"{row.key!r} is declared, but not for conditions."
            remedy = "Import its declaration with 'in_conditions' as true."
            self.fault(path, said, remedy)
            return None
        if not fits(row):
            remedy = self._way_to(row, scope) or self.attributes.suggest("", fits)
            self.fault(path, f"{row.key!r} cannot be asked here.", remedy)
            return None
        return row

    def _way_to(self, row: Attribute, scope: Scope) -> str:
        """Say how else *row* is asked, if at all."""
        if row.scope not in self.grammar.scopes:
            return self.grammar.only
        of = LISTS_OF.get(row.scope)
        if scope is not Scope.CONTEXT or of not in self.grammar.lists:
            return ""
        return f'Ask it of the elements of a list: {{"found": "{of}", "all": [...]}}.'

    def _same_as_matched(
        self, node: Tree, row: Attribute, read: Callable[[Any], Value], path: str
    ) -> Condition:
        if not self.grammar.compares_with_matched:
            return self.fault(
                path,
                "there is no matched product to compare with here.",
                "Write a 'value'; only products to display know a matched product.",
            )
        same = "same_as_matched" in node
        member = "same_as_matched" if same else "percent_of_matched"
        self.members(node, path, "attribute", "operator", member)
        operator = self._operator(node, row.kind, path)
        where = f"{path}.{member}"
        percent: Value = None
        if same and node[member] is not True:
            self.fault(where, "'same_as_matched' can only be true.", "Write true.")
        if not same:
            percent = self._percentage(node[member], row, where)
        if operator is None:
            return NEVER
        return SameAsMatched(
            row.key,
            read,
            row.read_matched,
            operator,
            operator.wants_list(row.kind),
            percent if isinstance(percent, Decimal) else None,
        )

    def _percentage(self, given: Any, row: Attribute, path: str) -> Value:
        if row.key != "product.price":
            remedy = "Write 'same_as_matched': true, or ask 'product.price'."
            self.fault(path, "only 'product.price' has a percentage.", remedy)
        percent = self._constant(given, Kind.NUMBER, path)
        if isinstance(percent, Decimal) and percent <= 0:
            self.fault(path, f"{shown(percent)} is too small.", "Write more than 0.")
        return percent

    def _operator(self, node: Tree, kind: Kind, path: str) -> Operator | None:
        key = node.get("operator")
        fitting = [row.key for row in OPERATORS.values() if kind in row.kinds]
        if word(key) in fitting:
            return OPERATORS[word(key)]
        remedy = suggest("", fitting)
        if key is None:
            message = "the operator is missing."
        elif word(key) in OPERATORS:
            message = f"{key!r} does not fit a {kind}."
        else:
            message = f"no operator is called {shown(key)}."
            remedy = suggest(word(key), fitting)
        self.fault(f"{path}.operator", message, remedy)
        return None

    def _constant(
        self, given: Any, kind: Kind, path: str, read: Read = read_constant
    ) -> Value:
        value, fault = read(given, kind)
        if fault:
            self.fault(path, *fault)
        return value

    def _constants(self, given: Any, kind: Kind, path: str, read: Read) -> Value:
        values = as_list(given)
        if len(values) > self.limits.list_values:
            limit = f"A list may have {self.limits.list_values} values."
            self.fault(path, f"{len(values)} values are too many.", limit)
            return ()
        if not values:
            self.fault(path, "the list is empty.", "Write at least one value.")
        # What was no list has no positions.
        listed = isinstance(given, list | tuple)
        paths = (f"{path}.{at}" if listed else path for at in range(len(values)))
        found: Iterable[Value] = (
            self._constant(one, kind, where, read)
            for one, where in zip(values, paths, strict=True)
        )
        return Values(value for value in found if not isinstance(value, tuple | None))
