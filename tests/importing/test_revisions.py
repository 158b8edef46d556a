"""What is there already is left alone, and workers learn of what is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.importing import import_directory
from gateway.importing.reporters import Silence
from gateway.personalize.history import OrderedProduct
from gateway.storage import rulebooks
from gateway.storage.database import Database
from gateway.storage.profiles import Profiles
from tests.importing.given import (
    CUSTOMERS,
    PRODUCTS,
    TWO_WEBSITES,
    WEBSITES,
    BringIn,
)
from tests.rows import Shop
from tests.waiting import until_waiting

STORE = Path(__file__).parents[2] / "gateway" / "demo" / "store"
ORDERS = "order_id,customer_id,created_at,status,grand_total\n7,1,2026-01-01,new,10\n"
_REVISIONS = """
select array_agg(array[revision, catalogue_revision] order by code) from website
"""
_VERSIONS = "select array_agg(version order by customer_id) from customer"

# Once more ------------------------------------------------------------------------


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
    assert len(first) == 17
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
    assert len(books.held["main"].rulebook.segments) == 13


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


# What a worker learns of it -------------------------------------------------------


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


async def test_an_import_waits_for_another_writer_of_the_catalogue(
    bring_in: BringIn, shop: Shop, database: Database
) -> None:
    await bring_in({"websites.csv": WEBSITES})

    async with database.transaction() as connection:
        await connection.execute(
            "select pg_advisory_xact_lock(1667329140, id) from website"
        )
        theirs = await connection.fetchval(
            "update website set catalogue_revision = catalogue_revision + 1"
            " returning catalogue_revision"
        )
        ours = asyncio.create_task(bring_in({"products.csv": PRODUCTS}))
        await until_waiting(database, 1)
        waited = not ours.done()
    report = await ours

    assert waited
    assert report.succeeded
    assert await shop.value("select max(revision) from product") == theirs + 1


async def test_files_that_run_into_each_other_are_refused_not_broken(
    bring_in: BringIn, shop: Shop, database: Database
) -> None:
    await bring_in({"websites.csv": WEBSITES, "customers.csv": CUSTOMERS})

    async with database.transaction() as connection:
        await connection.execute("delete from customer where customer_id = '1'")
        ours = asyncio.create_task(bring_in({"orders.csv": ORDERS}))
        await until_waiting(database, 1)
    report = await ours

    (fault,) = report.faults
    assert str(fault).startswith("orders.csv: PostgreSQL refuses it: ")
    assert await shop.value("select count(*) from sales_order") == 0


async def test_lines_of_orders_tell_what_a_customer_has_ordered(
    bring_in: BringIn, database: Database
) -> None:
    profiles = Profiles(database)

    async def ordered() -> tuple[OrderedProduct, ...]:
        facts = await profiles.read("main", "1", None, with_ordered=True)
        assert facts.customer is not None
        return facts.customer.ordered

    lines = "order_id,line,sku,quantity,price,row_total\n"
    await bring_in(
        {
            "websites.csv": WEBSITES,
            "customers.csv": CUSTOMERS,
            "orders.csv": ORDERS,
            "order_lines.csv": f"{lines}7,1,MUG,2,10,20\n",
        }
    )
    first = await ordered()
    await bring_in({"order_lines.csv": f"{lines}7,1,MUG,3,10,30\n7,2,CUP,1,5,5\n"})

    second = await ordered()

    assert [(one.sku, str(one.quantity)) for one in first] == [("MUG", "2.0000")]
    assert [(one.sku, str(one.quantity)) for one in second] == [
        ("MUG", "3.0000"),
        ("CUP", "1.0000"),
    ]
