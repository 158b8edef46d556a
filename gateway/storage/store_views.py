"""Store views as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.personalize.store_views import StoreViewDefinition
from gateway.storage import definitions
from gateway.storage.database import Connection, Database, Record
from gateway.storage.definitions import Use, Versioned
from gateway.storage.sql import queries

SQL = queries("store_views")


async def list_all(
    database: Database, website: str | None = None
) -> Sequence[Versioned[StoreViewDefinition]]:
    """Return the store views of *website*, or of all, in the order of their making."""
    return [_store_view(row) for row in await database.read(SQL.list, website)]


async def find(
    connection: Connection, code: str
) -> Versioned[StoreViewDefinition] | None:
    """Return the store view called *code*, or None."""
    row = await connection.fetchrow(SQL.find, code)
    return _store_view(row) if row is not None else None


async def save(
    connection: Connection, view: StoreViewDefinition
) -> Versioned[StoreViewDefinition]:
    """Add a store view, or replace its name and locale."""
    row = await connection.fetchrow(
        SQL.save, view.code, view.website, view.name, view.locale
    )
    assert row is not None  # noqa: S101 - An upsert returns its row.
    return _store_view(row)


async def delete(connection: Connection, code: str) -> bool:
    """Delete the store view called *code*; false when there is none."""
    return await connection.fetchrow(SQL.delete, code) is not None


async def uses(connection: Connection, code: str) -> Sequence[Use]:
    """Return what refers to the store view."""
    return definitions.uses(await connection.fetch(SQL.uses, code))


def _store_view(row: Record) -> Versioned[StoreViewDefinition]:
    definition = StoreViewDefinition(
        row["code"], row["website"], row["name"], row["locale"]
    )
    return Versioned(definition, row["version"])
