"""Customer groups as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from gateway.personalize.customer_groups import CustomerGroupDefinition
from gateway.personalize.errors import Conflict, Problem
from gateway.storage import definitions
from gateway.storage.database import Connection, Database, Record
from gateway.storage.definitions import Use, Versioned
from gateway.storage.sql import queries

SQL = queries("customer_groups")


async def list_all(database: Database) -> Sequence[Versioned[CustomerGroupDefinition]]:
    """Return every customer group, by id."""
    return [_group(row) for row in await database.read(SQL.list)]


async def all_of(
    connection: Connection,
) -> Sequence[Versioned[CustomerGroupDefinition]]:
    """Return every customer group as *connection*'s transaction sees them, by id."""
    return [_group(row) for row in await connection.fetch(SQL.list)]


async def next_id(connection: Connection) -> int:
    """Return the lowest id above every customer group's."""
    id: int = await connection.fetchval(SQL.next_id)
    return id


async def save(
    connection: Connection, id: int, name: str
) -> Versioned[CustomerGroupDefinition]:
    """Add or rename a customer group."""
    row = await connection.fetchrow(SQL.save, id, name)
    assert row is not None  # noqa: S101 - An upsert returns its row.
    return _group(row)


async def delete(connection: Connection, id: int) -> bool:
    """Delete a customer group; false when there is none.

    Raises:
        Conflict: a customer came into it since its uses were looked up.
    """
    try:
        return await connection.fetchrow(SQL.delete, id) is not None
    except asyncpg.ForeignKeyViolationError as used:
        raise Conflict(Problem("id", "it came into use just now.")) from used


async def uses(connection: Connection, id: int) -> Sequence[Use]:
    """Return what refers to the customer group; of customers, one."""
    return definitions.uses(await connection.fetch(SQL.uses, id))


def _group(row: Record) -> Versioned[CustomerGroupDefinition]:
    return Versioned(CustomerGroupDefinition(row["name"], row["id"]), row["version"])
