"""Which segments of a visitor the customer stays in who has just logged in.

They are remembered in the database, for the session and for nobody else. An answer is
right without it: what cannot be written is logged, and forgotten at the login.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from gateway.personalize.segments import Segment
from gateway.storage import remembered_segments
from gateway.storage.database import Database
from gateway.storage.errors import StorageError
from gateway.storage.profiles import Facts

LONGEST = timedelta(days=1)
"""A session that lasts longer is in them no more."""

logger = logging.getLogger("gateway.remembered_segments")


async def remember(
    database: Database,
    session: str,
    website: str,
    matched: Iterable[Segment],
    facts: Facts,
    at: datetime,
) -> None:
    """Keep which of the *matched* segments outlast a login, where *facts* differ."""
    found = {segment.key for segment in matched if segment.keeps_after_login}
    if found == facts.remembered_at(at).segments:
        return
    try:
        await remembered_segments.remember(
            database, session, website, found, at + LONGEST
        )
    except StorageError as error:
        logger.warning("the segments of a visitor are not remembered: %s", error)


async def take_over(
    database: Database,
    visitor_session: str,
    website: str,
    session: str,
    customer_id: str,
    at: datetime,
) -> None:
    """Hand what a visitor's session held to the customer's, which a login began."""
    await remembered_segments.take_over(
        database, visitor_session, website, session, customer_id, at, at + LONGEST
    )
