"""Online Retail II, as it is in the database, is the log as it is in its files."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from gateway.storage.database import Database
from tests.acceptance import files
from tests.rows import Shop


async def test_every_customer_is_there(
    online_retail_database: Database, online_retail_source: Path
) -> None:
    shop = Shop(online_retail_database)
    given = files.read_csv(online_retail_source / "customers_2009_2010.csv.gz")

    found = await shop.value("select array_agg(customer_id) from customer")

    assert len(given) == 4383
    assert sorted(found) == sorted(one["customer_id"] for one in given)


async def test_every_order_is_there_to_the_penny(
    online_retail_database: Database, online_retail_source: Path
) -> None:
    shop = Shop(online_retail_database)
    given = pq.read_table(online_retail_source / "orders_2009_2010.parquet")
    pence = pc.sum(given["grand_total_cents"]).as_py()

    total = await shop.value("select sum(grand_total) from sales_order")
    statuses = await shop.value(
        "select jsonb_object_agg(status, n)"
        " from (select status, count(*) as n from sales_order group by status) s"
    )
    of_visitors = await shop.value(
        "select count(*) from sales_order where customer_id is null"
    )

    assert given.num_rows == sum(statuses.values()) == 28_816
    assert total == Decimal(pence) / 100
    assert statuses == {
        one["values"]: one["counts"]
        for one in pc.value_counts(given["status"]).to_pylist()
    }
    assert of_visitors == given["customer_id"].null_count == 5229


async def test_every_line_is_there_to_the_penny(
    online_retail_database: Database, online_retail_source: Path
) -> None:
    shop = Shop(online_retail_database)
    given = pq.read_table(online_retail_source / "order_items_2009_2010.parquet")
    pence = pc.sum(given["row_total_cents"]).as_py()

    lines = await shop.value("select count(*) from order_line")
    total = await shop.value("select sum(row_total) from order_line")
    units = await shop.value("select sum(quantity) from order_line")

    assert lines == given.num_rows == 525_461
    assert total == Decimal(pence) / 100
    assert units == pc.sum(given["qty"]).as_py()


async def test_orders_were_placed_by_the_clocks_of_london(
    online_retail_database: Database,
) -> None:
    shop = Shop(online_retail_database)
    placed = "select created_at from sales_order where order_id = $1"

    winter = await shop.value(placed, "489434")
    summer = await shop.value(placed, "510446")

    assert winter == datetime(2009, 12, 1, 7, 45, tzinfo=UTC)
    assert summer == datetime(2010, 6, 1, 8, 2, tzinfo=UTC)
