"""Audiences at the admin door, and their members as servers push them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.personalize import audiences
from gateway.personalize.audiences import AudienceDefinition
from gateway.personalize.errors import Forbidden, InvalidInput, NotFound, Problem
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.pages import Page, Paging
from gateway.resolvers.subjects import Subject
from gateway.resolvers.visits import Visit
from gateway.storage import audience_members
from gateway.storage.audience_members import Changed, Member
from gateway.storage.database import Database


class Audiences(Subject[AudienceDefinition]):
    """Audiences; who is in one is not of its definition."""

    name = "audiences"


STORED = Definitions(Audiences(audiences.read))
page, get = STORED.page, STORED.get
save, delete, uses = STORED.save, STORED.delete, STORED.uses


async def members(
    database: Database, key: str, website: str | None, paging: Paging
) -> Page[Member]:
    """Return one page of an audience's members, by website and customer id.

    Raises:
        NotFound: there is no such audience.
    """
    found, total = await audience_members.page(
        database, key, website, limit=paging.size, offset=paging.offset
    )
    if not found and await get(database, key) is None:
        raise NotFound(Problem("key", f"there is no audience {key!r}."))
    return Page(found, total, paging)


async def change(visit: Visit, given: Mapping[str, Any]) -> Changed:
    """Take customers of the visit's website into an audience, and out of it.

    Raises:
        Forbidden: only a server may.
        InvalidInput: with every field at fault, and every customer whom nobody knows;
            nothing was changed.
    """
    shopper = visit.shopper
    if not shopper.is_server:
        said = "Only a server token may say who is in an audience."
        raise Forbidden(Problem("", said))
    asked = audiences.read_change(given)
    database, website = visit.storage.database, shopper.website
    async with database.transaction() as connection:
        if not await audience_members.is_of(connection, asked.audience, website):
            said = f"there is no audience {asked.audience!r} on this website."
            remedy = "An administrator saves it first."
            raise InvalidInput(Problem("audience", said, remedy))
        unknown = await audience_members.unknown(connection, asked, website)
        if unknown:
            raise InvalidInput(*_unknown(unknown))
        return await audience_members.change(connection, asked, website, visit.at)


def _unknown(positions: Sequence[int]) -> list[Problem]:
    said, remedy = "there is no such customer on this website.", "Import them first."
    return [
        Problem(f"members.{position}.customer_id", said, remedy)
        for position in positions
    ]
