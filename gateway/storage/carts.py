"""The carts that the commerce backend mirrors, under masked ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from gateway.personalize.carts import Line, MirroredCart
from gateway.storage.database import Connection, Database
from gateway.storage.sql import queries

SQL = queries("carts")


async def save(
    database: Database, cart: MirroredCart, *, website: str, store_view: str
) -> bool:
    """Add or replace *cart*, or do nothing when it belongs to somebody else.

    A visitor's cart becomes a customer's by being saved with one; it never goes back.
    """
    row = {
        "id": cart.id,
        "website": website,
        "store_view": store_view,
        "customer_id": cart.customer_id,
        "items": [_item(line) for line in cart.lines],
        "coupon_codes": cart.coupon_codes,
        "shipping_method": cart.shipping.method,
        "shipping_amount": cart.shipping.amount,
        "tax": cart.tax,
        "payment_method": cart.payment_method,
        # Workers of the version before know no more than what it knew.
        "address": {name: one for name, one in asdict(cart.address).items() if one},
        "store_credit": cart.store_credit,
        "gift_card": cart.gift_card,
    }
    async with database.connection() as connection:
        return await connection.fetchrow(SQL.save, row) is not None


async def set_coupons(
    database: Database, website: str, before: MirroredCart, codes: Sequence[str]
) -> bool:
    """Give the cart its coupon codes, unless it is no longer as it was *before*."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            SQL.set_coupons,
            website,
            before.id,
            before.customer_id,
            before.coupon_codes,
            codes,
        )
    return row is not None


async def purge(database: Database, before: datetime, most: int) -> int:
    """Forget carts that were last changed before an instant, *most* at a time.

    Return how many were looked at. Nobody is waited for: a cart that is in use now is
    left for the next time, and so is one for which something is reserved.
    """
    return await database.transact(partial(drop_some, before, most))


async def drop_some(before: datetime, most: int, connection: Connection) -> int:
    """Do so in a transaction, until whose end nobody reserves anything for them."""
    rows = await connection.fetch(SQL.hold_old, before, most)
    await connection.execute(SQL.drop, [row["id"] for row in rows])
    return len(rows)


def _item(line: Line) -> dict[str, Any]:
    """Leave out what is not there: an older version may know less of lines."""
    stated = {name: value for name, value in asdict(line).items() if value is not None}
    stated.pop("children")
    if line.children:
        stated["children"] = [_item(child) for child in line.children]
    return stated
