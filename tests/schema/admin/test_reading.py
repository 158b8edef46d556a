"""Reading through the admin door."""

from __future__ import annotations

from gateway.resolvers import dynamic_blocks, segments
from gateway.storage.database import Database
from tests.schema.admin.asking import Ask
from tests.shops import a_block, a_segment


async def test_a_page_says_where_it_stands(ask: Ask, shop: Database) -> None:
    for key in ("a", "b", "c"):
        await segments.save(shop, a_segment(key))

    answer = await ask(
        """{ segments(pageSize: 2, currentPage: 2, website: "base", active: true) {
               items { key } broken { key } totalCount
               pageInfo { currentPage pageSize totalPages }
        } }"""
    )

    assert answer["data"]["segments"] == {
        "items": [{"key": "c"}],
        "broken": [],
        "totalCount": 3,
        "pageInfo": {"currentPage": 2, "pageSize": 2, "totalPages": 2},
    }


async def test_a_page_that_cannot_be_is_refused_in_the_callers_words(ask: Ask) -> None:
    answer = await ask("{ segments(pageSize: 0, currentPage: 0) { totalCount } }")

    [error] = answer["errors"]
    assert error["extensions"]["category"] == "graphql-input"
    paths = [one["path"] for one in error["extensions"]["problems"]]
    assert paths == ["pageSize", "currentPage"]


async def test_a_broken_row_does_not_hide_the_others(ask: Ask, shop: Database) -> None:
    await dynamic_blocks.save(shop, a_block("fine"))
    await dynamic_blocks.save(shop, a_block("broken"))
    async with shop.connection() as connection:
        await connection.execute(
            "update dynamic_block set locations = '{middle}' where key = 'broken'"
        )

    answer = await ask(
        """{ dynamicBlocks {
               items { key }
               broken { key version given problems { path message remedy } }
        } dynamicBlock(key: "broken") { key } }"""
    )

    page = answer["data"]["dynamicBlocks"]
    assert page["items"] == [{"key": "fine"}]
    [broken] = page["broken"]
    assert broken["given"]["locations"] == ["middle"]
    assert [one["path"] for one in broken["problems"]] == ["locations.0"]
    assert answer["data"]["dynamicBlock"] is None
    assert answer["errors"][0]["message"].startswith("locations.0: 'middle'")


async def test_of_what_is_not_there_a_read_gives_null(ask: Ask) -> None:
    answer = await ask(
        """{ segment(key: "x") { key } dynamicBlock(key: "x") { key }
             cartPriceRule(key: "x") { key } relatedProductRule(key: "x") { key }
             website(code: "x") { code } storeView(code: "x") { code }
             customerGroup(id: 99) { id } }"""
    )

    assert set(answer["data"].values()) == {None}


async def test_everything_saved_can_be_read(ask: Ask, shop: Database) -> None:
    await segments.save(shop, a_segment())

    answer = await ask(
        """{ segment(key: "big-carts") { key }
             websites(search: "base") { items { code storeViews { code } } }
             website(code: "us") { currency }
             storeViews(website: "base", search: "ger") { items { code } totalCount }
             storeView(code: "german") { locale }
             customerGroups(search: "o", pageSize: 1) { items { id } totalCount }
             customerGroup(id: 1) { name }
             cartPriceRules { totalCount } relatedProductRules { totalCount } }"""
    )

    assert answer["data"] == {
        "segment": {"key": "big-carts"},
        "websites": {
            "items": [
                {
                    "code": "base",
                    "storeViews": [{"code": "english"}, {"code": "german"}],
                }
            ]
        },
        "website": {"currency": "USD"},
        "storeViews": {"items": [{"code": "german"}], "totalCount": 1},
        "storeView": {"locale": "de-DE"},
        "customerGroups": {"items": [{"id": 0}], "totalCount": 2},
        "customerGroup": {"name": "General"},
        "cartPriceRules": {"totalCount": 0},
        "relatedProductRules": {"totalCount": 0},
    }
