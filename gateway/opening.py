"""Open what the settings name: the database, and all that is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from gateway.config import Settings
from gateway.personalize.events import Bounds
from gateway.personalize.grammar import Limits
from gateway.resolvers import html
from gateway.storage.cache import segment_cache
from gateway.storage.connection import connection_to
from gateway.storage.database import Database, Timeouts, connected
from gateway.storage.errors import Unavailable
from gateway.storage.events import Terms
from gateway.storage.opened import Storage, opened

STARTING_TRIES = 30


async def await_database(settings: Settings) -> None:
    """Wait for a database that is away for a moment.

    A worker that cannot start takes its siblings along, who may be answering.

    Raises:
        Unavailable: it did not come back in time.
    """
    for _ in range(STARTING_TRIES):
        with suppress(Unavailable):
            async with connection_to(settings.database_url or ""):
                return
        await asyncio.sleep(1)
    async with connection_to(settings.database_url or ""):
        return


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """Open the database that the settings name."""
    timeouts = Timeouts(
        connect=settings.database_connect_timeout_seconds,
        acquire=settings.database_acquire_timeout_seconds,
        command=settings.database_command_timeout_seconds,
    )
    async with connected(
        settings.database_url or "",
        pool_size=settings.database_pool_size,
        timeouts=timeouts,
    ) as database:
        yield database


@asynccontextmanager
async def bulk_database_of(settings: Settings) -> AsyncIterator[Database]:
    """Open the database for work that takes as long as it takes."""
    timeouts = Timeouts(settings.database_connect_timeout_seconds, command=None)
    async with connected(
        settings.database_url or "", pool_size=2, timeouts=timeouts
    ) as database:
        yield database


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


def tree_limits(settings: Settings) -> Limits:
    """Return how large a condition tree may be, and what rules may be for."""
    return Limits(
        depth=settings.condition_depth,
        nodes=settings.condition_nodes,
        list_values=settings.condition_list_values,
        segment_prices=settings.segment_prices,
    )


def event_terms(settings: Settings) -> Terms:
    """Return on what terms events are taken."""
    bounds = Bounds(
        pause=timedelta(minutes=settings.visit_pause_minutes),
        keeps_days=settings.event_retention_days,
    )
    return Terms(
        bounds, joins=settings.join_history, per_minute=settings.events_per_minute
    )
