"""What becomes of a directory as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.importing import import_directory
from gateway.importing.reporters import Silence
from gateway.storage import rulebooks
from gateway.storage.database import Database
from tests.importing.given import (
    CUSTOMERS,
    PRODUCTS,
    TWO_WEBSITES,
    WEBSITES,
    BringIn,
)
from tests.rows import Shop

STORE = Path(__file__).parents[2] / "gateway" / "demo" / "store"
ORDERS = "order_id,customer_id,created_at,status,grand_total\n7,1,2026-01-01,new,10\n"
BROKEN = "sku,price\nMUG,x\n"
SEGMENTS = """
- {key: everyone, name: Everyone, websites: [main], conditions: {all: []}}
"""

_REVISIONS = """
select array_agg(array[revision, catalogue_revision] order by code) from website
"""
_VERSIONS = "select array_agg(version order by customer_id) from customer"


# Whole or not at all ----------------------------------------------------------------


async def test_files_before_a_refused_one_stay_and_those_after_it_are_not_begun(
    bring_in: BringIn, shop: Shop
) -> None:
    report = await bring_in(
        {"websites.csv": WEBSITES, "products.csv": BROKEN, "customers.csv": CUSTOMERS}
    )

    assert [file.file for file in report.files] == ["websites.csv"]
    assert [fault.file for fault in report.faults] == ["products.csv"]
    assert await shop.value("select count(*) from website") == 1
    assert await shop.value("select count(*) from customer") == 0


async def test_one_faulty_row_keeps_all_rows_of_its_file_out(
    bring_in: BringIn, shop: Shop
) -> None:
    rows = "".join(f"MUG-{number},10\n" for number in range(5000))

    report = await bring_in(
        {"websites.csv": WEBSITES, "products.csv": f"sku,price\n{rows}CUP,x\n"}
    )

    assert [fault.place for fault in report.faults] == ["line 5002"]
    assert await shop.value("select count(*) from product") == 0
    assert await shop.value(_REVISIONS) == [[1, 1]]


async def test_one_faulty_definition_keeps_all_of_its_file_out(
    bring_in: BringIn, shop: Shop
) -> None:
    broken = "- {key: nobody, websites: [main]}\n"

    report = await bring_in(
        {"websites.csv": WEBSITES, "segments.yaml": SEGMENTS + broken}
    )

    assert [str(fault) for fault in report.faults] == [
        "segments.yaml, line 3, name: it is missing. Write a text."
    ]
    assert await shop.value("select count(*) from segment") == 0
    assert await shop.value(_REVISIONS) == [[1, 1]]


# Dry runs ---------------------------------------------------------------------------


async def test_a_dry_run_checks_files_against_each_other_and_writes_nothing(
    bring_in: BringIn, shop: Shop
) -> None:
    report = await bring_in(
        {
            "websites.csv": WEBSITES,
            "products.csv": PRODUCTS,
            "product_links.csv": "sku,type,linked_sku\nMUG,related,CUP\n",
            "customers.csv": CUSTOMERS,
            "orders.csv": ORDERS,
            "segments.yaml": SEGMENTS,
            "dynamic_blocks.yaml": "- {key: hello, name: Hello, websites: [main],"
            " shown_to: segments, segments: [everyone]}\n",
        },
        dry_run=True,
    )

    assert report.succeeded
    assert [file.added for file in report.files] == [1, 2, 1, 2, 1, 1, 1]
    assert str(report).endswith(
        "Dry run: all of it can be imported. Nothing was written."
    )
    for table in ("website", "product", "customer", "sales_order", "segment"):
        assert await shop.value(f"select count(*) from {table}") == 0


async def test_a_dry_run_tells_faults(bring_in: BringIn, shop: Shop) -> None:
    report = await bring_in(
        {"websites.csv": WEBSITES, "products.csv": BROKEN}, dry_run=True
    )

    assert not report.succeeded
    assert str(report).endswith("Dry run: it cannot be imported. Nothing was written.")
    assert await shop.value("select count(*) from website") == 0


# Once more --------------------------------------------------------------------------


async def test_the_demo_store_is_imported_and_then_nothing_changes(
    database: Database, shop: Shop
) -> None:
    async def import_store() -> dict[str, tuple[int, int, int]]:
        report = await import_directory(
            database, STORE, website=None, dry_run=False, report=Silence()
        )
        assert report.succeeded, str(report)
        return {
            file.file: (file.added, file.changed, file.unchanged)
            for file in report.files
        }

    first = await import_store()
    stands = await shop.value(_REVISIONS), await shop.value(_VERSIONS)
    second = await import_store()

    assert first["products.jsonl"] == (71, 0, 0)
    assert first["customer_groups.csv"] == (0, 0, 4)
    assert len(first) == 15
    assert {added + changed for added, changed, _ in second.values()} == {0}
    assert (await shop.value(_REVISIONS), await shop.value(_VERSIONS)) == stands


async def test_no_rule_of_the_demo_store_is_left_out_of_the_rule_books(
    database: Database,
) -> None:
    await import_directory(
        database, STORE, website=None, dry_run=False, report=Silence()
    )
    books = rulebooks.RuleBooks(database)

    await books.refresh()

    assert [one.rulebook.faults for one in books.held.values()] == [(), ()]
    assert len(books.held["main"].rulebook.segments) == 10


async def test_only_what_differs_is_written(bring_in: BringIn, shop: Shop) -> None:
    await bring_in({"websites.csv": WEBSITES, "products.csv": PRODUCTS})
    before = await shop.value("select revision from product where sku = 'MUG'")

    report = await bring_in({"products.csv": "sku,price\nMUG,10.00\nCUP,13\nJUG,20\n"})

    (file,) = report.files
    assert (file.added, file.changed, file.unchanged) == (1, 1, 1)
    assert await shop.value(_REVISIONS) == [[1, 3]]
    rows = await shop.value("select jsonb_object_agg(sku, revision) from product")
    assert rows == {"MUG": before, "CUP": 3, "JUG": 3}


async def test_a_removed_product_is_there_again(bring_in: BringIn, shop: Shop) -> None:
    await bring_in({"websites.csv": WEBSITES, "products.csv": PRODUCTS})
    await shop.execute("update product set removed = true, revision = 9")

    report = await bring_in({"products.csv": PRODUCTS})

    assert report.files[0].changed == 2
    assert await shop.value("select count(*) from product where removed") == 0


# What a worker learns of it ---------------------------------------------------------


async def test_only_websites_whose_products_change_are_at_a_new_revision(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in(
        {
            "websites.csv": TWO_WEBSITES,
            "products.csv": "website,sku,price\nmain,MUG,10\nus,MUG,12\n",
        }
    )

    await bring_in({"products.csv": "website,sku,price\nmain,MUG,10\nus,MUG,13\n"})

    assert await shop.value(_REVISIONS) == [[1, 2], [1, 3]]


async def test_a_link_is_a_change_of_its_product(bring_in: BringIn, shop: Shop) -> None:
    await bring_in({"websites.csv": WEBSITES, "products.csv": PRODUCTS})
    links = "sku,type,linked_sku,position\nMUG,related,CUP,1\n"

    await bring_in({"product_links.csv": links})
    await bring_in({"product_links.csv": links})

    assert await shop.value(_REVISIONS) == [[1, 3]]
    rows = await shop.value("select jsonb_object_agg(sku, revision) from product")
    assert rows == {"MUG": 3, "CUP": 2}


async def test_an_order_is_a_change_of_its_customer(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in({"websites.csv": WEBSITES, "customers.csv": CUSTOMERS})
    ada, ben = await shop.value(_VERSIONS)

    await bring_in({"orders.csv": ORDERS})
    changed = await shop.value(_VERSIONS)
    await bring_in({"orders.csv": ORDERS})

    assert changed[0] > ada
    assert changed[1] == ben
    assert await shop.value(_VERSIONS) == changed


async def test_a_declared_attribute_is_news_for_rule_books_only_once(
    bring_in: BringIn, shop: Shop
) -> None:
    attributes = "entity,code,kind\nproduct,colour,select\n"
    await bring_in({"websites.csv": WEBSITES, "attributes.csv": attributes})
    stands = await shop.value(_REVISIONS)

    await bring_in({"attributes.csv": attributes})

    assert stands[0][0] > 1
    assert await shop.value(_REVISIONS) == stands


async def test_products_have_their_ids_in_the_order_of_the_file(
    bring_in: BringIn, shop: Shop
) -> None:
    skus = [f"SKU-{number * 7919 % 10007}" for number in range(5000)]

    await bring_in(
        {"websites.csv": WEBSITES, "products.csv": "\n".join(["sku", *skus])}
    )

    assert await shop.value("select array_agg(sku order by id) from product") == skus


# Which website ----------------------------------------------------------------------


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


# What values become -----------------------------------------------------------------


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


# The directory itself ---------------------------------------------------------------


async def test_what_is_not_imported_is_named(bring_in: BringIn) -> None:
    report = await bring_in(
        {
            "websites.csv": WEBSITES,
            "product.csv": PRODUCTS,
            "Orders.xlsx": "",
            "segment.json": "[]",
            "notes.txt": "",
            ".hidden": "",
        }
    )

    assert report.succeeded
    assert report.ignored == [
        "Orders.xlsx is ignored; did you mean orders.jsonl?",
        "notes.txt is ignored.",
        "product.csv is ignored; did you mean products.csv?",
        "segment.json is ignored; did you mean segments.json?",
    ]


async def test_one_subject_in_two_files_is_refused_before_anything_is_written(
    bring_in: BringIn, shop: Shop
) -> None:
    report = await bring_in(
        {"websites.csv": WEBSITES, "websites.jsonl": "", "products.csv": PRODUCTS}
    )

    assert [str(fault) for fault in report.faults] == [
        "websites.jsonl: websites.csv holds websites, too. Keep one of the two."
    ]
    assert str(report).endswith("Nothing was written.")
    assert await shop.value("select count(*) from website") == 0


async def test_a_directory_without_files_is_refused(
    bring_in: BringIn, tmp_path: Path
) -> None:
    report = await bring_in({"product.csv": PRODUCTS})

    (fault,) = report.faults
    assert str(fault) == (
        f"{tmp_path / '0'}: there is nothing to import. Bring files such as"
        " products.csv. product.csv is ignored; did you mean products.csv?"
    )


async def test_a_directory_that_is_not_there_is_refused(
    database: Database, tmp_path: Path
) -> None:
    report = await import_directory(
        database, tmp_path / "gone", website=None, dry_run=False, report=Silence()
    )

    assert [str(fault) for fault in report.faults] == [
        f"{tmp_path / 'gone'}: it cannot be read: No such file or directory."
    ]


async def test_nothing_stays_of_what_was_staged(bring_in: BringIn, shop: Shop) -> None:
    await bring_in({"websites.csv": WEBSITES, "products.csv": PRODUCTS})

    staged = await shop.value(
        "select count(*) from pg_class where relname like 'staged%'"
    )
    assert staged == 0
