"""Columns as PostgreSQL copies them out, read once somebody looks at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.storage.connection import Connection
from gateway.storage.sql import Query

Column = Sequence[Any]
Decode = Callable[[Column], Column]
"""From texts, as PostgreSQL writes them, to values; None is null."""

_NULL = r"\N"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Copied(dict[str, Column]):
    """The columns of a query by their names; each is decoded when it is looked up."""

    def __init__(self, decoders: Mapping[str, Decode], text: str) -> None:
        super().__init__()
        self._decoders = decoders
        cells = text.removesuffix("\n").replace("\n", "\t").split("\t")
        width = len(decoders)
        self._cells = {
            name: cells[nth::width] if text else [] for nth, name in enumerate(decoders)
        }

    def __missing__(self, name: str) -> Column:
        found = self[name] = self._decoders[name](_read(self._cells[name]))
        del self._cells[name]
        return found


async def columns(
    connection: Connection,
    query: Query,
    decoders: Mapping[str, Decode],
    *arguments: Any,
) -> Copied:
    """Return the columns of *query*, of which *decoders* has each, in their order."""
    copied = bytearray()

    async def take(chunk: bytes) -> None:
        copied.extend(chunk)

    await connection.copy_from_query(query.rstrip(";"), *arguments, output=take)
    return Copied(decoders, copied.decode())


def texts(cells: Column) -> Column:
    """Return texts, which are what they are written as."""
    return cells


def _read(cells: Sequence[str]) -> Column:
    if "\\" not in "".join(cells):
        return cells
    return [None if cell == _NULL else _meant(cell) for cell in cells]


def _meant(cell: str) -> str:
    if "\\" not in cell:
        return cell
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), cell)
