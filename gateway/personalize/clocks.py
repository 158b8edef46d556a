"""The instants at which time alone changes what a condition reads.

A clock is a function of the context to the next such instant after its *at*; None is
never. Every answer ends, at the latest, when a clock of one of its conditions strikes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from gateway.personalize import schedule
from gateway.personalize.context import Context

Clock = Callable[[Context], datetime | None]


def end_of_day(context: Context) -> datetime | None:
    """Strike when the website's calendar day ends."""
    return schedule.next_day(context.at, context.website.timezone)


def next_end_of_membership(context: Context) -> datetime | None:
    """Strike when the customer is no longer in an audience."""
    return earliest(membership.until for membership in context.memberships)


def next_strike(clocks: Iterable[Clock], context: Context) -> datetime | None:
    """Return the first instant at which one of *clocks* strikes."""
    return earliest(clock(context) for clock in clocks)


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the first of *instants*, where None is never."""
    return min((one for one in instants if one is not None), default=None)
