"""What rows mean: of which website they are, and what their values become."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.storage.database import Database
from gateway.storage.rulebooks import RuleBooks
from tests.factories import prices_of
from tests.importing.given import (
    PRODUCTS,
    TWO_WEBSITES,
    WEBSITES,
    BringIn,
)
from tests.rows import Shop

# Which website --------------------------------------------------------------------


async def test_the_only_website_is_meant(bring_in: BringIn, shop: Shop) -> None:
    await bring_in({"websites.csv": WEBSITES, "products.csv": PRODUCTS})

    assert await shop.value("select distinct website from product") == "main"


async def test_the_website_asked_for_is_meant(bring_in: BringIn, shop: Shop) -> None:
    await bring_in(
        {
            "websites.csv": TWO_WEBSITES,
            "products.csv": "website,sku\n,MUG\nmain,CUP\n",
            "customers.csv": "customer_id\n1\n",
        },
        website="us",
    )

    rows = await shop.value("select jsonb_object_agg(sku, website) from product")
    assert rows == {"MUG": "us", "CUP": "main"}
    assert await shop.value("select website from customer") == "us"


async def test_a_website_asked_for_must_be_there(bring_in: BringIn) -> None:
    report = await bring_in(
        {"websites.csv": WEBSITES, "products.csv": PRODUCTS}, website="mian"
    )

    assert [str(fault) for fault in report.faults] == [
        "products.csv: there is no website 'mian'. Did you mean 'main'?"
    ]


async def test_there_must_be_a_website(bring_in: BringIn) -> None:
    report = await bring_in({"products.csv": PRODUCTS})

    assert [str(fault) for fault in report.faults] == [
        "products.csv: there is no website yet. Bring a file called websites."
    ]


# What values become ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        pytest.param("2026-07-01T12:00:00Z", (2026, 7, 1, 12), id="utc"),
        pytest.param("2026-07-01T12:00:00-06:00", (2026, 7, 1, 18), id="offset"),
        pytest.param("2026-07-01 12:00", (2026, 7, 1, 10), id="summer-in-berlin"),
        pytest.param("2026-01-01 12:00", (2026, 1, 1, 11), id="winter-in-berlin"),
        pytest.param("2026-07-01", (2026, 6, 30, 22), id="midnight-in-berlin"),
        pytest.param("2026-10-25 02:30", (2026, 10, 25, 0, 30), id="hour-twice"),
    ],
)
async def test_a_moment_without_an_offset_is_what_the_clocks_showed(
    bring_in: BringIn, shop: Shop, written: str, moment: tuple[int, ...]
) -> None:
    await bring_in(
        {
            "websites.csv": WEBSITES,
            "customers.csv": f"customer_id,created_at\n1,{written}\n",
        }
    )

    created_at = await shop.value("select created_at from customer")
    assert created_at == datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]


async def test_an_open_end_may_be_the_last_of_all_days(
    bring_in: BringIn, database: Database
) -> None:
    special = "sku,price,special_price,special_to\nMUG,10,9,9999-12-31\n"

    await bring_in({"websites.csv": WEBSITES, "products.csv": special})

    books = RuleBooks(database)
    await books.refresh()
    catalogue = books.held["main"].catalogue
    at = datetime(2026, 7, 1, tzinfo=UTC)
    assert prices_of(catalogue, at=at).of(catalogue.products["MUG"]) == 9
    assert catalogue.next_change(at) is None


async def test_a_column_that_is_nowhere_leaves_what_is_there(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in(
        {
            "websites.csv": WEBSITES,
            "products.jsonl": '{"sku": "MUG", "name": "Mug", "price": 10,'
            ' "attributes": {"colour": "red"}, "saleable": false}\n',
        }
    )

    await bring_in({"products.csv": "sku,price\nMUG,12\nCUP,9\n"})

    names = await shop.value("select jsonb_object_agg(sku, name) from product")
    sold = await shop.value("select jsonb_object_agg(sku, saleable) from product")
    assert names == {"MUG": "Mug", "CUP": None}
    assert sold == {"MUG": False, "CUP": True}
    assert await shop.value("select price from product where sku = 'MUG'") == 12


async def test_an_empty_value_empties(bring_in: BringIn, shop: Shop) -> None:
    await bring_in(
        {"websites.csv": WEBSITES, "customers.csv": "customer_id,email,group_id\n1,a,2"}
    )

    await bring_in({"customers.csv": "customer_id,email,group_id\n1,,\n"})

    assert await shop.value("select email from customer") is None
    assert await shop.value("select group_id from customer") == 1


async def test_attributes_that_nobody_declared_are_declared_by_their_look(
    bring_in: BringIn, shop: Shop
) -> None:
    report = await bring_in(
        {
            "websites.csv": WEBSITES,
            "attributes.csv": "entity,code,kind\nproduct,brand,select\n",
            "products.jsonl": '{"sku": "MUG", "attributes": {"brand": "Lee",'
            ' "colours": ["red"], "litres": 0.3, "new": true, "launched":'
            ' "2026-01-01", "mixed": 1, "gone": null}}\n'
            '{"sku": "CUP", "attributes": {"mixed": "two"}}\n',
        }
    )

    kinds = await shop.value(
        "select jsonb_object_agg(code, kind) from attribute_declaration"
    )
    assert kinds == {
        "brand": "select",
        "colours": "multiselect",
        "launched": "text",
        "litres": "number",
        "mixed": "text",
        "new": "boolean",
    }
    (note,) = report.files[2].notes
    assert note == (
        "products.jsonl: attributes of products declared by the look of their values:"
        " colours (multiselect), launched (text), litres (number), mixed (text),"
        " new (boolean)."
    )
