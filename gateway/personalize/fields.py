"""Read what an admin or a file wrote, field by field, keeping every fault.

``Fields`` wraps one mapping. Each reader takes a field by its name and notes a
``Problem`` when it does not fit; ``finish`` then raises all of them at once, and
also names every field that nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from gateway.personalize import constants
from gateway.personalize.constants import shown
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.operators import Kind
from gateway.personalize.table import suggest

Choice = TypeVar("Choice", bound=StrEnum)
Read = TypeVar("Read")

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
KEY_REMEDY = "Write 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit."
LARGEST_WHOLE = 2_147_483_647
DECIMALS = 4
"""As many as are kept of an amount, a percentage or a quantity."""


class Fields:
    """The fields of one thing that is to be saved; *path* is where it stands."""

    def __init__(self, given: Mapping[str, Any], path: str = "") -> None:
        if not isinstance(given, Mapping):
            message = f"{shown(given)} is not an object."
            raise InvalidInput(Problem(path, message, "Write {...}."))
        self._given = given
        self._prefix = f"{path}." if path else ""
        self._asked: set[str] = set()
        self.problems: list[Problem] = []

    def fault(self, name: str, message: str, remedy: str = "") -> None:
        """Note that the field *name* is at fault."""
        self.problems.append(Problem(f"{self._prefix}{name}", message, remedy))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields that were given."""
        return tuple(self._given)

    def raw(self, name: str) -> Any:
        """Return the field as it was given; None when it is absent."""
        self._asked.add(name)
        return self._given.get(name)

    def lacks(self, name: str) -> bool:
        """Whether nothing, or an empty text, stands there."""
        given = self.raw(name)
        return given is None or given == ""

    def key(self, name: str = "key", *, required: bool = True) -> str:
        """Read a key: the name by which others refer to it."""
        text = self.text(name, required=required)
        if text and not KEY.fullmatch(text):
            self.fault(name, f"{shown(text)} is not a key.", KEY_REMEDY)
        return text

    def text(self, name: str, *, longest: int = 255, required: bool = True) -> str:
        """Read text; absence is the empty text, or a fault where *required*."""
        given = self.raw(name)
        if self.lacks(name):
            if required:
                self.fault(name, "it is missing.", "Write a text.")
            return ""
        if not isinstance(given, str):
            self.fault(name, f"{shown(given)} is not text.", "Write a text in quotes.")
            return ""
        if len(given) > longest:
            said = f"it has {len(given)} characters."
            self.fault(name, said, f"Write at most {longest}.")
        if constants.is_unstorable(given):
            self.fault(name, "it holds a character that is none.", "Remove it.")
        return given

    def flag(self, name: str, *, default: bool) -> bool:
        """Read true or false."""
        return self._one(name, default, constants.read_flag)

    def day(self, name: str) -> date | None:
        """Read a calendar day, or None."""
        return self._one(name, None, constants.read_day)

    def instant(self, name: str) -> datetime | None:
        """Read an instant, or None."""
        return self._one(name, None, constants.read_instant)

    def country(self, name: str) -> str | None:
        """Read a country's code, in capitals, or None."""
        if self.lacks(name):
            return None
        code, fault = constants.read_country(self.raw(name), Kind.TEXT)
        if fault is not None:
            self.fault(name, *fault)
        return str(code).upper() if code else None

    def number(
        self, name: str, *, least: int | None = 0, most: int | None = None
    ) -> Decimal | None:
        """Read a number between *least* and *most*, or None."""
        number = self._one(name, None, constants.read_number)
        if number is not None and least is not None and number < least:
            self.fault(name, f"{number} is too small.", f"Write at least {least}.")
        if number is not None and most is not None and number > most:
            self.fault(name, f"{number} is too large.", f"Write at most {most}.")
        return number

    def decimal(
        self, name: str, *, least: int | None = 0, most: int | None = None
    ) -> Decimal | None:
        """Read a number that is stored just as it is written, or None."""
        number = self.number(name, least=least, most=most)
        if number is not None and number != round(number, DECIMALS):
            remedy = f"Write at most {DECIMALS} decimals."
            self.fault(name, f"{number} is too fine.", remedy)
        return number

    def whole(
        self, name: str, default: int, *, least: int = 0, most: int = LARGEST_WHOLE
    ) -> int:
        """Read a whole number between *least* and *most*, or the default."""
        number = self.number(name, least=least, most=most)
        if number is None or not least <= number <= most:
            return default
        if number != int(number):
            self.fault(name, f"{number} is not a whole number.")
        return int(number)

    def choice(self, name: str, choices: type[Choice], default: Choice) -> Choice:
        """Read one of the *choices*, however it is capitalised."""
        given = self.raw(name)
        if given is None:
            return default
        return self._choice(name, given, choices) or default

    def choices(self, name: str, choices: type[Choice]) -> tuple[Choice, ...]:
        """Read any number of the *choices*."""
        found: list[Choice] = []
        for position, one in enumerate(self._list(name)):
            choice = self._choice(f"{name}.{position}", one, choices)
            found += [choice] if choice else []
        return tuple(found)

    def keys(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Read a list of keys, each once."""
        found: dict[str, None] = {}
        before = len(self.problems)
        for position, one in enumerate(self._list(name)):
            where = f"{name}.{position}"
            if not isinstance(one, str) or not KEY.fullmatch(one):
                self.fault(where, f"{shown(one)} is not a key.", KEY_REMEDY)
            elif one in found:
                self.fault(where, f"{shown(one)} stands there twice.", "Keep one.")
            else:
                found[one] = None
        if required and not found and len(self.problems) == before:
            self.fault(name, "it is empty.", "Write at least one.")
        return tuple(found)

    def texts(self, name: str, *, most: int, longest: int = 255) -> tuple[str, ...]:
        """Read a list of at most *most* texts that are not empty."""
        given = self._list(name)
        if len(given) > most:
            self.fault(name, f"{len(given)} are too many.", f"Write at most {most}.")
            return ()
        inner = Fields({str(at): one for at, one in enumerate(given)})
        texts = tuple(inner.text(at, longest=longest) for at in inner.names)
        self.problems.extend(
            Problem(f"{self._prefix}{name}.{one.path}", one.message, one.remedy)
            for one in inner.problems
        )
        return texts

    def wholes(self, name: str) -> tuple[int, ...] | None:
        """Read a list of whole numbers from 0 up; None when absent."""
        if self.raw(name) is None:
            return None
        found: list[int] = []
        for position, one in enumerate(self._list(name)):
            is_whole = isinstance(one, int) and not isinstance(one, bool)
            if is_whole and 0 <= one <= LARGEST_WHOLE:
                found.append(one)
                continue
            said = f"{shown(one)} is not a whole number of 0 to {LARGEST_WHOLE}."
            self.fault(f"{name}.{position}", said, "Write 0 or more.")
        return tuple(found)

    def texts_by_key(self, name: str, *, longest: int) -> dict[str, str]:
        """Read an object of texts by key, such as contents by store view."""
        given = self.raw(name)
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.fault(name, "it is not an object.", 'Write {"key": "text"}.')
            return {}
        inner = Fields(given, f"{self._prefix}{name}")
        texts = {}
        for key in given:
            if not isinstance(key, str) or not KEY.fullmatch(key):
                self.fault(name, f"{shown(key)} is not a key.", KEY_REMEDY)
            else:
                texts[key] = inner.text(key, longest=longest)
        self.problems.extend(inner.problems)
        return texts

    def tree(self, name: str) -> Mapping[str, Any] | None:
        """Take a condition tree as it stands; the grammar reads it."""
        given = self.raw(name)
        if given is None or isinstance(given, Mapping):
            return given
        self.fault(name, "a condition tree is an object.", 'Write {"all": [...]}.')
        return None

    def one(self, name: str, read: Callable[[Fields], Read]) -> Read | None:
        """Read an object with *read*, or None when it is absent."""
        given = self.raw(name)
        return None if given is None else self._inner(given, name, read)

    def many(
        self, name: str, read: Callable[[Fields], Read], *, most: int
    ) -> tuple[Read, ...]:
        """Read a list of at most *most* objects, each with *read*."""
        given = self._list(name)
        if len(given) > most:
            self.fault(name, f"{len(given)} are too many.", f"Write at most {most}.")
            return ()
        inner = (
            self._inner(one, f"{name}.{position}", read)
            for position, one in enumerate(given)
        )
        return tuple(one for one in inner if one is not None)

    def _inner(
        self, given: Any, name: str, read: Callable[[Fields], Read]
    ) -> Read | None:
        if not isinstance(given, Mapping):
            self.fault(name, f"{shown(given)} is not an object.", "Write {...}.")
            return None
        fields = Fields(given, f"{self._prefix}{name}")
        value = read(fields)
        fields.refuse_unknown()
        self.problems.extend(fields.problems)
        return value

    def finish(self) -> None:
        """Raise what was found.

        Raises:
            InvalidInput: with every fault, unknown fields included.
        """
        self.refuse_unknown()
        if self.problems:
            raise InvalidInput(*self.problems)

    def refuse_unknown(self) -> None:
        """Note every field that nobody asked for."""
        for name in self._given:
            if name not in self._asked:
                remedy = suggest(str(name), self._asked)
                self.fault(str(name), "there is no such field.", remedy)

    def _choice(self, name: str, given: Any, choices: type[Choice]) -> Choice | None:
        written = given.lower() if isinstance(given, str) else ""
        choice = {choice.value: choice for choice in choices}.get(written)
        if choice is None:
            remedy = suggest(written, choices)
            self.fault(name, f"{shown(given)} is not a choice.", remedy)
        return choice

    def _list(self, name: str) -> list[Any]:
        given = self.raw(name)
        if given is None:
            return []
        if not isinstance(given, list | tuple):
            self.fault(name, f"{shown(given)} is not a list.", "Write a list: [...].")
            return []
        return list(given)

    def _one(
        self, name: str, default: Read, read: Callable[[Any], Read | constants.Fault]
    ) -> Read:
        if self.lacks(name):
            return default
        value = read(self.raw(name))
        if isinstance(value, tuple):
            self.fault(name, *value)
            return default
        return value
