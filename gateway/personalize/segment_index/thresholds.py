"""What is decided by a value's order among constants, found by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from gateway.personalize.segment_index.bits import mask_of

_BITS = 8192
"""Of masks this large every one is kept, and of larger ones fewer."""


class Threshold(NamedTuple):
    """A constant, the *place* of what asks about it, and which orders it *accepts*.

    An order is -1, 0 or 1: the value is less, equal or more.
    """

    constant: Any
    place: int
    accepts: frozenset[int]


class Thresholds:
    """Constants of one kind in their order, and what holds below, at and above each."""

    def __init__(self, thresholds: Iterable[Threshold]) -> None:
        ordered = sorted(thresholds, key=attrgetter("constant"))
        # Several may ask for one place: it holds while one of them does.
        holding = Counter(one.place for one in ordered if -1 in one.accepts)
        mask = mask_of(holding)
        self._constants: list[Any] = []
        self._changes: list[int] = []
        self._ends = [0]
        for constant, group in groupby(ordered, attrgetter("constant")):
            asking = list(group)
            self._constants.append(constant)
            for before, after in ((-1, 0), (0, 1)):
                self._changes.extend(_changes(asking, holding, before, after))
                self._ends.append(len(self._changes))
        # Between two masks that are kept, changes are made one by one.
        self._stride = 1 + max(self._changes, default=0) // _BITS
        self._kept = [mask]
        for number, place in enumerate(self._changes, start=1):
            mask ^= 1 << place
            if number % self._stride == 0:
                self._kept.append(mask)

    def at(self, value: Any) -> int:
        """Return the mask of what holds of *value*."""
        constants = self._constants
        below = bisect_left(constants, value)
        is_one = below < len(constants) and constants[below] == value
        end = self._ends[2 * below + is_one]
        kept, left = divmod(end, self._stride)
        mask = self._kept[kept]
        if left:
            for place in self._changes[end - left : end]:
                mask ^= 1 << place
        return mask


def _changes(
    asking: Iterable[Threshold], holding: Counter[int], before: int, after: int
) -> Iterator[int]:
    """Yield the places that begin or cease to hold from one order to the next."""
    was = {one.place: holding[one.place] > 0 for one in asking}
    for one in asking:
        holding[one.place] += (after in one.accepts) - (before in one.accepts)
    for place, held in was.items():
        if held != (holding[place] > 0):
            yield place
