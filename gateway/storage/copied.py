"""Rows as PostgreSQL copies them out: read in half the time that records take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from gateway.storage.connection import Connection
from gateway.storage.sql import Query

Row = Sequence[str | None]

_NULL = r"\N"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


async def rows(connection: Connection, query: Query, *arguments: Any) -> Iterable[Row]:
    """Return the rows of *query*, whose columns are text as PostgreSQL writes it."""
    copied = bytearray()

    async def take(chunk: bytes) -> None:
        copied.extend(chunk)

    await connection.copy_from_query(query.rstrip(";"), *arguments, output=take)
    return read(copied.decode())


def read(copied: str) -> Iterable[Row]:
    """Return the rows that are *copied*: a line for each, with tabs between columns."""
    lines = copied.removesuffix("\n").split("\n") if copied else []
    if "\\" not in copied:
        return (line.split("\t") for line in lines)
    return ([_column(column) for column in line.split("\t")] for line in lines)


def _column(written: str) -> str | None:
    if written == _NULL:
        return None
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), written)
