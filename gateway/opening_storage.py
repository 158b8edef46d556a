"""Open all that is remembered, as the settings say: for servers.

Commands open the database only, and do not wait for the cache's library.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from gateway.config import Settings
from gateway.opening import tree_limits
from gateway.personalize.events import Bounds
from gateway.resolvers import html
from gateway.storage.cache import segment_cache
from gateway.storage.database import Database
from gateway.storage.events import Terms
from gateway.storage.opened import Storage, opened


@asynccontextmanager
async def storage_of(settings: Settings, database: Database) -> AsyncIterator[Storage]:
    """Open everything that is remembered."""
    cache = segment_cache(settings.cache_url, entries=settings.session_cache_entries)
    async with opened(
        database,
        cache,
        limits=tree_limits(settings),
        clean=html.clean,
        poll_seconds=settings.revision_poll_seconds,
        terms=event_terms(settings),
    ) as storage:
        yield storage


def event_terms(settings: Settings) -> Terms:
    """Return on what terms events are taken."""
    bounds = Bounds(
        pause=timedelta(minutes=settings.visit_pause_minutes),
        keeps_days=settings.event_retention_days,
    )
    return Terms(
        bounds, joins=settings.join_history, per_minute=settings.events_per_minute
    )
