"""What readers of files hand on: some rows at a time, whatever the file's size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.importing.columns import Table
from gateway.importing.faults import Faults
from gateway.personalize.table import suggest

BATCH_ROWS = 2000
BATCH_BYTES = 8 * 1024 * 1024

Advance = Callable[[float], None]
"""Is told how much of a file is read: from 0 to 1."""


# No slots: a test counts those that are held, by weak references.
@dataclass(frozen=True)
class Batch:
    """Some rows of a file: the line of each, and its values column by column.

    A column which none of the rows has is not there.
    """

    lines: Sequence[int]
    columns: Mapping[str, Sequence[Any]]


Read = Callable[[Path, Table, Faults, Advance], Iterator[Batch]]
"""Reads a file. Faulty rows are noted and left out; what makes the rest of the file
unreadable raises ``FileRefused``."""


def check_header(
    header: Sequence[str], table: Table, faults: Faults, line: int | None
) -> None:
    """Refuse a file whose columns, named in *line* if in any, are not the table's.

    Raises:
        FileRefused: a column is unknown, stands there twice, or is missing.
    """
    refuse_unknown(header, table, faults, line)
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.add(line, name, "the column stands there twice. Keep one.")
    for column in table.columns:
        if column.required and column.name not in header:
            faults.add(line, column.name, "the column is missing. Add it.")
    faults.finish()


def refuse_unknown(
    names: Iterable[str], table: Table, faults: Faults, line: int | None
) -> None:
    """Note every name that is no column of the table."""
    for name in names:
        if name not in table.known:
            what = f"{table.name} have no such column."
            faults.add(
                line, name or "(no name)", f"{what} {suggest(name, table.known)}"
            )
