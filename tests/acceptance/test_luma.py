"""Magento's sample store "Luma" over HTTP, at both doors, by its own rules."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.identity import Role
from gateway.storage.database import Database
from tests.acceptance import luma
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of, open_storefront

TEE, OTHER_TEE, BAG = "MS04-XS-Black", "MS04-XS-Orange", "24-MB01"
TEE_PRICE, BAG_PRICE = 29.0, 34.0

SYNC = """
mutation Sync($cart: SyncCartInput!) { syncCart(input: $cart) { cart {
  ships_free
  selected_shipping_method { amount { value } }
  prices { subtotal_excluding_tax { value } grand_total { value }
    discounts { label amount { value } } } } } }"""

PRODUCT_PAGE = """
query Page($sku: String!) {
  products(filter: {sku: {eq: $sku}}, pageSize: 1) { items {
    related_products { sku } upsell_products(limit: 5) { sku } } }
  personalization(product_sku: $sku) { related_products { sku } } }"""

SAVE_RULE = """
mutation Save($rule: RelatedProductRuleInput!) {
  saveRelatedProductRule(input: $rule) { __typename } }"""


@pytest.fixture
async def storefront(luma_database_url: str) -> AsyncIterator[Storefront]:
    async with open_storefront(luma_database_url) as storefront:
        yield storefront


@pytest.fixture
async def server(luma_database: Database) -> str:
    """The token of the shop's server, who knows what shipping costs."""
    return await a_token_of(Role.SERVER, luma_database)


async def cart_of(storefront: Storefront, token: str, **units: int) -> dict[str, Any]:
    """Mirror a cart with so many units of each SKU, and a shipping of 5.00."""
    parents = {TEE: "MS04", OTHER_TEE: "MS04"}
    items = [
        {"sku": sku, "quantity": many, "parent_sku": parents.get(sku)}
        for sku, many in units.items()
    ]
    cart = {"items": items, "shipping": {"method": "flatrate_flatrate", "amount": "5"}}
    answer = await storefront.ask(SYNC, token=token, cart=cart)
    found: dict[str, Any] = answer["syncCart"]["cart"]
    return found


async def test_three_tees_and_one_more_are_three_paid_and_the_fourth_free(
    storefront: Storefront, server: str
) -> None:
    three = await cart_of(storefront, server, **{TEE: 3})
    four = await cart_of(storefront, server, **{TEE: 4})

    assert three["prices"]["discounts"] == []
    assert three["prices"]["grand_total"]["value"] == 3 * TEE_PRICE
    assert four["prices"]["discounts"] == [
        {
            "label": "Buy 3 tee shirts and get the 4th free",
            "amount": {"value": TEE_PRICE},
        }
    ]
    assert four["prices"]["grand_total"]["value"] == 3 * TEE_PRICE


async def test_four_tees_of_two_colours_are_no_four_of_a_kind(
    storefront: Storefront, server: str
) -> None:
    cart = await cart_of(storefront, server, **{TEE: 3, OTHER_TEE: 1})

    assert cart["prices"]["discounts"] == []


async def test_a_cart_above_50_ships_free_and_one_below_does_not(
    storefront: Storefront, server: str
) -> None:
    below = await cart_of(storefront, server, **{BAG: 1})
    above = await cart_of(storefront, server, **{BAG: 2})

    assert below["ships_free"] is False
    assert below["prices"]["grand_total"]["value"] == BAG_PRICE + 5
    assert above["ships_free"] is True
    assert above["selected_shipping_method"]["amount"]["value"] == 0
    assert above["prices"]["grand_total"]["value"] == 2 * BAG_PRICE


async def test_a_page_shows_what_is_linked_by_hand_and_then_what_a_rule_finds(
    storefront: Storefront, luma_database: Database
) -> None:
    sku = "24-UG01"
    by_hand = await _linked(luma_database, sku)
    before = await storefront.ask(PRODUCT_PAGE, sku=sku)
    editor = await a_token_of(Role.EDITOR, luma_database)
    rule = {
        "key": "watches-with-gear",
        "name": "A watch beside fitness equipment",
        "websites": [luma.WEBSITE],
        "list": "RELATED",
        "limit": 3,
        "productsToMatch": _in("gear/fitness-equipment"),
        "productsToDisplay": _in("gear/watches"),
    }

    saved = await storefront.ask_admin(SAVE_RULE, token=editor, rule=rule)
    after = await storefront.ask(PRODUCT_PAGE, sku=sku)

    assert saved == {
        "saveRelatedProductRule": {"__typename": "RelatedProductRuleSaved"}
    }
    assert len(by_hand) >= 4
    assert _skus(before["products"]["items"][0]["related_products"]) == by_hand
    for shown in (after["products"]["items"][0], after["personalization"]):
        skus = _skus(shown["related_products"])
        assert skus[: len(by_hand)] == by_hand
        watches = skus[len(by_hand) :]
        assert len(watches) == 3
        assert all(one.startswith("24-") and "G0" in one for one in watches)


def _in(category: str) -> dict[str, Any]:
    return {
        "attribute": "product.category",
        "operator": "is_one_of",
        "value": [category],
    }


def _skus(listed: list[dict[str, str]]) -> list[str]:
    return [one["sku"] for one in listed]


async def _linked(database: Database, sku: str) -> list[str]:
    """The products linked by hand that a list may show, by position."""
    found: list[str] = await Shop(database).value(
        "select array_agg(l.linked_sku order by l.position)"
        " from product_link l join product p on p.sku = l.linked_sku"
        " where l.sku = $1 and l.list = 'related'"
        " and p.saleable and p.visibility = 'catalog_search'",
        sku,
    )
    return found
