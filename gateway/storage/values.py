"""From what a row or its JSON holds to the values that conditions compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gateway.personalize.operators import Scalar, Value


def money(text: str | None) -> Decimal:
    """Read an amount that travelled as text; none is zero."""
    return Decimal(text) if text else Decimal(0)


def day(text: str | None) -> date | None:
    """Read a day that travelled as text."""
    return date.fromisoformat(text) if text else None


def instant(text: str | None) -> datetime | None:
    """Read an instant that travelled as text."""
    return datetime.fromisoformat(text) if text else None


def attributes(stored: Mapping[str, Any]) -> dict[str, Value]:
    """Read a shop's own attributes, whatever their kinds.

    A number becomes a Decimal and a list a tuple; a date stays the ISO text that it
    is, which compares like one.
    """
    return {code: _value(value) for code, value in stored.items()}


def _value(stored: Any) -> Value:
    if isinstance(stored, list):
        return tuple(_scalar(one) for one in stored if one is not None)
    return None if stored is None else _scalar(stored)


def _scalar(stored: Any) -> Scalar:
    if isinstance(stored, bool | str):
        return stored
    if isinstance(stored, int | float):
        return Decimal(str(stored))
    return str(stored)
