"""Imports one file: read, check, write - or refuse, and leave everything as it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from gateway.importing import documents, sales_rules
from gateway.importing.batches import Advance, Batch
from gateway.importing.columns import WEBSITE, Table
from gateway.importing.definitions import (
    SUBJECTS,
    Written,
    save_all,
    save_one,
)
from gateway.importing.directory import TABLE_FORMATS, File
from gateway.importing.faults import MOST_FAULTS, Faults
from gateway.importing.report import FileReport
from gateway.importing.rows import RowReader, Shop
from gateway.importing.tables import TABLES
from gateway.personalize.errors import Conflict
from gateway.personalize.grammar import Limits
from gateway.personalize.operators import Kind
from gateway.personalize.table import suggest
from gateway.storage.imports import Importing, Merged, StagedFault


@dataclass(frozen=True)
class Settings:
    """What was asked for: *website* is meant where a row names none."""

    website: str | None
    limits: Limits


@dataclass(frozen=True)
class _Result:
    read: int
    merged: Merged
    notes: Sequence[str] = ()
    left_out: int = 0


class OneFile:
    """One file and the transaction it is imported in."""

    def __init__(
        self, importing: Importing, file: File, settings: Settings, advance: Advance
    ) -> None:
        self._importing = importing
        self._file = file
        self._settings = settings
        self._advance = advance
        self._faults = Faults(file.name, file.unit)

    async def bring_in(self) -> FileReport:
        """Import the file.

        Raises:
            FileRefused: something is wrong with it; nothing of it was written.
        """
        began = time.perf_counter()
        try:
            async with self._importing.transaction():
                result = await self._result()
        except Conflict as error:
            self._faults.refuse(None, "", str(error))
        took = time.perf_counter() - began
        counts = (result.read, result.merged.added, result.merged.changed)
        return FileReport(self._file.name, *counts, took, result.notes, result.left_out)

    async def _result(self) -> _Result:
        table = TABLES.get(self._file.subject)
        if self._file.subject == "sales_rules":
            return await self._sales_rules()
        if table is None:
            return await self._save(self._definitions())
        reader = RowReader(table, await self._shop(table), self._faults)
        records = reader.records(self._batches(table))
        if table.name in SUBJECTS:
            return await self._save([_written(table, *record) for record in records])
        columns = [column.name for column in table.columns]
        await self._importing.stage(table.name, columns, records)
        for fault in await self._importing.faults(table.name, MOST_FAULTS):
            self._add(fault, table)
        self._faults.finish()
        merged = await self._importing.merge(table.name, _given(table, reader))
        notes = await self._declare(table, reader.undeclared)
        return _Result(reader.count, merged, notes)

    async def _save(self, written: Sequence[Written]) -> _Result:
        merged, warnings = await save_all(
            self._importing.database,
            SUBJECTS[self._file.subject],
            written,
            self._faults,
            limits=self._settings.limits,
            advance=self._advance,
        )
        name = self._file.name
        notes = [f"{name}, line {line}, {problem}" for line, problem in warnings]
        return _Result(len(written), merged, notes)

    async def _sales_rules(self) -> _Result:
        """Save each rule that can be carried, and name the others."""
        path, settings = self._file.path, self._settings
        rules = self._definitions(sales_rules.items_of)
        categories = sales_rules.categories_beside(path, self._faults)
        zones = await self._importing.timezones()
        website = settings.website or (next(iter(zones)) if len(zones) == 1 else None)
        kinds = await self._importing.declared("product")
        shop = sales_rules.Shop(website, categories, kinds)
        added = changed = left_out = 0
        notes = []
        for position, rule in enumerate(rules):
            converted = sales_rules.convert(rule.given, shop)
            problems, merged = converted.problems, Merged(0, 0)
            if converted.given is not None:
                merged, problems = await save_one(
                    self._importing.database, converted.given, settings.limits
                )
            said = f"{self._file.name}, {converted.title}"
            notes += [f"{said} is left out, {problem}" for problem in problems]
            if problems:
                left_out += 1
            else:
                notes += [f"{said}, {problem}" for problem in converted.notes]
            added, changed = added + merged.added, changed + merged.changed
            self._advance(position / len(rules))
        return _Result(len(rules), Merged(added, changed), notes, left_out)

    async def _shop(self, table: Table) -> Shop:
        """Look up what the rows of *table* are read against."""
        if WEBSITE not in table.columns:
            return Shop()
        zones = await self._importing.timezones()
        website = self._settings.website
        if not zones:
            said = "there is no website yet. Bring a file called websites."
            self._faults.refuse(None, "", said)
        if website is not None and website not in zones:
            said = f"there is no website {website!r}. {suggest(website, zones)}"
            self._faults.refuse(None, "", said)
        if website is None and len(zones) == 1:
            website = next(iter(zones))
        declared = await self._importing.declared(table.owner) if table.owner else {}
        places = {code: ZoneInfo(zone) for code, zone in zones.items()}
        return Shop(places, website, declared)

    def _batches(self, table: Table) -> Iterator[Batch]:
        read = TABLE_FORMATS[self._file.format]
        try:
            yield from read(self._file.path, table, self._faults, self._advance)
        except OSError as error:
            self._unreadable(error)

    def _definitions(
        self, prepare: Callable[[str, Faults], str] | None = None
    ) -> Sequence[Written]:
        try:
            return documents.read(self._file.path, self._faults, prepare)
        except OSError as error:
            self._unreadable(error)

    def _unreadable(self, error: OSError) -> NoReturn:
        self._faults.refuse(None, "", f"it cannot be read: {error.strerror or error}.")

    def _add(self, fault: StagedFault, table: Table) -> None:
        if fault.fault == "twice":
            self._faults.add_twin(fault.line, int(fault.value), table.key)
            return
        column = table.column(fault.column)
        what = column.leads_to.format(repr(fault.value))
        said = f"there is no {what}. Import it first, or correct this one."
        self._faults.add(fault.line, fault.column, said)

    async def _declare(self, table: Table, kinds: Mapping[str, Kind]) -> Sequence[str]:
        if not kinds:
            return ()
        await self._importing.declare(table.owner, kinds)
        listed = ", ".join(f"{code} ({kind})" for code, kind in sorted(kinds.items()))
        said = f"attributes of {table.name} declared by the look of their values"
        return (f"{self._file.name}: {said}: {listed}.",)


def _written(table: Table, line: int, *values: Any) -> Written:
    given = zip((column.name for column in table.columns), values, strict=True)
    return Written(dict(given), lambda _path: line)


def _given(table: Table, reader: RowReader) -> Collection[str] | None:
    """Return the columns that the file has; None when it has all that matter."""
    optional = {
        column.name
        for column in table.columns
        if not column.required and column is not WEBSITE
    }
    return None if optional <= reader.given else reader.given
