"""Refreshes that a server starts, each in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from gateway.personalize.errors import Conflict, Problem
from gateway.resolvers.matched_customers import states_of
from gateway.storage import segment_refreshes
from gateway.storage.database import Database
from gateway.storage.segment_refreshes import Refresh

logger = logging.getLogger("gateway.segment_refreshes")


@dataclass
class Refresher:
    """Starts refreshes in processes of their own, so that none holds up an answer."""

    _running: dict[asyncio.Task[bool], Process] = field(default_factory=dict)

    async def start(
        self, database: Database, website: str, keys: Sequence[str] | None
    ) -> None:
        """Start a refresh of *website* for segments *keys*, or for all (None).

        Raises:
            NotFound: there is no such website, or no such segment on it.
            Conflict: one is running.
        """
        await states_of(database, website, keys)
        if not await segment_refreshes.is_free(database, website):
            said = f"a refresh of website {website!r} is running."
            raise Conflict(Problem("website", said, "Wait until it is finished."))
        await self._begin(database, website, keys)

    async def run(self, database: Database, website: str) -> bool:
        """Refresh all segments of *website*, and return whether that went well."""
        # Who stops waiting does not stop it: `close` does.
        return await asyncio.shield(await self._begin(database, website, None))

    async def _begin(
        self, database: Database, website: str, keys: Sequence[str] | None
    ) -> asyncio.Task[bool]:
        options = ("--website", website, "--processes", "1", "--gently")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "gateway", "segments", "refresh"),
            *(*options, "--", *(keys or ())),
            env={**os.environ, "DATABASE_URL": database.url},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        task = asyncio.ensure_future(_watch(website, process))
        self._running[task] = process
        task.add_done_callback(lambda done: self._running.pop(done, None))
        return task

    async def close(self) -> None:
        """Stop what runs; the next refresh goes on there."""
        running = dict(self._running)
        for process in running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        if running:
            await asyncio.wait(running)


async def last(database: Database, website: str) -> tuple[Refresh, bool] | None:
    """Return the last refresh of a website, and whether it is running."""
    found = await segment_refreshes.last(database, website)
    if found is None:
        return None
    if found.finished_at is not None:
        return found, False
    if not await segment_refreshes.is_free(database, website):
        return found, True
    # It may have ended since, and another one may have begun.
    now = await segment_refreshes.last(database, website) or found
    return now, now.finished_at is None and now.id != found.id


async def _watch(website: str, process: Process) -> bool:
    _, said = await process.communicate()
    level = logging.ERROR if process.returncode else logging.INFO
    for line in said.decode(errors="replace").splitlines():
        logger.log(level, "refresh of website %s: %s", website, line)
    if process.returncode:
        code = process.returncode
        logger.error("the refresh of website %s ended with code %d", website, code)
    return not process.returncode
