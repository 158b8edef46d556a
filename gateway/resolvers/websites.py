"""Websites at the admin door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.personalize import websites
from gateway.personalize.store_views import StoreViewDefinition
from gateway.personalize.websites import WebsiteDefinition
from gateway.resolvers import checks
from gateway.resolvers.pages import Page, Paging
from gateway.storage import definitions, store_views
from gateway.storage import websites as stored_websites
from gateway.storage.database import Database
from gateway.storage.definitions import Versioned


@dataclass(frozen=True)
class Website:
    """A website with its store views, in the order of their making."""

    definition: WebsiteDefinition
    version: int
    store_views: Sequence[Versioned[StoreViewDefinition]]


async def page(database: Database, search: str | None, paging: Paging) -> Page[Website]:
    """Return one page of the websites whose code or name has *search* in it."""
    wanted = (search or "").lower()
    found = [
        website
        for website in await _all(database)
        if wanted in f"{website.definition.code} {website.definition.name}".lower()
    ]
    return Page.cut(found, paging)


async def get(database: Database, code: str) -> Website | None:
    """Return the website called *code*, or None."""
    found = (one for one in await _all(database) if one.definition.code == code)
    return next(found, None)


async def save(
    database: Database, given: Mapping[str, Any], expected_version: int | None = None
) -> Website:
    """Add or replace a website; what does not change anything is not written.

    Raises:
        InvalidInput: with every field at fault.
        Conflict: another version is stored, or something counts in another currency.
        NotFound: a version was expected, and nothing is stored.
    """
    definition = websites.read(given)
    async with database.transaction() as connection:
        await stored_websites.lock_definitions(connection)
        stored = await stored_websites.find(connection, definition.code)
        version = stored.version if stored else None
        checks.require_version("website", version, expected_version)
        if stored and stored.definition.currency != definition.currency:
            found = await stored_websites.amounts(connection, definition.code)
            checks.require_no_amounts(found, stored.definition.currency)
        if stored is None or stored.definition != definition:
            stored = await stored_websites.save(connection, definition)
    views = await store_views.list_all(database, definition.code)
    return Website(stored.definition, stored.version, views)


async def delete(database: Database, code: str) -> str:
    """Delete a website and return its code.

    Raises:
        Conflict: something belongs to it.
        NotFound: there is none.
    """
    async with database.transaction() as connection:
        await stored_websites.lock_definitions(connection)
        if await stored_websites.find(connection, code) is None:
            names = await definitions.names(connection)
            raise checks.missing("websites", code, names, "code")
        uses = await stored_websites.uses(connection, code)
        checks.require_unused(uses, "code")
        await stored_websites.delete(connection, code)
    return code


async def _all(database: Database) -> Sequence[Website]:
    views: dict[str, list[Versioned[StoreViewDefinition]]] = defaultdict(list)
    for view in await store_views.list_all(database):
        views[view.definition.website].append(view)
    return [
        Website(one.definition, one.version, views[one.definition.code])
        for one in await stored_websites.list_all(database)
    ]
