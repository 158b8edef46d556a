from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.personalize import schedule
from gateway.personalize.fields import Fields
from gateway.personalize.schedule import Schedule


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "day", "starts", "ends"),
    [
        pytest.param(
            "UTC", "2026-03-29", "2026-03-29T00:00", "2026-03-30T00:00", id="utc"
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-03-29",
            "2026-03-28T23:00",
            "2026-03-29T22:00",
            id="berlin, 23 hours",
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-10-25",
            "2026-10-24T22:00",
            "2026-10-25T23:00",
            id="berlin, 25 hours",
        ),
        pytest.param(
            "America/New_York",
            "2026-03-08",
            "2026-03-08T05:00",
            "2026-03-09T04:00",
            id="new york, 23 hours",
        ),
        pytest.param(
            "America/New_York",
            "2026-11-01",
            "2026-11-01T04:00",
            "2026-11-02T05:00",
            id="new york, 25 hours",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "2026-04-05",
            "2026-04-04T13:00",
            "2026-04-05T13:30",
            id="lord howe, 24 hours and a half",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "2026-10-04",
            "2026-10-03T13:30",
            "2026-10-04T13:00",
            id="lord howe, 23 hours and a half",
        ),
        pytest.param(
            "America/Santiago",
            "2026-09-05",
            "2026-09-05T04:00",
            "2026-09-06T04:00",
            id="santiago, before a midnight that is skipped",
        ),
        pytest.param(
            "America/Santiago",
            "2026-09-06",
            "2026-09-06T04:00",
            "2026-09-07T03:00",
            id="santiago, without a midnight",
        ),
        pytest.param(
            "America/Santiago",
            "2026-04-04",
            "2026-04-04T03:00",
            "2026-04-05T04:00",
            id="santiago, whose last hour comes twice",
        ),
        # Cuba left the clocks as they were in 2026, which older time zones do not know.
        pytest.param(
            "America/Havana",
            "2025-11-02",
            "2025-11-02T04:00",
            "2025-11-03T05:00",
            id="havana, whose midnight comes twice",
        ),
        pytest.param(
            "Asia/Kathmandu",
            "2026-06-01",
            "2026-05-31T18:15",
            "2026-06-01T18:15",
            id="kathmandu",
        ),
        pytest.param(
            "Pacific/Kiritimati",
            "2026-06-01",
            "2026-05-31T10:00",
            "2026-06-01T10:00",
            id="kiritimati, first of all",
        ),
        pytest.param(
            "Pacific/Pago_Pago",
            "2026-06-01",
            "2026-06-01T11:00",
            "2026-06-02T11:00",
            id="pago pago, last of all",
        ),
    ],
)
def test_a_day_is_the_websites_own(
    timezone: str, day: str, starts: str, ends: str
) -> None:
    whole_day = date.fromisoformat(day)

    runs = schedule.of_days(whole_day, whole_day, timezone)

    assert runs == Schedule(utc(starts), utc(ends))
    assert not runs.runs(utc(starts) - timedelta(microseconds=1))
    assert runs.runs(utc(starts))
    assert runs.runs(utc(ends) - timedelta(microseconds=1))
    assert not runs.runs(utc(ends))


def test_both_days_are_included() -> None:
    runs = schedule.of_days(date(2026, 12, 24), date(2026, 12, 26), "Europe/Berlin")

    assert runs.boundaries == (utc("2026-12-23T23:00"), utc("2026-12-26T23:00"))


def test_an_end_may_be_open() -> None:
    day, instant = date(2026, 12, 24), utc("2026-12-24T12:00")

    since = schedule.of_days(day, None, "UTC")
    until = schedule.of_days(None, day, "UTC")

    assert since == Schedule(starts_at=utc("2026-12-24T00:00"))
    assert since.boundaries == (utc("2026-12-24T00:00"),)
    assert since.runs(instant + timedelta(days=1000))
    assert not since.runs(instant - timedelta(days=1))
    assert until == Schedule(ends_at=utc("2026-12-25T00:00"))
    assert until.boundaries == (utc("2026-12-25T00:00"),)
    assert until.runs(instant - timedelta(days=1000))
    assert not until.runs(instant + timedelta(days=1))


def test_what_has_no_days_always_runs() -> None:
    always = schedule.of_days(None, None, "UTC")

    assert always == Schedule()
    assert always.boundaries == ()
    assert always.runs(utc("2026-12-24T12:00"))


