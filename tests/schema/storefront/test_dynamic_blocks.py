"""`dynamicBlocks`, as Adobe's own functional test of it expects it to behave."""

from typing import Any

import pytest

from gateway.schema import uids
from tests.factories import a_comparison, of_sku
from tests.rows import Shop
from tests.storefront import Storefront

BLOCKS = """
query Blocks($input: DynamicBlocksFilterInput, $pageSize: Int, $currentPage: Int) {
  dynamicBlocks(input: $input, pageSize: $pageSize, currentPage: $currentPage) {
    items { uid content { html } }
    page_info { current_page page_size total_pages }
    total_count
  }
}"""

# As PWA Studio sends it, word for word.
PWA_STUDIO = """
query GetCmsDynamicBlocks($cartId: String, $productId: ID, $type: DynamicBlockTypeEnum!,
    $locations: [DynamicBlockLocationEnum], $uids: [ID]!) {
  dynamicBlocks(input: {cart_id: $cartId, product_uid: $productId,
      dynamic_block_uids: $uids, locations: $locations, type: $type}) {
    items { content { html __typename } uid __typename } __typename } }"""

NOTHING = {
    "items": [],
    "page_info": {"current_page": 1, "page_size": 20, "total_pages": 0},
    "total_count": 0,
}


async def blocks(storefront: Storefront, **variables: Any) -> Any:
    return (await storefront.ask(BLOCKS, **variables))["dynamicBlocks"]


def specified(*ids: int) -> dict[str, Any]:
    return {"type": "SPECIFIED", "dynamic_block_uids": [uids.encode(id) for id in ids]}


async def test_a_block_comes_with_its_uid_and_its_html(
    storefront: Storefront, shop: Shop
) -> None:
    id = await shop.block("hello", "<p>Hello <b>you</b></p>")
    await shop.block("other")

    assert await blocks(storefront, input=specified(id)) == {
        "items": [
            {"uid": uids.encode(id), "content": {"html": "<p>Hello <b>you</b></p>"}}
        ],
        "page_info": {"current_page": 1, "page_size": 20, "total_pages": 1},
        "total_count": 1,
    }


async def test_an_unknown_block_is_no_error_and_no_block(
    storefront: Storefront,
) -> None:
    assert await blocks(storefront, input=specified(999)) == NOTHING


async def test_a_disabled_block_is_no_error_and_no_block(
    storefront: Storefront, shop: Shop
) -> None:
    id = await shop.block("off", active=False)

    assert await blocks(storefront, input=specified(id)) == NOTHING


async def test_a_block_of_a_segment_is_there_for_those_in_it_alone(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.customer("1", email="ada@example.com")
    await shop.customer("2", email="bob@example.com")
    await shop.segment(
        "ada",
        a_comparison("customer.email", "is", "ada@example.com"),
        applies_to="registered",
    )
    id = await shop.block("for-ada", segments=["ada"])
    found = {}

    for who in (None, "1", "2"):
        token = storefront.token(who) if who else None
        answer = await blocks(storefront, input=specified(id), token=token)
        found[who] = answer["total_count"]
        assert answer == NOTHING or who == "1"

    assert found == {None: 0, "1": 1, "2": 0}


async def test_content_is_in_the_language_of_the_store_view(
    storefront: Storefront, shop: Shop
) -> None:
    id = await shop.block("b", "it", content_by_store_view={"german": "es"})

    html = [
        (await blocks(storefront, input=specified(id), store=store))["items"][0][
            "content"
        ]["html"]
        for store in ("english", "german", None)
    ]

    assert html == ["it", "es", "it"]


async def test_html_written_by_hand_is_harmless_when_it_is_shown(
    storefront: Storefront, shop: Shop
) -> None:
    id = await shop.block("b", '<p onclick="alert(1)">Hi<script>alert(1)</script></p>')

    (item,) = (await blocks(storefront, input=specified(id)))["items"]

    assert item["content"]["html"] == "<p>Hi</p>"


@pytest.mark.parametrize(
    "uid", ["12", "", "MQ", "MQ==\n", "bm8=", "4pGg", "-1", "LTE="]
)
async def test_a_uid_that_is_none_is_refused_in_the_published_words(
    storefront: Storefront, uid: str
) -> None:
    given = {"type": "SPECIFIED", "dynamic_block_uids": [uid]}

    assert await storefront.refusal(BLOCKS, input=given) == (
        f'Value of uid "{uid}" is incorrect.',
        "graphql-input",
    )


async def test_a_product_uid_that_is_none_is_refused_and_an_unknown_one_is_not(
    storefront: Storefront,
) -> None:
    wrong = {"type": "SPECIFIED", "product_uid": "12"}
    unknown = {"type": "SPECIFIED", "product_uid": "OTk="}

    assert await storefront.refusal(BLOCKS, input=wrong) == (
        'Value of uid "12" is incorrect.',
        "graphql-input",
    )
    assert await blocks(storefront, input=unknown) == NOTHING


async def test_a_block_of_a_catalogue_price_rule_shows_beside_its_products(
    storefront: Storefront, shop: Shop
) -> None:
    mug, cup = await shop.product("mug"), await shop.product("cup")
    await shop.customer("trade", group_id=2)
    await shop.catalogue_price_rule("mugs", conditions=of_sku("mug"))
    await shop.catalogue_price_rule("trade", customer_groups=[2])
    await shop.block("of-mugs", catalogue_price_rules=["mugs"])
    await shop.block("of-trade", catalogue_price_rules=["trade"])

    async def beside(product: int | None, **also: Any) -> list[str]:
        wanted = {
            "type": "CATALOG_PRICE_RULE_RELATED",
            "product_uid": uids.encode(product) if product else None,
        }
        found = await blocks(storefront, input=wanted, **also)
        return [one["content"]["html"] for one in found["items"]]

    token = storefront.token("trade")
    assert await beside(mug) == ["<p>of-mugs</p>"]
    assert await beside(cup) == []
    assert await beside(None) == []
    assert await beside(cup, token=token) == ["<p>of-trade</p>"]
    assert await beside(mug, token=token) == ["<p>of-mugs</p>", "<p>of-trade</p>"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"pageSize": 0}, "pageSize value must be greater than 0."),
        ({"pageSize": -1}, "pageSize value must be greater than 0."),
        ({"currentPage": 0}, "currentPage value must be greater than 0."),
    ],
)
async def test_a_page_that_cannot_be_is_refused_in_the_published_words(
    storefront: Storefront, page: dict[str, Any], said: str
) -> None:
    assert await storefront.refusal(BLOCKS, **page) == (said, "graphql-input")


