"""`syncCart` and `cart`: who may, what is shown, and in which words it is refused."""

from typing import Any

import pytest

from gateway.schema import uids
from tests.factories import a_comparison, of_sku
from tests.rows import Shop
from tests.storefront import Storefront

SYNC = """
mutation Sync($input: SyncCartInput!) { syncCart(input: $input) { cart { id } } }"""

CART = """
query Cart($id: String!) { cart(cart_id: $id) {
  id total_quantity rules { uid } applied_coupons { code } ships_free
  selected_shipping_method { carrier_code method_code amount { value } }
  items { __typename uid quantity is_known ships_free product { __typename sku }
    prices { price { value } row_total { value currency }
      total_item_discount { value } discounts { label amount { value } } }
    ... on ConfigurableCartItem { configured_variant { sku } } }
  prices { subtotal_excluding_tax { value } grand_total { value currency }
    subtotal_with_discount_excluding_tax { value } grand_total_excluding_tax { value }
    applied_taxes { label amount { value } }
    discounts { label applied_to amount { value currency } coupon { code } } } } }"""

PLAIN_CART = "query($id: String!) { cart(cart_id: $id) { id total_quantity } }"


MUGS = of_sku("mug")


def items(*skus: str) -> list[dict[str, Any]]:
    return [{"sku": sku, "quantity": 1} for sku in skus]


async def sync(storefront: Storefront, *, token: str | None = None, **cart: Any) -> str:
    answer = await storefront.ask(SYNC, token=token, input={"items": [], **cart})
    cart_id: str = answer["syncCart"]["cart"]["id"]
    return cart_id


@pytest.fixture
async def full_cart(
    storefront: Storefront, shop: Shop, server_token: str
) -> dict[str, Any]:
    """Three lines: one with two discounts, one of a child, one of an unknown SKU."""
    await shop.product("mug", "10")
    await shop.product("tee", None, type="configurable", children=["tee-s"])
    await shop.product("tee-s", "20", visibility="not_visible")
    await shop.cart_price_rule("two-off", "by_fixed", "2", applies_to_shipping=True)
    await shop.cart_price_rule("ten-percent", coupon_code="TEN", item_conditions=MUGS)
    await shop.cart_price_rule("never", conditions=a_comparison("cart.lines", "is", 9))
    cart_id = await sync(
        storefront,
        token=server_token,
        items=[
            {"sku": "mug", "quantity": 2},
            {"sku": "tee-s", "quantity": 1, "parent_sku": "tee"},
            {"sku": "ghost", "quantity": 0.5},
        ],
        coupon_codes=["ten", "UNKNOWN"],
        shipping={"method": "flatrate_express", "amount": "5"},
        tax="1.23",
    )
    cart: dict[str, Any] = (await storefront.ask(CART, id=cart_id))["cart"]
    assert cart["id"] == cart_id
    return cart


async def test_a_cart_has_its_rules_coupons_and_shipping(
    full_cart: dict[str, Any], shop: Shop
) -> None:
    applied = [
        uids.encode(
            await shop.value("select id from cart_price_rule where key = $1", key)
        )
        for key in ("two-off", "ten-percent")
    ]

    assert full_cart["total_quantity"] == 3.5
    assert [one["uid"] for one in full_cart["rules"]] == applied
    assert full_cart["applied_coupons"] == [{"code": "ten"}]
    assert full_cart["ships_free"] is False
    assert full_cart["selected_shipping_method"] == {
        "carrier_code": "flatrate",
        "method_code": "express",
        "amount": {"value": 5.0},
    }


