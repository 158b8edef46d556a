"""Websites and customer groups: what only the database knows for certain."""

from __future__ import annotations

import pytest

from gateway.personalize.errors import Conflict, Problem
from gateway.storage import customer_groups, websites
from gateway.storage.database import Database
from tests.shops import contents, open_shop


@pytest.fixture
async def shop(database: Database) -> Database:
    """A shop with one customer, in the group Wholesale."""
    await open_shop(database)
    async with database.connection() as connection:
        await connection.execute("delete from store_view")
        await connection.execute(
            "insert into customer (website, customer_id, group_id)"
            " values ('base', '17', 2)"
        )
    return database


async def test_a_website_does_not_go_when_a_customer_has_just_come(
    shop: Database,
) -> None:
    before = await contents(shop)

    with pytest.raises(Conflict) as refused:
        async with shop.transaction() as connection:
            await websites.delete(connection, "base")

    assert refused.value.problems == (Problem("code", "it came into use just now."),)
    assert await contents(shop) == before


async def test_a_group_does_not_go_when_a_customer_has_just_come(
    shop: Database,
) -> None:
    before = await contents(shop)

    with pytest.raises(Conflict) as refused:
        async with shop.transaction() as connection:
            await customer_groups.delete(connection, 2)

    assert refused.value.problems == (Problem("id", "it came into use just now."),)
    assert await contents(shop) == before


async def test_whoever_locks_definitions_holds_back_the_next(shop: Database) -> None:
    async with shop.transaction() as first, shop.connection() as second:
        await websites.lock_definitions(first)

        free = await second.fetchval("select pg_try_advisory_lock(7205759403792793600)")

    assert free is False
