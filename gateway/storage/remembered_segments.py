"""Segments of visitors that outlast a login, by the session that was in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from gateway.storage.database import Database
from gateway.storage.sql import queries

SQL = queries("remembered_segments")


async def remember(
    database: Database,
    session: str,
    website: str,
    segments: Collection[str],
    until: datetime,
) -> None:
    """Keep which *segments* a visitor's session is in; none are forgotten."""
    async with database.connection() as connection:
        if segments:
            kept = sorted(segments)
            await connection.execute(SQL.remember, session, website, kept, until)
        else:
            await connection.execute(SQL.forget, session, website)


async def take_over(
    database: Database,
    visitor_session: str,
    website: str,
    session: str,
    customer_id: str,
    at: datetime,
    until: datetime,
) -> None:
    """Hand what a visitor's session held to the customer who has logged in with it."""
    async with database.connection() as connection:
        await connection.execute(
            SQL.take_over, visitor_session, website, session, customer_id, at, until
        )


async def purge(database: Database, before: datetime, most: int) -> int:
    """Forget *most* rows that have expired before an instant; return how many."""
    async with database.connection() as connection:
        return len(await connection.fetch(SQL.purge, before, most))
