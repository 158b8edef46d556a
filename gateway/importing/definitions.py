"""Saves what an admin could also write: by the admin door's own hands and checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.importing.batches import Advance
from gateway.importing.faults import Faults
from gateway.personalize.errors import GatewayError, InvalidInput, Problem
from gateway.personalize.fields import KEY
from gateway.personalize.grammar import Limits
from gateway.resolvers import (
    audiences,
    cart_price_rules,
    catalogue_price_rules,
    customer_groups,
    dynamic_blocks,
    related_product_rules,
    segments,
    store_views,
    websites,
)
from gateway.storage.database import Database
from gateway.storage.imports import Merged

Given = Mapping[str, Any]


class Versioned(Protocol):
    """What is stored: its version rises whenever it changes."""

    @property
    def version(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Subject:
    """How definitions of one subject are found by their *key*, and saved."""

    get: Callable[[Database, Any], Awaitable[Versioned | None]]
    save: Callable[..., Awaitable[Versioned]]
    key: str = "key"
    has_conditions: bool = True

    async def write(self, database: Database, given: Given, limits: Limits) -> Saved:
        """Save one definition."""
        before = await self._version(database, given.get(self.key))
        also = {"limits": limits} if self.has_conditions else {}
        saved = await self.save(database, given, **also)
        warnings: Sequence[Problem] = getattr(saved, "warnings", ())
        return Saved(before == 0, before != saved.version, warnings)

    async def _version(self, database: Database, key: Any) -> int:
        """Return the stored version; 0 for none, -1 for one that is broken."""
        by_number = self.key == "id"
        if not (isinstance(key, int) if by_number else _is_key(key)):
            return 0  # Saving it will say so.
        try:
            stored = await self.get(database, key)
        except InvalidInput:
            return -1
        return stored.version if stored else 0


@dataclass(frozen=True)
class Saved:
    """What saving a definition did, and what was changed in it."""

    is_new: bool
    is_written: bool
    warnings: Sequence[Problem]


SUBJECTS: Mapping[str, Subject] = {
    "websites": Subject(websites.get, websites.save, "code", has_conditions=False),
    "store_views": Subject(
        store_views.get, store_views.save, "code", has_conditions=False
    ),
    "customer_groups": Subject(
        customer_groups.get, customer_groups.save, "id", has_conditions=False
    ),
    "audiences": Subject(audiences.get, audiences.save, has_conditions=False),
    "segments": Subject(segments.get, segments.save),
    "cart_price_rules": Subject(cart_price_rules.get, cart_price_rules.save),
    "catalogue_price_rules": Subject(
        catalogue_price_rules.get, catalogue_price_rules.save
    ),
    "dynamic_blocks": Subject(dynamic_blocks.get, dynamic_blocks.save),
    "related_product_rules": Subject(
        related_product_rules.get, related_product_rules.save
    ),
}


def _is_key(given: Any) -> bool:
    return isinstance(given, str) and KEY.fullmatch(given) is not None


@dataclass(frozen=True)
class Written:
    """One definition of a file; *line_of* tells where a part of it stands, by path."""

    given: Given
    line_of: Callable[[str], int]


async def save_all(
    database: Database,
    subject: Subject,
    written: Sequence[Written],
    faults: Faults,
    *,
    limits: Limits,
    advance: Advance,
) -> tuple[Merged, Sequence[tuple[int, Problem]]]:
    """Save definitions in the order given.

    Return also what was changed in saving them, each with its line.

    Raises:
        FileRefused: some of them cannot be saved.
    """
    added = changed = 0
    warnings: list[tuple[int, Problem]] = []
    first_lines: dict[Any, int] = {}
    for position, one in enumerate(written):
        key = one.given.get(subject.key)
        if isinstance(key, str | int):
            line = one.line_of(subject.key)
            if key in first_lines:
                faults.add_twin(line, first_lines[key], [subject.key])
                continue
            first_lines[key] = line
        try:
            saved = await subject.write(database, one.given, limits)
        except GatewayError as error:
            for problem in error.problems:
                said = f"{problem.message} {problem.remedy}".rstrip()
                faults.add(one.line_of(problem.path), problem.path, said)
            if faults.are_enough:
                break
        else:
            added += saved.is_new
            changed += saved.is_written and not saved.is_new
            warnings += [(one.line_of(said.path), said) for said in saved.warnings]
        advance(position / len(written))
    faults.finish()
    return Merged(added, changed), warnings


async def save_one(
    database: Database, given: Given, limits: Limits
) -> tuple[Merged, Sequence[Problem]]:
    """Save a cart price rule, or return what is wrong with it and write nothing."""
    try:
        saved = await SUBJECTS["cart_price_rules"].write(database, given, limits)
    except GatewayError as error:
        return Merged(0, 0), error.problems
    return Merged(saved.is_new, saved.is_written and not saved.is_new), ()