async def test_blocks_come_in_pages_by_their_position(
    storefront: Storefront, shop: Shop
) -> None:
    for position, key in enumerate("edcba"):
        await shop.block(key, key, position=-position % 5)
    pages = []

    for page in (1, 2, 3, 4):
        answer = await blocks(storefront, pageSize=2, currentPage=page)
        pages.append([one["content"]["html"] for one in answer["items"]])
        assert answer["total_count"] == 5
        assert answer["page_info"]["total_pages"] == 3

    assert pages == [["e", "a"], ["b", "c"], ["d"], []]


async def test_a_page_size_of_null_is_the_default(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.block("b")

    answer = await blocks(storefront, pageSize=None, currentPage=None)

    assert answer["page_info"]["page_size"] == 20
    assert answer["total_count"] == 1


async def test_pwa_studio_sends_a_single_uid_where_a_list_belongs(
    storefront: Storefront, shop: Shop
) -> None:
    id = await shop.block("b")

    answer = await storefront.ask(
        PWA_STUDIO, type="SPECIFIED", uids=uids.encode(id), cartId=None
    )

    assert [one["uid"] for one in answer["dynamicBlocks"]["items"]] == [uids.encode(id)]


async def test_a_block_of_a_rule_is_there_while_the_rule_applies_to_the_cart(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", "30")
    await shop.cart_price_rule(
        "ten-off", conditions=a_comparison("cart.subtotal", "at_least", 50)
    )
    id = await shop.block("saved", cart_price_rules=["ten-off"])
    await shop.block("plain")
    sync = "mutation($c: SyncCartInput!) { syncCart(input: $c) { cart { id } } }"
    shown = []

    for quantity in (1, 2):
        cart = {"items": [{"sku": "mug", "quantity": quantity}]}
        synced = await storefront.ask(sync, c=cart)
        answer = await storefront.ask(
            PWA_STUDIO,
            type="CART_PRICE_RULE_RELATED",
            uids=[],
            cartId=synced["syncCart"]["cart"]["id"],
        )
        shown.append([one["uid"] for one in answer["dynamicBlocks"]["items"]])

    assert shown == [[], [uids.encode(id)]]


async def test_a_cart_that_is_not_there_is_said_in_the_published_words(
    storefront: Storefront,
) -> None:
    given = {"type": "SPECIFIED", "cart_id": "nope"}

    assert await storefront.refusal(BLOCKS, input=given) == (
        'Could not find a cart with ID "nope"',
        "graphql-no-such-entity",
    )


async def test_places_are_asked_for(storefront: Storefront, shop: Shop) -> None:
    await shop.block("header", "h", locations=["header"])
    await shop.block("footer", "f", locations=["footer", "left"])

    answer = await blocks(
        storefront, input={"type": "SPECIFIED", "locations": ["LEFT", None]}
    )

    assert [one["content"]["html"] for one in answer["items"]] == ["f"]
