"""Read what an event brings along: nested groups by dotted names, strictly.

Only what an event type asks for is looked at; all else is kept with the event as it
was sent, for shops add fields of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from gateway.personalize.constants import read_instant, shown
from gateway.personalize.errors import Problem
from gateway.personalize.fields import Fields

Read = TypeVar("Read")

LINES = 250
LONGEST_URL = 2048
LARGEST_AMOUNT = 1_000_000_000

CART_ID = ("commerce.cart.cartID", "cart.cartID", "cartID")
"""Where the id of a cart may stand."""


class Payload:
    """The payload of one event, or a part of it; *path* is where it stands.

    Every reader takes the names under which its value may stand, the first that is
    there counts; absence is None.
    """

    def __init__(
        self, given: Mapping[str, Any], path: str, problems: list[Problem]
    ) -> None:
        self._given = given
        self._path = path
        self._problems = problems

    def text(
        self, *names: str, longest: int = 255, required: bool = False
    ) -> str | None:
        """Read text; a number that stands for a name is its digits."""

        def read(fields: Fields, name: str) -> str | None:
            given = fields.raw(name)
            if isinstance(given, int) and not isinstance(given, bool):
                fields = Fields({name: str(given)}, self._path)
            text = fields.text(name, longest=longest, required=required).strip()
            self._noted(fields)
            return text or None

        return self._read(names, read)

    def country(self, *names: str) -> str | None:
        """Read a country by the two letters of its code, which become capitals."""

        def read(fields: Fields, name: str) -> str | None:
            country = fields.country(name)
            self._noted(fields)
            return country

        return self._read(names, read)

    def amount(self, *names: str, required: bool = False) -> Decimal | None:
        """Read a number from zero up, with at most four decimals."""

        def read(fields: Fields, name: str) -> Decimal | None:
            amount = fields.decimal(name, most=LARGEST_AMOUNT)
            if amount is None and required and not fields.problems:
                fields.fault(name, "it is missing.", "Write a number.")
            self._noted(fields)
            return amount

        return self._read(names, read)

    def day(self, *names: str) -> date | None:
        """Read a calendar day; of an instant, the day that it is written with."""

        def read(fields: Fields, name: str) -> date | None:
            given = fields.raw(name)
            if isinstance(given, str) and isinstance(read_instant(given), datetime):
                fields = Fields({name: given[:10]}, self._path)
            day = fields.day(name)
            self._noted(fields)
            return day

        return self._read(names, read)

    def instant(self, *names: str) -> datetime | None:
        """Read an instant."""

        def read(fields: Fields, name: str) -> datetime | None:
            at = fields.instant(name)
            self._noted(fields)
            return at

        return self._read(names, read)

    def part(self, *names: str) -> Payload | None:
        """Give a group of it."""

        def read(fields: Fields, name: str) -> Payload | None:
            given, path = fields.raw(name), self._under(name)
            if given is None:
                return None
            if not isinstance(given, Mapping):
                self._fault(path, given, "an object", "{...}")
                return None
            return Payload(given, path, self._problems)

        return self._read(names, read)

    def parts(self, *names: str, required: bool = False) -> tuple[Payload, ...]:
        """Give each of a list of groups; one that stands alone is a list of one."""

        def read(fields: Fields, name: str) -> tuple[Payload, ...]:
            given, path = fields.raw(name), self._under(name)
            if isinstance(given, Mapping):
                return (Payload(given, path, self._problems),)
            if required and not given:
                said = "it is missing."
                self._problems.append(Problem(path, said, "Write at least one."))
                return ()
            if not isinstance(given, list | None):
                self._fault(path, given, "a list", "[...]")
                return ()
            listed = given or []
            if len(listed) > LINES:
                said = f"{len(listed)} are too many."
                self._problems.append(Problem(path, said, f"Write at most {LINES}."))
                return ()
            for position, one in enumerate(listed):
                if not isinstance(one, Mapping):
                    self._fault(f"{path}.{position}", one, "an object", "{...}")
            return tuple(
                Payload(one, f"{path}.{position}", self._problems)
                for position, one in enumerate(listed)
                if isinstance(one, Mapping)
            )

        return self._read(names, read)

    def _read(
        self, names: tuple[str, ...], read: Callable[[Fields, str], Read]
    ) -> Read:
        """Read by the first of *names* that is there, or by the first of all."""
        for name in names:
            found = self._find(name)
            if found is not None:
                return read(*found)
        return read(Fields({}, self._path), names[0])

    def _find(self, name: str) -> tuple[Fields, str] | None:
        here: Any = self._given
        for word in name.split("."):
            if not isinstance(here, Mapping) or here.get(word) is None:
                return None
            here = here[word]
        return Fields({name: here}, self._path), name

    def _noted(self, fields: Fields) -> None:
        self._problems.extend(fields.problems)

    def _under(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _fault(self, path: str, given: Any, wanted: str, example: str) -> None:
        said = f"{shown(given)} is not {wanted}."
        self._problems.append(Problem(path, said, f"Write {example}."))
