"""`personalization`: everything about a shopper in one answer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway import demo
from gateway.schema import uids
from tests.factories import a_comparison, of_sku
from tests.rows import Shop
from tests.storefront import Storefront

PERSONALIZATION = """
query P($cart: CartInput, $cart_id: String, $sku: String, $limit: Int,
    $type: DynamicBlockTypeEnum, $places: [DynamicBlockLocationEnum], $uids: [ID]) {
  personalization(cart: $cart, cart_id: $cart_id, product_sku: $sku) {
    valid_until
    customer_group { uid }
    segments { uid }
    cart { id prices { grand_total { value } } rules { uid } }
    dynamic_blocks(type: $type, locations: $places, dynamic_block_uids: $uids) {
      uid content { html } }
    related_products(limit: $limit) { sku }
    upsell_products(limit: $limit) { sku }
    crosssell_products(limit: $limit) { sku } } }"""

MUG_CART = {"items": [{"sku": "mug", "quantity": 3}]}


async def personalization(storefront: Storefront, **variables: Any) -> Any:
    return (await storefront.ask(PERSONALIZATION, **variables))["personalization"]


async def test_one_answer_holds_all_four_subjects_and_they_agree(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", "20")
    await shop.product("cup", "5")
    segment = await shop.segment("rich", a_comparison("cart.subtotal", "at_least", 50))
    rule = await shop.cart_price_rule(
        "for-rich",
        conditions=a_comparison("customer.segment", "is_one_of", ["rich"]),
    )
    block = await shop.block("thanks", segments=["rich"], cart_price_rules=["for-rich"])
    await shop.related_product_rule("more", of_sku("cup"), segments=["rich"])

    assert await personalization(storefront, cart=MUG_CART, sku="mug") == {
        "valid_until": None,
        "customer_group": {"uid": "MA=="},
        "segments": [{"uid": uids.encode(segment)}],
        "cart": {
            "id": "",
            "prices": {"grand_total": {"value": 54.0}},
            "rules": [{"uid": uids.encode(rule)}],
        },
        "dynamic_blocks": [
            {"uid": uids.encode(block), "content": {"html": "<p>thanks</p>"}}
        ],
        "related_products": [{"sku": "cup"}],
        "upsell_products": [],
        "crosssell_products": [],
    }


async def test_a_shopper_of_whom_nothing_is_known_gets_empty_lists(
    storefront: Storefront,
) -> None:
    assert await personalization(storefront) == {
        "valid_until": None,
        "customer_group": {"uid": "MA=="},
        "segments": [],
        "cart": {"id": "", "prices": {"grand_total": {"value": 0.0}}, "rules": []},
        "dynamic_blocks": [],
        "related_products": [],
        "upsell_products": [],
        "crosssell_products": [],
    }


async def test_a_customer_has_the_group_that_is_stored(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.customer("1", group_id=2)

    groups = [
        (await personalization(storefront, token=storefront.token(who)))[
            "customer_group"
        ]["uid"]
        for who in ("1", "never-heard-of")
    ]

    assert groups == [uids.encode(2), uids.encode(1)]


async def test_a_kept_cart_is_named_by_its_masked_id(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", "20")
    sync = "mutation($c: SyncCartInput!) { syncCart(input: $c) { cart { id } } }"
    cart_id = (await storefront.ask(sync, c=MUG_CART))["syncCart"]["cart"]["id"]

    shown = await personalization(storefront, cart_id=cart_id)

    assert shown["cart"]["id"] == cart_id
    assert shown["cart"]["prices"]["grand_total"]["value"] == 60


async def test_a_cart_is_either_sent_or_named(storefront: Storefront) -> None:
    assert await storefront.refusal(PERSONALIZATION, cart=MUG_CART, cart_id="c") == (
        "Send either 'cart' or 'cart_id', not both.",
        "graphql-input",
    )


async def test_an_unknown_product_page_is_no_reason_to_show_nothing(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("cup")
    await shop.related_product_rule("more", of_sku("cup"))
    await shop.block("b")

    shown = await personalization(storefront, sku="never-heard-of")

    assert shown["related_products"] == [{"sku": "cup"}]
    assert len(shown["dynamic_blocks"]) == 1


async def test_cross_sells_without_a_page_go_with_the_cart(
    storefront: Storefront, shop: Shop
) -> None:
    for sku in ("mug", "cup", "spoon"):
        await shop.product(sku)
    await shop.link("mug", "cup", "crosssell")
    await shop.link("mug", "mug", "crosssell", 1)
    await shop.related_product_rule(
        "spoons", of_sku("spoon"), list="crosssell", products_to_match=of_sku("mug")
    )

    with_cart = await personalization(storefront, cart=MUG_CART)
    without = await personalization(storefront)

    skus = [one["sku"] for one in with_cart["crosssell_products"]]
    assert skus == ["cup", "spoon"]
    assert without["crosssell_products"] == []


async def test_blocks_are_chosen_by_type_place_and_uid(
    storefront: Storefront, shop: Shop
) -> None:
    one = await shop.block("one", "1", locations=["header"])
    await shop.block("two", "2", locations=["footer"])

    async def html(**wanted: Any) -> list[str]:
        shown = await personalization(storefront, **wanted)
        return [block["content"]["html"] for block in shown["dynamic_blocks"]]

    assert await html() == ["1", "2"]
    assert await html(type=None, places=None, uids=None) == ["1", "2"]
    assert await html(places=["FOOTER"]) == ["2"]
    assert await html(uids=[uids.encode(one)]) == ["1"]
    assert await html(type="CART_PRICE_RULE_RELATED") == []
    assert await html(type="CATALOG_PRICE_RULE_RELATED") == []


async def test_one_field_that_is_refused_leaves_the_others(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.segment("everyone")

    body = await storefront.answer(PERSONALIZATION, uids=["12"], limit=3)

    shown = body["data"]["personalization"]
    assert [error["message"] for error in body["errors"]] == [
        'Value of uid "12" is incorrect.'
    ]
    assert shown["dynamic_blocks"] is None
    assert len(shown["segments"]) == 1


# Until when it holds ---------------------------------------------------------------


async def test_an_answer_holds_until_a_rule_a_price_or_the_token_ends(
    storefront: Storefront, shop: Shop
) -> None:
    today = datetime.now(UTC).date()
    # Not tomorrow, which may begin at any moment.
    soon, later = today + timedelta(days=2), today + timedelta(days=7)
    query = "{ personalization { valid_until } }"

    async def until(**also: Any) -> datetime | None:
        told = (await storefront.ask(query, **also))["personalization"]["valid_until"]
        return datetime.fromisoformat(told) if told else None

    assert await until() is None

    await shop.cart_price_rule("spring", to_day=later)
    assert await until() == _midnight(later + timedelta(days=1))

    await shop.product("mug", special_price=Decimal(1), special_from=soon)
    assert await until() == _midnight(soon)

    token = storefront.token("1", lifetime_seconds=600)
    ends = await until(token=token)
    assert ends is not None
    assert timedelta() < ends - datetime.now(UTC) <= timedelta(seconds=600)


async def test_days_begin_and_end_in_the_time_zone_of_the_website(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.execute("update website set timezone = 'Pacific/Kiritimati'")
    await shop.cart_price_rule("r", to_day=date(2099, 12, 31))
    query = "{ personalization { valid_until } }"

    told = (await storefront.ask(query))["personalization"]["valid_until"]

    # Fourteen hours before midnight in Greenwich.
    assert datetime.fromisoformat(told) == datetime(2099, 12, 31, 10, tzinfo=UTC)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


# The example queries ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("storefront", {"cart": MUG_CART, "product": "mug"}),
        ("published", {}),
        ("sync_cart", {"cart": MUG_CART}),
        ("record_events", {"happened": {"events": [{"id": "1", "type": "signIn"}]}}),
    ],
)
async def test_the_example_queries_are_answered(
    storefront: Storefront, shop: Shop, name: str, variables: dict[str, Any]
) -> None:
    await shop.product("mug", "20", categories=["gear/tents"])

    assert await storefront.ask(demo.query(name), **variables)
