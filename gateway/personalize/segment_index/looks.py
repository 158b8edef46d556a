"""A list, of which each element is asked once: what is found in it, and its totals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from gateway.personalize.conditions import (
    Aggregate,
    Comparison,
    Condition,
    Elements,
    Fold,
    Found,
    OfLine,
)
from gateway.personalize.operators import Value
from gateway.personalize.segment_index.bits import places
from gateway.personalize.segment_index.columns import Column, Entry, identity
from gateway.personalize.segment_index.facts import shape_of
from gateway.personalize.segment_index.lookups import Choice, LookupOfSeveral
from gateway.personalize.segment_index.memory import Memory


class Indexed(Protocol):
    """An index of conditions: which of them each row is, and which hold."""

    @property
    def order(self) -> Sequence[int]:
        """The place in the list of each row's condition."""
        ...

    def of(self, subject: Any) -> int:
        """Return the mask of the rows that hold of *subject*."""
        ...


class Total(NamedTuple):
    """What is folded of the elements that hold in a *row*, and compared in a *column*.

    *of_none* is the mask of the clauses that are satisfied where no element holds.
    """

    row: int
    measure: Callable[[Any], Value]
    fold: Fold
    column: Column
    of_none: int


class Look:
    """A list's elements, or the faces of its lines, and all that looks at them.

    *index* makes an index of conditions on elements. What is satisfied by those found
    together is kept in *memory*.
    """

    def __init__(
        self,
        elements: Elements,
        index: Callable[[Sequence[Condition]], Indexed],
        memory: Memory,
        *,
        by_face: bool,
    ) -> None:
        self._elements = elements
        self._index = index
        self._by_face = by_face
        self._wanted: dict[Hashable, Condition] = {}
        self._found: list[tuple[int, Hashable, bool]] = []
        self._memory = memory
        self._clauses = memory.memo()
        self._totals: dict[Hashable, tuple[Hashable, Aggregate, Column]] = {}

    def add(self, place: int, condition: Found | Aggregate, *, positive: bool) -> None:
        """Add a condition that shall hold or fail, before anything is looked up."""
        wanted = condition.condition
        shape = shape_of(wanted)
        self._wanted.setdefault(
            shape, wanted.condition if isinstance(wanted, OfLine) else wanted
        )
        if isinstance(condition, Found):
            self._found.append((place, shape, condition.found is positive))
            return
        key = (shape, identity(condition.measure), condition.fold)
        if key not in self._totals:
            self._totals[key] = shape, condition, Column(_itself, self._memory)
        compared = Comparison("", _itself, condition.operator, condition.wanted)
        self._totals[key][2].add(Entry(place, compared, positive))

    def at(self, subject: Any) -> int:
        """Return the mask of the clauses that the elements satisfy together."""
        index, lookup, totals = self._made
        rows_of = self._rows_of_faces if self._by_face else index.of
        held = [(one, rows_of(one)) for one in self._elements(subject)]
        mask = 0
        for _, rows in held:
            mask |= rows
        # What is found together is mostly one of a few sets.
        clauses = self._clauses.get(mask)
        if clauses is None:
            found = places(mask)
            clauses = self._clauses.keep(mask, lookup.at(found, found))
        for total in totals:
            if mask >> total.row & 1:
                numbers = [
                    number
                    for one, rows in held
                    if rows >> total.row & 1
                    and isinstance(number := total.measure(one), Decimal)
                ]
                clauses |= total.column.at(total.fold(numbers))
            else:
                clauses |= total.of_none
        return clauses

    def _rows_of_faces(self, element: Any) -> int:
        index, _, _ = self._made
        rows = 0
        for face in element.faces:
            rows |= index.of(face)
        return rows

    @cached_property
    def _made(self) -> tuple[Indexed, LookupOfSeveral, Sequence[Total]]:
        index = self._index(list(self._wanted.values()))
        shapes = list(self._wanted)
        rows = {shapes[at]: row for row, at in enumerate(index.order)}
        lookup = LookupOfSeveral(
            _choice(place, rows[shape], found=found)
            for place, shape, found in self._found
        )
        totals = [
            Total(rows[shape], one.measure, one.fold, column, column.at(one.fold([])))
            for shape, one, column in self._totals.values()
        ]
        return index, lookup, totals


def _itself(value: Value) -> Value:
    return value


def _choice(place: int, row: int, *, found: bool) -> Choice:
    def asks(rows: Collection[int]) -> bool:
        return (row in rows) is found

    return Choice(place, asks, frozenset({row}), found, not found)
