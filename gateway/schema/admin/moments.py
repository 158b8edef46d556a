"""Moments in arguments, which are in UTC where they say no offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import strawberry

Since = Annotated[
    datetime | None,
    strawberry.argument(
        description="The moment since which customers joined or left, in UTC where it"
        " says no offset; if left out, all that ever did count."
    ),
]

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


def in_utc(given: datetime) -> datetime:
    """Return a moment with an offset: without one it is in UTC."""
    return given if given.tzinfo is not None else given.replace(tzinfo=UTC)


def since(given: datetime | None) -> datetime:
    """Return the moment since which something counts; all counts where none is said."""
    return ALWAYS if given is None else in_utc(given)
