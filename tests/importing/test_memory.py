"""A file of any size is held a few rows at a time."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gateway.importing.batches import BATCH_ROWS, Batch
from gateway.importing.directory import TABLE_FORMATS
from gateway.importing.faults import Faults
from gateway.importing.rows import RowReader, Shop
from gateway.importing.tables import TABLES

PRODUCTS = TABLES["products"]


class Held:
    """Counts the batches which nobody has let go of, and the rows in them."""

    def __init__(self) -> None:
        self.batches = 0
        self.rows = 0
        self._passed: list[weakref.ref[Batch]] = []

    def watch(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Pass the batches on one by one."""
        for batch in batches:
            self._passed.append(weakref.ref(batch))
            alive = [one for passed in self._passed if (one := passed()) is not None]
            self.batches = max(self.batches, len(alive))
            self.rows = max(self.rows, sum(len(one.lines) for one in alive))
            del alive
            yield batch


def write(path: Path, rows: int) -> Path:
    """Write that many products in the format that the file's name says."""
    skus = [f"MUG-{number}" for number in range(rows)]
    if path.suffix == ".parquet":
        # All of it in one row group, as many a tool writes it.
        pq.write_table(pa.table({"sku": skus}), path, row_group_size=rows)
    elif path.suffix == ".csv":
        path.write_text("\n".join(["sku", *skus]), encoding="utf-8")
    else:
        path.write_text("".join(f'{{"sku": "{sku}"}}\n' for sku in skus), "utf-8")
    return path


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_ten_thousand_rows_are_held_like_two_hundred_thousand(
    tmp_path: Path, format: str
) -> None:
    def held(rows: int) -> tuple[int, int]:
        path = write(tmp_path / f"{rows}.{format}", rows)
        faults, counted = Faults(path.name), Held()
        reader = RowReader(PRODUCTS, Shop({"main": UTC}, "main"), faults)
        read = TABLE_FORMATS[format](path, PRODUCTS, faults, lambda _part: None)
        assert sum(1 for _ in reader.records(counted.watch(read))) == rows
        return counted.batches, counted.rows

    few, many = held(10_000), held(200_000)

    assert few == many
    assert many[0] <= 2
    assert many[1] <= 2 * BATCH_ROWS
