"""What generated codes look like, and that they cannot be guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.personalize.coupon_codes import (
    LEAST_BITS,
    CodeFormat,
    CodePattern,
    read,
)
from gateway.personalize.coupons import CouponStatus, KnownCoupon
from gateway.personalize.errors import InvalidInput


@pytest.mark.parametrize(
    ("pattern", "number", "code"),
    [
        pytest.param(CodePattern(4), 0, "AAAA", id="the first"),
        pytest.param(CodePattern(4), 36**4 - 1, "9999", id="the last"),
        pytest.param(CodePattern(3, CodeFormat.ALPHABETIC), 27, "BBA", id="letters"),
        pytest.param(CodePattern(3, CodeFormat.NUMERIC), 123, "321", id="digits"),
        pytest.param(CodePattern(6, dash_every=2), 0, "AA-AA-AA", id="dashes"),
        pytest.param(CodePattern(5, dash_every=2), 0, "AA-AA-A", id="a last part"),
        pytest.param(CodePattern(2, dash_every=2), 0, "AA", id="one part"),
        pytest.param(
            CodePattern(4, prefix="GIFT-", suffix="-26", dash_every=2),
            1,
            "GIFT-BA-AA-26",
            id="prefix and suffix",
        ),
    ],
)
def test_a_number_is_written_as_a_code(
    pattern: CodePattern, number: int, code: str
) -> None:
    assert pattern.write(number) == code


def test_every_number_has_a_code_of_its_own() -> None:
    pattern = CodePattern(3, CodeFormat.NUMERIC)

    assert len({pattern.write(number) for number in range(pattern.possible)}) == 1000


@pytest.mark.parametrize(
    ("format", "codes", "length"),
    [
        pytest.param("alphanumeric", 1, 12, id="one"),
        pytest.param("alphanumeric", 1_000_000, 16, id="a million"),
        pytest.param("alphabetic", 1_000_000, 18, id="a million of letters"),
        pytest.param("numeric", 1_000_000, 25, id="a million of digits"),
    ],
)
def test_codes_are_as_long_as_they_must_be(
    format: str, codes: int, length: int
) -> None:
    pattern, warnings = read({"quantity": codes, "format": format}).settled(codes)

    assert pattern.length == length
    assert pattern.bits(codes) >= LEAST_BITS
    assert len(warnings) == (length > 12)


def test_a_length_that_is_kept_is_warned_of() -> None:
    wanted = read({"quantity": 1000, "length": 6, "keeps_length": True})

    pattern, warnings = wanted.settled(1000)

    assert pattern.length == 6
    assert [str(one) for one in warnings] == [
        "length: one of 1,000 codes is guessed at 21 of 60 bits. Let it be raised."
    ]


def test_a_length_without_room_is_refused() -> None:
    wanted = read(
        {"quantity": 251, "length": 3, "format": "numeric", "keeps_length": True}
    )

    assert wanted.settled(250)[0].length == 3
    with pytest.raises(InvalidInput) as refused:
        wanted.settled(251)

    assert str(refused.value) == (
        "length: there is no room for 251 codes of 3 characters. Write a greater one."
    )


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        read({"length": 0, "format": "hex", "prefix": "=1", "suffix": "ä", "dash": 3})

    assert [problem.path for problem in refused.value.problems] == [
        "quantity",
        "length",
        "format",
        "prefix",
        "suffix",
        "dash",
    ]


KNOWN: dict[str, Any] = {
    "code": "TEN",
    "rule": "ten",
    "is_generated": False,
    "is_of_website": True,
    "is_active": True,
    "from_day": date(2026, 3, 1),
    "to_day": date(2026, 3, 31),
    "today": date(2026, 3, 31),
    "has_use": True,
    "uses": 0,
    "uses_of_rule": 0,
}


@pytest.mark.parametrize(
    ("also", "status"),
    [
        pytest.param({}, CouponStatus.USABLE, id="usable"),
        pytest.param({"today": date(2026, 3, 1)}, CouponStatus.USABLE, id="first day"),
        pytest.param({"today": date(2026, 2, 28)}, CouponStatus.NOT_BEGUN, id="before"),
        pytest.param({"today": date(2026, 4, 1)}, CouponStatus.EXPIRED, id="after"),
        pytest.param({"has_use": False}, CouponStatus.USED_UP, id="used up"),
        pytest.param({"is_active": False}, CouponStatus.INACTIVE, id="inactive"),
        pytest.param(
            {"is_of_website": False}, CouponStatus.OF_OTHER_WEBSITE, id="elsewhere"
        ),
        pytest.param(
            {"from_day": None, "to_day": None}, CouponStatus.USABLE, id="open ends"
        ),
    ],
)
def test_an_administrator_learns_why_a_code_does_nothing(
    also: dict[str, Any], status: CouponStatus
) -> None:
    assert KnownCoupon(**{**KNOWN, **also}).status is status
