"""Prices of groups, tiers and rules: each shopper is shown their own, at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway.identity.admins import Role
from gateway.storage.database import Database
from tests.factories import a_comparison, of_sku
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of, open_storefront

PRICES = """
query ($sku: String!) {
  products(filter: {sku: {eq: $sku}}) { items { price_range {
    minimum_price { ...price } maximum_price { ...price } }
    price_tiers { quantity final_price { value } discount { amount_off percent_off } }
  } } }
fragment price on ProductPrice { regular_price { value } final_price { value }
  discount { amount_off percent_off } }"""
CART = """
query ($cart: CartInput!) { personalization(cart: $cart) {
  segments { uid } valid_until
  cart { items { prices { price { value } row_total { value } } }
         prices { grand_total { value } } } } }"""


async def shown(storefront: Storefront, sku: str = "mug", **also: Any) -> Any:
    (item,) = (await storefront.ask(PRICES, sku=sku, **also))["products"]["items"]
    return item


async def final(storefront: Storefront, sku: str = "mug", **also: Any) -> float:
    item = await shown(storefront, sku, **also)
    price: float = item["price_range"]["minimum_price"]["final_price"]["value"]
    return price


async def paid(
    storefront: Storefront, *lines: tuple[str, int], **also: Any
) -> list[float]:
    items = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    answer = await storefront.ask(CART, cart={"items": items}, **also)
    return [
        line["prices"]["price"]["value"]
        for line in answer["personalization"]["cart"]["items"]
    ]


@pytest.fixture
async def _groups(shop: Shop) -> None:
    """A customer of General, and one of Wholesale, who pays less."""
    await shop.customer("general", group_id=1)
    await shop.customer("trade", group_id=2)
    await shop.product("mug", "10")
    await shop.catalogue_price_rule("trade", "to_percent", "70", customer_groups=[2])


# What is shown -----------------------------------------------------------------------


async def test_a_range_goes_over_what_the_children_cost_this_shopper(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("tee", None, type="configurable", children=["s", "m", "l"])
    for sku, price in (("s", "20"), ("m", "25"), ("l", "30")):
        await shop.product(sku, price, visibility="not_visible")
    await shop.tier_price("l", "18", group_id=2)
    await shop.catalogue_price_rule("m", "by_percent", "50", conditions=of_sku("m"))
    await shop.customer("trade", group_id=2)

    def a_price(regular: float, cost: float, off: float, percent: float) -> Any:
        return {
            "regular_price": {"value": regular},
            "final_price": {"value": cost},
            "discount": {"amount_off": off, "percent_off": percent},
        }

    visitor = await shown(storefront, "tee")
    trade = await shown(storefront, "tee", token=storefront.token("trade"))

    assert visitor["price_range"] == {
        "minimum_price": a_price(25.0, 12.5, 12.5, 50.0),
        "maximum_price": a_price(30.0, 30.0, 0.0, 0.0),
    }
    assert trade["price_range"] == {
        "minimum_price": a_price(25.0, 12.5, 12.5, 50.0),
        "maximum_price": a_price(20.0, 20.0, 0.0, 0.0),
    }


async def test_price_tiers_are_those_that_save_this_shopper_something(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", "10")
    await shop.tier_price("mug", "9", "5")
    await shop.tier_price("mug", "25", "10", type="discount")
    await shop.tier_price("mug", "5", "20", group_id=2)
    await shop.tier_price("mug", "9.50", "7")

    item = await shown(storefront)

    def a_tier(quantity: float, cost: float, off: float, percent: float) -> Any:
        return {
            "quantity": quantity,
            "final_price": {"value": cost},
            "discount": {"amount_off": off, "percent_off": percent},
        }

    assert item["price_tiers"] == [
        a_tier(5.0, 9.0, 1.0, 10.0),
        a_tier(10.0, 7.5, 2.5, 25.0),
    ]


@pytest.mark.usefixtures("_groups")
async def test_products_are_found_and_sorted_by_what_they_cost_this_shopper(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("cup", "8")
    query = """{ products(filter: {price: {from: "7.50"}}, sort: {price: ASC}) {
        items { sku } } }"""

    async def found(**also: Any) -> list[str]:
        items = (await storefront.ask(query, **also))["products"]["items"]
        return [one["sku"] for one in items]

    assert await found() == ["cup", "mug"]
    assert await found(token=storefront.token("trade")) == []
    await shop.product("mug", "11")
    assert await found(token=storefront.token("trade")) == ["mug"]


# Whose price it is --------------------------------------------------------------------


@pytest.mark.usefixtures("_groups")
async def test_shoppers_who_take_turns_are_shown_their_own_prices(
    storefront: Storefront,
) -> None:
    tokens = {
        None: 10.0,
        storefront.token("general"): 10.0,
        storefront.token("trade"): 7.0,
    }

    for _ in range(3):
        for token, price in tokens.items():
            assert await final(storefront, token=token) == price
            assert await paid(storefront, ("mug", 2), token=token) == [price]


@pytest.mark.usefixtures("_groups")
async def test_shoppers_who_ask_at_once_are_shown_their_own_prices(
    storefront: Storefront,
) -> None:
    # No more than the pool has connections: nobody waits for one.
    tokens = [None, storefront.token("general"), storefront.token("trade")] * 2

    prices = await asyncio.gather(
        *(paid(storefront, ("mug", 1), token=token) for token in tokens)
    )

    assert prices == [[10.0], [10.0], [7.0]] * 2


@pytest.mark.usefixtures("_groups")
async def test_one_session_is_not_left_the_prices_of_who_has_logged_out(
    storefront: Storefront, shop: Shop
) -> None:
    rich = a_comparison("cart.subtotal", "at_least", 18)
    await shop.segment("rich", rich)
    cart = {"items": [{"sku": "mug", "quantity": 2}]}

    async def segments(token: str | None) -> int:
        answer = await storefront.ask(CART, cart=cart, token=token)
        return len(answer["personalization"]["segments"])

    # The cookie stays; the cart costs 14.00 or 20.00, by who asks.
    token = storefront.token("trade")
    assert [await segments(one) for one in (token, None, token, None)] == [0, 1, 0, 1]


@pytest.mark.usefixtures("_groups")
async def test_a_customer_who_changes_group_is_shown_the_new_price_at_once(
    storefront: Storefront, shop: Shop
) -> None:
    token = storefront.token("trade")
    before = await final(storefront, token=token)

    await shop.execute("update customer set group_id = 1 where customer_id = 'trade'")

    assert (before, await final(storefront, token=token)) == (7.0, 10.0)


@pytest.mark.usefixtures("_groups")
async def test_nobody_may_keep_an_answer_for_others(storefront: Storefront) -> None:
    response = await storefront.post(PRICES, variables={"sku": "mug"})

    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("_groups")
async def test_no_argument_makes_a_shopper_of_another_group(
    storefront: Storefront,
) -> None:
    query = """{ products(filter: {sku: {eq: "mug"}}%s) { items { sku } } }"""
    cart = {"items": [{"sku": "mug", "quantity": 1}], "customer_id": "trade"}

    by_argument = await storefront.answer(query % ", customer_group: 2")
    by_cart = await storefront.answer(CART, cart=cart)

    assert "errors" in by_argument
    assert "errors" in by_cart
    assert "7" not in str(by_cart.get("data") or "")


# In the very next answer --------------------------------------------------------------


async def test_whatever_is_saved_is_in_the_very_next_answer(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", "10")
    seen = [await final(storefront)]

    for change in (
        shop.catalogue_price_rule("sale", "by_percent", "10"),
        shop.execute("update catalogue_price_rule set amount = 20"),
        shop.tier_price("mug", "7.50"),
        shop.execute("update catalogue_price_rule set action = 'to_fixed', amount = 7"),
        shop.product("mug", "6"),
        shop.product("mug", "30"),
        shop.execute("delete from catalogue_price_rule"),
    ):
        await change
        seen.append(await final(storefront))

    assert seen == [10.0, 9.0, 8.0, 7.5, 7.0, 6.0, 7.0, 7.5]


async def test_what_an_administrator_saves_is_in_the_very_next_answer(
    storefront: Storefront, shop: Shop, database: Database
) -> None:
    await shop.product("mug", "10")
    token = await a_token_of(Role.EDITOR, database)
    mutation = """mutation { saveCataloguePriceRule(input: {key: "sale", name: "Sale",
        websites: ["base"], action: "by_fixed", amount: "2.5"}) { __typename } }"""
    before = await final(storefront)

    saved = await storefront.ask_admin(mutation, token=token)

    assert saved == {
        "saveCataloguePriceRule": {"__typename": "CataloguePriceRuleSaved"}
    }
    assert (before, await final(storefront)) == (10.0, 7.5)


async def test_an_answer_ends_when_a_rule_begins(
    storefront: Storefront, shop: Shop
) -> None:
    later = datetime.now(UTC).date() + timedelta(days=40)
    await shop.product("mug", "10")
    await shop.catalogue_price_rule("sale", from_day=later)

    answer = await storefront.ask(CART, cart={"items": []})

    until = datetime.fromisoformat(answer["personalization"]["valid_until"])
    assert until == datetime(later.year, later.month, later.day, tzinfo=UTC)


# In carts --------------------------------------------------------------------------


async def test_a_carts_lines_cost_what_the_quantity_of_each_makes_of_it(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    await shop.product("mug", "10")
    await shop.tier_price("mug", "8", "5")
    await shop.catalogue_price_rule("ten-percent")
    stated = {"sku": "mug", "quantity": 9, "price": "9.99"}

    by_catalogue = await paid(storefront, ("mug", 5), ("mug", 4))
    by_server = await storefront.ask(CART, cart={"items": [stated]}, token=server_token)

    assert by_catalogue == [8.0, 9.0]
    (line,) = by_server["personalization"]["cart"]["items"]
    assert line["prices"]["price"]["value"] == 9.99


async def test_a_kept_cart_costs_what_its_owner_pays(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.customer("trade", group_id=2)
    await shop.product("mug", "10")
    await shop.tier_price("mug", "7", group_id=2)
    sync = """mutation { syncCart(input: {items: [{sku: "mug", quantity: 1}]}) {
        cart { id prices { grand_total { value } } } } }"""
    read = """query ($id: String!) { cart(cart_id: $id) {
        prices { grand_total { value } } } }"""

    synced = (await storefront.ask(sync))["syncCart"]["cart"]
    as_visitor = await storefront.ask(read, id=synced["id"])
    token = storefront.token("trade")
    as_customer = await storefront.ask(read, id=synced["id"], token=token)

    assert synced["prices"]["grand_total"]["value"] == 10.0
    assert as_visitor["cart"]["prices"]["grand_total"]["value"] == 10.0
    assert as_customer["cart"]["prices"]["grand_total"]["value"] == 7.0


# For segments ----------------------------------------------------------------------


@pytest.fixture
async def for_segments(database_url: str, shop: Shop) -> AsyncIterator[Storefront]:
    """A storefront where prices for segments are turned on."""
    registered = {"applies_to": "registered"}
    await shop.segment("vips", a_comparison("customer.group", "is", 3), **registered)
    await shop.segment("rich", a_comparison("cart.subtotal", "at_least", 100))
    await shop.customer("vip", group_id=3)
    await shop.customer("general")
    await shop.product("mug", "10")
    await shop.catalogue_price_rule("vips", "by_fixed", "1", segments=["vips"])
    await shop.catalogue_price_rule("rich", "by_fixed", "4", segments=["rich"])
    async with open_storefront(database_url, segment_prices=True) as storefront:
        yield storefront


async def test_a_price_for_a_segment_is_for_the_shoppers_in_it(
    for_segments: Storefront,
) -> None:
    storefront = for_segments
    tokens = [None, storefront.token("general"), storefront.token("vip")]

    for _ in range(2):
        prices = [await final(storefront, token=token) for token in tokens]
        assert prices == [10.0, 10.0, 9.0]


async def test_a_cart_is_put_into_segments_before_their_prices_count(
    for_segments: Storefront,
) -> None:
    # In the segment by 100.00, and still in it at 60.00.
    assert await paid(for_segments, ("mug", 10)) == [6.0]
    assert await paid(for_segments, ("mug", 9)) == [10.0]
    assert await paid(for_segments, ("mug", 10)) == [6.0]


async def test_turned_off_a_price_for_a_segment_is_for_nobody(
    for_segments: Storefront, storefront: Storefront
) -> None:
    token = storefront.token("vip")

    assert await final(for_segments, token=token) == 9.0
    assert await final(storefront, token=token) == 10.0


async def test_a_price_ends_with_its_segment(
    for_segments: Storefront, shop: Shop
) -> None:
    token = for_segments.token("vip")
    before = await final(for_segments, token=token)

    await shop.execute("update segment set active = false where key = 'vips'")
    inactive = await final(for_segments, token=token)
    await shop.execute("delete from segment")

    assert (before, inactive) == (9.0, 10.0)
    assert await final(for_segments, token=token) == 10.0
    assert await paid(for_segments, ("mug", 10)) == [10.0]


async def test_a_special_price_of_days_and_a_groups_price_are_the_lower_of_both(
    storefront: Storefront, shop: Shop
) -> None:
    today = date(2026, 1, 1)
    await shop.product("mug", "10", special_price=9, special_from=today)
    await shop.tier_price("mug", "8", group_id=2)
    await shop.customer("trade", group_id=2)

    assert await final(storefront) == 9.0
    assert await final(storefront, token=storefront.token("trade")) == 8.0
