"""JSON that two readers could take for different things is refused."""

from __future__ import annotations

import json

import pytest

from gateway.unambiguous_json import NoNumber, Twice, members, no_number

DECODER = json.JSONDecoder(object_pairs_hook=members, parse_constant=no_number)


def test_members_keep_their_order() -> None:
    assert list(DECODER.decode('{"b": 1, "a": {"b": 2}}').items()) == [
        ("b", 1),
        ("a", {"b": 2}),
    ]


def test_the_first_name_that_comes_again_is_told() -> None:
    with pytest.raises(Twice) as refused:
        DECODER.decode('{"a": 1, "b": 2, "c": 3, "c": 4, "a": 5}')

    assert str(refused.value) == "c"


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_word_that_is_no_number_is_told(word: str) -> None:
    with pytest.raises(NoNumber) as refused:
        DECODER.decode(f"[{word}]")

    assert str(refused.value) == word