@pytest.mark.parametrize("timezone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_are_open(timezone: str) -> None:
    runs = schedule.of_days(date.min, date.max, timezone)

    assert runs.runs(datetime.min.replace(tzinfo=UTC) + timedelta(days=2))
    assert runs.runs(datetime.max.replace(tzinfo=UTC) - timedelta(days=2))
    assert runs.ends_at is None


@pytest.mark.parametrize(
    ("timezone", "day"),
    [
        ("UTC", "2026-03-01"),
        ("Pacific/Kiritimati", "2026-03-02"),
        ("Asia/Kathmandu", "2026-03-01"),
        ("Pacific/Pago_Pago", "2026-03-01"),
        ("America/New_York", "2026-03-01"),
    ],
)
def test_an_instant_is_on_the_websites_day(timezone: str, day: str) -> None:
    noon = utc("2026-03-01T12:00")

    assert schedule.day_of(noon, timezone) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("timezone", "at", "wanted"),
    [
        pytest.param("UTC", "2026-03-10T12:00", "2026-03-11T00:00", id="utc"),
        pytest.param("UTC", "2026-03-10T00:00", "2026-03-11T00:00", id="at midnight"),
        pytest.param(
            "UTC", "2026-03-10T23:59:59.999999", "2026-03-11T00:00", id="just before"
        ),
        pytest.param(
            "Asia/Kathmandu", "2026-03-10T12:00", "2026-03-10T18:15", id="quarters"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00", id="23 hours"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-29T01:00", "2026-03-29T22:00", id="at the change"
        ),
        pytest.param(
            "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00", id="25 hours"
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "2026-10-03T13:30",
            "2026-10-04T13:00",
            id="23 hours and a half",
        ),
        pytest.param(
            "America/Santiago",
            "2026-09-05T12:00",
            "2026-09-06T04:00",
            id="without a midnight",
        ),
        pytest.param(
            "America/Santiago",
            "2026-04-04T12:00",
            "2026-04-05T04:00",
            id="an hour before midnight comes twice",
        ),
        pytest.param(
            "America/Havana",
            "2025-11-01T12:00",
            "2025-11-02T04:00",
            id="midnight comes twice: the first",
        ),
        pytest.param(
            "America/Havana",
            "2025-11-02T04:00",
            "2025-11-03T05:00",
            id="midnight comes twice: behind the first",
        ),
        # At one minute past midnight the clock was set back to the day before.
        pytest.param(
            "America/St_Johns",
            "2010-11-06T12:00",
            "2010-11-07T02:30",
            id="a day of a minute",
        ),
        pytest.param(
            "America/St_Johns",
            "2010-11-07T02:30:30",
            "2010-11-07T02:31",
            id="the day before comes again",
        ),
        pytest.param(
            "America/St_Johns",
            "2010-11-07T02:31",
            "2010-11-07T03:30",
            id="and the day once more",
        ),
        pytest.param(
            "Pacific/Apia", "2011-12-29T12:00", "2011-12-30T10:00", id="a day is left"
        ),
        # At 23:30 the clock was set to 00:30.
        pytest.param(
            "America/Toronto",
            "1919-03-30T12:00",
            "1919-03-31T04:30",
            id="a change before midnight",
        ),
    ],
)
def test_the_next_day_begins_when_the_zone_counts_another(
    timezone: str, at: str, wanted: str
) -> None:
    began = utc(at)

    begins = schedule.next_day(began, timezone)

    assert begins == utc(wanted)
    just_before = begins - timedelta(microseconds=1)
    assert schedule.day_of(just_before, timezone) == schedule.day_of(began, timezone)
    assert schedule.day_of(begins, timezone) != schedule.day_of(began, timezone)


def test_behind_the_last_day_of_the_calendar_there_is_none() -> None:
    assert schedule.next_day(utc("9999-12-31T12:00"), "UTC") is None


def test_a_schedule_ends_no_earlier_than_it_begins() -> None:
    first, last = date(2026, 12, 24), date(2026, 12, 26)

    def read(**given: str) -> object:
        fields = Fields(given)
        days = schedule.read_days(fields)
        return [str(problem) for problem in fields.problems] or days

    assert read() == (None, None)
    assert read(**{"from": "2026-12-24"}) == (first, None)
    assert read(**{"from": "2026-12-24", "to": "2026-12-26"}) == (first, last)
    assert read(**{"from": "2026-12-24", "to": "2026-12-24"}) == (first, first)
    assert read(**{"from": "2026-12-26", "to": "2026-12-24"}) == [
        "to: 2026-12-24 is before 2026-12-26. Write the later day here."
    ]
