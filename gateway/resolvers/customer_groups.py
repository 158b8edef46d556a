"""Customer groups at the admin door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from gateway.personalize import customer_groups
from gateway.personalize.context import NOT_LOGGED_IN
from gateway.personalize.customer_groups import CustomerGroupDefinition
from gateway.personalize.errors import Conflict, Problem
from gateway.resolvers import checks
from gateway.resolvers.pages import Page, Paging
from gateway.storage import customer_groups as stored_groups
from gateway.storage import definitions, websites
from gateway.storage.database import Database
from gateway.storage.definitions import Versioned

CustomerGroup: TypeAlias = Versioned[CustomerGroupDefinition]


async def page(
    database: Database, search: str | None, paging: Paging
) -> Page[CustomerGroup]:
    """Return one page of the groups whose name has *search* in it, by id."""
    wanted = (search or "").lower()
    found = [
        group
        for group in await stored_groups.list_all(database)
        if wanted in group.definition.name.lower()
    ]
    return Page.cut(found, paging)


async def get(database: Database, id: int) -> CustomerGroup | None:
    """Return the customer group with *id*, or None."""
    return _with_id(await stored_groups.list_all(database), id)


async def save(
    database: Database, given: Mapping[str, Any], expected_version: int | None = None
) -> CustomerGroup:
    """Add or rename a customer group; one without id gets the next.

    Raises:
        InvalidInput: with every field at fault.
        Conflict: another version is stored, the name is taken, or it is the group of
            visitors.
        NotFound: a version was expected, and nothing is stored.
    """
    definition = customer_groups.read(given)
    async with database.transaction() as connection:
        await websites.lock_definitions(connection)
        groups = await stored_groups.all_of(connection)
        id = definition.id
        if id is None:
            id = await stored_groups.next_id(connection)
        stored = _with_id(groups, id)
        version = stored.version if stored else None
        checks.require_version("customer group", version, expected_version)
        if stored is not None and stored.definition.name == definition.name:
            return stored
        _require_free(groups, id, definition.name)
        return await stored_groups.save(connection, id, definition.name)


async def delete(database: Database, id: int) -> int:
    """Delete a customer group and return its id.

    Raises:
        Conflict: rules or customers refer to it, or it is the group of visitors.
        NotFound: there is none.
    """
    async with database.transaction() as connection:
        await websites.lock_definitions(connection)
        if id == NOT_LOGGED_IN:
            raise Conflict(Problem("id", _OF_VISITORS))
        if _with_id(await stored_groups.all_of(connection), id) is None:
            names = await definitions.names(connection)
            raise checks.missing("customer_groups", str(id), names, "id")
        checks.require_unused(await stored_groups.uses(connection, id), "id")
        await stored_groups.delete(connection, id)
    return id


_OF_VISITORS = "every visitor is in this group; it stays as it is."


def _require_free(groups: Sequence[CustomerGroup], id: int, name: str) -> None:
    if id == NOT_LOGGED_IN:
        raise Conflict(Problem("id", _OF_VISITORS, "Save another group."))
    for other in groups:
        if other.definition.name == name and other.definition.id != id:
            message = f"the customer group {other.definition.id} has the name {name!r}."
            raise Conflict(Problem("name", message, "Write another name."))


def _with_id(groups: Sequence[CustomerGroup], id: int) -> CustomerGroup | None:
    return next((one for one in groups if one.definition.id == id), None)
