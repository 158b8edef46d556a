"""A list, of which each element is asked once: what is found in it, and its totals."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Mapping,
    Sequence,
)
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple, Protocol

from gateway.personalize.batches import Batch
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
from gateway.personalize.ways import faces_of, parts_of

_NUMBERS_ALONE = {Decimal}


class Indexed(Protocol):
    """An index of conditions: which of them each row is, and which hold."""

    @property
    def order(self) -> Sequence[int]:
        """The place in the list of each row's condition."""
        ...

    def of_each(self, subjects: Batch) -> Sequence[int]:
        """Return the mask of the rows that hold of each subject."""
        ...


class Total(NamedTuple):
    """What numbers are folded to, and the *column* in which that is compared."""

    fold: Fold
    column: Column


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
        # What is found together is mostly one of a few sets.
        self._clauses = memory.memo(self._clauses_of)
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

    def at_each(self, subjects: Batch) -> Sequence[int]:
        """Return the mask of the clauses that each one's elements satisfy together."""
        elements, parts = subjects.lists(self._elements)
        held = self._held(elements)
        masks = [self._clauses[reduce(or_, held[part], 0)] for part in parts]
        for row, way, read, totals in self._measured:
            # Of elements that do not hold, nothing is measured.
            values = elements.measure(way, read, [rows & row for rows in held])
            numbers = [values[part] for part in parts]
            if set(map(type, values)) != _NUMBERS_ALONE:
                numbers = [
                    [value for value in some if isinstance(value, Decimal)]
                    for some in numbers
                ]
            for fold, column in totals:
                folded = list(map(fold, numbers))
                masks = list(map(or_, masks, column.of_each(folded)))
        return masks

    def _held(self, elements: Batch) -> Sequence[int]:
        """Return the rows that hold of each element, or of one of its faces."""
        if not self._by_face:
            return self._rows.of_each(elements)
        faces = elements.lists(faces_of)
        held = self._rows.of_each(faces.elements)
        return [reduce(or_, held[part]) for part in faces.parts]

    def _clauses_of(self, mask: int) -> int:
        found = places(mask)
        return self._lookup.at(found, found)

    @cached_property
    def _rows(self) -> Indexed:
        return self._index(list(self._wanted.values()))

    @cached_property
    def _row_of(self) -> Mapping[Hashable, int]:
        shapes = list(self._wanted)
        return {shapes[at]: row for row, at in enumerate(self._rows.order)}

    @cached_property
    def _lookup(self) -> LookupOfSeveral:
        return LookupOfSeveral(
            _choice(place, self._row_of[shape], found=found)
            for place, shape, found in self._found
        )

    @cached_property
    def _measured(self) -> Sequence[Measured]:
        measured: dict[Hashable, Measured] = {}
        for (shape, read, _), (one, column) in self._totals.items():
            new = Measured(1 << self._row_of[shape], *parts_of(one.measure), [])
            total = Total(one.fold, column)
            measured.setdefault((shape, read), new).totals.append(total)
        return list(measured.values())


def _itself(value: Value) -> Value:
    return value


def _choice(place: int, row: int, *, found: bool) -> Choice:
    def asks(rows: Collection[int]) -> bool:
        return (row in rows) is found

    return Choice(place, asks, frozenset({row}), found, not found)
