"""Budgets: reserved, committed, given back, and never more spent than there is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import carts
from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers import cart_price_rules, redemptions
from gateway.resolvers.coupon_terms import CouponTerms
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.storage import budgets
from gateway.storage.database import Database
from gateway.storage.opened import Storage
from gateway.storage.redemptions import BudgetUse
from tests.coupons import a_kept_cart, assert_counted, committed, let_reservations_end
from tests.factories import NOW
from tests.rows import Shop
from tests.shops import a_rule

SPENT = Problem(
    "",
    "the budget of a discount is spent.",
    "Ask for the cart again: it is without that discount now.",
)


@pytest.fixture
def server(storage: Storage) -> Visit:
    """A visit of the shop's server."""
    coupons = CouponTerms(secret=b"secret")
    shopper = Shopper("base", "default", is_server=True)
    return Visit(storage, shopper, NOW, keep_seconds=60, coupons=coupons)


@pytest.fixture(autouse=True)
async def _counted(database: Database) -> AsyncIterator[None]:
    """Whatever a test does: the counters are what the redemptions say."""
    yield
    await assert_counted(database)


async def a_budgeted_rule(shop: Shop, budget: str = "25", **columns: Any) -> int:
    """A rule of ten off every cart, which a budget has to meet."""
    given = {"budget": Decimal(budget), **columns}
    return await shop.cart_price_rule("sale", "cart_fixed", "10", **given)


async def discount(server: Visit, cart_id: str) -> Decimal:
    """What is taken off a cart now."""
    return (await server.afresh().decision(cart_id=cart_id)).discounts.total_discount


async def test_a_cart_without_a_coupon_reserves_what_its_budgets_have_to_meet(
    server: Visit, shop: Shop, database: Database
) -> None:
    rule_id = await a_budgeted_rule(shop)
    await shop.cart_price_rule("unlimited", "cart_fixed", "1")
    cart_id = await a_kept_cart(server)

    held = await redemptions.reserve(server, {"key": "one", "cart_id": cart_id})

    assert held.uses == ()
    assert held.budget_uses == (BudgetUse(rule_id, Decimal(10)),)
    assert await budgets.spent(database, rule_id) == 10


async def test_the_same_key_has_the_same_answer(server: Visit, shop: Shop) -> None:
    await a_budgeted_rule(shop)
    cart_id = await a_kept_cart(server)
    given = {"key": "one", "cart_id": cart_id}

    first = await redemptions.reserve(server.afresh(), given)
    again = await redemptions.reserve(server.afresh(), given)

    assert again == first


async def test_a_rule_is_off_in_the_very_next_answer_once_its_budget_is_spent(
    server: Visit, shop: Shop
) -> None:
    await a_budgeted_rule(shop, "20")
    ids = [await a_kept_cart(server) for _ in range(3)]
    before = await discount(server, ids[2])

    for number, cart_id in enumerate(ids[:2]):
        await committed(server, cart_id, str(number))

    assert before == 10
    assert await discount(server, ids[2]) == 0
    sent = {"items": [{"sku": "mug", "quantity": 1, "price": "10"}]}
    sent_along = await server.afresh().decision(cart=carts.read(sent, from_server=True))
    assert sent_along.discounts.total_discount == 0


async def test_a_release_turns_the_rule_on_again(server: Visit, shop: Shop) -> None:
    await a_budgeted_rule(shop, "10")
    ids = [await a_kept_cart(server) for _ in range(2)]
    await committed(server, ids[0], "1001")
    before = await discount(server, ids[1])

    await redemptions.release(server, {"order_id": "1001"})

    assert before == 0
    assert await discount(server, ids[1]) == 10


async def test_a_higher_budget_turns_the_rule_on_again(
    server: Visit, shop: Shop
) -> None:
    await a_budgeted_rule(shop, "10")
    ids = [await a_kept_cart(server) for _ in range(2)]
    await committed(server, ids[0], "1001")
    before = await discount(server, ids[1])

    await shop.execute("update cart_price_rule set budget = 20")

    assert before == 0
    assert await discount(server, ids[1]) == 10


