"""A shop in the database, and definitions for it, as an admin would save them."""

from __future__ import annotations

from typing import Any

from gateway.resolvers import store_views, websites
from gateway.storage.database import Database

CART_ABOVE_50 = {"attribute": "cart.subtotal", "operator": "at_least", "value": 50}


async def open_shop(database: Database) -> None:
    """Two websites, the first with two store views, the second with one."""
    for code, timezone, currency in (
        ("base", "Europe/Berlin", "EUR"),
        ("us", "America/Denver", "USD"),
    ):
        given = {"name": code.title(), "timezone": timezone, "currency": currency}
        await websites.save(database, {"code": code, **given})
    for code, website, locale in (
        ("english", "base", "en-GB"),
        ("german", "base", "de-DE"),
        ("american", "us", "en-US"),
    ):
        given = {"website": website, "name": code.title(), "locale": locale}
        await store_views.save(database, {"code": code, **given})


def a_definition(key: str, **also: Any) -> dict[str, Any]:
    """What every subject's definition is given with."""
    return {"key": key, "name": key.title(), "websites": ["base"], **also}


def a_segment(key: str = "big-carts", **also: Any) -> dict[str, Any]:
    """A segment of carts from 50 up."""
    return a_definition(key, **{"conditions": {"all": [CART_ABOVE_50]}, **also})


def a_block(key: str = "hero", **also: Any) -> dict[str, Any]:
    """A dynamic block for everyone."""
    return a_definition(key, **{"content": "<p>Hello</p>", **also})


def a_rule(key: str = "ten-off", **also: Any) -> dict[str, Any]:
    """A cart price rule of 10 percent."""
    return a_definition(key, **{"action": "by_percent", "amount": "10", **also})


def a_related_rule(key: str = "tents-and-beds", **also: Any) -> dict[str, Any]:
    """A related-product rule for the list of related products."""
    return a_definition(key, **{"list": "related", **also})


def a_price_rule(key: str = "sale", **also: Any) -> dict[str, Any]:
    """A catalogue price rule of 10 percent."""
    return a_definition(key, **{"action": "by_percent", "amount": "10", **also})


async def revisions(database: Database) -> dict[str, int]:
    """Where the rules of each website stand."""
    async with database.connection() as connection:
        rows = await connection.fetch("select code, revision from website order by id")
    return {row["code"]: row["revision"] for row in rows}


async def contents(database: Database) -> dict[str, Any]:
    """Every row that an admin can write, so that nothing can change unseen."""
    tables = (
        *("website", "store_view", "customer_group", "segment", "dynamic_block"),
        *("cart_price_rule", "related_product_rule", "catalogue_price_rule"),
        "audience",
    )
    found = {}
    async with database.connection() as connection:
        for table in tables:
            rows = await connection.fetch(f"select to_jsonb(t) as row from {table} t")
            found[table] = [row["row"] for row in rows]
    return found
