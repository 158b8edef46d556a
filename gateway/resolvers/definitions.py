"""List, get, save and delete the definitions of one subject, whichever it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Generic

import orjson

from gateway.personalize.attributes import Attributes
from gateway.personalize.errors import Conflict, InvalidInput, Problem
from gateway.personalize.grammar import Limits
from gateway.resolvers import checks
from gateway.resolvers.checks import NOUNS
from gateway.resolvers.pages import Broken, Page, Paging
from gateway.resolvers.subjects import D, Given, Problems, Subject
from gateway.storage import definitions, rulebooks, websites
from gateway.storage.database import Connection, Database
from gateway.storage.definitions import Names, Shelf, Stored, Use, Wanted


@dataclass(frozen=True)
class Saved(Generic[D]):
    """A definition with what the database adds to it.

    *problems* say why a rule book leaves it out; *warnings* say so, too, and what
    saving has changed.
    """

    id: int
    version: int
    updated_at: datetime
    definition: D
    problems: Problems = ()
    warnings: Problems = ()


class Definitions(Generic[D]):
    """The definitions of one subject, as they are stored; *noun* is what one is."""

    def __init__(self, subject: Subject[D]) -> None:
        self._subject = subject
        self._shelf = Shelf(subject.name)
        self.noun = NOUNS[subject.name]

    async def page(
        self,
        database: Database,
        wanted: Wanted,
        paging: Paging,
        limits: Limits | None = None,
    ) -> Page[Saved[D]]:
        """Return one page of the wanted definitions, in the order of their making."""
        found = await self._shelf.list(
            database, wanted, limit=paging.size, offset=paging.offset
        )
        attributes = await rulebooks.attributes(database)
        limits = limits or Limits()
        items, broken = [], []
        for row in found.rows:
            try:
                items.append(self._saved(row))
            except InvalidInput as faulty:
                key = str(row.given.get("key"))
                broken.append(Broken(key, row.version, row.given, faulty.problems))
        async with database.connection() as connection:
            names = await definitions.names(connection)
            left_out = await self._left_out(connection, limits, *items)
        judged = partial(self._judged, attributes, limits, names, left_out)
        return Page([judged(one) for one in items], found.total, paging, broken)

    async def get(
        self, database: Database, key: str, limits: Limits | None = None
    ) -> Saved[D] | None:
        """Return the definition called *key*, or None.

        Raises:
            InvalidInput: it was written by hand and cannot be read.
        """
        attributes = await rulebooks.attributes(database)
        async with database.connection() as connection:
            row = await self._shelf.find(connection, key)
            if row is None:
                return None
            saved, limits = self._saved(row), limits or Limits()
            names = await definitions.names(connection)
            left_out = await self._left_out(connection, limits, saved)
        return self._judged(attributes, limits, names, left_out, saved)

    async def save(
        self,
        database: Database,
        given: Given,
        expected_version: int | None = None,
        limits: Limits | None = None,
    ) -> Saved[D]:
        """Add or replace a definition and raise its websites' revisions, or do nothing.

        *expected_version* is the version that is replaced, 0 for a new definition,
        None for whatever is there. What does not change anything is not written.

        Raises:
            InvalidInput: with every fault of fields and conditions; or with every
                reference that leads nowhere; or with what has too many digits.
            Conflict: another version is stored, or something fixed would change.
            NotFound: a version was expected, and nothing is stored.
        """
        subject, attributes = self._subject, await rulebooks.attributes(database)
        limits = limits or Limits()
        definition, warnings = subject.judge(given, attributes, limits)
        async with database.transaction() as connection:
            await websites.lock_definitions(connection)
            stored = await self._shelf.find(connection, definition.key)
            version = stored.version if stored else None
            checks.require_version(self.noun, version, expected_version)
            names = await definitions.names(connection)
            checks.require(subject.references(definition), names)
            await subject.require(connection, definition)
            conflicts = list(subject.fixed(definition, stored.given)) if stored else []
            conflicts += await subject.taken(connection, definition)
            if conflicts:
                raise Conflict(*conflicts)
            if stored is None or self._changes(stored, definition):
                await self._shelf.save(connection, subject.row(definition))
                stored = await self._shelf.find(connection, definition.key)
            assert stored is not None  # noqa: S101 - It was just saved.
            saved = self._saved(stored)
            left_out = await self._left_out(connection, limits, saved)
        problems = left_out.get(definition.key, ())
        return replace(saved, problems=problems, warnings=(*warnings, *problems))

    async def delete(self, database: Database, key: str) -> str:
        """Delete a definition and raise its websites' revisions; return its key.

        Raises:
            Conflict: it is in use.
            NotFound: there is none.
        """
        async with database.transaction() as connection:
            await websites.lock_definitions(connection)
            if await self._shelf.find(connection, key) is None:
                names = await definitions.names(connection)
                raise checks.missing(self._subject.name, key, names)
            checks.require_unused(await self._shelf.uses(connection, key))
            await self._shelf.delete(connection, key)
        return key

    async def uses(self, database: Database, key: str) -> Sequence[Use]:
        """Return what refers to the definition called *key*."""
        async with database.connection() as connection:
            return await self._shelf.uses(connection, key)

    def _judged(
        self,
        attributes: Attributes,
        limits: Limits,
        names: Names,
        left_out: Mapping[str, Problems],
        saved: Saved[D],
    ) -> Saved[D]:
        """Return what is stored, with what keeps it out of the rule book."""
        faults = self._subject.faults(saved.definition, attributes, limits, names)
        told = {problem.path for problem in faults}
        more = left_out.get(saved.definition.key, ())
        more = [problem for problem in more if problem.path not in told]
        return replace(saved, problems=(*faults, *more))

    async def _left_out(
        self, connection: Connection, limits: Limits, *listed: Saved[D]
    ) -> Mapping[str, Problems]:
        """Return why rule books leave out those that ask for others, by key."""
        asking = [
            one.definition for one in listed if self._subject.asks(one.definition)
        ]
        if not asking:
            return {}
        keys = {one.key for one in asking}
        codes = {code for one in asking for code in one.websites}
        name = self._subject.name
        books = await rulebooks.books_of(connection, name, keys, codes, limits)
        told: defaultdict[str, dict[Problem, None]] = defaultdict(dict)
        for fault in (fault for book in books for fault in book.faults):
            if fault.subject == self.noun:
                told[fault.key].update(dict.fromkeys(fault.problems))
        return {key: tuple(problems) for key, problems in told.items()}

    def _saved(self, stored: Stored) -> Saved[D]:
        definition = self._subject.read(stored.given)
        return Saved(stored.id, stored.version, stored.updated_at, definition)

    def _changes(self, stored: Stored, definition: D) -> bool:
        try:
            before = self._subject.read(stored.given)
        except InvalidInput:
            return True
        # To Python 1, 1.0 and true are the same; as texts in conditions they are not.
        return before != definition or self._trees(before) != self._trees(definition)

    def _trees(self, definition: D) -> bytes:
        trees = [getattr(definition, name) for name in self._subject.judged]
        return orjson.dumps(trees, option=orjson.OPT_SORT_KEYS)