async def test_a_cart_has_lines_of_the_types_of_their_products(
    full_cart: dict[str, Any],
) -> None:
    mug, tee, ghost = full_cart["items"]

    assert (mug["__typename"], mug["product"]["sku"]) == ("SimpleCartItem", "mug")
    assert (tee["__typename"], tee["product"]["sku"]) == ("ConfigurableCartItem", "tee")
    assert tee["configured_variant"] == {"sku": "tee-s"}
    assert (ghost["__typename"], ghost["product"]["sku"]) == ("SimpleCartItem", "ghost")
    assert [one["is_known"] for one in (mug, tee, ghost)] == [True, True, False]
    assert mug["prices"] == {
        "price": {"value": 10.0},
        "row_total": {"value": 20.0, "currency": "EUR"},
        "total_item_discount": {"value": 5.6},
        "discounts": [
            {"label": "two-off", "amount": {"value": 4.0}},
            {"label": "ten-percent", "amount": {"value": 1.6}},
        ],
    }
    assert ghost["prices"] == {
        "price": {"value": 0.0},
        "row_total": {"value": 0.0, "currency": "EUR"},
        "total_item_discount": {"value": 0.0},
        "discounts": [],
    }


async def test_a_cart_has_totals_that_add_up(full_cart: dict[str, Any]) -> None:
    def off(label: str, on: str, amount: float, coupon: str | None) -> dict[str, Any]:
        return {
            "label": label,
            "applied_to": on,
            "amount": {"value": amount, "currency": "EUR"},
            "coupon": {"code": coupon} if coupon else None,
        }

    assert full_cart["prices"] == {
        "subtotal_excluding_tax": {"value": 40.0},
        # 4.00 and 2.00 of two-off, 1.60 of ten-percent.
        "subtotal_with_discount_excluding_tax": {"value": 32.4},
        "discounts": [
            off("two-off", "ITEM", 6.0, None),
            off("ten-percent", "ITEM", 1.6, "ten"),
            off("two-off", "SHIPPING", 2.0, None),
        ],
        "applied_taxes": [{"label": "Tax", "amount": {"value": 1.23}}],
        "grand_total_excluding_tax": {"value": 35.4},
        "grand_total": {"value": 36.63, "currency": "EUR"},
    }


