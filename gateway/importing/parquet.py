"""Reads Parquet files, a few rows at a time even where they are one row group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.importing.batches import BATCH_ROWS, Advance, Batch, check_header
from gateway.importing.columns import Table
from gateway.importing.faults import Faults

if TYPE_CHECKING:
    import pyarrow as pa

_BUFFER_BYTES = 1 << 16


def parquet(
    path: Path, table: Table, faults: Faults, advance: Advance
) -> Iterator[Batch]:
    """Read a Parquet file; its rows count from 1."""
    # It takes 50 MB, which nobody pays for who brings text files.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415

    try:
        # Without pre-buffering and with a buffer, columns are read page by page.
        file = ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER_BYTES)
    except pa.ArrowException as error:
        faults.refuse(None, "", f"it is not a Parquet file: {error}")
    with file:
        header = file.schema_arrow.names
        check_header(header, table, faults, None)
        rows, total = 0, max(file.metadata.num_rows, 1)
        batches = file.iter_batches(BATCH_ROWS, use_threads=False)
        while True:
            try:
                batch = next(batches)
                columns = {
                    name: _values(batch.column(position))
                    for position, name in enumerate(header)
                }
            except StopIteration:
                return
            except (pa.ArrowException, OSError, ValueError) as error:
                faults.refuse(rows + 1, "", f"it cannot be read: {error}")
            lines = range(rows + 1, rows + batch.num_rows + 1)
            yield Batch(lines, columns)
            rows += batch.num_rows
            advance(rows / total)


def _values(column: pa.Array) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_timestamp(column.type):
        # Python counts microseconds; cutting off what is finer loses nothing here.
        moments = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        return _read(moments)
    return _read(column)


def _read(column: pa.Array) -> list[Any]:
    try:
        return list(column.to_pylist())
    except OverflowError:
        raise ValueError("a day or a moment is of no year from 1 to 9999.") from None
