"""Which coupon codes were tried lately, counted where all workers see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.storage.database import Database
from gateway.storage.sql import queries

SQL = queries("coupon_tries")

# Of one who finds more good codes than that, the first are tries again.
_REMEMBERED = 1_000


@dataclass(frozen=True)
class Counted:
    """The codes that were *new*, and so were counted, and which buckets are *over*."""

    new: Sequence[str] = ()
    over: Sequence[str] = ()

    @property
    def is_admitted(self) -> bool:
        """Whether those that are new may be looked at."""
        return not self.over


async def claim(
    database: Database,
    shopper: str | None,
    limits: Mapping[str, int],
    codes: Sequence[str],
    window_seconds: int,
) -> Counted:
    """Count those of the *codes* that the bucket *shopper* does not remember.

    They are counted in each bucket of *limits*, and remembered unless one is over it.
    """
    window = float(window_seconds)
    rows = await database.read(SQL.remembered, shopper, window) if shopper else []
    # Most codes come with every page: then nothing is written, and nobody waits.
    if rows and not _besides(codes, rows[0]["codes"]):
        return Counted()
    async with database.transaction() as connection:
        rows = await connection.fetch(SQL.open, [*limits], window)
        held = {row["bucket"]: row for row in rows}
        known = held[shopper]["codes"] if shopper else []
        new = _besides(codes, known)
        tried = {bucket: row["tried"] + len(new) for bucket, row in held.items()}
        over = [bucket for bucket, most in limits.items() if tried[bucket] > most]
        kept = known if over else [*known, *new][-_REMEMBERED:]
        if new:
            await connection.execute(SQL.count, [*limits], len(new), shopper, kept)
        if len(new) in tried.values():
            # One that begins leaves as much room as those take that are over.
            await connection.execute(SQL.forget, window)
    return Counted(new, over if new else ())


async def give_back(database: Database, buckets: Sequence[str], tries: int) -> None:
    """Count *tries* less."""
    async with database.connection() as connection:
        await connection.execute(SQL.give_back, buckets, tries)


def _besides(codes: Sequence[str], known: Sequence[str]) -> list[str]:
    return [code for code in codes if code not in known]