async def test_a_member_that_is_null_is_as_good_as_left_out(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", "10")
    of_line = dict.fromkeys(("parent_sku", "price", "children"))
    of_cart = dict.fromkeys(("coupon_codes", "shipping", "tax", "cart_id"))

    cart_id = await sync(
        storefront,
        items=[{"sku": "mug", "quantity": 1, **of_line}],
        address={"country": "DE", "city": None},
        **of_cart,
    )

    cart = (await storefront.ask(CART, id=cart_id))["cart"]
    assert cart["prices"]["grand_total"] == {"value": 10.0, "currency": "EUR"}


async def test_an_empty_cart_has_lists_and_no_nulls(storefront: Storefront) -> None:
    cart_id = await sync(storefront)

    cart = (await storefront.ask(CART, id=cart_id))["cart"]

    assert [cart[name] for name in ("items", "rules", "applied_coupons")] == [[]] * 3
    assert cart["prices"]["discounts"] == []
    assert cart["prices"]["grand_total"] == {"value": 0.0, "currency": "EUR"}
    assert cart["selected_shipping_method"] is None


async def test_lines_come_in_pages_too(storefront: Storefront) -> None:
    cart_id = await sync(storefront, items=items("a", "b", "c"))
    query = """query($id: String!) { cart(cart_id: $id) {
        itemsV2(pageSize: 2, currentPage: 2) {
          items { product { sku } } total_count
          page_info { current_page page_size total_pages } } } }"""

    found = (await storefront.ask(query, id=cart_id))["cart"]["itemsV2"]

    assert found == {
        "items": [{"product": {"sku": "c"}}],
        "total_count": 3,
        "page_info": {"current_page": 2, "page_size": 2, "total_pages": 2},
    }


async def test_a_line_keeps_its_uid_while_others_come_and_go(
    storefront: Storefront,
) -> None:
    query = "query($id: String!) { cart(cart_id: $id) { items { uid } } }"

    async def uids_of(cart_id: str) -> list[str]:
        cart = (await storefront.ask(query, id=cart_id))["cart"]
        return [one["uid"] for one in cart["items"]]

    cart_id = await sync(storefront, items=items("a", "b", "b", "c"))
    before = await uids_of(cart_id)
    await sync(storefront, cart_id=cart_id, items=items("c", "b"))
    other = await sync(storefront, items=items("a"))

    assert len(set(before)) == 4
    assert await uids_of(cart_id) == [before[3], before[1]]
    assert not set(await uids_of(other)) & set(before)


async def test_a_masked_id_cannot_be_guessed(storefront: Storefront) -> None:
    made = {await sync(storefront) for _ in range(5)}

    assert len(made) == 5
    assert {len(cart_id) for cart_id in made} == {32}


async def test_a_cart_is_for_its_owner_alone(storefront: Storefront) -> None:
    ada, bob = storefront.token("1"), storefront.token("2")
    cart_id = await sync(storefront, token=ada)
    said = (
        f'The current user cannot perform operations on cart "{cart_id}"',
        "graphql-authorization",
    )

    assert (await storefront.ask(PLAIN_CART, token=ada, id=cart_id))["cart"]
    for token in (None, bob):
        assert await storefront.refusal(PLAIN_CART, token=token, id=cart_id) == said
        theirs = {"cart_id": cart_id, "items": []}
        assert await storefront.refusal(SYNC, token=token, input=theirs) == said


async def test_a_visitors_cart_becomes_the_customers_who_syncs_it(
    storefront: Storefront,
) -> None:
    cart_id = await sync(storefront, items=items("a"))
    ada = storefront.token("1")

    await sync(storefront, token=ada, cart_id=cart_id, items=items("a", "b"))

    kept = await storefront.ask(PLAIN_CART, token=ada, id=cart_id)
    assert kept["cart"]["total_quantity"] == 2
    assert (await storefront.refusal(PLAIN_CART, id=cart_id))[1] == (
        "graphql-authorization"
    )


async def test_an_unknown_cart_is_said_in_the_published_words(
    storefront: Storefront,
) -> None:
    said = ('Could not find a cart with ID "nope"', "graphql-no-such-entity")

    assert await storefront.refusal(PLAIN_CART, id="nope") == said
    mine = {"cart_id": "nope", "items": []}
    assert await storefront.refusal(SYNC, input=mine) == said
    missing = ('Required parameter "cart_id" is missing', "graphql-input")
    assert await storefront.refusal(PLAIN_CART, id="") == missing


async def test_a_cart_of_another_website_is_not_there(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website("other")
    await shop.store_view("french", "other")
    cart_id = await sync(storefront)

    assert await storefront.refusal(PLAIN_CART, store="french", id=cart_id) == (
        f'Could not find a cart with ID "{cart_id}"',
        "graphql-no-such-entity",
    )


async def test_a_shopper_hears_of_every_amount_that_is_not_theirs_to_state(
    storefront: Storefront,
) -> None:
    given = {
        "items": [{"sku": "mug", "quantity": 1, "price": "0.01"}],
        "shipping": {"method": "m", "amount": "0"},
        "tax": "0",
        "customer_id": "1",
    }

    body = await storefront.answer(SYNC, input=given, token=storefront.token("1"))

    (error,) = body["errors"]
    assert error["extensions"]["category"] == "graphql-input"
    assert [one["path"] for one in error["extensions"]["problems"]] == [
        "customer_id",
        "items.0.price",
        "shipping.amount",
        "tax",
    ]


async def test_an_amount_with_a_servers_token_counts_and_the_token_keeps_no_session(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    await shop.product("mug", "10")
    cart = {"items": [{"sku": "mug", "quantity": 1, "price": "7.77"}]}
    answer = await storefront.post(
        SYNC, {"Authorization": f"Bearer {server_token}"}, {"input": cart}
    )
    cart_id = answer.json()["data"]["syncCart"]["cart"]["id"]
    query = """query($id: String!) { cart(cart_id: $id) {
        prices { grand_total { value } } } }"""

    found = (await storefront.ask(query, id=cart_id))["cart"]

    assert found == {"prices": {"grand_total": {"value": 7.77}}}
    assert "set-cookie" not in answer.headers
    assert "x-gateway-session" not in answer.headers


async def test_a_server_sees_what_the_owner_sees(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    await shop.customer("1", group_id=2)
    await shop.segment(
        "wholesale", a_comparison("customer.group", "is", 2), applies_to="registered"
    )
    cart_id = await sync(storefront, token=server_token, customer_id="1")
    query = """query($id: String!) { customerSegments(cartId: $id) { uid } }"""

    for token in (server_token, storefront.token("1")):
        found = await storefront.ask(query, token=token, id=cart_id)
        assert len(found["customerSegments"]) == 1


GIFTS = """
query Gifts($id: String!) { cart(cart_id: $id) { free_gifts { label quantity
  quantity_in_cart products { sku name } } prices { grand_total { value } } } }"""


async def test_free_gifts_are_offered(storefront: Storefront, shop: Shop) -> None:
    await shop.product("tent", "200")
    await shop.product("mug", "10", name="Mug")
    await shop.cart_price_rule(
        "gift", "free_gift", "1", gifts=["mug", "gone"], label="A gift for you"
    )
    offer = {"label": "A gift for you", "quantity": 1.0, "quantity_in_cart": 0.0}
    products = [{"sku": "mug", "name": "Mug"}]

    without = await sync(storefront, items=items("tent"))
    with_it = await sync(storefront, items=items("tent", "mug"))

    assert (await storefront.ask(GIFTS, id=without))["cart"] == {
        "free_gifts": [{**offer, "products": products}],
        "prices": {"grand_total": {"value": 200.0}},
    }
    assert (await storefront.ask(GIFTS, id=with_it))["cart"] == {
        "free_gifts": [{**offer, "quantity_in_cart": 1.0, "products": products}],
        "prices": {"grand_total": {"value": 200.0}},
    }


async def test_a_bundle_keeps_its_children(storefront: Storefront, shop: Shop) -> None:
    await shop.product("kit", None, type="bundle")
    await shop.product("mug", "6")
    await shop.product("pot", "16")
    await shop.cart_price_rule("half", amount="50", item_conditions=MUGS)
    children = [{"sku": "mug", "quantity": 1}, {"sku": "pot", "quantity": 2}]

    cart_id = await sync(
        storefront, items=[{"sku": "kit", "quantity": 2, "children": children}]
    )

    cart = (await storefront.ask(CART, id=cart_id))["cart"]
    (line,) = cart["items"]
    assert line["__typename"] == "BundleCartItem"
    assert line["prices"]["price"]["value"] == 38.0
    assert line["prices"]["row_total"]["value"] == 76.0
    assert line["prices"]["total_item_discount"]["value"] == 6.0


async def test_a_price_of_zero_that_a_server_stated_is_kept(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    await shop.product("mug", "10")

    cart_id = await sync(
        storefront,
        token=server_token,
        items=[{"sku": "mug", "quantity": 1, "price": "0"}],
    )

    cart = (await storefront.ask(CART, id=cart_id))["cart"]
    assert cart["prices"]["grand_total"]["value"] == 0.0


HINTS = """
query Hints($id: String!) { cart(cart_id: $id) { hints {
  label amount { value currency } quantity product { sku } } } }"""


async def test_what_is_missing_is_hinted_at(storefront: Storefront, shop: Shop) -> None:
    await shop.product("mug", "18.80")
    from_50 = a_comparison("cart.subtotal", "at_least", 50)
    await shop.cart_price_rule("ten", conditions=from_50, hinted=True, label="Ten off")
    await shop.cart_price_rule("quiet", conditions=from_50)
    await shop.cart_price_rule(
        "free", "buy_x_get_y", "1", step=2, hinted=True, label="One free"
    )
    cart_id = await sync(storefront, items=[{"sku": "mug", "quantity": 2}])

    answer = await storefront.ask(HINTS, id=cart_id)

    amount = {"value": 12.4, "currency": "EUR"}
    assert answer["cart"]["hints"] == [
        {"label": "Ten off", "amount": amount, "quantity": None, "product": None},
        {
            "label": "One free",
            "amount": None,
            "quantity": 1.0,
            "product": {"sku": "mug"},
        },
    ]
