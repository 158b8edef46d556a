from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.personalize.constants import (
    as_list,
    read_constant,
    read_day,
    read_flag,
    read_instant,
    read_number,
    read_text,
    shown,
)
from gateway.personalize.operators import Kind

NUMBER_REMEDY = "Write a number such as 12 or 12.5."
INSTANT_REMEDY = "Write it as 2026-12-24T18:30:00Z."
YEAR_REMEDY = "Write one from 1800 to 2200."
DAY_REMEDY = "Write it as year-month-day, such as 2026-12-24."


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (12, "12"),
        (-12.5, "-12.5"),
        (0.1, "0.1"),
        ("19.90", "19.90"),
        (" 5 ", "5"),
        ("1e3", "1000"),
        (Decimal("0.001"), "0.001"),
        (999_999_999_999_999, "999999999999999"),
    ],
    ids=shown,
)
def test_a_number_is_read(given: Any, number: str) -> None:
    assert read_number(given) == Decimal(number)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("dozen", ("'dozen' is not a number.", NUMBER_REMEDY)),
        ("", ("'' is not a number.", NUMBER_REMEDY)),
        ("1_000", ("'1_000' is not a number.", NUMBER_REMEDY)),
        ("12,5", ("'12,5' is not a number.", NUMBER_REMEDY)),
        ("٣", ("'٣' is not a number.", NUMBER_REMEDY)),
        ("NaN", ("'NaN' is not a number.", NUMBER_REMEDY)),
        (float("inf"), ("inf is not a number.", NUMBER_REMEDY)),
        (Decimal("sNaN"), ("sNaN is not a number.", NUMBER_REMEDY)),
        (True, ("true is not a number.", NUMBER_REMEDY)),
        (None, ("null is not a number.", NUMBER_REMEDY)),
        ([1], ("a list is not a number.", NUMBER_REMEDY)),
        ({}, ("an object is not a number.", NUMBER_REMEDY)),
        (10**15, ("1000000000000000 is too large.", "Write a number below 10^15.")),
        ("-1e15", ("'-1e15' is too large.", "Write a number below 10^15.")),
        (10**5000, ("an enormous number is too large.", "Write a number below 10^15.")),
        ("1e-31", ("'1e-31' has too many decimals.", "Write at most 30.")),
    ],
    ids=shown,
)
def test_what_is_no_number_is_refused(given: Any, fault: tuple[str, str]) -> None:
    assert read_number(given) == fault


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("20261224", date(2026, 12, 24)),
        (date(2026, 12, 24), date(2026, 12, 24)),
    ],
    ids=shown,
)
def test_a_day_is_read(given: Any, day: date) -> None:
    assert read_day(given) == day


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("24.12.2026", "'24.12.2026' is not a date."),
        ("2026-02-30", "'2026-02-30' is not a date."),
        ("2026-12-24T12:00", "'2026-12-24T12:00' is not a date."),
        (
            datetime(2026, 12, 24, tzinfo=UTC),
            "2026-12-24 00:00:00+00:00 is not a date.",
        ),
        (20261224, "20261224 is not a date."),
        (None, "null is not a date."),
        ([], "a list is not a date."),
    ],
    ids=shown,
)
def test_what_is_no_day_is_refused(given: Any, message: str) -> None:
    assert read_day(given) == (message, DAY_REMEDY)


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2026-12-24T18:30:00Z", datetime(2026, 12, 24, 18, 30, tzinfo=UTC)),
        ("20261225T000000+23:59", datetime(2026, 12, 24, 0, 1, tzinfo=UTC)),
        (datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 12, 24, tzinfo=UTC)),
    ],
    ids=shown,
)
def test_an_instant_is_read(given: Any, instant: datetime) -> None:
    found = read_instant(given)

    assert (found, getattr(found, "tzinfo", None)) == (instant, UTC)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("noon", ("'noon' is not an instant.", INSTANT_REMEDY)),
        (7, ("7 is not an instant.", INSTANT_REMEDY)),
        (["noon"], ("a list is not an instant.", INSTANT_REMEDY)),
        (
            "2026-12-24T18:30",
            ("'2026-12-24T18:30' has no offset from UTC.", INSTANT_REMEDY),
        ),
        (
            "9999-12-31T23:59:59-14:00",
            ("the year 9999 is out of range.", YEAR_REMEDY),
        ),
        ("0001-01-01T00:00:00Z", ("the year 1 is out of range.", YEAR_REMEDY)),
    ],
    ids=shown,
)
def test_what_is_no_instant_is_refused(given: Any, fault: tuple[str, str]) -> None:
    assert read_instant(given) == fault


@pytest.mark.parametrize("given", [True, 1, "1", "true", "TRUE", " yes "], ids=repr)
def test_yes_is_read(given: Any) -> None:
    assert read_flag(given) is True


@pytest.mark.parametrize("given", [False, 0, "0", "false", "No"], ids=repr)
def test_no_is_read(given: Any) -> None:
    assert read_flag(given) is False


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("perhaps", "'perhaps'"),
        (2, "2"),
        (1.5, "1.5"),
        ("", "''"),
        (None, "null"),
        ([], "a list"),
        ({}, "an object"),
    ],
    ids=shown,
)
def test_what_is_neither_yes_nor_no_is_refused(given: Any, said: str) -> None:
    message = f"{said} is neither true nor false."

    assert read_flag(given) == (message, "Write true or false.")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("Tent", "Tent"),
        ("", ""),
        (12, "12"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        (10**20, "100000000000000000000"),
        ("é😀", "é😀"),
        ("x" * 1000, "x" * 1000),
    ],
    ids=shown,
)
def test_text_is_read(given: Any, text: str) -> None:
    assert read_text(given) == text


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (True, ("true is not text.", "Write a text in quotes.")),
        (None, ("null is not text.", "Write a text in quotes.")),
        (["a"], ("a list is not text.", "Write a text in quotes.")),
        (10**5000, ("an enormous number is not text.", "Write a text in quotes.")),
        ("x" * 1001, ("the text has 1001 characters.", "At most 1000 are allowed.")),
        ("a\0b", ("the text holds a character that is none.", "Remove it.")),
        ("\ud800", ("the text holds a character that is none.", "Remove it.")),
    ],
    ids=shown,
)
def test_what_is_no_text_is_refused(given: Any, fault: tuple[str, str]) -> None:
    assert read_text(given) == fault


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ("a, b;c", ["a", "b", "c"]),
        (" , ;", []),
        (["a, b", 1], ["a, b", 1]),
        (("a",), ["a"]),
        (5, [5]),
        (None, [None]),
        ({"a": 1}, [{"a": 1}]),
    ],
    ids=repr,
)
def test_a_list_is_read(given: Any, listed: list[Any]) -> None:
    assert as_list(given) == listed


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x" * 100, f"'{'x' * 56}..."),
        ("it's", '"it\'s"'),
        (nested(5000), "a list"),
        ({"a": nested(5000)}, "an object"),
        (10**59, "1" + "0" * 59),
        (Decimal("0." + "1" * 99), f"0.{'1' * 55}..."),
        (10**60, "an enormous number"),
        (date(2026, 12, 24), "2026-12-24"),
    ],
    ids=shown,
)
def test_what_was_given_is_shown_in_few_characters(given: Any, said: str) -> None:
    assert shown(given) == said


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(given=anything, kind=st.sampled_from(Kind))
def test_anything_is_a_value_or_at_fault(given: Any, kind: Kind) -> None:
    value, fault = read_constant(given, kind)

    assert (value is None) is (fault is not None)
