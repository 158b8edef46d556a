"""What is decided by the values that are had in common, found by their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.personalize.segment_index.bits import mask_of


class Choice(NamedTuple):
    """Something that *hits* where one of its *keys* is had, and else holds *otherwise*.

    *place* is the bit of what asks. Without keys only *asks* can tell.
    """

    place: int
    asks: Callable[[Any], bool]
    keys: frozenset[Hashable] | None = None
    hits: bool = False
    otherwise: bool = False


class Lookup:
    """What holds of a value that has one key, by the key."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._asked: list[Choice] = []
        changes = _Changes()
        for group in _by_place(choices):
            if any(one.keys is None for one in group):
                self._asked.extend(group)
            else:
                changes.add(group)
        self._otherwise = changes.otherwise
        self._masks = {
            key: self._otherwise ^ mask for key, mask in changes.masks.items()
        }

    def at(self, key: Hashable, value: Any) -> int:
        """Return the mask of what holds of *value*, which has *key*."""
        mask = self._masks.get(key, self._otherwise)
        return mask | _asked(self._asked, value) if self._asked else mask


class LookupOfSeveral:
    """What holds of a value that may have several keys, or none."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._asked: list[Choice] = []
        changes = _Changes()
        for group in _by_place(choices):
            is_alone = len(group) == 1
            # Of two that hold otherwise, one may fail and the other hold on.
            if any(
                one.keys is None or (one.otherwise and not is_alone) for one in group
            ):
                self._asked.extend(group)
            else:
                changes.add(group)
        self._otherwise = changes.otherwise
        self._changes: Mapping[Any, int] = changes.masks

    def at(self, keys: Iterable[Hashable], value: Any) -> int:
        """Return the mask of what holds of *value*, which has *keys*."""
        changes = self._changes
        mask = 0
        for key in keys:
            if key in changes:
                mask |= changes[key]
        mask ^= self._otherwise
        return mask | _asked(self._asked, value) if self._asked else mask

    def at_parts_of(self, text: str, value: Any) -> int:
        """Return the mask of what holds of *value*, whose folded text is *text*.

        Keys are then parts that a text may have.
        """
        mask = 0
        for part, change in self._changes.items():
            if part in text:
                mask |= change
        mask ^= self._otherwise
        return mask | _asked(self._asked, value) if self._asked else mask


class _Changes:
    """What holds of a value without any key, and what each key then changes."""

    def __init__(self) -> None:
        self._otherwise: list[int] = []
        self._by_key: defaultdict[Hashable, list[int]] = defaultdict(list)

    def add(self, group: Sequence[Choice]) -> None:
        """Add choices of one place, which holds while one of them does."""
        place = group[0].place
        otherwise = any(one.otherwise for one in group)
        if otherwise:
            self._otherwise.append(place)
        for key in frozenset[Hashable]().union(*(one.keys or () for one in group)):
            holds = any(
                one.hits if key in (one.keys or ()) else one.otherwise for one in group
            )
            if holds is not otherwise:
                self._by_key[key].append(place)

    @property
    def otherwise(self) -> int:
        """The mask of what holds without any key."""
        return mask_of(self._otherwise)

    @property
    def masks(self) -> Mapping[Hashable, int]:
        """The masks of what each key changes in that."""
        return {key: mask_of(places) for key, places in self._by_key.items()}


def _by_place(choices: Iterable[Choice]) -> Iterable[Sequence[Choice]]:
    by_place: defaultdict[int, list[Choice]] = defaultdict(list)
    for choice in choices:
        by_place[choice.place].append(choice)
    return by_place.values()


def _asked(choices: Iterable[Choice], value: Any) -> int:
    return mask_of(one.place for one in choices if one.asks(value))
