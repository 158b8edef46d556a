"""All comparisons of one attribute, looked up by its value, which is read once.

How an operator compares is written in ``operators`` alone. From its row a column
knows only what decides it (``By``); how it then holds, it is asked beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple

from gateway.personalize.conditions import Comparison
from gateway.personalize.operators import (
    By,
    Key,
    Scalar,
    Value,
    key_of,
    keys_of,
    parts_of,
)
from gateway.personalize.segment_index.bits import mask_of
from gateway.personalize.segment_index.lookups import Choice, Lookup, LookupOfSeveral
from gateway.personalize.segment_index.memory import MOST_KEPT, Memory
from gateway.personalize.segment_index.thresholds import Threshold, Thresholds

Read = Callable[[Any], Value]

# Numbers are looked up faster, and some are equal that are told apart.
_KEPT = frozenset({str, date, bool, type(None)})


def identity(read: Read) -> Hashable:
    """Return what two readers of one attribute have in common."""
    return (read.func, *read.args) if isinstance(read, partial) else read


class Entry(NamedTuple):
    """A comparison that shall hold, or fail, and the *place* of its clause."""

    place: int
    comparison: Comparison
    positive: bool = True

    @property
    def by(self) -> By | None:
        """What decides whether it holds of a scalar."""
        operator, wanted = self.comparison.operator, self.comparison.wanted
        has_order = wanted is not None and not isinstance(wanted, tuple)
        # Nothing is more or less than a list: it is as with any other value.
        return By.VALUES if operator.by is By.ORDER and not has_order else operator.by

    def holds(self, actual: Value) -> bool:
        """Whether the attribute's value satisfies it."""
        operator, wanted = self.comparison.operator, self.comparison.wanted
        return operator.holds(actual, wanted) is self.positive

    def choice(self, shape: Callable[[Scalar], Value]) -> Choice:
        """Return how values decide that are of a *shape*, as alone or in a list."""
        wanted = self.comparison.wanted
        if self.by is None or wanted is None:
            return Choice(self.place, self.holds)
        keys = frozenset(keys_of(wanted))
        otherwise = self.holds(shape(_stranger_to(keys)))
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        hits = self.holds(shape(values[0])) if values else otherwise
        return Choice(self.place, self.holds, keys, hits, otherwise)

    def choice_by_parts(self) -> Choice:
        """Return how the parts of a text decide."""
        parts = frozenset(parts_of(self.comparison.wanted))
        otherwise = self.holds(None)
        return Choice(self.place, self.holds, parts, not otherwise, otherwise)

    def threshold(self, constant: Scalar) -> Threshold:
        """Return how being less than *constant*, equal or more decides."""
        holds = self.comparison.operator.holds
        accepts = frozenset(
            order
            for order in (-1, 0, 1)
            if holds(Decimal(order), Decimal(0)) is self.positive
        )
        return Threshold(constant, self.place, accepts)


