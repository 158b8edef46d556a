"""How many coupon codes were tried lately, counted where all workers see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.storage.database import Database
from gateway.storage.sql import queries

SQL = queries("coupon_tries")


async def claim(
    database: Database, buckets: Sequence[str], tries: int, window_seconds: int
) -> Mapping[str, int]:
    """Count *tries* more, and return how many each of the *buckets* has then."""
    window = float(window_seconds)
    async with database.connection() as connection:
        rows = await connection.fetch(SQL.claim, buckets, tries, window)
        counted = {row["bucket"]: row["tried"] for row in rows}
        if tries in counted.values():
            # One that begins leaves as much room as those take that are over.
            await connection.execute(SQL.forget, window)
    return counted


async def give_back(database: Database, buckets: Sequence[str], tries: int) -> None:
    """Count *tries* less."""
    async with database.connection() as connection:
        await connection.execute(SQL.give_back, buckets, tries)
