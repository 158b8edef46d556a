"""Luma, as it is in the database, is Luma as it is in its files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gateway.storage.database import Database
from gateway.storage.rulebooks import RuleBooks
from tests.acceptance import luma
from tests.rows import Shop


async def test_every_product_is_there(
    luma_database: Database, luma_source: Path
) -> None:
    shop = Shop(luma_database)
    given = luma.products_of(luma_source)

    types = await shop.value(
        "select jsonb_object_agg(type, n)"
        " from (select type, count(*) as n from product group by type) t"
    )

    assert len(given) == 2044
    assert types == dict(Counter(product["type"] for product in given))
    assert types == {"simple": 1891, "configurable": 147, "downloadable": 6}
    children = await shop.value("select sum(cardinality(children)) from product")
    assert children == sum(len(product["variations"]) for product in given)


async def test_every_link_between_products_is_there(
    luma_database: Database, luma_source: Path
) -> None:
    shop = Shop(luma_database)
    given = luma.links_of(luma_source)
    skus = {product["sku"] for product in luma.products_of(luma_source)}
    known = [link for link in given if {link[0], link[2]} <= skus]

    found = await shop.value("select count(*) from product_link")

    assert len(given) == 1570
    # 123 lead from or to bundles and groups, which are not in the data; 3 are twins.
    assert len(known) == 1447
    assert found == len(set(known)) == 1444


async def test_categories_are_paths_of_codes(luma_database: Database) -> None:
    shop = Shop(luma_database)

    tee = await shop.value("select categories from product where sku = 'MS04'")
    watch = await shop.value("select categories from product where sku = '24-WG02'")
    tees = await shop.value(
        "select count(*) from product"
        " where type = 'configurable'"
        " and categories && array['men/tops/tees', 'women/tops/tees']"
    )

    assert tee == ["men/tops/tees"]
    assert watch == [
        "gear",
        "gear/watches",
        "collections",
        "collections/new-luma-yoga-collection",
    ]
    assert tees == 24


async def test_rules_and_blocks_are_in_the_rule_book(
    luma_database: Database, luma_source: Path
) -> None:
    books = RuleBooks(luma_database)

    await books.refresh()

    rulebook = books.held[luma.WEBSITE].rulebook
    assert rulebook.faults == ()
    assert [rule.key for rule in rulebook.cart_price_rules] == [
        "buy-3-tees-get-the-4th-free",
        "free-shipping-from-50",
        "20-percent-off-from-200",
        "4-dollar-water-bottle",
    ]
    keys = [block["identifier"] for block in luma.blocks_of(luma_source)]
    assert [block.key for block in rulebook.dynamic_blocks] == keys
    assert len(keys) == 17
    assert not any("{{" in block.content for block in rulebook.dynamic_blocks)


async def test_the_customer_has_an_address_and_wishes(luma_database: Database) -> None:
    shop = Shop(luma_database)

    city = await shop.value("select city from address where customer_id = '1'")
    wishes = await shop.value("select count(*) from wishlist_item")

    assert city == "Calder"
    assert wishes == 7
