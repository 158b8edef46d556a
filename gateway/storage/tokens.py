"""Tokens of administrators and commerce backends, and the gateway's own secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from gateway.identity.admins import Role
from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.personalize.table import suggest
from gateway.storage.database import Database
from gateway.storage.sql import queries

SQL = queries("tokens")

LONGEST_NAME = 255


@dataclass(frozen=True)
class Holder:
    """Who holds a token that is still good."""

    name: str
    role: Role


@dataclass(frozen=True)
class Token:
    """What may be told of a token; the token itself is nowhere."""

    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None


async def find(database: Database, hash: bytes) -> Holder | None:
    """Return who holds the token with this SHA-256; None once it is revoked."""
    rows = await database.read(SQL.role_of, hash)
    return Holder(rows[0]["name"], Role(rows[0]["role"])) if rows else None


async def create(database: Database, name: str, role: Role, hash: bytes) -> None:
    """Keep a token by the SHA-256 of its text.

    Raises:
        InvalidInput: the name is empty, too long, or not to be printed.
        Conflict: another token has the name, revoked or not.
    """
    if not (1 <= len(name.strip()) <= LONGEST_NAME and name.isprintable()):
        remedy = f"Write 1 to {LONGEST_NAME} characters that can be printed."
        raise InvalidInput(Problem("name", f"{name!r} is no name.", remedy))
    async with database.connection() as connection:
        try:
            await connection.execute(SQL.create, name, role, hash)
        except asyncpg.UniqueViolationError as taken:
            said = f"there is a token called {name!r} already."
            raise Conflict(Problem("name", said, "Choose another name.")) from taken


async def replace(database: Database, name: str, role: Role, hash: bytes) -> None:
    """Keep a token in the place of the one of its name, which is good no longer."""
    async with database.connection() as connection:
        await connection.execute(SQL.replace, name, role, hash)


async def list_all(database: Database) -> Sequence[Token]:
    """Return every token, by name, the revoked ones too."""
    return [
        Token(row["name"], Role(row["role"]), row["created_at"], row["revoked_at"])
        for row in await database.read(SQL.list)
    ]


async def revoke(database: Database, name: str) -> None:
    """Revoke a token, at once and for good.

    Raises:
        NotFound: no token of that name is good.
    """
    async with database.connection() as connection:
        if await connection.fetchrow(SQL.revoke, name) is not None:
            return
    good = [one.name for one in await list_all(database) if one.revoked_at is None]
    raise NotFound(
        Problem(
            "name",
            f"no token called {name!r} is in force.",
            suggest(name, good) if good else "",
        )
    )


async def secret(database: Database, name: str, fresh: str) -> str:
    """Return the secret called *name*, which is *fresh* if there was none.

    Workers that start together all get the one that was kept first.
    """
    async with database.connection() as connection:
        kept: bytes | None = None
        while kept is None:
            # Nothing comes back while another's insert is not yet to be seen.
            kept = await connection.fetchval(SQL.secret, name, fresh.encode())
        return kept.decode()


async def has_secret(database: Database, name: str) -> bool:
    """Whether a secret called *name* is kept."""
    return bool(await database.read(SQL.kept_secret, name))
