"""What becomes of a directory as a whole."""

from __future__ import annotations

import os
from pathlib import Path

from gateway.importing import import_directory
from gateway.importing.reporters import Silence
from gateway.storage.database import Database
from tests.importing.given import (
    CUSTOMERS,
    PRODUCTS,
    WEBSITES,
    BringIn,
)
from tests.rows import Shop

ORDERS = "order_id,customer_id,created_at,status,grand_total\n7,1,2026-01-01,new,10\n"
BROKEN = "sku,price\nMUG,x\n"
SEGMENTS = """
- {key: everyone, name: Everyone, websites: [main], conditions: {all: []}}
"""
_REVISIONS = """
select array_agg(array[revision, catalogue_revision] order by code) from website
"""

# Whole or not at all --------------------------------------------------------------


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


# Dry runs -------------------------------------------------------------------------


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


# The directory itself -------------------------------------------------------------


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


async def test_what_has_the_name_of_a_file_and_is_none_is_said_to_be_ignored(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "websites.csv").write_text(WEBSITES)
    (tmp_path / "products.csv").mkdir()
    (tmp_path / "orders.csv").symlink_to(tmp_path / "nowhere")
    (tmp_path / os.fsdecode(b"Stra\xdfe\n.txt")).touch()

    report = await import_directory(
        database, tmp_path, website=None, dry_run=True, report=Silence()
    )

    # Whatever it says can be written wherever UTF-8 can.
    assert str(report).encode()
    assert report.ignored == [
        r"'Stra\udcdfe\n.txt' is ignored.",
        "orders.csv is ignored; it is no file.",
        "products.csv is ignored; it is no file.",
    ]


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
