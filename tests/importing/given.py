"""Files that tests begin with."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gateway.importing import ImportReport

Files = Mapping[str, str | bytes]
BringIn = Callable[..., Coroutine[Any, Any, ImportReport]]

WEBSITES = "code,name,timezone,currency\nmain,Main,Europe/Berlin,EUR\n"
TWO_WEBSITES = f"{WEBSITES}us,United States,America/Denver,USD\n"
PRODUCTS = "sku,price\nMUG,10\nCUP,12.50\n"
CUSTOMERS = "customer_id,email\n1,ada@example.com\n2,ben@example.com\n"
PRODUCTS_FIRST: Files = {"products.csv": PRODUCTS}
CUSTOMERS_FIRST: Files = {"customers.csv": CUSTOMERS}
Refuses = Callable[[Files, list[str]], Awaitable[None]]


def parquet(columns: Mapping[str, object]) -> bytes:
    """The bytes of a Parquet file."""
    file = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), file)
    return file.getvalue()


def refused(
    name: str, content: str | bytes, *faults: str, before: Files | None = None, id: str
) -> object:
    """A case: a file after others that are in order, and how it is refused."""
    files = {"websites.csv": WEBSITES, **(before or {}), name: content}
    return pytest.param(files, [f"{name}{fault}" for fault in faults], id=id)
