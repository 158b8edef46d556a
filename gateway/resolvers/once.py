"""Load each thing once for all who ask for it side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

Loaded = TypeVar("Loaded")


class Once:
    """What was loaded, by key; whoever asks first loads it while the others wait.

    The work belongs to whoever does it: it ends with them when they are cancelled,
    nothing goes on behind their back, and the next in line begins anew.
    """

    def __init__(self) -> None:
        self._loads: dict[Hashable, _Load[Any]] = {}

    async def get(self, key: Hashable, load: Callable[[], Awaitable[Loaded]]) -> Loaded:
        """Return what *load* returned for *key*, or raise what it raised."""
        one: _Load[Loaded] = self._loads.setdefault(key, _Load())
        return await one.get(load)


class _Load(Generic[Loaded]):
    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._loaded: tuple[Loaded] | None = None
        self._failed: Exception | None = None

    async def get(self, load: Callable[[], Awaitable[Loaded]]) -> Loaded:
        async with self._turn:
            if self._failed is not None:
                raise self._failed
            if self._loaded is None:
                try:
                    self._loaded = (await load(),)
                except Exception as failed:
                    self._failed = failed
                    raise
            return self._loaded[0]
