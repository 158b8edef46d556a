"""Wait for what must come, for as long as a busy machine may take."""

from __future__ import annotations

import asyncio

from gateway.storage.database import Database, Timeouts
from gateway.storage.sql import Query

PATIENCE_SECONDS = 120.0

# For whoever does not ask how long PostgreSQL may take: a machine that is busy, or
# stands still for a while, fails no test.
UNHURRIED = Timeouts(
    connect=PATIENCE_SECONDS, acquire=PATIENCE_SECONDS, command=PATIENCE_SECONDS
)

WAITING = Query("""
select count(*) as waiting from pg_stat_activity
 where datname = current_database() and wait_event_type = 'Lock'""")


async def until_waiting(database: Database, count: int) -> None:
    """Sleep until so many connections wait for a lock.

    A transaction would see what it saw first, again and again.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await database.read(WAITING))[0]["waiting"] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
