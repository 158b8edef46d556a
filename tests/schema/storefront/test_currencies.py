"""Coins that are not hundredths, over HTTP: Kuwait's fils and Japan's yen.

All amounts are whole coins, and what stands together adds up, at both doors.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.identity.admins import Role
from gateway.storage.database import Database
from tests.coupons import a_coupon_rule
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of

PRODUCT = """
{ products(filter: {sku: {eq: "mug"}}) { items { price_range { minimum_price {
    regular_price { value currency } final_price { value currency }
    discount { amount_off } } } } } }"""

CART = """
query($cart: CartInput!) { personalization(cart: $cart) { cart {
  hints { amount { value currency } }
  itemsV2 { items { prices { row_total { value } total_item_discount { value } } } }
  prices {
    subtotal_excluding_tax { value }
    discounts { label amount { value currency } }
    grand_total { value currency } } } } }"""

SYNC = """
mutation($input: SyncCartInput!) { syncCart(input: $input) { cart { id prices {
  discounts { amount { value } } grand_total { value currency } } } } }"""

RESERVE = """
mutation($cart: String!) { reserveCoupons(input: {key: "one", cart_id: $cart}) {
  reservation { budgeted_discounts { amount { value currency } } } } }"""

EXPLAIN = """
query($cart: CartAsMirrored!) { explainCart(input: {website: "base", cart: $cart}) {
  ... on CartExplanation {
    lines { rowTotal discount steps { base carried amount } } discount grandTotal }
  ... on Refusal { problems { path message } } } }"""

PRICE = """
{ productPrice(website: "base", sku: "mug") {
    regularPrice rulesPrice finalPrice steps { after } }
  cartPriceRule(key: "ten") { budget spent mostDiscount } }"""

ITEMS = [{"sku": "mug", "quantity": 2}, {"sku": "cup", "quantity": 3}]
SENT = {"items": ITEMS, "coupon_codes": ["TEN"]}


async def a_shop(shop: Shop, currency: str, coin: Decimal) -> None:
    """Prices are finer than a coin; what rules take off is never a whole one."""
    await shop.execute("update website set currency = $1", currency)
    await shop.product("mug", str(1999 * coin + coin / 2))
    await shop.product("cup", str(335 * coin))
    await shop.catalogue_price_rule("seven", amount="7")
    await shop.cart_price_rule("fixed", "cart_fixed", str(100 * coin))
    await a_coupon_rule(
        shop, "TEN", amount="10", budget=100_125 * coin, most_discount=450 * coin
    )
    await shop.cart_price_rule(
        "hint",
        "by_fixed",
        str(coin),
        hinted=True,
        conditions=a_comparison("cart.subtotal", "at_least", str(7000 * coin)),
    )


COINS = pytest.mark.parametrize(
    ("currency", "coin"),
    [("KWD", Decimal("0.001")), ("BHD", Decimal("0.001")), ("JPY", Decimal(1))],
)


@COINS
async def test_whole_coins_are_asked_and_add_up(
    storefront: Storefront, shop: Shop, currency: str, coin: Decimal
) -> None:
    await a_shop(shop, currency, coin)

    found = await storefront.ask(PRODUCT)
    answer = await storefront.ask(CART, cart=SENT)

    def money(coins: int) -> dict[str, Any]:
        return {"value": float(coins * coin), "currency": currency}

    def value(coins: int) -> dict[str, float]:
        return {"value": float(coins * coin)}

    (mug,) = found["products"]["items"]
    assert mug["price_range"]["minimum_price"] == {
        "regular_price": money(2000),
        "final_price": money(1860),
        "discount": {"amount_off": float(140 * coin)},
    }
    assert answer["personalization"]["cart"] == {
        "hints": [{"amount": money(2344)}],
        "itemsV2": {
            "items": [
                {"prices": {"row_total": value(all), "total_item_discount": value(off)}}
                for all, off in ((3720, 439), (936, 111))
            ]
        },
        "prices": {
            "subtotal_excluding_tax": value(4656),
            "discounts": [
                {"label": "fixed", "amount": money(100)},
                {"label": "ten", "amount": money(450)},
            ],
            "grand_total": money(4106),
        },
    }


@COINS
async def test_an_administrator_reads_the_same_coins(
    storefront: Storefront,
    database: Database,
    shop: Shop,
    currency: str,
    coin: Decimal,
) -> None:
    await a_shop(shop, currency, coin)
    viewer = await a_token_of(Role.VIEWER, database)

    explained = await storefront.ask_admin(EXPLAIN, token=viewer, cart=SENT)
    priced = await storefront.ask_admin(PRICE, token=viewer)

    def coins(amount: str) -> Decimal:
        return Decimal(amount) / coin

    told = explained["explainCart"]
    assert coins(told["discount"]) == 550
    assert coins(told["grandTotal"]) == 4106
    assert [
        [
            *map(coins, (line["rowTotal"], line["discount"])),
            *(coins(step["amount"]) for step in line["steps"]),
        ]
        for line in told["lines"]
    ] == [[3720, 439, 80, 359], [936, 111, 20, 91]]
    price, rule = priced["productPrice"], priced["cartPriceRule"]
    assert coins(price["regularPrice"]) == Decimal("1999.5")
    assert coins(price["rulesPrice"]) == coins(price["finalPrice"]) == 1860
    assert coins(rule["budget"]) == 100_125
    assert coins(rule["mostDiscount"]) == 450


@COINS
async def test_a_budget_meets_whole_coins(
    storefront: Storefront,
    database: Database,
    shop: Shop,
    server_token: str,
    currency: str,
    coin: Decimal,
) -> None:
    await a_shop(shop, currency, coin)
    viewer = await a_token_of(Role.VIEWER, database)
    half = str(1234 * coin + coin / 2)
    cart = {
        "items": [{"sku": "mug", "quantity": 2, "price": half}],
        "coupon_codes": ["TEN"],
        "shipping": {"amount": str(500 * coin)},
    }

    synced = await storefront.ask(SYNC, token=server_token, input=cart)
    kept = synced["syncCart"]["cart"]
    held = await storefront.ask(RESERVE, token=server_token, cart=kept["id"])
    priced = await storefront.ask_admin(PRICE, token=viewer)

    def money(coins: int) -> dict[str, Any]:
        return {"value": float(coins * coin), "currency": currency}

    off = [{"amount": {"value": float(coins * coin)}} for coins in (100, 237)]
    assert kept["prices"] == {"discounts": off, "grand_total": money(2632)}
    reserved = held["reserveCoupons"]["reservation"]["budgeted_discounts"]
    assert reserved == [{"amount": money(237)}]
    assert Decimal(priced["cartPriceRule"]["spent"]) == 237 * coin
