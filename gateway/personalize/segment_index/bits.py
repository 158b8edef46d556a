"""Where the bit of a clause stands, so that all rows are folded in a few steps.

The first clauses of all rows stand side by side, then the second ones, and so on.
Rows with more clauses come first: nothing stands for a clause that a row has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate


class Layout:
    """The places of the clauses of rows, which have *counts* clauses, most first."""

    def __init__(self, counts: Sequence[int]) -> None:
        self._all = rows = _ones(len(counts))
        widths = [
            sum(count > nth for count in counts)
            for nth in range(max(counts, default=0))
        ]
        self._starts = list(accumulate(widths, initial=0))
        # Nth clauses, the last first: where they start, and the rows without one.
        self._folds = [
            (start, rows ^ _ones(width))
            for start, width in zip(self._starts, widths, strict=False)
        ][::-1]

    def place(self, row: int, nth: int) -> int:
        """Return the place of the *nth* clause of *row*."""
        return self._starts[nth] + row

    def fold(self, clauses: int) -> int:
        """Return the rows of which every clause is among *clauses*."""
        rows = self._all
        for start, lacking in self._folds:
            rows &= (clauses >> start) | lacking
        return rows


def places(mask: int) -> list[int]:
    """Return the places of the bits that are set, in ascending order."""
    digits = bin(mask)[:1:-1]
    found = []
    place = digits.find("1")
    while place >= 0:
        found.append(place)
        place = digits.find("1", place + 1)
    return found


def mask_of(places: Iterable[int]) -> int:
    """Return the mask in which the bits at *places* are set."""
    mask = 0
    for place in places:
        mask |= 1 << place
    return mask


def _ones(count: int) -> int:
    return (1 << count) - 1
