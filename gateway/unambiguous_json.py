"""JSON of which two readers cannot make different things: hooks for a decoder."""

from __future__ import annotations

from typing import Any, NoReturn


class Twice(ValueError):
    """An object has a member twice, of which readers keep one or the other."""


class NoNumber(ValueError):
    """NaN or an infinity stands there, which some readers take for a number."""


def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its members.

    Raises:
        Twice: with the name of the first that comes again.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        names: set[str] = set()
        for name, _ in pairs:
            if name in names:
                raise Twice(name)
            names.add(name)
    return found


def no_number(word: str) -> NoReturn:
    """Refuse what JSON has no word for.

    Raises:
        NoNumber: with the word.
    """
    raise NoNumber(word)
