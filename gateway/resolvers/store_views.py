"""Store views at the admin door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from gateway.personalize import store_views
from gateway.personalize.errors import Conflict, Problem
from gateway.personalize.store_views import StoreViewDefinition
from gateway.resolvers import checks
from gateway.resolvers.checks import Reference
from gateway.resolvers.pages import Page, Paging
from gateway.storage import definitions, websites
from gateway.storage import store_views as stored_views
from gateway.storage.database import Database
from gateway.storage.definitions import Versioned

StoreView: TypeAlias = Versioned[StoreViewDefinition]


async def page(
    database: Database, search: str | None, website: str | None, paging: Paging
) -> Page[StoreView]:
    """Return one page of the store views of *website*, or of all.

    Their code or name has *search* in it.
    """
    wanted = (search or "").lower()
    found = [
        view
        for view in await stored_views.list_all(database, website)
        if wanted in f"{view.definition.code} {view.definition.name}".lower()
    ]
    return Page.cut(found, paging)


async def get(database: Database, code: str) -> StoreView | None:
    """Return the store view called *code*, or None."""
    async with database.connection() as connection:
        return await stored_views.find(connection, code)


async def save(
    database: Database, given: Mapping[str, Any], expected_version: int | None = None
) -> StoreView:
    """Add or replace a store view; what does not change anything is not written.

    Raises:
        InvalidInput: with every field at fault, or when there is no such website.
        Conflict: another version is stored, or it would move to another website.
        NotFound: a version was expected, and nothing is stored.
    """
    definition = store_views.read(given)
    async with database.transaction() as connection:
        await websites.lock_definitions(connection)
        stored = await stored_views.find(connection, definition.code)
        version = stored.version if stored else None
        checks.require_version("store view", version, expected_version)
        names = await definitions.names(connection)
        owner = Reference("website", "websites", definition.website)
        checks.require([owner], names)
        if stored is not None:
            _require_same_website(stored.definition, definition)
        if stored is None or stored.definition != definition:
            stored = await stored_views.save(connection, definition)
    return stored


async def delete(database: Database, code: str) -> str:
    """Delete a store view and return its code.

    Raises:
        Conflict: content, a label, conditions or customers refer to it.
        NotFound: there is none.
    """
    async with database.transaction() as connection:
        await websites.lock_definitions(connection)
        if await stored_views.find(connection, code) is None:
            names = await definitions.names(connection)
            raise checks.missing("store_views", code, names, "code")
        checks.require_unused(await stored_views.uses(connection, code), "code")
        await stored_views.delete(connection, code)
    return code


def _require_same_website(
    stored: StoreViewDefinition, wanted: StoreViewDefinition
) -> None:
    if stored.website != wanted.website:
        message = f"it belongs to the website {stored.website!r} and stays there."
        remedy = "Save another store view, under a code of its own."
        raise Conflict(Problem("website", message, remedy))
