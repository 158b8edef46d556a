"""Matched customers as a file over HTTP, for whoever may stand at the admin door."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pytest
from pyarrow.parquet import ParquetFile

from gateway.identity import Role
from gateway.storage import matches
from gateway.storage.database import Database
from tests.refreshing import FEMALE, refresh
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of

URL = "/admin/segments/women/matched-customers"


@pytest.fixture(autouse=True)
async def _rows(database: Database, database_url: str) -> None:
    shop = Shop(database)
    await shop.website()
    await shop.segment("women", FEMALE, applies_to="registered")
    await shop.customer("1", gender="female", first_name="=Ada", last_name="Birch")
    await shop.customer("2", gender="female", email="zoe@example.com")
    await shop.customer("3", gender="male")
    await refresh(database_url)


@pytest.fixture
async def headers(database: Database) -> dict[str, str]:
    token = await a_token_of(Role.EDITOR, database)
    return {"Authorization": f"Bearer {token}"}


async def test_an_editor_downloads_the_customers_of_a_segment(
    storefront: Storefront, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches.every, "__defaults__", (1,))
    found = {
        name: await storefront.client.get(f"{URL}.{name}?website=base", headers=headers)
        for name in ("csv", "jsonl", "parquet")
    }

    rows = list(csv.DictReader(io.StringIO(found["csv"].text)))
    lines = [json.loads(line) for line in found["jsonl"].text.splitlines()]
    table = ParquetFile(pa.BufferReader(found["parquet"].content)).read()
    assert [(row["customer_id"], row["name"]) for row in rows] == [
        ("1", "'=Ada Birch"),
        ("2", ""),
    ]
    assert [*rows[0]] == [*lines[0]] == table.column_names
    assert [line["email"] for line in lines] == [None, "zoe@example.com"]
    assert table["customer_id"].to_pylist() == ["1", "2"]
    assert found["csv"].headers["content-type"] == "text/csv; charset=utf-8"
    assert found["csv"].headers["content-disposition"] == (
        'attachment; filename="women.csv"'
    )
    assert found["csv"].headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("women/matched-customers.xls?website=base", "csv, jsonl, parquet; not 'xls'"),
        ("women/matched-customers.csv?website=uk", "there is no website 'uk'"),
        ("women/matched-customers.csv", "there is no website ''"),
        ("men/matched-customers.csv?website=base", "no segment of 'base' is called"),
        ("a%00b/matched-customers.csv?website=base", "is called 'a\\x00b'"),
    ],
)
async def test_what_is_not_there_is_said(
    storefront: Storefront, headers: dict[str, str], path: str, message: str
) -> None:
    answer = await storefront.client.get(f"/admin/segments/{path}", headers=headers)

    assert answer.status_code == 404
    assert message in answer.json()["errors"][0]["message"]


async def test_without_a_token_of_an_editor_there_is_nothing(
    storefront: Storefront, server_token: str, database: Database
) -> None:
    tokens = server_token, await a_token_of(Role.VIEWER, database)
    url = f"{URL}.csv?website=base"

    nobody = await storefront.client.get(url)
    backend, viewer = [
        await storefront.client.get(url, headers={"Authorization": f"Bearer {token}"})
        for token in tokens
    ]

    statuses = nobody.status_code, backend.status_code, viewer.status_code
    assert statuses == (401, 403, 403)
    assert "A download needs the role 'editor'" in viewer.text
    assert "zoe" not in nobody.text + backend.text + viewer.text
