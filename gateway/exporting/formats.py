"""The formats of exports: each makes bytes of a batch of rows, one after the other.

To add one, write a class as `Format` says and enter it into ``FORMATS``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import orjson

Row = tuple[Any, ...]
"""Values in the order of the columns: text, a moment, or None for what is not known."""

# OWASP, CSV injection: a spreadsheet takes what begins so for a formula. The wide
# forms are what some of them make into the others.
_OF_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001


class Format(Protocol):
    """Makes bytes of rows; the first and the last of them may belong to no row."""

    media_type: str

    def begin(self, columns: Mapping[str, type]) -> bytes:
        """Return what stands before all rows, given the columns and their types."""

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return the next rows."""

    def end(self) -> bytes:
        """Return what stands after all rows."""


class Csv:
    """Comma-separated values (RFC 4180) in UTF-8 that no spreadsheet computes."""

    media_type = "text/csv; charset=utf-8"

    def begin(self, columns: Mapping[str, type]) -> bytes:
        """Return the header."""
        return _csv([tuple(columns)])

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return a line for each row."""
        return _csv([tuple(map(_cell, row)) for row in rows])

    def end(self) -> bytes:
        """Return nothing."""
        return b""


class JsonLines:
    """A JSON object a line."""

    media_type = "application/jsonl"

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()

    def begin(self, columns: Mapping[str, type]) -> bytes:
        """Return nothing: every line has the names."""
        self._names = tuple(columns)
        return b""

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return a line for each row."""
        names, option = self._names, orjson.OPT_APPEND_NEWLINE
        return b"".join(
            orjson.dumps(dict(zip(names, row, strict=True)), option=option)
            for row in rows
        )

    def end(self) -> bytes:
        """Return nothing."""
        return b""


class Parquet:
    """Apache Parquet, a row group for each batch."""

    media_type = "application/vnd.apache.parquet"

    def __init__(self) -> None:
        self._written = _Written()
        self._writer: Any = None
        self._schema: Any = None

    def begin(self, columns: Mapping[str, type]) -> bytes:
        """Return the mark that such a file begins with."""
        # It takes 50 MB, which nobody pays for who wants text.
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

        moment = pa.timestamp("us", "UTC")
        self._schema = pa.schema(
            [
                (name, moment if kind is datetime else pa.string())
                for name, kind in columns.items()
            ]
        )
        self._writer = ParquetWriter(self._written, self._schema, compression="zstd")
        return self._written.taken()

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return a row group."""
        import pyarrow as pa  # noqa: PLC0415

        arrays = [
            pa.array(values, kind)
            for values, kind in zip(
                zip(*rows, strict=True), self._schema.types, strict=True
            )
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        return self._written.taken()

    def end(self) -> bytes:
        """Return the footer, which says where each row group lies."""
        self._writer.close()
        return self._written.taken()


FORMATS: dict[str, Callable[[], Format]] = {
    "csv": Csv,
    "jsonl": JsonLines,
    "parquet": Parquet,
}


class _Written(io.RawIOBase):
    """A file that holds only what was written since somebody took it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """Whether it can be written."""
        return True

    def write(self, data: Any, /) -> int:
        """Keep what is written."""
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def tell(self) -> int:
        """Return how much was ever written."""
        return self._size

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    # All cells are quoted, so that no separator of any spreadsheet can part one.
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_OF_FORMULAS) else text
