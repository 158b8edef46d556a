"""The decision corpus: what every file of tests/decisions/ says comes true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.personalize.attributes import ATTRIBUTES
from gateway.personalize.discounts import DISCOUNT_ACTIONS
from gateway.personalize.dynamic_blocks import BlockType
from gateway.personalize.element_lists import LISTS
from gateway.personalize.operators import OPERATORS
from gateway.personalize.products import ProductList
from tests import corpus

CASES = corpus.cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_decided_as_expected(case: corpus.Case) -> None:
    decided = corpus.decided(case)

    assert {name: decided[name] for name in case.expect} == case.expect
    # Nothing is left out unless that is what the case is about.
    assert decided["left_out"] == case.expect.get("left_out", [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_a_sentence_about_one_thing(case: corpus.Case) -> None:
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", case.name)
    assert re.fullmatch(r"[A-Z0-9][^\n]*\.", case.about)


def test_every_discount_action_has_a_case() -> None:
    used = {
        rule.get("action", "by_percent")
        for case in CASES
        for rule in case.rulebook.get("cart_price_rules", ())
    }

    assert used == set(DISCOUNT_ACTIONS)


def test_everything_that_conditions_can_say_has_a_case() -> None:
    said = [said for case in CASES for said in said_in(case.rulebook)]

    assert ATTRIBUTES.keys() - {what for _, what in said} == set()
    assert OPERATORS.keys() - {what for word, what in said if word == "operator"} == (
        set()
    )
    looked_into = {"found", "not_found", "count"}
    assert LISTS.keys() - {what for word, what in said if word in looked_into} == set()
    assert {word for word, _ in said} >= {*looked_into, "sum", "average"}


def said_in(given: Any) -> Iterator[tuple[str, Any]]:
    """Yield every word of the conditions in *given*, with what it says."""
    words = ("attribute", "operator", "found", "not_found", "count", "sum", "average")
    match given:
        case dict():
            yield from ((word, given[word]) for word in words if word in given)
            for one in given.values():
                yield from said_in(one)
        case list():
            for one in given:
                yield from said_in(one)


def test_every_list_and_every_type_of_block_has_a_case() -> None:
    expected = {name for case in CASES for name in case.expect}
    types = {case.asked.get("type", "specified") for case in CASES}

    assert expected >= set(ProductList)
    assert types == set(BlockType)
