"""A list, of which each element is asked once: what is found in it, and its totals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
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
from gateway.personalize.ways import parts_of


class Indexed(Protocol):
    """An index of conditions: which of them each row is, and which hold."""

    @property
    def order(self) -> Sequence[int]:
        """The place in the list of each row's condition."""
        ...

    def of_each(self, subjects: Sequence[Any]) -> Sequence[int]:
        """Return the mask of the rows that hold of each subject."""
        ...


class Total(NamedTuple):
    """What numbers are folded to, and the *column* in which that is compared.

    *of_none* is the mask of the clauses that are satisfied where there are no numbers.
    """

    fold: Fold
    column: Column
    of_none: int


class Measured(NamedTuple):
    """What is measured of the elements that hold in a *row*, a bit, and its totals."""

    row: int
    way: Callable[[Any], Any]
    read: Callable[[Any], Value]
    totals: list[Total]


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
        self._totals: dict[
            tuple[Hashable, Hashable, Fold], tuple[Aggregate, Column]
        ] = {}

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
            self._totals[key] = condition, Column(_itself, self._memory)
        compared = Comparison("", _itself, condition.operator, condition.wanted)
        self._totals[key][1].add(Entry(place, compared, positive))

    def at(self, subject: Any) -> int:
        """Return the mask of the clauses that the elements satisfy together."""
        index, lookup, measured = self._made
        elements = tuple(self._elements(subject))
        if self._by_face:
            held: Sequence[int] = [
                reduce(or_, index.of_each(one.faces)) for one in elements
            ]
        else:
            held = index.of_each(elements)
        mask = reduce(or_, held, 0)
        # What is found together is mostly one of a few sets.
        clauses = self._clauses.get(mask)
        if clauses is None:
            found = places(mask)
            clauses = self._clauses.keep(mask, lookup.at(found, found))
        for row, way, read, totals in measured:
            numbers = [
                number
                for one, rows in zip(elements, held)  # noqa: B905  # It takes time.
                if rows & row
                and (there := way(one)) is not None
                and isinstance(number := read(there), Decimal)
            ]
            for fold, column, of_none in totals:
                clauses |= column.of_scalar(fold(numbers)) if numbers else of_none
        return clauses

    @cached_property
    def _made(self) -> tuple[Indexed, LookupOfSeveral, Sequence[Measured]]:
        index = self._index(list(self._wanted.values()))
        shapes = list(self._wanted)
        rows = {shapes[at]: row for row, at in enumerate(index.order)}
        lookup = LookupOfSeveral(
            _choice(place, rows[shape], found=found)
            for place, shape, found in self._found
        )
        measured: dict[Hashable, Measured] = {}
        for (shape, read, _), (one, column) in self._totals.items():
            row = Measured(1 << rows[shape], *parts_of(one.measure), [])
            total = Total(one.fold, column, column.of(one.fold([])))
            measured.setdefault((shape, read), row).totals.append(total)
        return index, lookup, list(measured.values())


def _itself(value: Value) -> Value:
    return value


def _choice(place: int, row: int, *, found: bool) -> Choice:
    def asks(rows: Collection[int]) -> bool:
        return (row in rows) is found

    return Choice(place, asks, frozenset({row}), found, not found)
