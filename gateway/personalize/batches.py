"""Many subjects at once, read column by column where they are known by columns.

A batch is asked what a condition asks of one subject, and answers for all of them. Of
``Columns`` a subject is only made where something asks for more than there are columns
of: making millions of customers and orders takes longer than deciding them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain, pairwise, starmap
from typing import Any, NamedTuple, Protocol

from gateway.personalize.attributes import own_code
from gateway.personalize.conditions import Elements, once
from gateway.personalize.ways import itself

Way = Callable[[Any], Any]
Read = Callable[[Any], Any]
Column = Sequence[Any]


class Batch(Protocol):
    """Subjects in their order; None is one that is not there."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def subjects(self) -> Sequence[Any]:
        """All of them, made."""
        ...

    def go(self, way: Way) -> Batch:
        """Return where *way* leads from each."""
        ...

    def read(self, read: Read) -> Column:
        """Return what is read of each; None of one that is not there."""
        ...

    def lists(self, elements: Elements) -> Lists:
        """Return the elements of each one's list."""
        ...

    def measure(self, way: Way, read: Read, among: Sequence[int]) -> Column:
        """Return what is read of those *among* them, and None of the others.

        *among* has something else than 0 for each that is read.
        """
        ...


class Lists(NamedTuple):
    """The elements of lists, one after the other, and each list's part of them."""

    elements: Batch
    parts: Sequence[slice]

    @classmethod
    def of(cls, elements: Batch, lengths: Iterable[int]) -> Lists:
        """Return lists of so many elements each.

        Raises:
            ValueError: there are more or fewer, and some would stand in another's list.
        """
        ends = list(accumulate(lengths, initial=0))
        if ends[-1] != elements.count:
            raise ValueError(f"{elements.count} elements are not {ends[-1]}")
        return cls(elements, list(starmap(slice, pairwise(ends))))

    @property
    def made(self) -> Sequence[tuple[Any, ...]]:
        """The lists themselves."""
        subjects = self.elements.subjects
        return [tuple(subjects[part]) for part in self.parts]


@dataclass(frozen=True, eq=False)
class Made:
    """Subjects that are there already."""

    subjects: Sequence[Any]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.subjects)

    def go(self, way: Way) -> Batch:
        """Return where *way* leads from each."""
        return Made([way(one) for one in self.subjects])

    def read(self, read: Read) -> Column:
        """Return what is read of each."""
        return [None if one is None else read(one) for one in self.subjects]

    def lists(self, elements: Elements) -> Lists:
        """Return the elements of each one's list."""
        lists = [tuple(elements(one)) for one in self.subjects]
        return Lists.of(Made(list(chain.from_iterable(lists))), map(len, lists))

    def measure(self, way: Way, read: Read, among: Sequence[int]) -> Column:
        """Return what is read of those *among* them; nobody goes to the others."""
        return [
            read(there) if is_read and (there := way(one)) is not None else None
            for one, is_read in zip(self.subjects, among)  # noqa: B905  # It takes time.
        ]


@dataclass(frozen=True, eq=False)
class Columns:
    """Subjects that are all there, but not made yet.

    *names* says which of the *columns* a function reads, and *ways* and *found* where
    functions lead: all else is asked of the subjects, which *make* makes once.
    """

    count: int
    make: Callable[[], Sequence[Any]]
    columns: Mapping[str, Column] = field(default_factory=dict)
    names: Mapping[Read, str] = field(default_factory=dict)
    ways: Mapping[Way, Batch] = field(default_factory=dict)
    found: Mapping[Elements, Lists] = field(default_factory=dict)

    @cached_property
    def _made(self) -> Batch:
        return Made(self.make())

    @property
    def subjects(self) -> Sequence[Any]:
        """All of them, made."""
        return self._made.subjects

    def go(self, way: Way) -> Batch:
        """Return where *way* leads from each."""
        if way is itself:
            return self
        return self.ways.get(way) or self._made.go(way)

    def read(self, read: Read) -> Column:
        """Return what is read of each."""
        if read is once:
            return [once(None)] * self.count
        if name := self.names.get(read):
            return self.columns[name]
        if code := own_code(read):
            return [own.get(code) for own in self.columns["attributes"]]
        return self._made.read(read)

    def lists(self, elements: Elements) -> Lists:
        """Return the elements of each one's list."""
        return self.found.get(elements) or self._made.lists(elements)

    def measure(self, way: Way, read: Read, among: Sequence[int]) -> Column:
        """Return what is read of those *among* them."""
        column = self.go(way).read(read)
        if all(among):
            return column
        return [
            value if is_read else None
            for value, is_read in zip(column, among, strict=True)
        ]
