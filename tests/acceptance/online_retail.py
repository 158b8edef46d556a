"""Turns the log of Online Retail II into an import directory.

D. Chen, Online Retail II, UCI Machine Learning Repository, 2019 (CC BY 4.0).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.acceptance import files

WEBSITE = "retail"
STORE_VIEW = "retail-english"

COUNTRIES = {
    "Australia": "AU",
    "Austria": "AT",
    "Bahrain": "BH",
    "Belgium": "BE",
    "Bermuda": "BM",
    "Brazil": "BR",
    "Canada": "CA",
    "Channel Islands": "JE",
    "Cyprus": "CY",
    "Denmark": "DK",
    "EIRE": "IE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "Iceland": "IS",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Korea": "KR",
    "Lebanon": "LB",
    "Lithuania": "LT",
    "Malta": "MT",
    "Netherlands": "NL",
    "Nigeria": "NG",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "RSA": "ZA",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Thailand": "TH",
    "USA": "US",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
    # These two are no country.
    "Unspecified": None,
    "West Indies": None,
}


def convert(source: Path, target: Path) -> None:
    """Write the first year of the log in *source* as files into *target*."""
    files.write_csv(
        target / "websites.csv",
        {
            "code": [WEBSITE],
            "name": ["Online Retail II"],
            "timezone": ["Europe/London"],
            "currency": ["GBP"],
        },
    )
    files.write_csv(
        target / "store_views.csv",
        {"code": [STORE_VIEW], "name": ["English"], "locale": ["en-GB"]},
    )
    customers = files.read_csv(source / "customers_2009_2010.csv.gz")
    ids = [one["customer_id"] for one in customers]
    files.write_csv(
        target / "customers.csv",
        {
            "customer_id": ids,
            "created_at": [one["first_order_at"] for one in customers],
            "store_view": [STORE_VIEW] * len(ids),
        },
    )
    files.write_csv(
        target / "addresses.csv",
        {
            "customer_id": ids,
            "address_id": ["1"] * len(ids),
            "country": [COUNTRIES[one["country"]] for one in customers],
            "default_billing": ["yes"] * len(ids),
            "default_shipping": ["yes"] * len(ids),
        },
    )
    _orders(source, target)
    _order_lines(source, target)


def _orders(source: Path, target: Path) -> None:
    orders = pq.read_table(source / "orders_2009_2010.parquet")
    total = _pounds(orders["grand_total_cents"])
    countries = [COUNTRIES[name.as_py()] for name in orders["country"]]
    columns = {
        "order_id": orders["order_id"],
        "customer_id": orders["customer_id"],
        "created_at": orders["created_at"],
        "status": orders["status"],
        "currency": pa.array(["GBP"] * len(orders)),
        "subtotal": total,
        "grand_total": total,
        "quantity": orders["total_qty"],
        "country": pa.array(countries),
    }
    pq.write_table(pa.table(columns), target / "orders.parquet")


def _order_lines(source: Path, target: Path) -> None:
    lines = pq.read_table(source / "order_items_2009_2010.parquet")
    columns = {
        "order_id": lines["order_id"],
        "line": lines["line"],
        "sku": lines["sku"],
        "name": lines["name"],
        "quantity": lines["qty"],
        "price": lines["price"],
        "row_total": _pounds(lines["row_total_cents"]),
    }
    pq.write_table(pa.table(columns), target / "order_lines.parquet")


def _pounds(pence: pa.ChunkedArray) -> pa.ChunkedArray:
    hundredth = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))
    return pc.multiply(pence.cast(pa.decimal128(19, 0)), hundredth)
