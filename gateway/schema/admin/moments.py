"""Since when something counts, as arguments say it."""

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


def since(given: datetime | None) -> datetime:
    """Return the moment since which something counts; all counts where none is said."""
    return given or ALWAYS
