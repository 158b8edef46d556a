"""Runs that match all customers of a website anew, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from gateway.storage.connection import Connection
from gateway.storage.customers import SQL as CUSTOMERS
from gateway.storage.database import Database
from gateway.storage.sql import queries

SQL = queries("segment_refreshes")

RANGE = 20_000
RESUMED_WITHIN_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Range:
    """The customers of run *refresh_id* above *done_to* and up to *until*, by id.

    None is before the first customer, or after the last.
    """

    refresh_id: int
    number: int
    done_to: str | None
    until: str | None

    def moved(self, done_to: str | None) -> Range:
        """Return what is left after customer *done_to*."""
        return replace(self, done_to=done_to)


@dataclass(frozen=True)
class Run:
    """A run that is under way: what it decides, and the ranges that are left.

    *keys* is None when it is for all segments. *segment_ids* and *versions* are those
    that it decides, all of them as of *at*.
    """

    id: int
    website: str
    keys: Sequence[str] | None
    segment_ids: Sequence[int]
    versions: Sequence[int]
    at: datetime
    ranges: Sequence[Range]
    resumed: bool = False


@dataclass(frozen=True)
class Refresh:
    """A run and how far it has come; *keys* is None when it is for all segments.

    *customers* were there when it began, of which *decided* are done. Without
    *finished_at* it is under way, failed or was killed: *seen_at* tells when it last
    moved, and *failure* why it failed.
    """

    id: int
    keys: Sequence[str] | None
    started_at: datetime
    finished_at: datetime | None
    abandoned: bool
    failure: str | None
    customers: int
    decided: int
    joined: int
    departed: int
    seen_at: datetime | None


async def try_lock(connection: Connection, website: str) -> bool:
    """Become the one who refreshes *website*, for as long as the connection lives."""
    return bool(await connection.fetchval(SQL.try_lock, website))


async def is_free(database: Database, website: str) -> bool:
    """Whether nobody refreshes *website* at this moment."""
    return bool((await database.read(SQL.is_free, website))[0][0])


async def websites(database: Database) -> Mapping[str, str]:
    """Return the time zones of all websites by their codes."""
    return {row["code"]: row["timezone"] for row in await database.read(SQL.websites)}


async def unknown(
    database: Database, website: str, keys: Sequence[str]
) -> Sequence[str]:
    """Return those of *keys* that no segment of *website* has."""
    rows = await database.read(SQL.due, website, list(keys))
    known = {row["key"] for row in rows}
    return [key for key in keys if key not in known]


async def begin(
    connection: Connection, website: str, keys: Sequence[str] | None
) -> Run:
    """Begin a run, or go on with the one that was killed, if it was for the same.

    It was if neither the segments that were asked for nor any rule has changed.
    """
    async with connection.transaction():
        found = await connection.fetchrow(
            SQL.unfinished, website, keys, RESUMED_WITHIN_SECONDS
        )
        if found is None:
            run = await _new_run(connection, website, keys)
        else:
            ids, versions = found["segment_ids"], found["versions"]
            at = found["started_at"].astimezone(UTC)
            run = Run(found["id"], website, keys, ids, versions, at, (), resumed=True)
            await connection.execute(SQL.resume, run.id)
        await connection.execute(SQL.abandon, website, run.id)
        rows = await connection.fetch(SQL.open_ranges, run.id)
    return replace(run, ranges=[Range(run.id, *row) for row in rows])


async def finish(connection: Connection, run: Run) -> None:
    """End a run all of whose ranges are done."""
    await connection.execute(SQL.finish, run.id)
    await connection.execute(SQL.put_sizes_together, run.website)


async def fail(connection: Connection, run: Run, failure: str) -> None:
    """Note why a run ended before it was done."""
    await connection.execute(SQL.fail, run.id, failure)


async def outdated(
    connection: Connection, run: Run, keys: Sequence[str] | None
) -> Sequence[str]:
    """Return the segments that were saved since the run began."""
    rows = await connection.fetch(SQL.outdated, run.website, keys, run.id)
    return [row["key"] for row in rows]


async def last(database: Database, website: str) -> Refresh | None:
    """Return the last run on *website*; None if there was none."""
    rows = await database.read(SQL.last, website)
    return Refresh(**dict(rows[0])) if rows else None


async def last_of_all(database: Database, website: str) -> datetime | None:
    """Return when the last run for all segments that was finished began."""
    rows = await database.read(SQL.last_of_all, website)
    return rows[0][0] if rows else None


async def purge(database: Database, before: date, most: int) -> int:
    """Forget *most* runs of before a day that a later one replaced; return how many."""
    async with database.connection() as connection:
        return len(await connection.fetch(SQL.purge, before, most))


async def try_schedule(connection: Connection, website: str) -> bool:
    """Become the one who starts what is due, for as long as the connection lives."""
    return bool(await connection.fetchval(SQL.try_schedule, website))


async def _new_run(
    connection: Connection, website: str, keys: Sequence[str] | None
) -> Run:
    due = await connection.fetch(SQL.due, website, keys)
    ids = [row["id"] for row in due]
    versions = [row["version"] for row in due]
    customers = await connection.fetchval(CUSTOMERS.count, website)
    [begun] = await connection.fetch(SQL.begin, website, keys, ids, versions, customers)
    run_id, started_at = begun
    rows = await connection.fetch(CUSTOMERS.bounds, website, RANGE)
    # The last range has no end: it also has those who come meanwhile.
    ends = [*(row["customer_id"] for row in rows), None]
    # From here on whoever deletes customers waits, so all that takes long is done.
    await connection.execute(SQL.add_ranges, run_id, ends)
    at = started_at.astimezone(UTC)
    return Run(run_id, website, keys, ids, versions, at, ())
