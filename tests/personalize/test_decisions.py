"""The decision corpus: what every file of tests/decisions/ says comes true."""

from __future__ import annotations

import re

import pytest

from gateway.personalize.discounts import DISCOUNT_ACTIONS
from gateway.personalize.dynamic_blocks import BlockType
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


def test_every_list_and_every_type_of_block_has_a_case() -> None:
    expected = {name for case in CASES for name in case.expect}
    types = {case.asked.get("type", "specified") for case in CASES}

    assert expected >= set(ProductList)
    assert types == set(BlockType)
