"""The same rows in every format are the same rows."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.importing.given import WEBSITES, BringIn
from tests.rows import Shop

_PRODUCTS = """
select jsonb_agg(to_jsonb(p) - array['id', 'revision', 'removed', 'website']
                 order by sku)
  from product p
"""

MUG: dict[str, Any] = {
    "sku": "MUG",
    "name": 'Mug, "white",\nwith two lines',
    "type": "simple",
    "attribute_set": None,
    "price": 10.5,
    "special_price": 9,
    "special_from": "2026-03-01",
    "special_to": None,
    "weight": 0.3,
    "categories": ["kitchen/mugs", "sale"],
    "attributes": {"brand": "Täßchen", "sizes": ["S", "M"], "new": True, "litres": 0.3},
    "saleable": True,
    "visibility": "catalog_search",
    "children": [],
    "url_key": "mug",
}
SET: dict[str, Any] = {
    **dict.fromkeys(MUG),
    "sku": "007",
    "type": "configurable",
    "categories": [],
    "attributes": {},
    "saleable": False,
    "visibility": "not_visible",
    "children": ["MUG"],
}

CSV = """\
sku,name,type,price,special_price,special_from,weight,categories,attributes,saleable,\
visibility,children,url_key
MUG,"Mug, ""white"",
with two lines",Simple,10.50,9.0,2026-03-01,.3,"[""kitchen/mugs"", ""sale""]",\
"{""brand"": ""Täßchen"", ""sizes"": [""S"", ""M""], ""new"": true, ""litres"": 0.3}",\
yes,,,mug

007,,configurable,,,,,,,0,not_visible,"[""MUG""]",
"""
JSON_LINES = """\
{"sku": "MUG", "name": "Mug, \\"white\\",\\nwith two lines", "price": "10.50",\
 "special_price": 9, "special_from": "2026-03-01", "weight": 0.3,\
 "categories": ["kitchen/mugs", "sale"], "attributes": {"brand": "T\\u00e4\\u00dfchen",\
 "sizes": ["S", "M"], "new": true, "litres": 0.3}, "url_key": "mug"}

{"sku": "007", "type": "CONFIGURABLE", "saleable": "false", "visibility":\
 "not_visible", "children": ["MUG"], "attributes": {"brand": null}}
"""


def parquet(columns: Mapping[str, Any], **options: Any) -> bytes:
    """The bytes of a Parquet file."""
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **options)
    return file.getvalue()


NESTED = parquet(
    {
        "sku": pa.array(["MUG", "007"]).dictionary_encode(),
        "name": pa.array([MUG["name"], None], pa.large_string()),
        "type": ["simple", "configurable"],
        "price": pa.array([Decimal("10.50"), None], pa.decimal128(9, 2)),
        "special_price": pa.array([9, None], pa.int16()),
        "special_from": pa.array([date(2026, 3, 1), None]),
        "weight": [0.3, None],
        "categories": [["kitchen/mugs", "sale"], []],
        "attributes": [MUG["attributes"], None],
        "saleable": [True, False],
        "visibility": ["catalog_search", "not_visible"],
        "children": [None, ["MUG"]],
        "url_key": ["mug", ""],
    }
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("products.csv", CSV.encode(), id="csv"),
        pytest.param("products.csv", b"\xef\xbb\xbf" + CSV.encode(), id="csv-mark"),
        pytest.param("products.csv", CSV.encode().replace(b"\n\n", b"\r\n"), id="crlf"),
        pytest.param("products.csv.gz", gzip.compress(CSV.encode()), id="csv-gz"),
        pytest.param("products.jsonl", JSON_LINES.encode(), id="jsonl"),
        pytest.param(
            "products.jsonl", JSON_LINES.replace("\n", "\r\n").encode(), id="jsonl-crlf"
        ),
        pytest.param(
            "products.jsonl.gz",
            b"".join(
                gzip.compress(f"{line}\n".encode()) for line in JSON_LINES.split("\n")
            ),
            id="jsonl-gz-in-parts",
        ),
        pytest.param("products.parquet", NESTED, id="parquet"),
    ],
)
async def test_a_format_says_the_same(
    bring_in: BringIn, shop: Shop, name: str, content: bytes
) -> None:
    report = await bring_in({"websites.csv": WEBSITES, name: content})

    assert report.succeeded, str(report)
    assert await shop.value(_PRODUCTS) == [SET, MUG]


async def test_lists_and_objects_of_parquet_may_be_json(
    bring_in: BringIn, shop: Shop
) -> None:
    content = parquet(
        {"sku": ["MUG"], "categories": ['["sale"]'], "attributes": ['{"new": true}']}
    )

    await bring_in({"websites.csv": WEBSITES, "products.parquet": content})

    assert await shop.value("select categories from product") == ["sale"]
    assert await shop.value("select attributes from product") == {"new": True}


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pa.array([datetime(2026, 7, 1, 12)]), id="naive"),  # noqa: DTZ001
        pytest.param(
            pa.array([datetime(2026, 7, 1, 12)], pa.timestamp("ns")),  # noqa: DTZ001
            id="nanoseconds",
        ),
        pytest.param(
            pa.array(["2026-07-01T10:00Z"]).cast(pa.timestamp("s", "UTC")), id="utc"
        ),
        pytest.param(
            pa.array(["2026-07-01T10:00Z"]).cast(pa.timestamp("ms", "Asia/Tokyo")),
            id="tokyo",
        ),
    ],
)
async def test_moments_of_parquet_are_those_of_the_website_or_of_their_zone(
    bring_in: BringIn, shop: Shop, column: pa.Array
) -> None:
    content = parquet({"customer_id": [1], "created_at": column})

    report = await bring_in({"websites.csv": WEBSITES, "customers.parquet": content})

    assert report.succeeded, str(report)
    at = await shop.value("select created_at at time zone 'UTC' from customer")
    assert at == datetime(2026, 7, 1, 10)  # noqa: DTZ001


async def test_what_a_data_frame_makes_of_ids_and_days_is_taken(
    bring_in: BringIn, shop: Shop
) -> None:
    content = parquet(
        {
            "customer_id": [12346.0],
            "date_of_birth": pa.array([datetime(1984, 5, 17)]),  # noqa: DTZ001
        }
    )

    await bring_in({"websites.csv": WEBSITES, "customers.parquet": content})

    assert await shop.value("select customer_id from customer") == "12346"
    assert await shop.value("select date_of_birth from customer") == date(1984, 5, 17)


async def test_a_day_is_no_moment_in_the_middle_of_it(bring_in: BringIn) -> None:
    born = pa.array([datetime(1984, 5, 17, 13)])  # noqa: DTZ001
    content = parquet({"customer_id": ["1"], "date_of_birth": born})

    report = await bring_in({"websites.csv": WEBSITES, "customers.parquet": content})

    (fault,) = report.faults
    assert str(fault) == (
        "customers.parquet, row 1, date_of_birth: 1984-05-17 13:00:00 is not a date."
        " Write it as year-month-day, such as 2026-12-24."
    )


async def test_further_decimals_are_rounded(bring_in: BringIn, shop: Shop) -> None:
    await bring_in(
        {
            "websites.csv": WEBSITES,
            "products.csv": "sku,price\nMUG,0.30000000000000004\nCUP,1.00005\n",
        }
    )

    prices = await shop.value("select array_agg(price order by sku) from product")
    assert prices == [Decimal("1.0001"), Decimal("0.3000")]
