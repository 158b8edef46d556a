"""Reads which customers are in which segments, as the last refresh found them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.storage.database import Database
from gateway.storage.matched_customers import SQL

EXPORTED_AT_ONCE = 1000


@dataclass(frozen=True)
class MatchedCustomer:
    """A customer as Adobe Commerce lists matched ones; None is not known.

    Telephone, postcode, country and region are those of the default billing address,
    or else of the default shipping address, or of the first one. *joined_at* is when
    the customer joined the first of the segments.
    """

    customer_id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    group: str
    telephone: str | None
    postcode: str | None
    country: str | None
    region: str | None
    created_at: datetime | None
    joined_at: datetime

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        return _name(self.first_name, self.last_name)


@dataclass(frozen=True)
class FormerCustomer:
    """A customer who was in a segment and is no longer."""

    customer_id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    joined_at: datetime
    left_at: datetime

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        return _name(self.first_name, self.last_name)


@dataclass(frozen=True)
class Selection:
    """The customers of a website in any of some segments, or in all of them.

    With *joined_since* only those who joined one of them at that moment or later.
    """

    website: str
    segment_ids: Sequence[int]
    in_all: bool = False
    joined_since: datetime | None = None


@dataclass(frozen=True)
class Overlap:
    """How many customers two segments have: each, and both in common."""

    first: int
    second: int
    both: int


@dataclass(frozen=True)
class State:
    """As of when a segment's customers were matched; None is never.

    *is_current* tells whether nothing that they depend on was saved since.
    """

    id: int
    key: str
    refreshed_at: datetime | None
    is_current: bool


@dataclass(frozen=True)
class Size:
    """How many customers a segment has, and how many of them joined since a moment."""

    customers: int = 0
    joined: int = 0


async def states(
    database: Database, website: str, keys: Sequence[str] | None = None
) -> Sequence[State]:
    """Return how fresh segments of a website are, all of them if none is named."""
    rows = await database.read(SQL.states, website, keys)
    return [State(**dict(row)) for row in rows]


async def page(
    database: Database, selection: Selection, size: int, offset: int = 0
) -> Sequence[MatchedCustomer]:
    """Read a page of customers, by id."""
    return await _read(database, selection, None, size, offset)


async def every(
    database: Database, selection: Selection, size: int = EXPORTED_AT_ONCE
) -> AsyncIterator[Sequence[MatchedCustomer]]:
    """Read all customers by id, *size* at a time."""
    above: str | None = None
    while batch := await _read(database, selection, above, size, 0):
        yield batch
        above = batch[-1].customer_id


async def count(database: Database, selection: Selection) -> int:
    """Count the customers."""
    rows = await database.read(SQL.count, *_parameters(selection))
    number: int = rows[0][0]
    return number


async def overlap(
    database: Database, website: str, first_id: int, second_id: int
) -> Overlap:
    """Count the customers of two segments, and those whom they have in common."""
    rows = await database.read(SQL.overlap, website, first_id, second_id)
    return Overlap(**dict(rows[0]))


async def former(
    database: Database,
    website: str,
    segment_id: int,
    since: datetime,
    size: int,
    offset: int = 0,
) -> tuple[Sequence[FormerCustomer], int]:
    """Read a page of those who left a segment since a moment, and count them all."""
    rows = await database.read(SQL.former, website, segment_id, since, size, offset)
    total = await database.read(SQL.former_count, website, segment_id, since)
    return [FormerCustomer(**dict(row)) for row in rows], total[0][0]


async def sizes(
    database: Database,
    website: str,
    segment_ids: Sequence[int] | None = None,
    since: datetime | None = None,
) -> Mapping[int, Size]:
    """Return how many customers segments have, by the ids of those that have had any.

    None are all segments. However many customers there are, none of them is read.
    """
    rows = await database.read(SQL.sizes, website, segment_ids, since)
    return {id: Size(*columns) for id, *columns in rows}


async def departed(
    database: Database,
    website: str,
    segment_ids: Sequence[int] | None,
    since: datetime | None,
) -> Mapping[int, int]:
    """Count who left segments since a moment, None is ever, by the segments' ids.

    Who left and came back is not among them.
    """
    rows = await database.read(SQL.departed, website, segment_ids, since)
    return {row["segment_id"]: row["customers"] for row in rows}


async def _read(
    database: Database, selection: Selection, above: str | None, size: int, offset: int
) -> Sequence[MatchedCustomer]:
    parameters = _parameters(selection)
    rows = await database.read(SQL.page, *parameters, above, size, offset)
    return [MatchedCustomer(**dict(row)) for row in rows]


def _parameters(selection: Selection) -> tuple[object, ...]:
    return (
        selection.website,
        selection.segment_ids,
        selection.in_all,
        selection.joined_since,
    )


def _name(first: str | None, last: str | None) -> str:
    return " ".join(filter(None, (first, last)))
