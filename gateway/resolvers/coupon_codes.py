"""Generate coupon codes for a cart price rule, list, export and delete them."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.personalize import coupon_codes
from gateway.personalize.coupon_codes import MOST_AT_ONCE, CodePattern
from gateway.personalize.coupons import KnownCoupon
from gateway.personalize.errors import Conflict, InvalidInput, Problem
from gateway.resolvers import checks
from gateway.resolvers.pages import Paging
from gateway.storage import coupons, definitions
from gateway.storage.coupons import GeneratedCoupon, RuleOfCodes
from gateway.storage.database import Connection, Database

BATCH = 2_000

# So many batches without one free code mean that there is none.
_PATIENCE = 200


@dataclass(frozen=True)
class Generated:
    """How many codes were made, and what was changed of what was wanted."""

    quantity: int
    pattern: CodePattern
    warnings: Sequence[Problem]


def _silently(_: float) -> None:
    """Tell nobody."""


async def generate(
    database: Database,
    key: str,
    given: Mapping[str, Any],
    *,
    most: int = MOST_AT_ONCE,
    advance: Callable[[float], None] = _silently,
) -> Generated:
    """Make as many codes as are wanted, or none; *advance* is told the part made.

    Raises:
        InvalidInput: with every field at fault, or the rule has no generated coupons.
        NotFound: there is no such rule.
        Conflict: there are no codes of that pattern left.
    """
    wanted = coupon_codes.read(given, most=most)
    async with database.transaction() as connection:
        rule = await _rule(connection, key)
        if not rule.generated_coupons:
            said = f"the cart price rule {key!r} has no generated coupons."
            remedy = "Save it with generated_coupons first."
            raise InvalidInput(Problem("rule", said, remedy))
        there = await coupons.count(connection, rule.id)
        pattern, warnings = wanted.settled(there + wanted.quantity)
        made = idle = 0
        while made < wanted.quantity:
            batch = min(BATCH, wanted.quantity - made)
            codes = [
                pattern.write(secrets.randbelow(pattern.possible)) for _ in range(batch)
            ]
            added = await coupons.add(connection, rule.id, codes)
            made += added
            idle = 0 if added else idle + 1
            if idle > _PATIENCE:
                said = "all codes of this pattern are taken."
                raise Conflict(Problem("length", said, "Write a greater one."))
            advance(made / wanted.quantity)
    return Generated(made, pattern, warnings)


async def page(
    database: Database, key: str, paging: Paging, after: int = 0
) -> Sequence[GeneratedCoupon]:
    """Return one page of the codes of a rule that come *after* the one with that id.

    Raises:
        NotFound: there is no such rule.
    """
    async with database.transaction() as connection:
        rule = await _rule(connection, key)
        return await coupons.list_some(
            connection, rule.id, after, paging.size, paging.offset
        )


async def count(database: Database, key: str, after: int = 0) -> int:
    """Count what `page` has on all pages, which takes a look at every one of them.

    Raises:
        NotFound: there is no such rule.
    """
    async with database.transaction() as connection:
        rule = await _rule(connection, key)
        return await coupons.count(connection, rule.id, after)


async def exported(database: Database, key: str) -> AsyncIterator[GeneratedCoupon]:
    """Yield every code of a rule, by age.

    Raises:
        NotFound: there is no such rule.
    """
    async with database.transaction() as connection:
        await _rule(connection, key)
    async for coupon in coupons.each(database, key):
        yield coupon


async def delete(database: Database, key: str, codes: Sequence[str]) -> Sequence[str]:
    """Delete codes of a rule, and return those that there were.

    Raises:
        NotFound: there is no such rule.
    """
    async with database.transaction() as connection:
        rule = await _rule(connection, key)
        return await coupons.delete(connection, rule.id, codes)


async def known(database: Database, code: str, website: str) -> KnownCoupon | None:
    """Return what is known of a code on a website; None when no rule has it.

    Raises:
        NotFound: there is no such website.
    """
    async with database.connection() as connection:
        names = await definitions.names(connection)
    if website not in names["websites"]:
        raise checks.missing("websites", website, names, "website")
    return await coupons.known(database, code, website)


async def _rule(connection: Connection, key: str) -> RuleOfCodes:
    rule = await coupons.find_rule(connection, key)
    if rule is None:
        names = await definitions.names(connection)
        raise checks.missing("cart_price_rules", key, names, "rule")
    return rule
