"""The coupon codes that were generated, and what is known of any."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.personalize.coupons import KnownCoupon, fold
from gateway.storage.database import Connection, Database, Record
from gateway.storage.sql import queries

SQL = queries("coupons")


@dataclass(frozen=True)
class RuleOfCodes:
    """A cart price rule, and whether codes can be generated for it."""

    id: int
    generated_coupons: bool


@dataclass(frozen=True)
class GeneratedCoupon:
    """A code that was generated; *uses* are reserved or committed."""

    id: int
    code: str
    created_at: datetime
    uses: int


async def find_rule(connection: Connection, key: str) -> RuleOfCodes | None:
    """Return the rule with *key*, which stays until the transaction ends."""
    row = await connection.fetchrow(SQL.rule, key)
    return None if row is None else RuleOfCodes(**dict(row))


async def add(connection: Connection, rule_id: int, codes: Sequence[str]) -> int:
    """Give the rule those of the *codes* that nobody has, and count them."""
    added: int = await connection.fetchval(SQL.add, rule_id, codes)
    return added


async def count(connection: Connection, rule_id: int, after: int = 0) -> int:
    """Count the codes of a rule, those after the one with the id *after*."""
    number: int = await connection.fetchval(SQL.count, rule_id, after)
    return number


async def list_some(
    connection: Connection, rule_id: int, after: int, limit: int, offset: int
) -> Sequence[GeneratedCoupon]:
    """Return at most *limit* codes of a rule after another one, from *offset* on."""
    rows = await connection.fetch(SQL.list, rule_id, after, limit, offset)
    return [_generated(row) for row in rows]


async def each(database: Database, key: str) -> AsyncIterator[GeneratedCoupon]:
    """Yield every code of the rule with *key*, without holding all of them."""
    async with database.transaction() as connection:
        async for row in connection.cursor(SQL.export, key, prefetch=5000):
            yield _generated(row)


async def delete(
    connection: Connection, rule_id: int, codes: Sequence[str]
) -> Sequence[str]:
    """Delete codes of a rule, and return those that there were."""
    rows = await connection.fetch(SQL.delete, rule_id, [fold(code) for code in codes])
    return [row["code"] for row in rows]


async def known(database: Database, code: str, website: str) -> KnownCoupon | None:
    """Return what is known of a code on a website; None when no rule has it."""
    rows = await database.read(SQL.status, fold(code), website)
    return KnownCoupon(**dict(rows[0])) if rows else None


def _generated(row: Record) -> GeneratedCoupon:
    return GeneratedCoupon(**dict(row))
