"""Forgets what has expired: members of audiences, and what sessions remembered.

Nothing depends on it: whoever looks at such a row looks at the time, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from gateway.background import beside
from gateway.storage import audience_members, remembered_segments
from gateway.storage.database import Database
from gateway.storage.errors import StorageError

SECONDS_BETWEEN = 3600.0
MOST = 5000  # Rows of one statement, so that none takes long.
KEPT = timedelta(days=1)
"""How long administrators still see who has left an audience."""

logger = logging.getLogger("gateway.expiry")


@asynccontextmanager
async def forgotten(
    database: Database, seconds: float = SECONDS_BETWEEN
) -> AsyncIterator[None]:
    """Forget what has expired, at once and then every so many *seconds*."""
    async with beside(_forget(database, seconds), "forget what expired"):
        yield


async def forget(database: Database, at: datetime) -> None:
    """Forget what has expired at an instant."""
    while await remembered_segments.purge(database, at, MOST) == MOST:
        pass
    while await audience_members.purge(database, at - KEPT, MOST) == MOST:
        pass


async def _forget(database: Database, seconds: float) -> None:
    while True:
        try:
            await forget(database, datetime.now(UTC))
        except StorageError as error:
            logger.warning("what has expired is not forgotten yet: %s", error)
        await asyncio.sleep(seconds)
