"""Makes the records that PostgreSQL takes of the values that stand in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from gateway.importing.attributes import AttributeReader
from gateway.importing.batches import Batch
from gateway.importing.columns import ATTRIBUTES, WEBSITE, Column, Table
from gateway.importing.faults import Faults, Refused
from gateway.personalize.operators import Kind
from gateway.personalize.table import suggest

_ABSENT = (None, "")


@dataclass(frozen=True)
class Shop:
    """What the values of a file are read against.

    *websites* are their time zones by code; *website* is the one that is meant where
    a row names none. *declared* are the attributes of the table's owner.
    """

    websites: Mapping[str, tzinfo] = field(default_factory=dict)
    website: str | None = None
    declared: Mapping[str, Kind] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one file.

    *count* are the rows read so far, *given* the columns that some of them had.
    """

    def __init__(self, table: Table, shop: Shop, faults: Faults) -> None:
        self._table = table
        self._shop = shop
        self._faults = faults
        self._attributes = AttributeReader(shop.declared)
        self._reads = {one.name: self._read(one) for one in table.columns}
        self.count = 0
        self.given: set[str] = set()

    @property
    def undeclared(self) -> Mapping[str, Kind]:
        """The attributes that nobody has declared, with the kinds that fit them."""
        return self._attributes.undeclared

    def records(self, batches: Iterable[Batch]) -> Iterator[tuple[Any, ...]]:
        """Yield a record for each row, beginning with its line.

        After a fault the rest is only looked through for others.

        Raises:
            FileRefused: something is wrong with the rows.
        """
        for batch in batches:
            columns = self._columns(batch)
            if self._faults.are_enough:
                break
            if not self._faults:
                yield from zip(batch.lines, *columns, strict=True)
        self._faults.finish()

    def _columns(self, batch: Batch) -> Sequence[Sequence[Any]]:
        self.count += len(batch.lines)
        self.given.update(batch.columns)
        absent = (None,) * len(batch.lines)
        read: dict[str, Sequence[Any]] = {}
        for column in self._table.columns:
            values = batch.columns.get(column.name, absent)
            read[column.name] = self._values(column, values, batch.lines)
        for column in self._table.columns:
            if column.kind.is_local:
                moments = zip(read[column.name], read[WEBSITE.name], strict=True)
                read[column.name] = [self._placed(*one) for one in moments]
        return list(read.values())

    def _values(
        self, column: Column, given: Sequence[Any], lines: Sequence[int]
    ) -> list[Any]:
        read, default = self._reads[column.name]
        required = column.required or (column is WEBSITE and default is None)
        if not required or all(given):
            try:
                return [
                    default if not value and value in _ABSENT else read(value)
                    for value in given
                ]
            except Refused:
                pass  # Somewhere in there; now every one of them is looked at.
        values = []
        for value, line in zip(given, lines, strict=True):
            taken = default
            try:
                if value not in _ABSENT:
                    taken = read(value)
                elif required:
                    raise _missing(column)
            except Refused as refused:
                for one in (refused, *refused.others):
                    where = f"{column.name}.{one.within}".rstrip(".")
                    self._faults.add(line, where, str(one))
            values.append(taken)
        return values

    def _read(self, column: Column) -> tuple[Callable[[Any], Any], Any]:
        if column is WEBSITE:
            return self._website, self._shop.website
        if column is ATTRIBUTES:
            return self._own_attributes, column.default
        return column.kind.read, column.default

    def _website(self, given: Any) -> str:
        code = str(WEBSITE.kind.read(given))
        if code not in self._shop.websites:
            remedy = suggest(code, self._shop.websites)
            raise Refused(f"there is no website {code!r}.", remedy)
        return code

    def _own_attributes(self, given: Any) -> Mapping[str, Any]:
        return self._attributes.read(ATTRIBUTES.kind.read(given))

    def _placed(self, at: datetime | None, website: str) -> datetime | None:
        """Give a moment without an offset the website's, where there is a website."""
        if at is None or at.tzinfo is not None:
            return at
        return at.replace(tzinfo=self._shop.websites.get(website, UTC))


def _missing(column: Column) -> Refused:
    if column is WEBSITE:
        said = "it is missing, and there are several websites."
        return Refused(said, "Write a code, or give --website.")
    return Refused("it is missing.", "Write a value.")
