"""Catalogues: brought up to date by what has changed, and by nothing else."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gateway.personalize.errors import NotFound
from gateway.personalize.products import (
    Catalogue,
    Link,
    Product,
    ProductList,
    SpecialPrice,
    Visibility,
)
from gateway.personalize.tier_prices import TierPrice, TierPriceType
from gateway.storage import catalogues
from gateway.storage.database import Database
from tests.factories import prices_of
from tests.rows import Shop


@pytest.fixture(autouse=True)
async def _website(shop: Shop) -> None:
    await shop.website()


async def load(database: Database, held: Catalogue | None = None) -> Catalogue:
    return (await catalogues.changes(database, "base", held)).applied()


async def test_a_product_is_read_with_all_that_is_known_of_it(
    database: Database, shop: Shop
) -> None:
    id = await shop.product(
        "tee",
        "19.90",
        type="configurable",
        attribute_set="clothing",
        special_price=Decimal("15.5"),
        special_from=date(2026, 3, 1),
        weight=Decimal("0.2"),
        categories=["clothing/tees", "sale"],
        attributes={"size": ["S", "M"], "rating": 4.5, "new": True, "gone": None},
        saleable=False,
        visibility="search",
        children=["tee-s", "tee-m"],
    )

    catalogue = await load(database)

    assert catalogue.products["tee"] == Product(
        sku="tee",
        id=id,
        name="Tee",
        type="configurable",
        attribute_set="clothing",
        price=Decimal("19.9000"),
        special=SpecialPrice(Decimal("15.5"), date(2026, 3, 1)),
        weight=Decimal("0.2"),
        categories=("clothing/tees", "sale"),
        attributes={
            "size": ("S", "M"),
            "rating": Decimal("4.5"),
            "new": True,
            "gone": None,
        },
        saleable=False,
        visibility=Visibility.SEARCH,
        children=("tee-s", "tee-m"),
        url_key="tee",
    )


async def test_only_what_has_changed_is_read(database: Database, shop: Shop) -> None:
    await shop.product("mug")
    await shop.product("cup")
    held = await load(database)

    await shop.product("cup", "12")
    changes = await catalogues.changes(database, "base", held)
    after = changes.applied()

    assert [row["sku"] for row in changes.rows] == ["cup"]
    assert after.products["cup"].price == 12
    assert after.products["mug"] is held.products["mug"]
    assert held.products["cup"].price == 10


async def test_a_large_catalogue_is_read_in_statements_that_end_in_time(
    database: Database,
    shop: Shop,
    reads: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogues, "BATCH", 2)
    for sku in "abcde":
        await shop.product(sku)
    await shop.link("c", "a")
    reads.clear()

    catalogue = await load(database)

    assert list(catalogue.products) == ["a", "b", "c", "d", "e"]
    assert list(catalogue.links) == [("c", ProductList.RELATED)]
    # The revision, and batches of two, two and one.
    assert len(reads) == 4


async def test_the_catalogue_that_is_held_is_kept_while_nothing_changes(
    database: Database, shop: Shop
) -> None:
    await shop.product("mug")
    held = await load(database)

    assert await load(database, held) is held


async def test_a_removed_product_goes_and_may_come_back(
    database: Database, shop: Shop
) -> None:
    await shop.product("mug")
    await shop.product("cup")
    await shop.link("mug", "cup")
    full = await load(database)

    await shop.remove_product("mug")
    without = await load(database, full)
    await shop.product("mug", "11", removed=False)
    again = await load(database, without)

    assert list(without.products) == ["cup"]
    assert dict(without.links) == {}
    assert again.products["mug"].price == 11


async def test_links_stand_by_list_and_position_and_go_with_a_change(
    database: Database, shop: Shop
) -> None:
    for sku in ("mug", "cup", "pot"):
        await shop.product(sku)
    await shop.link("mug", "pot", position=2)
    await shop.link("mug", "cup", position=1)
    await shop.link("mug", "cup", "upsell")
    held = await load(database)

    await shop.execute("delete from product_link where list = 'related'")
    await shop.product("mug")
    after = await load(database, held)

    assert held.links == {
        ("mug", ProductList.RELATED): [Link("cup", 1), Link("pot", 2)],
        ("mug", ProductList.UPSELL): [Link("cup", 0)],
    }
    assert after.links == {("mug", ProductList.UPSELL): [Link("cup", 0)]}


async def test_a_configurable_follows_the_prices_of_children_that_change(
    database: Database, shop: Shop
) -> None:
    await shop.product("tee", None, type="configurable", children=["tee-s", "tee-m"])
    await shop.product("tee-s", "20")
    await shop.product("tee-m", "21")
    held = await load(database)

    await shop.product("tee-m", "18")
    after = await load(database, held)

    assert held.products["tee"].price == 20
    assert after.products["tee"].price == 18


async def test_tier_prices_come_with_their_product_and_change_it(
    database: Database, shop: Shop
) -> None:
    await shop.product("mug")
    await shop.product("cup")
    held = await load(database)

    await shop.tier_price("mug", "8.5", "10")
    await shop.tier_price("mug", "15", "1.5", 2, "discount")
    changes = await catalogues.changes(database, "base", held)
    after = changes.applied()
    await shop.execute("delete from tier_price where group_id = 2")
    await shop.product("mug")
    again = await load(database, after)

    of_all = TierPrice(Decimal("8.5"), Decimal(10))
    of_trade = TierPrice(Decimal(15), Decimal("1.5"), 2, TierPriceType.DISCOUNT)
    assert [row["sku"] for row in changes.rows] == ["mug"]
    assert after.products["mug"].tiers == (of_trade, of_all)
    assert after.products["cup"] is held.products["cup"]
    assert again.products["mug"].tiers == (of_all,)


async def test_a_new_time_zone_moves_special_prices(
    database: Database, shop: Shop
) -> None:
    await shop.product(
        "mug", "10", special_price=Decimal(8), special_from=date(2026, 7, 1)
    )
    held = await load(database)
    late_in_june = datetime(2026, 6, 30, 20, tzinfo=UTC)

    await shop.execute("update website set timezone = 'Asia/Tokyo'")
    after = await load(database, held)

    prices = [
        prices_of(one, at=late_in_june).of(one.products["mug"]) for one in (held, after)
    ]
    assert prices == [10, 8]


async def test_products_of_another_website_are_none_of_ours(
    database: Database, shop: Shop
) -> None:
    await shop.website("other")
    await shop.product("mug", "10")
    await shop.product("mug", "99", "other")
    await shop.product("pot", "50", "other")

    catalogue = await load(database)

    assert {one.sku: one.price for one in catalogue.products.values()} == {"mug": 10}


async def test_there_is_no_catalogue_of_a_website_that_is_not_there(
    database: Database,
) -> None:
    with pytest.raises(NotFound, match="there is no website 'moon'"):
        await catalogues.changes(database, "moon", None)
