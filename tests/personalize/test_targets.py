from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import targets
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.fields import Fields
from gateway.personalize.targets import EVERYBODY, ShownTo, Target


def read(**given: Any) -> Target:
    fields = Fields(given)
    target = targets.read(fields)
    fields.finish()
    return target


def test_everyone_is_reached_by_default() -> None:
    assert read() == EVERYBODY == Target(ShownTo.EVERYONE, ())
    assert EVERYBODY.reaches(frozenset())
    assert EVERYBODY.reaches(frozenset({"buyers"}))


def test_one_segment_of_several_is_enough() -> None:
    target = read(shown_to="segments", segments=["buyers", "campers"])

    assert target == Target(ShownTo.SEGMENTS, ("buyers", "campers"))
    assert target.reaches(frozenset({"campers", "others"}))
    assert not target.reaches(frozenset({"others"}))
    assert not target.reaches(frozenset())


def test_shown_to_no_segment_is_shown_to_nobody() -> None:
    target = Target(ShownTo.SEGMENTS, ())

    assert not target.reaches(frozenset())
    assert not target.reaches(frozenset({"buyers"}))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        pytest.param(
            {"shown_to": "segments"},
            Problem("segments", "it is empty.", "Write at least one."),
            id="no segment",
        ),
        pytest.param(
            {"shown_to": "segments", "segments": []},
            Problem("segments", "it is empty.", "Write at least one."),
            id="an empty list",
        ),
        pytest.param(
            {"segments": ["buyers"]},
            Problem(
                "segments",
                "segments are listed, but it is shown to everyone.",
                "Write 'segments' as shown_to, or remove the list.",
            ),
            id="segments that do not matter",
        ),
        pytest.param(
            {"shown_to": "nobody"},
            Problem(
                "shown_to",
                "'nobody' is not a choice.",
                "Write one of: everyone, segments.",
            ),
            id="an unknown choice",
        ),
    ],
)
def test_a_target_that_contradicts_itself_is_refused(
    given: dict[str, Any], problem: Problem
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(**given)

    assert list(refused.value.problems) == [problem]
