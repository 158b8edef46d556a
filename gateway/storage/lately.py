"""What was used lately, and no more of it than fits."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Lately(Generic[Key, Kept]):
    """What was used last, at most *bound* of it."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        """Return what is kept under *key*, or None."""
        return self._kept.get(key)

    def hold(self, key: Key, kept: Kept) -> None:
        """Keep it as what was used last, and let go of what was longest ago."""
        self._kept[key] = kept
        self._kept.move_to_end(key)
        if len(self._kept) > self._bound:
            self._kept.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Keep it no longer."""
        self._kept.pop(key, None)
