"""Everything that is remembered, opened together and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gateway.personalize.grammar import Limits
from gateway.storage.cache import SegmentCache
from gateway.storage.database import Database
from gateway.storage.events import Months, Terms
from gateway.storage.pace import Pace
from gateway.storage.profiles import Profiles
from gateway.storage.revisions import Watch
from gateway.storage.rulebooks import RuleBooks


@dataclass(frozen=True)
class Storage:
    """What resolvers load from and keep in."""

    database: Database
    cache: SegmentCache
    rulebooks: RuleBooks
    profiles: Profiles
    limits: Limits
    months: Months
    pace: Pace
    terms: Terms


@asynccontextmanager
async def opened(
    database: Database,
    cache: SegmentCache,
    *,
    limits: Limits | None = None,
    clean: Callable[[str], str] = str,
    poll_seconds: float = 3.0,
    terms: Terms | None = None,
) -> AsyncIterator[Storage]:
    """Load the rule books, watch for their changes, and close the cache at the end.

    *clean* makes the HTML of dynamic blocks harmless, as they are loaded.
    """
    limits, terms = limits or Limits(), terms or Terms()
    rulebooks = RuleBooks(database, limits, clean)
    storage = Storage(
        database,
        cache,
        rulebooks,
        Profiles(database),
        limits,
        Months(database),
        Pace(terms.per_minute),
        terms,
    )
    try:
        await rulebooks.refresh()
        async with Watch(database, rulebooks.refresh, poll_seconds).running():
            yield storage
    finally:
        await cache.close()
