"""Hears of changed websites and keeps what is held of them fresh.

Three ways, since none is enough alone: LISTEN on a connection of its own; a
heartbeat on it, because a half-open connection looks alive; and a re-read of all
revisions every few seconds, because what is notified during a reconnect is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from gateway.background import beside
from gateway.storage.database import Connection, Database
from gateway.storage.errors import StorageError
from gateway.storage.sql import queries

logger = logging.getLogger("gateway.revisions")

SQL = queries("revisions")
CHANNEL = "gateway_revision"
KEEPS_FRESH = "keep rule books fresh"


class Watch:
    """Calls *refresh* soon after a website changed, and every *seconds* anyway."""

    def __init__(
        self,
        database: Database,
        refresh: Callable[[], Awaitable[None]],
        seconds: float,
    ) -> None:
        self._database = database
        self._refresh = refresh
        self._seconds = seconds
        self._changed = asyncio.Event()
        self.reconnects = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Watch]:
        """Watch for as long as the block runs."""
        async with (
            beside(self._listen(), "listen for revisions"),
            beside(self._keep_fresh(), KEEPS_FRESH),
        ):
            yield self

    async def _keep_fresh(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._changed.wait()
            self._changed.clear()
            try:
                await self._refresh()
            except StorageError as gone:
                logger.warning("rule books were not refreshed: %s", gone)
            except Exception:
                # What is held goes on serving, whatever is wrong with the new one.
                logger.exception("rule books were not refreshed")

    async def _listen(self) -> None:
        while True:
            try:
                async with self._database.dedicated() as connection:
                    await self._hear(connection)
                gone: object = "the connection was closed"
            except StorageError as error:
                gone = error
            except Exception as error:
                # A listener that ends is deaf from then on, and nobody notices.
                logger.exception("the listener failed")
                gone = error
            logger.warning("the listener reconnects: %s", gone)
            self.reconnects += 1
            await asyncio.sleep(self._seconds / 3)

    async def _hear(self, connection: Connection) -> None:
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        await connection.add_listener(CHANNEL, self._note)
        # Whatever was told while nobody listened is looked up now.
        self._changed.set()
        while not connection.is_closed():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await closed.wait()
                    return
            await connection.fetchval(SQL.heartbeat)

    def _note(self, *_told: object) -> None:
        self._changed.set()
