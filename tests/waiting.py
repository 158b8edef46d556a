"""Wait for somebody who waits for a lock."""

from __future__ import annotations

import asyncio

from gateway.storage.database import Database
from gateway.storage.sql import Query

WAITING = Query("""
select count(*) as waiting from pg_stat_activity
 where datname = current_database() and wait_event_type = 'Lock'""")


async def until_waiting(database: Database, count: int) -> None:
    """Sleep until so many connections wait for a lock.

    A transaction would see what it saw first, again and again.
    """
    while (await database.read(WAITING))[0]["waiting"] < count:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
