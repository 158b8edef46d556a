"""Open the database that the settings name, for servers and commands alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gateway.config import Settings
from gateway.personalize.grammar import Limits
from gateway.storage.connection import connection_to
from gateway.storage.database import Database, Timeouts, connected
from gateway.storage.errors import Unavailable

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


def tree_limits(settings: Settings) -> Limits:
    """Return how large a condition tree may be, and what rules may be for."""
    return Limits(
        depth=settings.condition_depth,
        nodes=settings.condition_nodes,
        list_values=settings.condition_list_values,
        segment_prices=settings.segment_prices,
    )
