"""Read what an admin or a file wrote as a value of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from gateway.personalize.operators import Kind, Scalar, key_of

Fault = tuple[str, str]
"""What is wrong, and what to write instead."""

TEXT_LENGTH = 1000
LARGEST_NUMBER = Decimal(10) ** 15
MOST_DECIMALS = 30
COUNTRY = re.compile(r"[A-Za-z]{2}")
YEARS = range(1800, 2201)
"""The years of instants; at the ends of the calendar not every time zone has a day."""

_SHOWN = 60
_INSTANT = "Write it as 2026-12-24T18:30:00Z."

_FLAGS: dict[str | int, bool] = {
    **dict.fromkeys((1, "1", "true", "yes"), True),
    **dict.fromkeys((0, "0", "false", "no"), False),
}


def read_constant(given: Any, kind: Kind) -> tuple[Scalar | None, Fault | None]:
    """Read *given* as one value of *kind*; give the value or the fault."""
    value = _READERS[kind](given)
    return (None, value) if isinstance(value, tuple) else (value, None)


def read_number(given: Any) -> Decimal | Fault:
    """Read a finite number of reasonable size; text that looks like one will do."""
    number = _as_number(given)
    if number is None:
        message = f"{shown(given)} is not a number."
        return message, "Write a number such as 12 or 12.5."
    if abs(number) >= LARGEST_NUMBER:
        return f"{shown(given)} is too large.", "Write a number below 10^15."
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        message = f"{shown(given)} has too many decimals."
        return message, f"Write at most {MOST_DECIMALS}."
    return number


def _as_number(given: Any) -> Decimal | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, str):
        number = key_of(given)
    elif isinstance(given, float):
        number = Decimal(repr(given))
    elif isinstance(given, int | Decimal):
        number = Decimal(given)
    else:
        return None
    return number if isinstance(number, Decimal) and number.is_finite() else None


def read_day(given: Any) -> date | Fault:
    """Read a calendar day written as ISO 8601."""
    if type(given) is date:
        return given
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        message = f"{shown(given)} is not a date."
        return message, "Write it as year-month-day, such as 2026-12-24."


def read_instant(given: Any) -> datetime | Fault:
    """Read an instant written as ISO 8601 with its offset; give it in UTC."""
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return f"{shown(given)} is not an instant.", _INSTANT
    if at.tzinfo is None:
        return f"{shown(given)} has no offset from UTC.", _INSTANT
    return at.astimezone(UTC) if at.year in YEARS else out_of_range(at.year)


def out_of_range(year: int) -> Fault:
    """Say which years an instant can have."""
    said = f"the year {year} is out of range."
    return said, f"Write one from {YEARS[0]} to {YEARS[-1]}."


def read_flag(given: Any) -> bool | Fault:
    """Read true or false, also as 1 and 0 or yes and no."""
    if isinstance(given, bool):
        return given
    written = given.strip().lower() if isinstance(given, str) else given
    flag = _FLAGS.get(written) if isinstance(written, str | int) else None
    if flag is None:
        return f"{shown(given)} is neither true nor false.", "Write true or false."
    return flag


def read_text(given: Any) -> str | Fault:
    """Read text that PostgreSQL can hold; a number is its digits."""
    if isinstance(given, float | Decimal) or _is_writable(given):
        given = str(given)
    if not isinstance(given, str):
        return f"{shown(given)} is not text.", "Write a text in quotes."
    if len(given) > TEXT_LENGTH:
        message = f"the text has {len(given)} characters."
        return message, f"At most {TEXT_LENGTH} are allowed."
    if is_unstorable(given):
        return "the text holds a character that is none.", "Remove it."
    return given


def read_country(given: Any, kind: Kind) -> tuple[Scalar | None, Fault | None]:
    """Read a country's code as a value of *kind*, however it is capitalised."""
    value, fault = read_constant(given, kind)
    if fault is None and not COUNTRY.fullmatch(str(value)):
        message = f"{shown(given)} is not a country's code."
        return None, (message, "Write its two letters, like DE.")
    return value, fault


def as_list(given: Any) -> list[Any]:
    """Read a list; text is cut at commas and semicolons, and a scalar stands alone."""
    if isinstance(given, str):
        parts = given.replace(";", ",").split(",")
        return [part.strip() for part in parts if part.strip()]
    return list(given) if isinstance(given, list | tuple) else [given]


def is_unstorable(text: str) -> bool:
    """Whether *text* holds a NUL or half of a character, which no database keeps."""
    return "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)


def shown(given: Any) -> str:
    """Say in few characters what was given, however large or deep it is."""
    if given is None or isinstance(given, bool):
        return {None: "null", True: "true", False: "false"}[given]
    if isinstance(given, Mapping):
        return "an object"
    if isinstance(given, list | tuple):
        return "a list"
    if isinstance(given, int) and not _is_writable(given):
        return "an enormous number"
    text = repr(given[:_SHOWN]) if isinstance(given, str) else str(given)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _is_writable(given: Any) -> bool:
    """Whether *given* is a whole number that Python agrees to write out."""
    is_whole = isinstance(given, int) and not isinstance(given, bool)
    return is_whole and abs(given) < 10**_SHOWN


_READERS: dict[Kind, Callable[[Any], Scalar | Fault]] = {
    Kind.TEXT: read_text,
    Kind.NUMBER: read_number,
    Kind.DATE: read_day,
    Kind.BOOLEAN: read_flag,
    Kind.SELECT: read_text,
    Kind.MULTISELECT: read_text,
    Kind.CATEGORY: read_text,
}