async def test_what_a_cart_has_reserved_does_not_stand_in_its_own_way(
    server: Visit, shop: Shop, database: Database
) -> None:
    rule_id = await a_budgeted_rule(shop, "10")
    cart_id = await a_kept_cart(server)
    await redemptions.reserve(server.afresh(), {"key": "one", "cart_id": cart_id})

    again = await redemptions.reserve(
        server.afresh(), {"key": "two", "cart_id": cart_id}
    )

    assert [one.amount for one in again.budget_uses] == [10]
    assert await budgets.spent(database, rule_id) == 10


async def test_what_is_late_is_given_back(server: Visit, shop: Shop) -> None:
    await a_budgeted_rule(shop, "10")
    ids = [await a_kept_cart(server) for _ in range(2)]
    await redemptions.reserve(server.afresh(), {"key": "one", "cart_id": ids[0]})
    before = await discount(server, ids[1])

    await let_reservations_end(database=server.storage.database)

    assert before == 0
    assert await discount(server, ids[1]) == 10
    assert await committed(server, ids[1], "1001") == "committed"


async def test_a_budget_that_is_spent_meanwhile_is_refused_and_nothing_is_held(
    server: Visit, shop: Shop, database: Database
) -> None:
    rule_id = await a_budgeted_rule(shop, "10")
    other_id = await shop.cart_price_rule(
        "other", "cart_fixed", "1", budget=Decimal(100)
    )
    ids = [await a_kept_cart(server) for _ in range(2)]
    late = server.afresh()
    await late.decision(cart_id=ids[1])
    await committed(server, ids[0], "1001")

    with pytest.raises(InvalidInput) as refused:
        await redemptions.reserve(late, {"key": "two", "cart_id": ids[1]})

    assert refused.value.problems == (SPENT,)
    assert await budgets.spent(database, rule_id) == 10
    assert await budgets.spent(database, other_id) == 0


async def test_however_many_orders_race_no_more_is_spent_than_the_budget(
    server: Visit, shop: Shop, database: Database
) -> None:
    rule_id = await a_budgeted_rule(shop, "75")
    visits = []
    for _ in range(20):
        cart_id = await a_kept_cart(server)
        visit = server.afresh()
        # All of them were promised the discount before any order is placed.
        await visit.decision(cart_id=cart_id)
        visits.append((visit, cart_id))
    turns, refusals = asyncio.Semaphore(4), list[Sequence[Problem]]()

    async def place(number: int, visit: Visit, cart_id: str) -> bool:
        given = {"key": cart_id, "cart_id": cart_id, "order_id": str(number)}
        async with turns:
            try:
                return bool((await redemptions.commit(visit, given)).budget_uses)
            except InvalidInput as refused:
                refusals.append(refused.problems)
                return False

    placed = await asyncio.gather(
        *(place(number, *one) for number, one in enumerate(visits))
    )

    assert sum(placed) == 7
    assert refusals == [(SPENT,)] * 13
    assert await budgets.spent(database, rule_id) == 70


async def test_a_rule_is_not_deleted_while_orders_hold_its_budget(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_budgeted_rule(shop)
    await committed(server, await a_kept_cart(server), "1001")

    async with database.connection() as connection:
        uses = await connection.fetch(budgets.SQL.uses, "sale")

    assert [(row["subject"], row["key"]) for row in uses] == [("order", "1001")]


async def test_a_budget_survives_the_round_trip(mall: Database) -> None:
    saved = await cart_price_rules.save(mall, a_rule(budget="1000.50"))

    assert saved.definition.budget == Decimal("1000.5")


async def test_a_budget_is_of_one_currency(mall: Database) -> None:
    with pytest.raises(InvalidInput) as refused:
        await cart_price_rules.save(mall, a_rule(budget="1", websites=["base", "us"]))

    assert refused.value.problems == (
        Problem(
            "budget",
            "its websites have the currencies EUR, USD.",
            "Save a rule for each currency, with a budget of its own.",
        ),
    )
