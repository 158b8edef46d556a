"""Keeps each session's segment results: in memory, or in the Redis that workers share.

The only file that knows aiocache. A cache may forget, be slow or be gone, and whoever
asks it notices no more than a miss: an answer within 50 ms, and never an exception.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiocache.backends.redis import RedisCache
from aiocache.base import BaseCache
from aiocache.serializers import NullSerializer
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

_LOGGER = logging.getLogger(__name__)

_NAMESPACE = "personalization-gateway"
_OPERATION_SECONDS = 0.05
_REST_SECONDS = 2.0
_CONNECTIONS = 32


class SegmentCache:
    """Bytes under a key, for so many seconds at most.

    The counters only rise. Whoever asks counts as one of *hits* and *misses*, and if
    the cache is to blame for a miss, as one of *failures* too.
    """

    def __init__(self, backend: BaseCache, seconds: float | None) -> None:
        self._backend = backend
        self._seconds = seconds  # that one operation may take; None in memory
        self._answering = True
        self._resting_until = 0.0
        self.hits = 0
        self.misses = 0
        self.failures = 0

    async def get(self, key: str) -> bytes | None:
        """Give what is kept under *key*; None if nothing is, or it cannot be had."""
        kept: bytes | None = await self._attempt(self._backend.get, key)
        if kept is None:
            self.misses += 1
        else:
            self.hits += 1
        return kept

    async def keep(self, key: str, value: bytes, seconds: float) -> None:
        """Keep *value* under *key*, if that is possible and *seconds* is above zero."""
        if seconds > 0:
            await self._attempt(self._backend.set, key, value, ttl=seconds)

    async def close(self) -> None:
        """Close the connections, if there are any."""
        with suppress(Exception):
            async with asyncio.timeout(self._seconds):
                await self._backend.close()

    async def _attempt(
        self, operation: Callable[..., Any], *arguments: object, **options: object
    ) -> Any:
        """Ask the backend, unless it is left alone; None if that comes to nothing.

        A backend that fails is left alone for a while, then tried by one caller alone.
        """
        now = time.monotonic()
        if now < self._resting_until:
            return None
        if not self._answering:
            self._resting_until = now + _REST_SECONDS
        try:
            async with asyncio.timeout(self._seconds):
                answer = await operation(*arguments, **options)
        except ResponseError as refused:
            # It answers: it may be full, or hold something else under this key, which
            # the next keep() replaces.
            self.failures += 1
            self._note(answering=True)
            _LOGGER.debug("The segment cache refused: %s", refused)
            return None
        except Exception as error:  # noqa: BLE001  # A cache is never worth an error.
            self.failures += 1
            self._resting_until = time.monotonic() + _REST_SECONDS
            self._note(answering=False, because=error)
            return None
        self._note(answering=True)
        return answer

    def _note(self, *, answering: bool, because: object = "") -> None:
        """Remember whether the backend answers; say it when that changes."""
        if answering:
            self._resting_until = 0.0
        if answering is self._answering:
            return
        self._answering = answering
        if answering:
            _LOGGER.info("The segment cache answers again.")
        else:
            _LOGGER.warning("Going on without the segment cache: %r", because)


def segment_cache(url: str | None, *, entries: int) -> SegmentCache:
    """Make the cache at *url*, or one in memory that holds *entries* results at most.

    A Redis is not connected to before it is first used.
    """
    if url is None:
        return SegmentCache(_Memory(entries), None)
    return SegmentCache(_Shared(url), _OPERATION_SECONDS)


class _Memory(BaseCache):  # type: ignore[misc]  # aiocache has no types.
    """aiocache's memory with a bound, and no timer for each key."""

    NAME = "memory"

    def __init__(
        self, entries: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(serializer=NullSerializer(), timeout=None)
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._entries = entries
        self._clock = clock

    async def _get(self, key: str, **_: object) -> bytes | None:
        found = self._kept.get(key)
        if found is None:
            return None
        until, value = found
        if until <= self._clock():
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return value

    async def _set(self, key: str, value: bytes, ttl: float, **_: object) -> bool:
        self._kept[key] = (self._clock() + ttl, value)
        self._kept.move_to_end(key)
        if len(self._kept) > self._entries:
            self._kept.popitem(last=False)
        return True


class _Shared(RedisCache):  # type: ignore[misc]  # aiocache has no types.
    """aiocache's Redis by URL: what is kept is bytes, and none of it is pickled."""

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        pool = BlockingConnectionPool.from_url(
            f"{scheme.replace('valkey', 'redis')}://{rest}",
            max_connections=_CONNECTIONS,
            timeout=_OPERATION_SECONDS,
            socket_timeout=_OPERATION_SECONDS,
            socket_connect_timeout=_OPERATION_SECONDS,
            # Once more on a new connection, since the server may have been restarted.
            retry=Retry(NoBackoff(), 1),
            protocol=2,
        )
        super().__init__(
            serializer=NullSerializer(encoding=None),
            namespace=_NAMESPACE,
            timeout=None,
            connection_pool_class=lambda **_: pool,
        )

    async def _set(self, key: str, value: bytes, ttl: float, **_: object) -> bool:
        # aiocache's own commands for this are deprecated in Redis and in its client.
        milliseconds = max(1, int(ttl * 1000))
        return bool(await self.client.set(key, value, px=milliseconds))

    async def _close(self, *_: object, **__: object) -> None:
        await self.client.aclose()
