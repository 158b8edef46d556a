"""Websites as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from gateway.personalize.errors import Conflict, Problem
from gateway.personalize.websites import WebsiteDefinition
from gateway.storage import definitions
from gateway.storage.database import Connection, Database, Record
from gateway.storage.definitions import Use, Versioned
from gateway.storage.sql import queries

SQL = queries("websites")


async def list_all(database: Database) -> Sequence[Versioned[WebsiteDefinition]]:
    """Return every website, in the order of their making."""
    return [_website(row) for row in await database.read(SQL.list)]


async def find(
    connection: Connection, code: str
) -> Versioned[WebsiteDefinition] | None:
    """Return the website called *code*, or None."""
    row = await connection.fetchrow(SQL.find, code)
    return _website(row) if row is not None else None


async def save(
    connection: Connection, website: WebsiteDefinition
) -> Versioned[WebsiteDefinition]:
    """Add or replace a website."""
    row = await connection.fetchrow(
        SQL.save,
        website.code,
        website.name,
        website.timezone,
        website.currency,
        website.most_discount,
    )
    assert row is not None  # noqa: S101 - An upsert returns its row.
    return _website(row)


async def delete(connection: Connection, code: str) -> bool:
    """Delete the website called *code*; false when there is none.

    Raises:
        Conflict: a customer, order or product came since its uses were looked up.
    """
    try:
        return await connection.fetchrow(SQL.delete, code) is not None
    except asyncpg.ForeignKeyViolationError as used:
        raise Conflict(Problem("code", "it came into use just now.")) from used


async def uses(connection: Connection, code: str) -> Sequence[Use]:
    """Return what belongs to the website; of what comes in masses, one each."""
    return definitions.uses(await connection.fetch(SQL.uses, code))


async def amounts(connection: Connection, code: str) -> Sequence[Use]:
    """Return what has amounts in the website's currency, and let nothing be added.

    What comes in masses is told once. Whoever adds something waits for the end of the
    transaction.
    """
    await connection.execute(SQL.hold, code)
    return definitions.uses(await connection.fetch(SQL.amounts, code))


async def lock_definitions(connection: Connection) -> None:
    """Hold back every other writer of definitions until the transaction ends."""
    await connection.execute(SQL.lock_definitions)


def _website(row: Record) -> Versioned[WebsiteDefinition]:
    definition = WebsiteDefinition(
        row["code"],
        row["name"],
        row["timezone"],
        row["currency"],
        row["most_discount"],
    )
    return Versioned(definition, row["version"])
