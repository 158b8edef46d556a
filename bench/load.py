"""Asks one question over and over, on connections that stay open, and times it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass
class Timings:
    """Seconds from question to answer, and how long the whole round took."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, share: float) -> float:
        """Return the time, in milliseconds, that *share* of the answers kept to."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Write one HTTP request."""
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(head).encode() + _END_OF_HEAD + body


async def run(port: int, asked: bytes, *, connections: int, seconds: float) -> Timings:
    """Ask on *connections* at once for some *seconds*.

    Raises:
        RuntimeError: an answer was not 200.
    """
    timings = Timings()
    started = time.perf_counter()
    ends = started + seconds
    askers = (_ask(port, asked, ends, timings) for _ in range(connections))
    await asyncio.gather(*askers)
    timings.elapsed = time.perf_counter() - started
    return timings


async def ask_once(port: int, asked: bytes) -> bytes:
    """Ask once and return the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(asked)
        return await _answer(reader)
    finally:
        writer.close()


async def _ask(port: int, asked: bytes, ends: float, timings: Timings) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (began := time.perf_counter()) < ends:
            writer.write(asked)
            await _answer(reader)
            timings.seconds.append(time.perf_counter() - began)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(_END_OF_HEAD)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server answered {head.splitlines()[0]!r}")
    lengths = (
        int(line[len(_LENGTH) :])
        for line in head.lower().split(b"\r\n")
        if line.startswith(_LENGTH)
    )
    return await reader.readexactly(next(lengths))
