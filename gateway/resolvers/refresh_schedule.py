"""Refreshes that are due by the clock, started by one worker of all there are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.background import beside
from gateway.resolvers.refresher import Refresher
from gateway.storage import segment_refreshes
from gateway.storage.database import Database
from gateway.storage.errors import StorageError

logger = logging.getLogger("gateway.segment_refreshes")

LOOK_SECONDS = 30.0
FAILED_SECONDS = 600.0


@dataclass(frozen=True)
class RefreshSchedule:
    """Refreshes every website at *times* of its own day.

    What was due while nothing ran is made up for once. Whether something is due is read
    from the database, where the last refresh is: no worker has to remember.
    """

    database: Database
    refresher: Refresher
    times: Sequence[time]
    look_seconds: float = LOOK_SECONDS

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look after what is due, for as long as the block lasts."""
        if not self.times:
            yield
            return
        async with beside(self._keep(), "refresh matched customers"):
            yield

    async def look(self, now: datetime) -> bool:
        """Refresh the websites of which one is due; whether all went well."""
        websites = await segment_refreshes.websites(self.database)
        went_well = True
        for website, timezone in websites.items():
            try:
                due = latest(self.times, timezone, now)
                went_well &= await self._refresh(website, due)
            except StorageError:
                raise
            except Exception:
                # One website, whatever was written into its row, must not stop others.
                logger.exception("website %s could not be refreshed", website)
                went_well = False
        return went_well

    async def _keep(self) -> None:
        while True:
            seconds = self.look_seconds
            try:
                if not await self.look(datetime.now(UTC)):
                    seconds = FAILED_SECONDS
            except StorageError as gone:
                logger.warning("what is to be refreshed is not known: %s", gone)
            await asyncio.sleep(seconds)

    async def _refresh(self, website: str, due: datetime) -> bool:
        if not await self._is_due(website, due):
            return True
        # Whoever has this lock starts it; it is released when this worker dies.
        async with self.database.dedicated() as connection:
            if not await segment_refreshes.try_schedule(connection, website):
                return True
            if not await self._is_due(website, due):
                return True
            logger.info("website %s is refreshed: it was due at %s", website, due)
            return await self.refresher.run(self.database, website)

    async def _is_due(self, website: str, due: datetime) -> bool:
        last = await segment_refreshes.last_of_all(self.database, website)
        if last is not None and last >= due:
            return False
        return await segment_refreshes.is_free(self.database, website)


def latest(times: Sequence[time], timezone: str, now: datetime) -> datetime:
    """Return the last moment up to *now* at which it was one of *times* there.

    A time which a clock change skips is as much later as was skipped, and of one that
    comes twice the first counts.
    """
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    moments = [
        datetime.combine(today - timedelta(days=ago), each, zone).astimezone(UTC)
        for ago in (0, 1)
        for each in times
    ]
    return max(moment for moment in moments if moment <= now)
