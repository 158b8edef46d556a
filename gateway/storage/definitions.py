"""The definitions that rule books are made of, as rows that can be read and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from gateway.storage.database import Connection, Database, Record
from gateway.storage.sql import queries

SQL = queries("definitions")

Definition = TypeVar("Definition")

Names = Mapping[str, Sequence[str]]
"""The names that exist, by subject: ``segments``, ``websites`` and so on."""


@dataclass(frozen=True)
class Wanted:
    """Which definitions are asked for; None asks for any.

    *search* is looked for in key and name, without regard to case.
    """

    search: str | None = None
    website: str | None = None
    active: bool | None = None


@dataclass(frozen=True)
class Stored:
    """One stored definition: *given* is what ``read`` of its subject takes."""

    id: int
    version: int
    updated_at: datetime
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Versioned(Generic[Definition]):
    """A definition that is stored by its fields, such as a website."""

    definition: Definition
    version: int


@dataclass(frozen=True)
class Found:
    """Some of the definitions that were asked for, and how many there are in all."""

    rows: Sequence[Stored]
    total: int


@dataclass(frozen=True)
class Use:
    """A place that refers to something, which must therefore stay."""

    subject: str
    key: str


class Shelf:
    """The definitions of one subject, whose queries are in the *file* of its name."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._sql = queries(file)

    async def list(
        self, database: Database, wanted: Wanted, *, limit: int, offset: int
    ) -> Found:
        """Return at most *limit* of the wanted definitions, by id, from *offset* on."""
        asked = (wanted.search, wanted.website, wanted.active)
        rows = await database.read(self._sql.list, *asked, limit, offset)
        if not rows and offset > 0:
            # The total stands beside the rows: behind the last page there is none.
            first = await database.read(self._sql.list, *asked, 1, 0)
            return Found((), first[0]["total"] if first else 0)
        total = rows[0]["total"] if rows else 0
        return Found([_stored(row) for row in rows], total)

    async def find(self, connection: Connection, key: str) -> Stored | None:
        """Return the definition called *key*, or None."""
        row = await connection.fetchrow(self._sql.find, key)
        return _stored(row) if row is not None else None

    async def save(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Add or replace the definition that *row* gives by column."""
        await connection.execute(self._sql.save, row)

    async def delete(self, connection: Connection, key: str) -> bool:
        """Delete the definition called *key*; false when there is none."""
        return await connection.fetchrow(self._sql.delete, key) is not None

    async def uses(self, connection: Connection, key: str) -> Sequence[Use]:
        """Return what refers to the definition called *key*."""
        if "uses" not in self._sql.by_name:
            return ()
        return uses(await connection.fetch(self._sql.uses, key))


def uses(rows: Sequence[Record]) -> Sequence[Use]:
    """Read the rows of a query called ``uses``."""
    return [Use(row["subject"], row["key"]) for row in rows]


async def names(connection: Connection) -> Names:
    """Return every name that a definition can refer to."""
    row = await connection.fetchrow(SQL.names)
    return dict(row or {})


async def taken_coupon_code(
    connection: Connection, code: str, *, besides: str
) -> str | None:
    """Return the key of the rule, other than *besides*, that has the coupon code."""
    key: str | None = await connection.fetchval(SQL.taken_coupon_code, code, besides)
    return key


@dataclass(frozen=True)
class SegmentReferences:
    """Whom a segment applies to, and the keys of the segments that it asks for."""

    applies_to: str
    segments: Sequence[str]


async def segment_references(
    connection: Connection,
) -> Mapping[str, SegmentReferences]:
    """Return what every segment refers to, by its key."""
    rows = await connection.fetch(SQL.segment_references)
    return {
        row["key"]: SegmentReferences(row["applies_to"], row["segments"])
        for row in rows
    }


def _stored(row: Record) -> Stored:
    return Stored(row["id"], row["version"], row["updated_at"], row["given"])
