"""A road to a real server that a test can block, cut, or make a detour of."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class FaultProxy:
    """Passes bytes on, both ways, between a port of its own and a server."""

    def __init__(self, reach: Callable[[], Awaitable[_Streams]]) -> None:
        self._reach = reach
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks = set[asyncio.Task[object]]()
        self._refusing = False
        self._left: int | None = None
        self.delay_seconds = 0.0
        self.port = 0
        self.connections = 0

    def block(self) -> None:
        """Let nothing through and say nothing of it: a black hole."""
        self._open.clear()

    def unblock(self) -> None:
        self._open.set()

    def cut(self) -> None:
        """Break every connection, as a server that is restarted does."""
        for writer in self._writers:
            writer.transport.abort()

    def cut_at(self, piece: int) -> None:
        """Break every connection when this many more pieces have come by.

        The last one is lost; the first is 1. Asked again, it counts anew.
        """
        self._left = piece

    def refuse(self, *, refusing: bool = True) -> None:
        """Break every new connection, and those there are."""
        self._refusing = refusing
        if refusing:
            self.cut()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        self._writers.add(writer)
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            if self._refusing:
                return
            there_reader, there_writer = await self._reach()
            self._writers.add(there_writer)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, there_writer))
                pumps.create_task(self._pump(there_reader, writer))
        finally:
            writer.transport.abort()

    async def close(self) -> None:
        """Break every connection, and those that are just being made."""
        self.unblock()
        self.cut()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.cut()
        await asyncio.sleep(0)

    def _is_last(self) -> bool:
        if self._left is None:
            return False
        self._left -= 1
        if self._left:
            return False
        self._left = None
        return True

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._open.wait()
                await asyncio.sleep(self.delay_seconds)
                if self._is_last():
                    self.cut()
                    return
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def proxy_to(
    reach: Callable[[], Awaitable[_Streams]],
) -> AsyncIterator[FaultProxy]:
    """Serve a proxy to what *reach* connects to, on a free port of 127.0.0.1."""
    proxy = FaultProxy(reach)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
