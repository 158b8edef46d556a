"""The database a command works with: the one that is set, or the embedded one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gateway.config import Settings
from gateway.storage import embedded
from gateway.storage.migrations import migrate


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """Give settings whose *database_url* can be connected to.

    Without DATABASE_URL the embedded server runs for as long as the block does, and
    a line on standard error says where its data lies.
    """
    if settings.database_url:
        yield settings
        return
    directory = settings.data_directory
    print(
        f"No DATABASE_URL is set: using the embedded PostgreSQL, data in {directory}",
        file=sys.stderr,
    )
    with embedded.running(directory) as url:
        yield replace(settings, database_url=url)


def bring_up_to_date(settings: Settings) -> list[str]:
    """Apply the migrations that are missing, and return their names."""
    return asyncio.run(migrate(settings.database_url or ""))
