"""Write a definition as the plain data that its subject's ``read`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gateway.personalize.targets import Target

# Python keeps these words to itself, so the attributes are called otherwise.
_GIVEN_NAMES = {"from_day": "from", "to_day": "to"}


def as_given(definition: Any) -> dict[str, Any]:
    """Return every field of *definition* by the name an admin writes.

    The result holds only what JSON can hold; numbers are texts, so that no digit is
    lost. ``read(as_given(definition)) == definition`` for every subject.
    """
    given: dict[str, Any] = {}
    for field in fields(definition):
        value = getattr(definition, field.name)
        if isinstance(value, Target):
            given |= as_given(value)
        else:
            given[_GIVEN_NAMES.get(field.name, field.name)] = _plain(value)
    return given


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return as_given(value)
    return value
