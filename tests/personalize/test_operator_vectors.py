"""Magento's own expectations of how values compare."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.operators import OPERATORS, Kind, Scalar, Value, compare
from tests.vectors import vectors

BY_SYMBOL = {row.symbol: row for row in OPERATORS.values()}
KINDS = {
    "string": Kind.TEXT,
    "numeric": Kind.NUMBER,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
    "select": Kind.SELECT,
    "multiselect": Kind.MULTISELECT,
    "grid": Kind.CATEGORY,
}


def value(given: Any) -> Value:
    return tuple(map(scalar, given)) if isinstance(given, list) else scalar(given)


def scalar(given: Any) -> Scalar:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return Decimal(str(given)) if is_number else given


@pytest.mark.parametrize("vector", vectors("operators.json"))
def test_values_compare_as_in_magento(vector: Mapping[str, Any]) -> None:
    operator = BY_SYMBOL[vector["operator"]]
    given = vector["attribute_value"]
    actual = None if given is None else value(given)
    wanted = value(vector["rule_value"])

    answer = compare(operator, actual, wanted, KINDS[vector["input_type"]])

    assert answer is vector["expected"]
