"""What is satisfied by values that come again, kept within one bound for an index."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from sys import getsizeof
from typing import Any

MOST_KEPT = 500
"""Values of one attribute of which it is kept what they satisfy."""

MOST_BYTES = 64 * 1024 * 1024
"""What an index keeps of all values together, about."""

_BYTES_OF_ENTRY = 100


class Memory:
    """The memos of an index, which are all emptied where together they are too large.

    However many attributes there are, and however long the masks.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._memos: list[Memo] = []

    def memo(self, find: Callable[[Any], int]) -> Memo:
        """Return a memo of its own for what somebody has to *find*."""
        made = Memo(self, find)
        self._memos.append(made)
        return made

    def take(self, amount: int) -> None:
        """Make room for so many bytes more; a negative *amount* gives some back."""
        if amount > 0 and self._bytes + amount > self._most_bytes:
            for memo in self._memos:
                memo.forget()
        self._bytes += amount


class Memo(dict[Hashable, int]):
    """Masks by what they are of, at most so many, and in the bound of a memory.

    What is not there is found when it is looked up, and kept.
    """

    def __init__(self, memory: Memory, find: Callable[[Any], int]) -> None:
        super().__init__()
        self._memory = memory
        self._find = find
        self._bytes = 0

    def __missing__(self, key: Hashable) -> int:
        mask = self._find(key)
        if len(self) >= MOST_KEPT:
            self.forget()
        amount = getsizeof(key) + getsizeof(mask) + _BYTES_OF_ENTRY
        self._memory.take(amount)
        self._bytes += amount
        self[key] = mask
        return mask

    def forget(self) -> None:
        """Forget all of it."""
        amount, self._bytes = self._bytes, 0
        self.clear()
        if amount:
            self._memory.take(-amount)