class Column:
    """An attribute, by its reader, and every comparison of it.

    What values satisfy is kept in the index's *memory*.
    """

    def __init__(self, read: Read, memory: Memory) -> None:
        self.read = read
        self._entries: list[Entry] = []
        self._kept = memory.memo(self._find)

    def add(self, entry: Entry) -> None:
        """Add a comparison, before anything is looked up."""
        self._entries.append(entry)

    def at(self, subject: Any) -> int:
        """Return the mask of the clauses that *subject*'s value satisfies."""
        return self.of(self.read(subject))

    def of(self, value: Value) -> int:
        """Return the mask of the clauses that *value* satisfies."""
        return self._kept[value] if type(value) in _KEPT else self._find(value)

    def of_each(self, values: Sequence[Value]) -> Sequence[int]:
        """Return the mask of the clauses that each of *values* satisfies."""
        types = set(map(type, values))
        if len(types) == 1 and (alone := self._order_alone.get(*types)):
            return list(map(alone.at, values))
        if not types <= _KEPT:
            return list(map(self.of, values))
        if len(set(values)) > MOST_KEPT:
            # Little of it comes again before it is forgotten.
            return list(map(self._find, values))
        return list(map(self._kept.__getitem__, values))

    def _find(self, value: Value) -> int:
        if value is None:
            return self._missing
        if isinstance(value, tuple):
            return self._of_list(value)
        return self._of_scalar(value)

    def _of_list(self, value: tuple[Scalar, ...]) -> int:
        if not value:
            return self._empty
        if len(value) == 1:
            return self._single.at(key_of(value[0]), value)
        return self._several.at(keys_of(value), value)

    def _of_scalar(self, value: Scalar) -> int:
        alone = self._order_alone.get(type(value))
        if alone is not None:
            return alone.at(value)
        mask = 0
        if self._parts is not None:
            mask = self._parts.at_parts_of(str(value).casefold(), value)
        if self._scalars is None and not self._ordered:
            return mask
        key = key_of(value)
        if self._scalars is not None:
            mask |= self._scalars.at(key, value)
        if not self._ordered:
            return mask
        if isinstance(key, str):
            return mask | self._written.at(str(value))
        if self._words is not None:
            mask |= self._words.at(str(value))
        return mask | self._numbers.at(key)

    @cached_property
    def _missing(self) -> int:
        return self._satisfied_by(None)

    @cached_property
    def _empty(self) -> int:
        return self._satisfied_by(())

    def _satisfied_by(self, actual: Value) -> int:
        return mask_of({one.place for one in self._entries if one.holds(actual)})

    @cached_property
    def _single(self) -> Lookup:
        return Lookup(one.choice(lambda value: (value,)) for one in self._entries)

    @cached_property
    def _several(self) -> LookupOfSeveral:
        return LookupOfSeveral(
            one.choice(lambda value: (value, value)) for one in self._entries
        )

    @cached_property
    def _scalars(self) -> Lookup | None:
        choices = [
            one.choice(lambda value: value)
            for one in self._entries
            if one.by not in {By.PARTS, By.ORDER}
        ]
        return Lookup(choices) if choices else None

    @cached_property
    def _parts(self) -> LookupOfSeveral | None:
        parts = [one.choice_by_parts() for one in self._entries if one.by is By.PARTS]
        return LookupOfSeveral(parts) if parts else None

    @cached_property
    def _order_alone(self) -> Mapping[type, Thresholds]:
        """How the order decides, by the types of which nothing else matters.

        As of most totals and days: they need not be written.
        """
        if self._scalars or self._parts:
            return {}
        types = {type(wanted) for _, wanted in self._ordered}
        if types == {date}:
            days = [one.threshold(day) for one, day in self._ordered]
            return {date: Thresholds(days)}
        return {Decimal: self._numbers} if self._words is None else {}

    @cached_property
    def _ordered(self) -> list[tuple[Entry, Scalar]]:
        return [
            (one, wanted)
            for one in self._entries
            if one.by is By.ORDER
            and (wanted := one.comparison.wanted) is not None
            and not isinstance(wanted, tuple)
        ]

    # As the operators order: numbers as numbers, and whatever is beside a text, or is
    # one itself, as it is written.

    @cached_property
    def _numbers(self) -> Thresholds:
        keys = [(one, key_of(wanted)) for one, wanted in self._ordered]
        return Thresholds(
            one.threshold(key) for one, key in keys if isinstance(key, Decimal)
        )

    @cached_property
    def _words(self) -> Thresholds | None:
        words = [
            one.threshold(str(wanted))
            for one, wanted in self._ordered
            if isinstance(key_of(wanted), str)
        ]
        return Thresholds(words) if words else None

    @cached_property
    def _written(self) -> Thresholds:
        return Thresholds(one.threshold(str(wanted)) for one, wanted in self._ordered)


def _stranger_to(keys: frozenset[Key]) -> str:
    stranger = "\0"
    while stranger in keys:
        stranger += "\0"
    return stranger
