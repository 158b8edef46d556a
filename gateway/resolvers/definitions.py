"""List, get, save and delete the definitions of one subject, whichever it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import orjson

from gateway.personalize.attributes import Attributes
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, Problem
from gateway.personalize.grammar import Limits
from gateway.resolvers import checks
from gateway.resolvers.checks import NOUNS, Reference
from gateway.resolvers.pages import Broken, Page, Paging
from gateway.storage import definitions, rulebooks, websites
from gateway.storage.database import Connection, Database
from gateway.storage.definitions import Names, Shelf, Stored, Use, Wanted

Given = Mapping[str, Any]
Problems = Sequence[Problem]


class Definition(Protocol):
    """What every definition has."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def websites(self) -> tuple[str, ...]: ...  # noqa: D102


D = TypeVar("D", bound=Definition)


@dataclass(frozen=True)
class Saved(Generic[D]):
    """A definition with what the database adds to it.

    *problems* say why no rule book has it; *warnings* what saving has changed.
    """

    id: int
    version: int
    updated_at: datetime
    definition: D
    problems: Problems = ()
    warnings: Problems = ()


class Definitions(Generic[D]):
    """The definitions of one subject; a subclass says what is its own.

    *judged* are the fields that ``compile`` looks at, *smallest* the others that
    cannot be missing: with both, conditions are judged beside faulty fields.
    """

    subject: str
    judged: tuple[str, ...] = ()
    smallest: ClassVar[Given] = {"key": "x", "name": "x", "websites": ("x",)}

    def __init__(self) -> None:
        self._shelf = Shelf(self.subject)
        self._noun = NOUNS[self.subject]

    # What a subject says of itself ------------------------------------------------

    def read(self, given: Given) -> D:
        """Read a definition; every field at fault is in what it raises."""
        raise NotImplementedError

    def compile(self, definition: D, attributes: Attributes, limits: Limits) -> None:
        """Raise what keeps a definition out of the rule book."""

    def prepare(self, given: Given) -> tuple[Given, Problems, Problems]:
        """Return what is to be saved in place of *given*, with warnings and faults."""
        return given, (), ()

    def references(self, definition: D) -> Iterator[Reference]:
        """Yield everything the definition refers to by name."""
        yield from each_of("websites", "websites", definition.websites)

    def fixed(self, definition: D, stored: Given) -> Iterable[Problem]:  # noqa: ARG002
        """Tell what differs from *stored* although it never may."""
        return ()

    async def taken(
        self,
        connection: Connection,  # noqa: ARG002
        definition: D,  # noqa: ARG002
    ) -> Iterable[Problem]:
        """Tell what another definition has already, of which there can be one."""
        return ()

    async def require(self, connection: Connection, definition: D) -> None:
        """Raise InvalidInput for what other definitions make impossible."""

    def row(self, definition: D) -> dict[str, Any]:
        """Return the columns of the definition."""
        return as_given(definition)

    # What is done with all of them ------------------------------------------------

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
        async with database.connection() as connection:
            names = await definitions.names(connection)
        items, broken = [], []
        for row in found.rows:
            try:
                item = self._saved(row)
            except InvalidInput as faulty:
                key = str(row.given.get("key"))
                broken.append(Broken(key, row.version, row.given, faulty.problems))
            else:
                faults = self._faults(item.definition, attributes, limits, names)
                items.append(replace(item, problems=faults))
        return Page(items, found.total, paging, broken)

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
            names = await definitions.names(connection)
        if row is None:
            return None
        item = self._saved(row)
        faults = self._faults(item.definition, attributes, limits, names)
        return replace(item, problems=faults)

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
        attributes = await rulebooks.attributes(database)
        definition, warnings = self._judge(given, attributes, limits or Limits())
        async with database.transaction() as connection:
            await websites.lock_definitions(connection)
            stored = await self._shelf.find(connection, definition.key)
            version = stored.version if stored else None
            checks.require_version(self._noun, version, expected_version)
            names = await definitions.names(connection)
            checks.require(self.references(definition), names)
            await self.require(connection, definition)
            conflicts = list(self.fixed(definition, stored.given)) if stored else []
            conflicts += await self.taken(connection, definition)
            if conflicts:
                raise Conflict(*conflicts)
            if stored is None or self._changes(stored, definition):
                await self._shelf.save(connection, self.row(definition))
                stored = await self._shelf.find(connection, definition.key)
            assert stored is not None  # noqa: S101 - It was just saved.
            saved = self._saved(stored)
            _require_same(saved.definition, definition)
        return replace(saved, warnings=warnings)

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
                raise checks.missing(self.subject, key, names)
            checks.require_unused(await self._shelf.uses(connection, key))
            await self._shelf.delete(connection, key)
        return key

    async def uses(self, database: Database, key: str) -> Sequence[Use]:
        """Return what refers to the definition called *key*."""
        async with database.connection() as connection:
            return await self._shelf.uses(connection, key)

    def _judge(
        self, given: Given, attributes: Attributes, limits: Limits
    ) -> tuple[D, Problems]:
        prepared, warnings, found = self.prepare(given)
        problems = list(found)
        definition: D | None = None
        with _Noting(problems):
            definition = self.read(prepared)
        sound = definition
        if sound is None:
            sound = self._sound(prepared, problems)
        if sound is not None:
            with _Noting(problems):
                self.compile(sound, attributes, limits)
        if definition is None or problems:
            raise InvalidInput(*problems)
        return definition, tuple(warnings)

    def _sound(self, given: Given, problems: Problems) -> D | None:
        """Return what can be compiled of a definition whose other fields are faulty."""
        faulty = {problem.path.partition(".")[0] for problem in problems}
        if not faulty.isdisjoint(self.judged):
            return None
        judged = {name: given[name] for name in self.judged if name in given}
        return self.read({**self.smallest, **judged})

    def _faults(
        self,
        definition: D,
        attributes: Attributes,
        limits: Limits | None,
        names: Names,
    ) -> Problems:
        problems = checks.unknown(self.references(definition), names)
        with _Noting(problems):
            self.compile(definition, attributes, limits or Limits())
        return tuple(problems)

    def _saved(self, stored: Stored) -> Saved[D]:
        definition = self.read(stored.given)
        return Saved(stored.id, stored.version, stored.updated_at, definition)

    def _changes(self, stored: Stored, definition: D) -> bool:
        try:
            before = self.read(stored.given)
        except InvalidInput:
            return True
        # To Python 1, 1.0 and true are the same; as texts in conditions they are not.
        if before != definition:
            return True
        return self._trees(before) != self._trees(definition)

    def _trees(self, definition: D) -> bytes:
        judged = [getattr(definition, name) for name in self.judged]
        return orjson.dumps(judged, option=orjson.OPT_SORT_KEYS)


def each_of(path: str, subject: str, names: Iterable[object]) -> Iterator[Reference]:
    """Yield a reference for each of the *names* in the list at *path*."""
    for position, name in enumerate(names):
        yield Reference(f"{path}.{position}", subject, str(name))


def _require_same(stored: Any, wanted: Any) -> None:
    """Refuse what a column has rounded or cut, so that nobody is told otherwise."""
    problems = [
        Problem(
            field.name,
            f"{getattr(wanted, field.name)} would be kept as"
            f" {getattr(stored, field.name)}.",
            "Write fewer digits.",
        )
        for field in fields(wanted)
        if getattr(wanted, field.name) != getattr(stored, field.name)
    ]
    if problems:
        raise InvalidInput(*problems)


class _Noting:
    """Note the faults of the block in *problems*, and go on after it."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, raised: BaseException | None, __: object) -> bool:
        if isinstance(raised, InvalidInput):
            self._problems.extend(raised.problems)
            return True
        return False
