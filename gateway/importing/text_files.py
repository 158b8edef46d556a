"""Reads JSON lines and CSV, plain or compressed, line by line."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from gateway.importing.batches import (
    BATCH_BYTES,
    BATCH_ROWS,
    Advance,
    Batch,
    check_header,
    refuse_unknown,
)
from gateway.importing.columns import Table
from gateway.importing.faults import TWICE, Faults
from gateway.importing.json_text import parse
from gateway.unambiguous_json import Twice

LONGEST_LINE = 4 * 1024 * 1024

_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Lines = Iterator[tuple[int, str]]


def json_lines(
    path: Path, table: Table, faults: Faults, advance: Advance
) -> Iterator[Batch]:
    """Read a file of one JSON object a line; blank lines do not count."""
    with _opened(path, faults, advance) as (lines, read):
        numbers: list[int] = []
        rows: list[dict[str, Any]] = []
        size = 0
        for number, line in lines:
            row = _object(line, number, table, faults)
            if row is None:
                continue
            numbers.append(number)
            rows.append(row)
            size += len(line)
            if len(rows) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield _batch_of(numbers, rows)
                read()
                numbers, rows, size = [], [], 0
        yield _batch_of(numbers, rows)


def comma_separated(
    path: Path, table: Table, faults: Faults, advance: Advance
) -> Iterator[Batch]:
    """Read a CSV file with a header; blank lines do not count."""
    with _opened(path, faults, advance) as (lines, read):
        records = _records(lines, faults)
        _, header = next(records, (1, []))
        if not header:
            faults.refuse(1, "", "there is no header. Write the columns' names.")
        if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
            faults.refuse(1, "", "there is one column only. Separate by commas.")
        check_header(header, table, faults, 1)
        numbers: list[int] = []
        rows: list[list[str]] = []
        size = 0
        for number, record in records:
            if len(record) != len(header):
                said = f"there are {len(record)} values for {len(header)} columns."
                faults.add(number, "", f"{said} Put values with commas in quotes.")
                continue
            numbers.append(number)
            rows.append(record)
            size += sum(map(len, record))
            if len(rows) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield _batch_of_records(numbers, header, rows)
                read()
                numbers, rows, size = [], [], 0
        yield _batch_of_records(numbers, header, rows)


@contextmanager
def _opened(
    path: Path, faults: Faults, advance: Advance
) -> Iterator[tuple[Lines, Callable[[], None]]]:
    """Open a file: its lines, and what tells how far they were read."""
    size = max(path.stat().st_size, 1)
    with path.open("rb") as raw:
        stream: BinaryIO = raw
        if path.suffix == ".gz":
            unpacked = gzip.GzipFile(fileobj=raw)
            stream = io.BufferedReader(cast("io.RawIOBase", unpacked), 1 << 16)
        lines = _lines(stream, faults)
        yield lines, lambda: advance(raw.tell() / size)


def _lines(stream: BinaryIO, faults: Faults) -> Lines:
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(LONGEST_LINE + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            said = f"it cannot be unpacked: {str(error).rstrip('.')}."
            faults.refuse(number, "", f"{said} Compress it with gzip again.")
        if not raw:
            return
        if number == 1:
            if raw.startswith(_UTF_16):
                faults.refuse(1, "", "it is UTF-16. Save the file as UTF-8.")
            raw = raw.removeprefix(_MARK)
        if len(raw) > LONGEST_LINE:
            most = LONGEST_LINE // 1024 // 1024
            faults.refuse(number, "", f"it is longer than {most} MiB. Break it up.")
        try:
            yield number, raw.decode()
        except UnicodeDecodeError as error:
            said = f"byte {error.start + 1} is not UTF-8. Save the file as UTF-8."
            faults.add(number, "", said)
            if faults.are_enough:
                faults.finish()
            yield number, raw.decode(errors="replace")


def _object(
    line: str, number: int, table: Table, faults: Faults
) -> dict[str, Any] | None:
    if line.isspace():
        return None
    try:
        row = parse(line)
    except Twice as twins:
        faults.add(number, str(twins), TWICE)
        return None
    except orjson.JSONDecodeError as error:
        said = f"it is not JSON. Look at character {error.pos + 1}."
        faults.add(number, "", said)
        return None
    if not isinstance(row, dict):
        faults.add(number, "", 'it is not an object. Write {"column": value} a line.')
        return None
    if not row.keys() <= table.known:
        refuse_unknown(row.keys(), table, faults, number)
        return None
    return row


def _batch_of(numbers: list[int], rows: list[dict[str, Any]]) -> Batch:
    given = {name for row in rows for name in row}
    return Batch(numbers, {name: [row.get(name) for row in rows] for name in given})


def _batch_of_records(
    numbers: list[int], header: list[str], rows: list[list[str]]
) -> Batch:
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return Batch(numbers, dict(zip(header, columns, strict=True)))


def _records(lines: Lines, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Split lines into values; a record begins where the one before ended."""
    reader = csv.reader((line for _, line in lines), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = f"it is not CSV: {error}. Is a quote missing, or one too many?"
            faults.refuse(number, "", said)
        if record:
            yield number, record
