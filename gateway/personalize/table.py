"""What can be added: entries by key, in the order of their definition.

The tables of attributes, operators, lists and discount actions are of this class.
An entry is one decorated function in the module which owns the table.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

Entry = TypeVar("Entry")

_LISTED = 12


class Table(Mapping[str, Entry], Generic[Entry]):
    """Entries by key, which refuses twins and suggests neighbours."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, Entry] = {}

    def add(self, key: str, entry: Entry) -> None:
        """Add *entry* under *key*.

        Raises:
            ValueError: the key is taken; two functions claim one name.
        """
        if key in self._entries:
            raise ValueError(f"two entries claim the {self.noun} {key!r}")
        self._entries[key] = entry

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def suggest(key: str, known: Iterable[str]) -> str:
    """Say which of the *known* words is meant by *key*, or list a few of them."""
    words = sorted(map(str, known))
    near = [word for word in words if key and word.endswith(f".{key}")]
    # Longer words are near to none, and take long to compare.
    near = near or difflib.get_close_matches(key[:100], words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(map(repr, near))}?"
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return f"Write one of: {', '.join(words[:_LISTED])}{more}."
