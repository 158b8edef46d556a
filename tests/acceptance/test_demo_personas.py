"""The demo store's example shoppers see what their file says, and why."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway import demo
from gateway.demo import Persona
from gateway.importing import import_directory
from gateway.importing.reporters import Silence
from gateway.schema import uids
from gateway.storage.database import Database
from tests.rows import Shop
from tests.storefront import Storefront

SYNC = "mutation($cart: SyncCartInput!) { syncCart(input: $cart) { cart { id } } }"
SEES = """
query Sees($cart: String!, $product: String!) {
  personalization(cart_id: $cart, product_sku: $product) {
    segments { uid }
    dynamic_blocks { uid content { html } }
    cart { rules { uid } prices { discounts { amount { value } } } }
    related_products { sku } } }"""

PERSONAS = {persona.key: persona for persona in demo.personas()}
TABLES = {
    "segments": "segment",
    "dynamic_blocks": "dynamic_block",
    "cart_price_rules": "cart_price_rule",
}


@pytest.fixture
async def store(database: Database, shop: Shop) -> Shop:
    """The demo store, imported as `gateway demo` does."""
    done = await import_directory(
        database, demo.STORE, website=None, dry_run=False, report=Silence()
    )
    assert done.succeeded, done
    return shop


async def mirror(storefront: Storefront, persona: Persona, token: str) -> str:
    """Mirror the persona's cart as the shop's server does, who knows the shipping."""
    given: dict[str, Any] = {**persona.cart}
    cart = {
        "customer_id": persona.customer_id,
        "items": given["items"],
        "coupon_codes": given["coupon_codes"],
        "shipping": given["shipping"],
        "address": {"country": given["country"]},
    }
    answer = await storefront.ask(
        SYNC, token=token, store=persona.store_view, cart=cart
    )
    cart_id: str = answer["syncCart"]["cart"]["id"]
    return cart_id


async def keys(shop: Shop, subject: str, listed: list[Mapping[str, Any]]) -> list[str]:
    """The keys behind the uids that a shopper is told."""
    query = f"select key from {TABLES[subject]} where id = $1"
    return [await shop.value(query, uids.decode(one["uid"])) for one in listed]


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())
async def test_a_persona_sees_what_is_expected(
    storefront: Storefront, store: Shop, server_token: str, persona: Persona
) -> None:
    cart_id = await mirror(storefront, persona, server_token)
    token = None
    if persona.customer_id:
        token = storefront.token(persona.customer_id, website=persona.website)

    answer = await storefront.ask(
        SEES,
        token=token,
        store=persona.store_view,
        cart=cart_id,
        product=persona.page_product,
    )

    seen = answer["personalization"]
    discounts = seen["cart"]["prices"]["discounts"]
    assert {
        "segments": await keys(store, "segments", seen["segments"]),
        "dynamic_blocks": await keys(store, "dynamic_blocks", seen["dynamic_blocks"]),
        "cart_price_rules": await keys(
            store, "cart_price_rules", seen["cart"]["rules"]
        ),
        "discount": f"{sum(one['amount']['value'] for one in discounts):.2f}",
        "related": [one["sku"] for one in seen["related_products"]],
    } == persona.expects


@pytest.mark.usefixtures("store")
async def test_personas_ask_the_example_query_as_graphiql_does(
    storefront: Storefront,
) -> None:
    for persona in PERSONAS.values():
        token = None
        if persona.customer_id:
            token = storefront.token(persona.customer_id, website=persona.website)

        answer = await storefront.ask(
            demo.query("storefront"),
            token=token,
            store=persona.store_view,
            cart=persona.cart_input,
            product=persona.page_product,
        )

        shown = answer["personalization"]
        assert len(shown["segments"]) == len(persona.expects["segments"])
        assert len(shown["related_products"]) == min(4, len(persona.expects["related"]))


@pytest.mark.usefixtures("store")
async def test_contents_and_labels_are_in_the_shoppers_language(
    storefront: Storefront,
) -> None:
    visitor = PERSONAS["visitor"]
    query = """query($cart: CartInput) { personalization(cart: $cart) {
        dynamic_blocks(locations: [HEADER]) { content { html } }
        cart { prices { discounts { label } } } } }"""
    told = {}

    for view in ("english", "german"):
        answer = await storefront.ask(query, store=view, cart=visitor.cart_input)
        told[view] = answer["personalization"]

    labels = {
        view: {one["label"] for one in shown["cart"]["prices"]["discounts"]}
        for view, shown in told.items()
    }
    assert labels == {
        "english": {
            "Buy three tees, get one free",
            "Bottles in pairs",
            "Welcome to Larch & Lantern",
        },
        "german": {
            "Drei T-Shirts kaufen, eins geschenkt",
            "Flaschen im Doppel",
            "Willkommen bei Larch & Lantern",
        },
    }
    assert told["english"]["dynamic_blocks"] != told["german"]["dynamic_blocks"]
