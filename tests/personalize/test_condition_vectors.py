"""Magento's own expectations of combinations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gateway.personalize.conditions import ALWAYS, NEVER, Combination
from tests.vectors import vectors


@pytest.mark.parametrize("vector", vectors("condition_trees.json"))
def test_a_combination_holds_as_in_magento(vector: Mapping[str, Any]) -> None:
    children = tuple(ALWAYS if child else NEVER for child in vector["children"])
    combination = Combination(vector["aggregator"] == "all", children, vector["value"])

    assert vector["type"] == "combine"
    assert combination.holds(None) is vector["expected"]
