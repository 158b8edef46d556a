"""Wait for what must come, for as long as a busy machine may take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import isawaitable

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


async def until(holds: Callable[[], object]) -> None:
    """Sleep until something holds, which may have to be awaited itself."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            held = holds()
            if await held if isawaitable(held) else held:
                return
            await asyncio.sleep(0.01)


async def until_waiting(database: Database, count: int) -> None:
    """Sleep until so many connections wait for a lock.

    A transaction would see what it saw first, again and again.
    """

    async def enough() -> bool:
        waiting: int = (await database.read(WAITING))[0]["waiting"]
        return waiting >= count

    await until(enough)
