"""Events as they were told, each once, in partitions of a month."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import asyncpg

from gateway.personalize.events import Bounds, Told
from gateway.storage.connection import Connection
from gateway.storage.database import Database
from gateway.storage.errors import MonthDropped
from gateway.storage.sql import Query, queries

SQL = queries("events")

AT_ONCE = 5000

Done = TypeVar("Done")


@dataclass(frozen=True)
class Terms:
    """On what terms events are taken.

    A session may send so many *per_minute*. Whether a login *joins* what the visitor
    did to what the customer did before.
    """

    bounds: Bounds = field(default_factory=Bounds)
    joins: bool = True
    per_minute: int = 600


class Months:
    """The months of which this process knows that there is room for their events."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: set[date] = set()

    async def holding(
        self, months: Iterable[date], record: Callable[[], Awaitable[Done]]
    ) -> Done:
        """Record events of months that begin with these days, with room for them.

        A process that keeps events for a shorter time may have dropped what this one
        has made: then it is made and all is recorded anew.
        """
        needed = set(months)
        await self.make(needed)
        try:
            return await record()
        except MonthDropped:
            self._made -= needed
        await self.make(needed)
        return await record()

    async def make(self, months: Iterable[date]) -> None:
        """Make room for the events of months that begin with these days."""
        for month in sorted(set(months) - self._made):
            async with self._database.connection() as connection:
                await connection.execute(SQL.make_month, month)
            self._made.add(month)


async def insert(
    connection: Connection, website: str, told: Collection[Told], *, from_server: bool
) -> frozenset[str]:
    """Record events that are new, and give their ids.

    Of one that does not count, and of a deletion, nothing but the id and time is kept.

    Raises:
        MonthDropped: there is no room for one of them.
    """
    rows = [
        {
            "id": one.event.id,
            "type": one.event.type.key,
            "at": one.event.at,
            "digest": one.event.digest.hex(),
            **(_whose(one) if one.is_kept_whole else {"payload": {}}),
        }
        for one in told
    ]
    try:
        found = await connection.fetch(SQL.insert, website, from_server, rows)
    except asyncpg.CheckViolationError as error:
        # Nothing else is checked there than that each row has its partition.
        raise MonthDropped(str(error)) from error
    return frozenset(row["id"] for row in found)


def _whose(told: Told) -> dict[str, object]:
    return {
        "customer_id": told.customer_id,
        "session": told.session,
        # Whoever is known by an id is found by it.
        "email": None if told.customer_id else told.email,
        "payload": told.event.payload,
    }


async def digests(
    connection: Connection, website: str, ids: Sequence[str], *, from_server: bool
) -> dict[str, bytes]:
    """Give the digests of what was sent under *ids* before."""
    rows = await connection.fetch(SQL.digests, website, from_server, ids)
    return {row["id"]: row["digest"] for row in rows}


@dataclass(frozen=True)
class Dropped:
    """How much was too old."""

    months: int = 0
    ids: int = 0
    histories: int = 0


async def purge(database: Database, before: date) -> Dropped | None:
    """Drop what is of before a day; None where another process is just doing so.

    Ids and histories go a few thousand at a time, so that nobody waits for long.
    """
    async with database.dedicated() as connection:
        if not await connection.fetchval(SQL.lock_purge):
            return None
        months = await connection.fetchval(SQL.drop_months, before)
        ids = await _drop(connection, SQL.drop_ids, before)
        histories = await _drop(connection, SQL.drop_histories, before)
        await _drop(connection, SQL.drop_sessions, before)
        await _drop(connection, SQL.drop_standings, before)
        return Dropped(months, ids, histories)


async def _drop(connection: Connection, query: Query, before: date) -> int:
    dropped = 0
    while True:
        done = await connection.execute(query, before, AT_ONCE)
        count = int(done.rpartition(" ")[2])
        dropped += count
        if count < AT_ONCE:
            return dropped
