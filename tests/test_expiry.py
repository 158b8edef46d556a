"""Carts that were left alone for long are forgotten, but none that is being ordered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway import expiry
from gateway.config import Settings
from gateway.personalize.errors import NotFound
from gateway.resolvers import redemptions
from gateway.resolvers.coupon_terms import CouponTerms
from gateway.resolvers.visits import Shopper, Visit
from gateway.storage import carts
from gateway.storage import redemptions as kept
from gateway.storage.cache import segment_cache
from gateway.storage.database import Database, connected
from gateway.storage.opened import Storage, opened
from tests.coupons import a_coupon_rule, a_kept_cart, assert_counted, committed
from tests.rows import Shop
from tests.storefront import open_storefront
from tests.waiting import UNHURRIED, until, until_waiting

DAYS = Settings.cart_retention_days
CART = "query($id: String!) { cart(cart_id: $id) { id } }"


@pytest.fixture
async def storage(database: Database, shop: Shop) -> AsyncIterator[Storage]:
    await shop.website()
    await shop.store_view()
    async with opened(database, segment_cache(None, entries=10)) as storage:
        yield storage


@pytest.fixture
def server(storage: Storage) -> Visit:
    """A visit of the shop's server."""
    return Visit(
        storage,
        Shopper("base", "default", is_server=True),
        datetime.now(UTC),
        keep_seconds=60,
        coupons=CouponTerms(secret=b"secret"),
    )


async def last_changed(shop: Shop, cart_id: str, ago: timedelta) -> None:
    await shop.execute(
        "update cart set updated_at = now() - $2::interval where id = $1", cart_id, ago
    )


async def left(shop: Shop) -> list[str]:
    ids: list[str] = await shop.value(
        "select coalesce(array_agg(id order by id), '{}') from cart"
    )
    return ids


async def forget(database: Database, days: int = DAYS) -> None:
    await expiry.forget(database, datetime.now(UTC), cart_days=days)


async def test_a_cart_is_forgotten_30_days_after_it_was_last_changed(
    server: Visit, database: Database, shop: Shop
) -> None:
    old, young = await a_kept_cart(server), await a_kept_cart(server)
    await last_changed(shop, old, timedelta(days=30, minutes=1))
    await last_changed(shop, young, timedelta(days=30, minutes=-1))

    await forget(database)

    assert DAYS == 30
    assert await left(shop) == [young]


async def test_a_server_forgets_carts_by_itself_and_then_finds_them_no_more(
    server: Visit, database_url: str, shop: Shop
) -> None:
    old, young = await a_kept_cart(server), await a_kept_cart(server)
    await last_changed(shop, old, timedelta(days=8))
    await last_changed(shop, young, timedelta(days=6))

    async def is_gone() -> bool:
        return old not in await left(shop)

    async with open_storefront(database_url, cart_retention_days=7) as storefront:
        await until(is_gone)
        found = await storefront.ask(CART, id=young)
        refused = await storefront.refusal(CART, id=old)

    assert found == {"cart": {"id": young}}
    said = f'Could not find a cart with ID "{old}"'
    assert refused == (said, "graphql-no-such-entity")


async def test_with_0_days_carts_are_kept_for_ever(
    server: Visit, database: Database, shop: Shop
) -> None:
    cart_id = await a_kept_cart(server)
    await last_changed(shop, cart_id, timedelta(days=4000))

    await forget(database, days=0)

    assert await left(shop) == [cart_id]


async def test_many_carts_go_a_few_at_a_time(
    server: Visit, database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "MOST", 2)
    for _ in range(5):
        await last_changed(shop, await a_kept_cart(server), timedelta(days=31))

    await forget(database)

    assert await left(shop) == []


async def test_a_cart_that_somebody_is_changing_is_left_alone_and_not_waited_for(
    server: Visit, database: Database, shop: Shop
) -> None:
    old, changing = sorted([await a_kept_cart(server), await a_kept_cart(server)])
    for cart_id in (old, changing):
        await last_changed(shop, cart_id, timedelta(days=31))

    async with database.transaction() as connection:
        touched = "update cart set updated_at = now() where id = $1"
        await connection.execute(touched, changing)
        await forget(database)
        assert await left(shop) == [changing]
    await forget(database)

    assert await left(shop) == [changing]


async def test_a_cart_goes_only_once_what_is_reserved_for_it_has_ended(
    server: Visit, database: Database, shop: Shop
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    cart_id = await a_kept_cart(server, "SPRING")
    given = {"key": "one", "cart_id": cart_id}
    held = await redemptions.reserve(server.afresh(), given)
    await last_changed(shop, cart_id, timedelta(days=31))

    await forget(database)
    again = await redemptions.reserve(server.afresh(), given)

    assert again == held
    assert await left(shop) == [cart_id]
    assert await committed(server, cart_id, "1001") == "committed"
    await forget(database)
    assert await left(shop) == []
    # The order has its coupon, and says so as often as it is asked.
    assert await committed(server, cart_id, "1001") == "committed"
    await assert_counted(database)


async def test_what_is_late_keeps_no_cart(
    server: Visit, database: Database, shop: Shop
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    short = replace(server.coupons, reservation_seconds=0)
    late = Visit(
        server.storage, server.shopper, server.at, keep_seconds=60, coupons=short
    )
    await redemptions.reserve(late, {"key": "one", "cart_id": cart_id})
    await last_changed(shop, cart_id, timedelta(days=31))

    await forget(database)

    assert await left(shop) == []
    # It can still be given back, and is.
    assert await kept.expire(database) == 1
    await assert_counted(database)


async def test_a_cart_that_is_being_reserved_is_left_alone(
    server: Visit, database: Database, shop: Shop
) -> None:
    cart_id = await a_kept_cart(server)
    await last_changed(shop, cart_id, timedelta(days=31))

    async with database.transaction() as connection:
        held = await kept.begin(connection, "base", "one", cart_id, None, 900)
        await forget(database)
    await forget(database)

    assert held is not None
    assert await left(shop) == [cart_id]


async def test_nothing_is_reserved_for_a_cart_that_goes_in_this_very_moment(
    server: Visit, database: Database, database_url: str, shop: Shop
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await last_changed(shop, cart_id, timedelta(days=31))

    async with connected(database_url, timeouts=UNHURRIED) as patient:
        visit = Visit(
            replace(server.storage, database=patient),
            server.shopper,
            server.at,
            keep_seconds=60,
            coupons=server.coupons,
        )
        given = {"key": "one", "cart_id": cart_id}
        async with database.transaction() as connection:
            await carts.drop_some(datetime.now(UTC), 10, connection)
            reserving = asyncio.create_task(redemptions.reserve(visit, given))
            await until_waiting(database, 1)
        with pytest.raises(NotFound, match="Could not find a cart"):
            await reserving

    assert await shop.value("select count(*) from coupon_reservation") == 0
    await assert_counted(database)


async def test_it_goes_on_whatever_has_gone_wrong_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Queue[int]()

    async def failing(_: Database, at: datetime, *, cart_days: int) -> None:
        asked.put_nowait(cart_days)
        raise ValueError(at)

    monkeypatch.setattr(expiry, "forget", failing)

    async with expiry.forgotten(database, 7, seconds=0.001):
        found = [await asked.get() for _ in range(3)]

    assert found == [7, 7, 7]
