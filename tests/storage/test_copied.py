"""What PostgreSQL copies out is read as it was, whatever stands in it."""

from __future__ import annotations

import pytest

from gateway.storage import copied
from gateway.storage.database import Database
from gateway.storage.sql import Query

STRANGE = [
    "plain",
    "",
    "a\tb",
    "a\nb",
    "a\\tb",
    "\\N",
    "\\",
    "\\\\.",
    "\\.",
    "\b\f\r\v\x1f",
    "Zoë, 東京 🛍",
]


@pytest.mark.parametrize("text", STRANGE)
async def test_a_text_is_read_as_it_is_stored(database: Database, text: str) -> None:
    query = Query("select 'first', $1::text, null, 7 union all select 'x', '', 'y', 8;")

    async with database.connection() as connection:
        rows = await copied.rows(connection, query, text)

    assert list(rows) == [["first", text, None, "7"], ["x", "", "y", "8"]]


async def test_no_rows_are_none(database: Database) -> None:
    async with database.connection() as connection:
        rows = await copied.rows(connection, Query("select 1 where $1 > 1"), 1)

    assert list(rows) == []
