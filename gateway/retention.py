"""Makes room for the events of months to come, and drops what is too old.

So do those who left segments long ago, and the refreshes that found that out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from gateway.background import beside
from gateway.storage import events, matched_customers, segment_refreshes
from gateway.storage.database import Database
from gateway.storage.errors import StorageError

logger = logging.getLogger("gateway.retention")

# Soon after the start, but not while everything else starts.
_FIRST_SECONDS = 60
_EVERY_SECONDS = 24 * 60 * 60
_AHEAD_DAYS = 32
_AT_ONCE = 5000


@asynccontextmanager
async def kept(database: Database, keeps_days: int) -> AsyncIterator[None]:
    """Do so every day while the block runs; of several processes, one at a time."""
    async with beside(_daily(database, keeps_days), "keep events"):
        yield


async def _daily(database: Database, keeps_days: int) -> None:
    await asyncio.sleep(_FIRST_SECONDS)
    while True:
        try:
            await keep(database, keeps_days, datetime.now(UTC))
        except StorageError as gone:
            logger.warning("old events were not dropped: %s", gone)
        except Exception:
            logger.exception("old events were not dropped")
        await asyncio.sleep(_EVERY_SECONDS)


async def keep(
    database: Database, keeps_days: int, at: datetime
) -> events.Dropped | None:
    """Do so once; None where another process is just dropping."""
    today = at.date()
    ahead = today + timedelta(days=_AHEAD_DAYS)
    await events.Months(database).make(day.replace(day=1) for day in (today, ahead))
    before = today - timedelta(days=keeps_days)
    dropped = await events.purge(database, before)
    if dropped is not None:
        for purge in (matched_customers.purge, segment_refreshes.purge):
            while await purge(database, before, _AT_ONCE) == _AT_ONCE:
                pass
    if dropped and dropped != events.Dropped():
        logger.info("dropped what is older than %d days: %s", keeps_days, dropped)
    return dropped
