"""The kinds of values that stand in files: what each accepts, and makes of it.

To add one, write a function that gives a ``Kind``. Its *read* is never given None or
an empty text: they are an absent value, which the column decides about. Text has been
decoded strictly by then, so that no half of a character is left to look for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from gateway.importing.faults import Refused
from gateway.personalize import constants
from gateway.personalize.constants import shown
from gateway.personalize.currencies import CURRENCIES
from gateway.personalize.fields import KEY, KEY_REMEDY
from gateway.personalize.table import suggest

T = TypeVar("T")

LONGEST = 255
_LARGEST_WHOLE = 2_147_483_647

_ATTRIBUTE_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def _remembering(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """Keep what was read of the latest values: prices and quantities repeat."""
    # Typed, since True would be 1 else.
    kept = lru_cache(maxsize=16_384, typed=True)(read)

    def remembered(given: Any) -> T:
        try:
            return kept(given)
        except TypeError:
            return read(given)  # A list, or an object, which nothing can be kept by.

    return remembered


@dataclass(frozen=True)
class Kind:
    """A kind of value; *read* raises ``Refused``.

    What *is_local* may be a moment without an offset, still to be placed in a zone.
    """

    accepts: str
    read: Callable[[Any], Any]
    is_local: bool = False


def text(longest: int = LONGEST) -> Kind:
    """Accept text, and whole numbers as such: many a file has ids without quotes."""

    def read(given: Any) -> str:
        if type(given) is not str:
            given = _whole_as_text(given)
        if len(given) > longest:
            raise Refused(
                f"it has {len(given)} characters.", f"Write at most {longest}."
            )
        if "\0" in given:
            raise Refused("it holds a NUL character.", "Remove it.")
        return str(given)

    return Kind(f"text, at most {longest:,} characters", read)


def key() -> Kind:
    """Accept the code of a website or a store view."""
    remedy = KEY_REMEDY

    def read(given: Any) -> str:
        if not isinstance(given, str) or not KEY.fullmatch(given):
            raise Refused(f"{shown(given)} is not a code.", remedy)
        return given

    return Kind("1 to 64 of `a-z`, `0-9`, `-` and `_`", read)


def attribute_code() -> Kind:
    """Accept the code of a shop's own attribute."""

    def read(given: Any) -> str:
        if not isinstance(given, str) or not _ATTRIBUTE_CODE.fullmatch(given):
            raise Refused(
                f"{shown(given)} is not an attribute code.",
                "Write 1 to 60 of a-z, 0-9 and '_', beginning with a letter.",
            )
        return given

    return Kind("1 to 60 of `a-z`, `0-9` and `_`, beginning with a letter", read)


def number(least: int | None = None) -> Kind:
    """Accept a number; PostgreSQL keeps four decimals and rounds further ones."""

    @_remembering
    def read(given: Any) -> Decimal:
        number = _taken(constants.read_number(given))
        if least is not None and number < least:
            raise Refused(f"{number:f} is too small.", f"Write at least {least}.")
        return number

    floor = "" if least is None else f", at least {least}"
    return Kind(f"number below 10^15{floor}; four decimals are kept", read)


def whole(least: int, most: int = _LARGEST_WHOLE) -> Kind:
    """Accept a whole number between two, which count."""

    @_remembering
    def exact(given: Any) -> int:
        number = _taken(constants.read_number(given))
        if number != number.to_integral_value():
            raise Refused(f"{number:f} is not a whole number.")
        if number < least:
            raise Refused(f"{number:f} is too small.", f"Write at least {least}.")
        if number > most:
            raise Refused(f"{number:f} is too large.", f"Write at most {most}.")
        return int(number)

    def read(given: Any) -> int:
        if type(given) is int and least <= given <= most:
            return given
        return exact(given)

    return Kind(f"whole number, at least {least}", read)


def flag() -> Kind:
    """Accept true or false."""
    return Kind(
        "`true` or `false`, also `1`, `0`, `yes`, `no`",
        lambda given: _taken(constants.read_flag(given)),
    )


def day() -> Kind:
    """Accept a calendar day; a moment at midnight is one, as data frames write it."""

    def read(given: Any) -> date:
        if isinstance(given, datetime) and given.timetz() == time():
            return given.date()
        return _taken(constants.read_day(given))

    return Kind("day, such as `2026-12-24`", read)


def moment() -> Kind:
    """Accept an instant, or what the website's clocks showed."""

    def read(given: Any) -> datetime:
        at = given if isinstance(given, datetime) else _moment(given)
        if at is None:
            raise Refused(
                f"{shown(given)} is not a moment.",
                "Write it as ISO 8601, such as 2026-12-24T18:30:00+01:00.",
            )
        if at.year not in constants.YEARS:
            raise Refused(*constants.out_of_range(at.year))
        return at

    return Kind(
        "moment (ISO 8601); without an offset, in the website's time zone",
        read,
        is_local=True,
    )


def choice(words: Iterable[str]) -> Kind:
    """Accept one of a few words, however it is capitalised."""
    known = tuple(words)

    def read(given: Any) -> str:
        word = str(given).lower()
        if word not in known:
            raise Refused(f"{shown(given)} is not a choice.", suggest(word, known))
        return word

    return Kind(", ".join(f"`{word}`" for word in known), read)


def country() -> Kind:
    """Accept a country's code, however it is capitalised."""

    def read(given: Any) -> str:
        code = str(given).upper()
        if not _COUNTRY.fullmatch(code):
            raise Refused(
                f"{shown(given)} is not a country's code.",
                "Write two letters (ISO 3166 alpha-2), such as DE.",
            )
        return code

    return Kind("two letters (ISO 3166 alpha-2)", read)


def currency() -> Kind:
    """Accept a currency's code."""

    def read(given: Any) -> str:
        if not isinstance(given, str) or given not in CURRENCIES:
            remedy = suggest(str(given).upper(), CURRENCIES)
            raise Refused(f"{shown(given)} is not an ISO 4217 code.", remedy)
        return str(given)

    return Kind("three letters (ISO 4217)", read)


def _moment(given: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return None


def _whole_as_text(given: Any) -> str:
    # A data frame with an empty cell makes 12346 to 12346.0.
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise Refused(f"{shown(given)} is not text.", "Write a text in quotes.")
    return str(given)


def _taken(value: T | constants.Fault) -> T:
    if isinstance(value, tuple):
        raise Refused(*value)
    return value
