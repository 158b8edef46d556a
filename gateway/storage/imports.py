"""Brings the rows of files into their tables: copied aside, looked at, then merged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from gateway.personalize.errors import Conflict, Problem
from gateway.personalize.operators import Kind
from gateway.storage.connection import Connection, Record
from gateway.storage.database import Database
from gateway.storage.sql import Queries, Query, queries

_ATTRIBUTES = queries("imports/attributes")
_DEFINITIONS = queries("websites")
_PRODUCTS = queries("products")


@dataclass(frozen=True)
class StagedFault:
    """A staged row that cannot be merged, and why.

    *fault* is ``twice`` (*value* is the line of the first) or ``unknown`` (*value* is
    what leads nowhere).
    """

    line: int
    column: str
    fault: str
    value: str


@dataclass(frozen=True)
class Merged:
    """How many rows were not there, and how many were otherwise."""

    added: int = 0
    changed: int = 0


class Importing:
    """The one connection of an import.

    *database* lends that same connection to whoever saves something by itself, so
    that it is part of the transaction which is running.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.database: Database = _OfOneConnection(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Write what the block writes whole or not at all.

        Raises:
            Conflict: somebody else has written at the same time what stands against it.
        """
        try:
            async with self._connection.transaction():
                yield
        except asyncpg.IntegrityConstraintViolationError as violated:
            said = violated.detail or str(violated)
            raise Conflict(Problem("", f"PostgreSQL refuses it: {said}")) from violated
        except asyncpg.TransactionRollbackError as undone:
            said = f"another writer was in the way ({undone})."
            raise Conflict(Problem("", said, "Import it again.")) from undone

    async def timezones(self) -> Mapping[str, str]:
        """Return the time zone of every website, by its code."""
        rows = await self._connection.fetch(_DEFINITIONS.list)
        return {row["code"]: row["timezone"] for row in rows}

    async def declared(self, entity: str) -> Mapping[str, Kind]:
        """Return the kinds of the attributes that are declared for *entity*."""
        rows = await self._connection.fetch(_ATTRIBUTES.declared, entity)
        return {row["code"]: Kind(row["kind"]) for row in rows}

    async def declare(self, entity: str, kinds: Mapping[str, Kind]) -> None:
        """Declare attributes of *entity*; those that are declared stay as they are."""
        codes, words = list(kinds), [kind.value for kind in kinds.values()]
        await self._connection.execute(_ATTRIBUTES.declare, entity, codes, words)

    async def stage(
        self, table: str, columns: Iterable[str], records: Iterable[Sequence[Any]]
    ) -> None:
        """Copy *records* aside, as fast as they come and without keeping any.

        The first value of a record is its line; the others are those of *columns*.
        """
        await self._connection.execute(_queries(table).stage)
        await self._connection.copy_records_to_table(
            f"staged_{table}", records=records, columns=["file_line", *columns]
        )

    async def faults(self, table: str, most: int) -> Sequence[StagedFault]:
        """Return why staged rows cannot be merged, *most* of them at most, by line."""
        rows = await self._connection.fetch(_queries(table).faults, most)
        return [StagedFault(*row) for row in rows]

    async def merge(self, table: str, given: Collection[str] | None) -> Merged:
        """Write the staged rows that are new or not as they were.

        Only columns in *given* replace what is there; None means all of them. Nothing
        counts as changed, and no revision is raised, where every row is there already.
        """
        sql = _queries(table)
        if given is not None and "keep" in sql.by_name:
            await self._connection.execute(sql.keep, list(given))
        if sql is _ATTRIBUTES:
            await self._connection.execute(_DEFINITIONS.lock_definitions)
        if "lock" in sql.by_name:
            await self._connection.fetch(sql.lock)
        differing: Sequence[Record] = ()
        if "differing" in sql.by_name:
            differing = await self._connection.fetch(sql.differing)
            if not differing:
                return Merged()
        merged = Merged(**dict((await self._connection.fetch(sql.merge))[0]))
        if "lock" in sql.by_name:
            # Last, since it locks the website's row against whoever saves a rule.
            for row in differing:
                raising = _PRODUCTS.raise_catalogue_revision
                await self._connection.fetch(raising, row["website"])
        return merged


@asynccontextmanager
async def importing(database: Database, *, dry_run: bool) -> AsyncIterator[Importing]:
    """Open a connection of its own; at the end of a dry run undo everything.

    A file is one statement of COPY: *database* should not limit how long one takes.

    Raises:
        Unavailable: the server cannot be reached, or the connection was lost.
    """
    async with database.dedicated() as connection:
        if not dry_run:
            yield Importing(connection)
            return
        transaction = connection.transaction()
        await transaction.start()
        try:
            yield Importing(connection)
        finally:
            await transaction.rollback()


class _OfOneConnection(Database):
    """A database that lends everybody the connection of an import."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend the connection; what is written is part of its transaction."""
        yield self._connection

    async def read(self, query: Query, *arguments: object) -> list[Record]:
        """Fetch the rows of a query, within the transaction."""
        return await self._connection.fetch(query, *arguments)


def _queries(table: str) -> Queries:
    return queries(f"imports/{table}")
