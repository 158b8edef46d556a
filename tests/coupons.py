"""Coupons for tests: carts that have them, and what became of their uses."""

from __future__ import annotations

from typing import Any

from gateway.resolvers import carts, redemptions
from gateway.resolvers.visits import Visit
from gateway.storage import redemptions as kept
from gateway.storage.database import Database
from tests.rows import Shop


async def a_coupon_rule(shop: Shop, code: str = "SPRING", **columns: Any) -> int:
    """A rule of ten percent for whoever has the code."""
    key = columns.pop("key", code.lower())
    return await shop.cart_price_rule(key, coupon_code=code, **columns)


async def a_kept_cart(
    server: Visit, *codes: str, customer_id: str | None = None
) -> str:
    """Mirror a cart with a mug and coupon codes, as the shop's server does."""
    given = {
        "items": [{"sku": "mug", "quantity": 1, "price": "10"}],
        "coupon_codes": list(codes),
        "customer_id": customer_id,
    }
    return await carts.sync(server, given)


async def committed(server: Visit, cart_id: str, order_id: str, **also: Any) -> str:
    """Place an order, and return in which state its coupons then are."""
    given = {"key": f"k-{order_id}", "cart_id": cart_id, "order_id": order_id, **also}
    return (await redemptions.commit(server.afresh(), given)).state


async def counters(database: Database) -> dict[str, int]:
    """Every counter that is not at zero, by its scope."""
    async with database.connection() as connection:
        rows = await connection.fetch("select scope, used from coupon_counter")
    return {row["scope"]: row["used"] for row in rows if row["used"]}


async def live(database: Database, rule_id: int | None = None) -> int:
    """How many redemptions hold a use, of a rule or of all."""
    async with database.connection() as connection:
        number: int = await connection.fetchval(
            "select count(*) from coupon_redemption d join coupon_reservation v"
            " on v.id = d.reservation_id where v.state in ('reserved', 'committed')"
            " and ($1::bigint is null or d.rule_id = $1)",
            rule_id,
        )
    return number


async def assert_counted(database: Database) -> None:
    """Every counter says what the redemptions say."""
    assert await kept.recount(database) == []


async def let_reservations_end(database: Database) -> None:
    """Let the time of everything that is reserved be over."""
    async with database.connection() as connection:
        await connection.execute(
            "update coupon_reservation set expires_at = now() - interval '1 second'"
            " where state = 'reserved'"
        )
