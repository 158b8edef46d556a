"""Who is in which audience, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.personalize.audiences import MembersChange
from gateway.storage.database import Connection, Database
from gateway.storage.sql import queries

SQL = queries("audience_members")


@dataclass(frozen=True)
class Member:
    """A customer in an audience, until *expires_at*; None is for good."""

    website: str
    customer_id: str
    qualified_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class Count:
    """How many rows an audience has on one website, and how many have expired."""

    website: str
    members: int
    expired: int


@dataclass(frozen=True)
class Changed:
    """How many members were written, and how many removed."""

    written: int
    removed: int


async def page(
    database: Database, audience: str, website: str | None, *, limit: int, offset: int
) -> tuple[Sequence[Member], int]:
    """Return at most *limit* members from *offset* on, and how many there are."""
    rows = await database.read(SQL.page, audience, website, limit, offset)
    counted = await database.read(SQL.count, audience, website)
    members = [
        Member(
            row["website"], row["customer_id"], row["qualified_at"], row["expires_at"]
        )
        for row in rows
    ]
    return members, counted[0]["total"]


async def counts(
    database: Database, audiences: Sequence[str], at: datetime
) -> Mapping[str, Sequence[Count]]:
    """Count the members of *audiences* by website, as they are at *at*."""
    found: dict[str, list[Count]] = {audience: [] for audience in audiences}
    for row in await database.read(SQL.counts, list(audiences), at):
        count = Count(row["website"], row["members"], row["expired"])
        found[row["audience"]].append(count)
    return found


async def is_of(connection: Connection, audience: str, website: str) -> bool:
    """Whether there is the audience on the website; it stays there until the end."""
    return await connection.fetchrow(SQL.hold, audience, website) is not None


async def unknown(
    connection: Connection, change: MembersChange, website: str
) -> Sequence[int]:
    """Return the positions of new members who are no customers of the website."""
    ids = [member.customer_id for member in change.members]
    rows = await connection.fetch(SQL.unknown, website, ids)
    return [row["position"] for row in rows]


async def change(
    connection: Connection, change: MembersChange, website: str, at: datetime
) -> Changed:
    """Write who comes in at *at* unless it is said otherwise, and who goes out."""
    members = [
        {
            "customer_id": one.customer_id,
            "qualified_at": (one.qualified_at or at).isoformat(),
            "expires_at": one.expires_at.isoformat() if one.expires_at else None,
        }
        for one in change.members
    ]
    audience = change.audience
    # Nobody learns of half of it; locks are taken in the order of the ids.
    written = await connection.fetch(SQL.write, audience, website, members)
    removed = await connection.fetch(
        SQL.remove, audience, website, list(change.removed)
    )
    return Changed(len(written), len(removed))


async def purge(database: Database, before: datetime, most: int) -> int:
    """Forget *most* members who have expired before an instant; return how many."""
    async with database.connection() as connection:
        return len(await connection.fetch(SQL.purge, before, most))
