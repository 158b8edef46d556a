"""The pool of connections to PostgreSQL, which everything else of storage borrows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeVar

import asyncpg

from gateway.storage.connection import (
    LATE,
    UNFIT,
    Connection,
    OwnConnection,
    Record,
    Timeouts,
    connection_to,
    parameters,
    prepare,
    reaching,
    using,
)
from gateway.storage.errors import Unavailable
from gateway.storage.sql import Query

__all__ = ["Connection", "Database", "Record", "Timeouts", "connected"]

Done = TypeVar("Done")

# How often a transaction is tried that was given up for another's sake.
_TRIES = 5

# How long a statement that nobody waits for any more may take to be cancelled, before
# its connection is given up.
_RELEASE_SECONDS = 0.5


class Database:
    """The connections of one process to its database.

    The pool's connections carry no state from one user to the next: nobody may SET,
    LISTEN, or take a session's advisory lock on them. `dedicated` is for those.
    """

    def __init__(
        self, url: str, pool: "asyncpg.Pool[Record]", timeouts: Timeouts
    ) -> None:
        self._url = url
        self._pool = pool
        self._timeouts = timeouts
        # The pool's own timeout would also cut short the opening of a connection.
        self._free = asyncio.Semaphore(pool.get_max_size())

    @property
    def url(self) -> str:
        """Where it is, for a process that opens it by itself."""
        return self._url

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection of the pool, each statement a transaction of its own.

        Raises:
            Unavailable: none came free in time, or it was lost while in use.
        """
        await self._wait_for_a_free_one()
        try:
            with reaching():
                connection = await self._pool.acquire()
            try:
                with using():
                    yield connection
            except Unavailable as unavailable:
                if isinstance(unavailable.__cause__, UNFIT):
                    connection.terminate()
                raise
            finally:
                await self._pool.release(connection, timeout=_RELEASE_SECONDS)
        finally:
            self._free.release()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lend a connection inside a transaction, which an exception rolls back.

        Raises:
            Unavailable: as `connection` does; nothing was written, unless the
                connection was lost during the commit itself.
        """
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def transact(self, work: Callable[[Connection], Awaitable[Done]]) -> Done:
        """Do *work* in a transaction, and anew if another writer was in the way.

        Raises:
            Unavailable: as `transaction` does.
        """
        for _ in range(_TRIES - 1):
            with suppress(asyncpg.TransactionRollbackError):
                async with self.transaction() as connection:
                    return await work(connection)
        async with self.transaction() as connection:
            return await work(connection)

    async def read(self, query: Query, *arguments: object) -> list[Record]:
        """Fetch the rows of a query that changes nothing.

        After a restart of the server the pool holds dead connections, which nobody
        sees before using them: a lost connection is tried once more, on a new one.

        Raises:
            Unavailable: the second attempt failed too, or time ran out.
        """
        try:
            async with self.connection() as connection:
                return await connection.fetch(query, *arguments)
        except Unavailable as unavailable:
            if isinstance(unavailable.__cause__, LATE):
                raise
        await self._pool.expire_connections()
        async with self.connection() as connection:
            return await connection.fetch(query, *arguments)

    def dedicated(self) -> AbstractAsyncContextManager[OwnConnection]:
        """Open a connection beside the pool, for LISTEN and the like.

        Raises:
            Unavailable: the server did not answer in time, or the connection was lost.
        """
        return connection_to(self._url, self._timeouts)

    async def close(self) -> None:
        """Wait for the connections that are in use, a little, and close them all."""
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def _wait_for_a_free_one(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(self._timeouts.acquire):
                await self._free.acquire()
        except TimeoutError as late:
            raise Unavailable(
                "all of the pool's connections to PostgreSQL are in use;"
                " GATEWAY_DATABASE_POOL_SIZE says how many there are"
            ) from late


@asynccontextmanager
async def connected(
    url: str, *, pool_size: int = 10, timeouts: Timeouts | None = None
) -> AsyncIterator[Database]:
    """Open the pool, and close it at the end.

    Raises:
        Unavailable: the server cannot be reached.
        UnsupportedServer: it is older than PostgreSQL 14, or not in UTF-8.
    """
    timeouts = timeouts or Timeouts()
    with reaching():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=pool_size,
            init=prepare,
            # The default's RESET costs a round trip on every release.
            reset=_nothing_to_reset,
            **parameters(url, timeouts),
        )
    database = Database(url, pool, timeouts)
    try:
        yield database
    finally:
        await database.close()


async def _nothing_to_reset(_connection: object) -> None:
    """Leave a released connection as it is; asyncpg itself ends its transaction."""
