"""Inputs: what their fields say of themselves, and what the floors below are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from strawberry.types.base import get_object_definition

Input = TypeVar("Input")

# Python keeps these words to itself, so the attributes are called otherwise.
_GIVEN_NAMES = {"from_day": "from", "to_day": "to", "list_": "list"}


def described_by(shown: type) -> Callable[[type[Input]], type[Input]]:
    """Let fields of an input that say nothing say what those *shown* say."""
    fields = get_object_definition(shown, strict=True).fields
    said = {field.python_name: field.description for field in fields}

    def described(given: type[Input]) -> type[Input]:
        for field in get_object_definition(given, strict=True).fields:
            field.description = field.description or said[field.python_name]
        return given

    return described


def given_by(input: Any) -> dict[str, Any]:
    """Return an input as the plain data that its subject's ``read`` takes."""
    return {
        _GIVEN_NAMES.get(field.name, field.name): getattr(input, field.name)
        for field in fields(input)
    }
