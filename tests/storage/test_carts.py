"""Carts as they are kept: replaced whole, and never taken from their owner."""

import asyncio
from decimal import Decimal

import asyncpg
import pytest

from gateway.personalize.carts import Line, MirroredCart
from gateway.storage import carts
from gateway.storage.database import Database
from tests.rows import Shop

CART_ID = "c" * 32


@pytest.fixture(autouse=True)
async def _websites(shop: Shop) -> None:
    await shop.website()
    await shop.website("other")


async def save(
    database: Database, owner: str | None, website: str = "base", sku: str = "mug"
) -> bool:
    cart = MirroredCart(
        id=CART_ID, customer_id=owner, lines=(Line(sku, Decimal("1.25")),)
    )
    return await carts.save(database, cart, website=website, store_view="")


async def owner_and_items(shop: Shop) -> tuple[str | None, object]:
    owner = await shop.value("select customer_id from cart")
    return owner, await shop.value("select items from cart")


async def test_a_cart_is_replaced_whole(database: Database, shop: Shop) -> None:
    await save(database, None)

    assert await save(database, None, sku="cup")

    kept = [{"sku": "cup", "quantity": "1.25"}]
    assert await owner_and_items(shop) == (None, kept)


async def test_a_visitors_cart_becomes_a_customers_and_stays_it(
    database: Database, shop: Shop
) -> None:
    assert await save(database, None)
    assert await save(database, "1")

    refused = [await save(database, who, sku="theirs") for who in (None, "2")]

    assert refused == [False, False]
    assert await owner_and_items(shop) == ("1", [{"sku": "mug", "quantity": "1.25"}])
    assert await save(database, "1", sku="cup")


async def test_a_cart_stays_on_its_website(database: Database, shop: Shop) -> None:
    await save(database, "1")

    assert not await save(database, "1", website="other")
    assert await shop.value("select website from cart") == "base"


async def test_of_two_customers_who_take_a_cart_at_once_one_gets_it(
    database: Database, shop: Shop
) -> None:
    await save(database, None)

    taken = await asyncio.gather(*(save(database, str(who)) for who in range(4)))

    assert sum(taken) == 1
    assert await shop.value("select customer_id from cart") == str(taken.index(True))


async def test_an_id_that_could_be_guessed_is_not_kept(database: Database) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await carts.save(database, MirroredCart(id="1"), website="base", store_view="")
