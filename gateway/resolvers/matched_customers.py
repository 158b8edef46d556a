"""Matched customers as administrators see them, and how fresh that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from gateway.personalize.errors import InvalidInput, NotFound, Problem
from gateway.personalize.fields import KEY
from gateway.resolvers.once import Once
from gateway.resolvers.pages import Page, Paging
from gateway.storage import matches, segment_refreshes
from gateway.storage.database import Database
from gateway.storage.matches import (
    FormerCustomer,
    MatchedCustomer,
    Overlap,
    Selection,
    Size,
    State,
)

MOST_SEGMENTS = 20


@dataclass(frozen=True)
class Freshness:
    """As of when the customers of segments were matched, the oldest of them.

    None is never; *is_current* tells whether nothing was saved since.
    """

    refreshed_at: datetime | None
    is_current: bool

    @classmethod
    def of(cls, states: Sequence[State]) -> Self:
        """Return that of several segments together."""
        moments = [one.refreshed_at for one in states]
        return cls(
            None if None in moments else min(filter(None, moments), default=None),
            all(one.is_current for one in states),
        )


@dataclass(frozen=True)
class Counts:
    """How many customers a segment has, as of when, and how many came and went.

    *departed* counts those who left, which takes a look at each: once for all segments.
    """

    state: State
    size: Size
    departed: Callable[[], Awaitable[int]]


@dataclass(frozen=True)
class Wanted:
    """The customers that are asked for: of which segments, together how."""

    website: str
    segments: tuple[str, ...]
    in_all: bool = False
    joined_since: datetime | None = None


async def selection(database: Database, wanted: Wanted) -> tuple[Selection, Freshness]:
    """Find the segments that are named, and how fresh they are.

    Raises:
        InvalidInput: no segments are named, or too many.
        NotFound: there is no such website, or no such segment on it.
    """
    keys = tuple(dict.fromkeys(wanted.segments))
    if not 1 <= len(keys) <= MOST_SEGMENTS:
        said = f"{len(keys)} segments are named."
        raise InvalidInput(Problem("segments", said, f"Name 1 to {MOST_SEGMENTS}."))
    states = await states_of(database, wanted.website, keys)
    ids = [one.id for one in states]
    return (
        Selection(wanted.website, ids, wanted.in_all, wanted.joined_since),
        Freshness.of(states),
    )


async def page(
    database: Database, wanted: Wanted, paging: Paging
) -> tuple[Page[MatchedCustomer], Freshness]:
    """Return a page of matched customers, and how fresh it is."""
    selected, freshness = await selection(database, wanted)
    total = await matches.count(database, selected)
    found = await matches.page(database, selected, paging.size, paging.offset)
    return Page(found, total, paging), freshness


async def count(database: Database, wanted: Wanted) -> int:
    """Count matched customers."""
    selected, _ = await selection(database, wanted)
    return await matches.count(database, selected)


async def overlap(
    database: Database, website: str, first: str, second: str
) -> tuple[Overlap, Freshness]:
    """Count the customers of two segments, and those in both.

    Raises:
        NotFound: there is no such website, or no such segment on it.
    """
    states = await states_of(database, website, (first, second))
    by_key = {one.key: one.id for one in states}
    found = await matches.overlap(database, website, by_key[first], by_key[second])
    return found, Freshness.of(states)


async def former(
    database: Database, website: str, segment: str, since: datetime, paging: Paging
) -> Page[FormerCustomer]:
    """Return a page of those who left a segment, the last first.

    Raises:
        NotFound: there is no such website, or no such segment on it.
    """
    [state] = await states_of(database, website, (segment,))
    found, total = await matches.former(
        database, website, state.id, since, paging.size, paging.offset
    )
    return Page(found, total, paging)


async def counts(
    database: Database, website: str, keys: Sequence[str] | None, since: datetime | None
) -> Sequence[Counts]:
    """Count the customers of each segment, and who came and went *since*, if asked.

    Raises:
        NotFound: there is no such website, or no such segment on it.
    """
    states = await states_of(database, website, keys)
    ids = None if keys is None else [one.id for one in states]
    sizes = await matches.sizes(database, website, ids, since)
    read = partial(matches.departed, database, website, ids, since)
    departed = partial(Once().get, "departed", read)
    return [
        Counts(one, sizes.get(one.id, Size()), partial(_of, departed, one.id))
        for one in states
    ]


async def _of(read: Callable[[], Awaitable[Mapping[int, int]]], segment_id: int) -> int:
    return (await read()).get(segment_id, 0)


async def states_of(
    database: Database, website: str, keys: Sequence[str] | None
) -> Sequence[State]:
    """Return how fresh segments are, all segments of the website for None.

    Raises:
        NotFound: there is no such website, or no such segment on it.
    """
    if website not in await segment_refreshes.websites(database):
        raise NotFound(Problem("website", f"there is no website {website!r}."))
    # What can be no key, such as U+0000, is not asked for: PostgreSQL would fail.
    named = None if keys is None else [key for key in keys if KEY.fullmatch(key)]
    states = await matches.states(database, website, named)
    known = {one.key for one in states}
    unknown = [key for key in keys or () if key not in known]
    if unknown:
        said = f"no segment of {website!r} is called {unknown[0]!r}."
        raise NotFound(Problem("segments", said))
    return states
