"""What PostgreSQL copies out is read as it was, whatever stands in it."""

from __future__ import annotations

import pytest

from gateway.storage import copied
from gateway.storage.copied import Column, texts
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


def numbers(written: Column) -> Column:
    return [None if one is None else int(one) for one in written]


@pytest.mark.parametrize("text", STRANGE)
async def test_a_text_is_read_as_it_is_stored(database: Database, text: str) -> None:
    query = Query("select 'first', $1::text, null, 7 union all select 'x', '', 'y', 8;")
    decoders = {"a": texts, "b": texts, "c": texts, "d": numbers}

    async with database.connection() as connection:
        found = await copied.columns(connection, query, decoders, text)

    assert found["a"] == ["first", "x"]
    assert found["b"] == [text, ""]
    assert found["c"] == [None, "y"]
    assert found["d"] == [7, 8]


async def test_no_rows_are_columns_without_any(database: Database) -> None:
    query = Query("select 1, 2 where $1 > 1")

    async with database.connection() as connection:
        found = await copied.columns(connection, query, {"a": texts, "b": numbers}, 1)

    assert found["a"] == []
    assert found["b"] == []


async def test_a_column_is_decoded_once_and_only_if_it_is_looked_at(
    database: Database,
) -> None:
    decoded = []

    def noting(written: Column) -> Column:
        decoded.append(list(written))
        return written

    query = Query("select 1, 2, 3")
    async with database.connection() as connection:
        found = await copied.columns(
            connection, query, {"a": noting, "b": noting, "c": texts}
        )

    assert decoded == []
    assert found["b"] is found["b"]
    assert decoded == [["2"]]
