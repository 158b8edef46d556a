"""`products`: finding them, and the lists beside them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.schema import uids
from tests.factories import of_sku
from tests.rows import Shop
from tests.storefront import Storefront

FIND = """
query Find($search: String, $filter: ProductAttributeFilterInput, $pageSize: Int,
    $currentPage: Int, $sort: ProductAttributeSortInput) {
  products(search: $search, filter: $filter, pageSize: $pageSize,
      currentPage: $currentPage, sort: $sort) {
    items { sku }
    total_count
    page_info { current_page page_size total_pages } } }"""

BESIDE = """
query Beside($sku: String, $limit: Int) {
  products(filter: {sku: {eq: $sku}}, pageSize: 1) { items {
    related_products(limit: $limit) { sku }
    upsell_products(limit: $limit) { sku }
    crosssell_products(limit: $limit) { sku } } } }"""


async def found(storefront: Storefront, **wanted: Any) -> list[str]:
    products = (await storefront.ask(FIND, **wanted))["products"]
    assert products["total_count"] == len(products["items"])
    return [one["sku"] for one in products["items"]]


async def beside(storefront: Storefront, sku: str, **also: Any) -> dict[str, list[str]]:
    (item,) = (await storefront.ask(BESIDE, sku=sku, **also))["products"]["items"]
    return {name: [one["sku"] for one in listed] for name, listed in item.items()}


async def test_a_product_is_shown_as_the_type_it_is(
    storefront: Storefront, shop: Shop
) -> None:
    ids = {
        kind: await shop.product(kind, "10", type=kind, saleable=kind != "bundle")
        for kind in (
            *("simple", "configurable", "virtual"),
            *("downloadable", "bundle", "grouped"),
        )
    }
    query = (
        """{ products { items { __typename uid sku name url_key stock_status } } }"""
    )

    items = (await storefront.ask(query))["products"]["items"]

    assert items == [
        {
            "__typename": f"{kind.capitalize()}Product",
            "uid": uids.encode(id),
            "sku": kind,
            "name": kind.capitalize(),
            "url_key": kind,
            "stock_status": "OUT_OF_STOCK" if kind == "bundle" else "IN_STOCK",
        }
        for kind, id in ids.items()
    ]


async def test_prices_are_regular_and_final_and_range_over_children(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("tee", None, type="configurable", children=["s", "m"])
    await shop.product("s", "20", special_price=Decimal(15), visibility="not_visible")
    await shop.product("m", "30", visibility="not_visible")
    await shop.product(
        "mug", "10", special_price=Decimal(8), special_to=date(2020, 1, 1)
    )
    query = """{ products { items { sku price_range {
        minimum_price { ...price } maximum_price { ...price } } } } }
        fragment price on ProductPrice { regular_price { value currency }
          final_price { value } discount { amount_off percent_off } }"""

    def price(regular: float, final: float, off: float, percent: float) -> Any:
        return {
            "regular_price": {"value": regular, "currency": "EUR"},
            "final_price": {"value": final},
            "discount": {"amount_off": off, "percent_off": percent},
        }

    items = (await storefront.ask(query))["products"]["items"]

    assert {one["sku"]: one["price_range"] for one in items} == {
        "tee": {
            "minimum_price": price(20.0, 15.0, 5.0, 25.0),
            "maximum_price": price(30.0, 30.0, 0.0, 0.0),
        },
        "mug": {
            "minimum_price": price(10.0, 10.0, 0.0, 0.0),
            "maximum_price": price(10.0, 10.0, 0.0, 0.0),
        },
    }


async def test_products_are_found_by_what_a_storefront_knows_of_them(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("tent", "300", categories=["gear/tents/family"])
    await shop.product("mug", "10", categories=["gear/cooking"], name="A blue mug")
    await shop.product("child", "5", visibility="not_visible")

    def by(**filter: Any) -> dict[str, Any]:
        return {"filter": filter}

    wanted = {
        "all": {},
        "sku": by(sku={"eq": "child"}),
        "skus": by(sku={"in": ["mug", "nothing", None]}),
        "url_key": by(url_key={"eq": "tent"}),
        "category": by(category_url_path={"eq": "gear"}),
        "below": by(category_url_path={"in": ["gear/tents"]}),
        "name": by(name={"match": "BLUE"}),
        "words": {"search": "mug a"},
        "price": by(price={"from": "9.99", "to": "50"}),
        "nulls": {"search": None, "filter": {"sku": None, "price": {"to": None}}},
        "nothing": by(sku={"eq": "mug"}, price={"from": "11"}),
    }

    assert {what: await found(storefront, **how) for what, how in wanted.items()} == {
        "all": ["tent", "mug"],
        "sku": ["child"],
        "skus": ["mug"],
        "url_key": ["tent"],
        "category": ["tent", "mug"],
        "below": ["tent"],
        "name": ["mug"],
        "words": ["mug"],
        "price": ["mug"],
        "nulls": ["tent", "mug"],
        "nothing": [],
    }


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, ["b", "c", "a"]),
        ({"name": "ASC"}, ["a", "b", "c"]),
        ({"name": "DESC", "price": "ASC"}, ["c", "b", "a"]),
        ({"price": "ASC"}, ["c", "a", "b"]),
        ({"price": "DESC"}, ["b", "a", "c"]),
        ({"position": "ASC"}, ["b", "c", "a"]),
        ({"position": "DESC"}, ["a", "c", "b"]),
        ({"relevance": "DESC"}, ["b", "c", "a"]),
    ],
)
async def test_products_come_in_the_order_asked_for(
    storefront: Storefront, shop: Shop, sort: Any, order: list[str]
) -> None:
    for sku, price in (("b", "30"), ("c", "10"), ("a", "20")):
        await shop.product(sku, price)

    assert await found(storefront, sort=sort) == order


async def test_products_come_in_pages(storefront: Storefront, shop: Shop) -> None:
    for sku in "abcde":
        await shop.product(sku)

    page = (await storefront.ask(FIND, pageSize=2, currentPage=3))["products"]

    assert page == {
        "items": [{"sku": "e"}],
        "total_count": 5,
        "page_info": {"current_page": 3, "page_size": 2, "total_pages": 3},
    }


async def test_a_price_that_is_none_is_refused(storefront: Storefront) -> None:
    said, category = await storefront.refusal(FIND, filter={"price": {"from": "cheap"}})

    assert category == "graphql-input"
    assert said.startswith("filter.price.from: ")


async def test_beside_a_product_stand_links_by_hand_and_then_what_rules_find(
    storefront: Storefront, shop: Shop
) -> None:
    for sku in ("tent", "mat", "lamp", "stove", "gas"):
        await shop.product(sku)
    await shop.link("tent", "lamp", position=2)
    await shop.link("tent", "stove", position=1)
    await shop.link("tent", "gas", "crosssell")
    await shop.related_product_rule(
        "beds", of_sku("mat", "lamp"), products_to_match=of_sku("tent")
    )
    await shop.related_product_rule("better", of_sku("gas"), list="upsell")

    assert await beside(storefront, "tent") == {
        "related_products": ["stove", "lamp", "mat"],
        "upsell_products": ["gas"],
        "crosssell_products": ["gas"],
    }
    assert await beside(storefront, "mat") == {
        "related_products": [],
        "upsell_products": ["gas"],
        "crosssell_products": [],
    }
    assert (await beside(storefront, "tent", limit=1))["related_products"] == ["stove"]


async def test_a_rule_for_a_segment_shows_to_those_in_it(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("tent")
    await shop.product("mat")
    await shop.segment("registered", applies_to="registered")
    await shop.related_product_rule("beds", of_sku("mat"), segments=["registered"])

    visitor = await beside(storefront, "tent")
    customer = await beside(storefront, "tent", token=storefront.token("1"))

    assert visitor["related_products"] == []
    assert customer["related_products"] == ["mat"]


@pytest.mark.parametrize("limit", [0, -1, 21])
async def test_a_limit_beyond_1_to_20_is_refused_and_the_rest_of_the_answer_stays(
    storefront: Storefront, shop: Shop, limit: int
) -> None:
    await shop.product("tent")
    query = f"""{{ products {{ items {{ sku related_products(limit: {limit}) {{
        sku }} }} }} }}"""

    body = await storefront.answer(query)

    (error,) = body["errors"]
    assert error["message"] == f"limit: {limit} is out of range. Write 1 to 20."
    assert error["extensions"]["category"] == "graphql-input"
    items = body["data"]["products"]["items"]
    assert items == [{"sku": "tent", "related_products": None}]


async def test_another_websites_products_are_not_ours(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website("other", currency="USD")
    await shop.store_view("american", "other")
    await shop.product("mug", "10")
    await shop.product("cup", "10", "other")

    assert await found(storefront) == ["mug"]
    assert await found(storefront, store="american") == ["cup"]
    assert await found(storefront, filter={"sku": {"eq": "cup"}}) == []


async def test_a_list_of_products_takes_one_statement(
    storefront: Storefront, shop: Shop, reads: list[str]
) -> None:
    for sku in ("mug", "cup", "pot"):
        await shop.product(sku)
    await found(storefront)
    reads.clear()

    await storefront.ask(
        "{ products { items { sku related_products(limit: 2) { sku } } } }"
    )

    assert len(reads) == 1
