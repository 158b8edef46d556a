"""When something runs: whole days of a website's own calendar, as instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from gateway.personalize.fields import Fields


@dataclass(frozen=True)
class Schedule:
    """From one instant until, not including, another; None is an open end."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def runs(self, at: datetime) -> bool:
        """Whether *at* lies within."""
        if self.starts_at is not None and at < self.starts_at:
            return False
        return self.ends_at is None or at < self.ends_at

    @property
    def boundaries(self) -> tuple[datetime, ...]:
        """The instants at which it starts or ends."""
        ends = (self.starts_at, self.ends_at)
        return tuple(instant for instant in ends if instant is not None)


ALWAYS = Schedule()
"""The schedule of what has neither a first nor a last day."""


def read_days(fields: Fields) -> tuple[date | None, date | None]:
    """Read ``from`` and ``to``: two days, both included; None is an open end."""
    first, last = fields.day("from"), fields.day("to")
    if first is not None and last is not None and last < first:
        fields.fault("to", f"{last} is before {first}.", "Write the later day here.")
    return first, last


@lru_cache(maxsize=8192)
def of_days(first: date | None, last: date | None, timezone: str) -> Schedule:
    """Run from the start of *first* to the end of *last*, both included.

    Adobe Commerce, cart price rules: From and To are dates of the website's own
    calendar. A midnight which a clock change skips is the moment of the change.
    """
    # What begins with the calendar, or ends with it, is open.
    after = last + timedelta(days=1) if last and last < date.max else None
    return Schedule(
        _midnight(first, timezone) if first else None,
        _midnight(after, timezone) if after else None,
    )


def day_of(at: datetime, timezone: str) -> date:
    """Return the calendar day which *at* is in *timezone*."""
    return at.astimezone(ZoneInfo(timezone)).date()


def next_day(at: datetime, timezone: str) -> datetime | None:
    """Return the first instant after *at* which *timezone* counts to another day.

    Mostly the next midnight. Where a clock change skips that midnight, it is the
    moment of the change; where one sets the clock back over midnight, the day before
    comes again. None is the end of the calendar.
    """
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    of_day = timedelta(
        hours=local.hour,
        minutes=local.minute,
        seconds=local.second,
        microseconds=local.microsecond,
    )
    try:
        midnight = (at - of_day + timedelta(days=1)).astimezone(UTC)
        if midnight.astimezone(zone).utcoffset() == local.utcoffset():
            return midnight
        change = _clock_change(at, midnight, zone)
        if change.astimezone(zone).date() != local.date():
            return change
        return next_day(change, timezone)
    except OverflowError:
        return None


def _clock_change(at: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second, until *end*, at which *zone* is off as it then is.

    Clocks are changed once in a day at most, and at a whole second.
    """
    later = end.astimezone(zone).utcoffset()
    before, after = int(at.timestamp()), int(end.timestamp())
    while after - before > 1:
        between = (before + after) // 2
        if datetime.fromtimestamp(between, zone).utcoffset() == later:
            after = between
        else:
            before = between
    return datetime.fromtimestamp(after, UTC)


def _midnight(day: date, timezone: str) -> datetime | None:
    local = datetime.combine(day, time.min, tzinfo=ZoneInfo(timezone))
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return None
