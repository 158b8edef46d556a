"""An administrator at the door of a shop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from gateway.identity.admins import Role
from gateway.personalize.grammar import Limits as TreeLimits
from gateway.resolvers.refresher import Refresher
from gateway.schema import admin
from gateway.schema.admin.context import AdminContext
from gateway.schema.http import Door
from gateway.schema.limits import Limits
from gateway.storage.cache import segment_cache
from gateway.storage.database import Database
from gateway.storage.opened import opened
from tests.schema.admin.asking import Ask
from tests.shops import open_shop


@pytest.fixture
async def shop(database: Database) -> Database:
    await open_shop(database)
    return database


@pytest.fixture
async def refresher() -> AsyncIterator[Refresher]:
    refresher = Refresher()
    yield refresher
    await refresher.close()


@pytest.fixture
def ask(shop: Database, refresher: Refresher) -> Ask:
    """Send a document to the door as an administrator of a role; give the answer."""

    async def send(
        document: str,
        variables: dict[str, Any] | None = None,
        *,
        role: Role = Role.ADMIN,
        limits: TreeLimits | None = None,
    ) -> Any:
        cache = segment_cache(None, entries=10)
        async with opened(shop, cache, limits=limits) as storage:

            async def context(_: Request) -> AdminContext:
                return AdminContext(storage, "ci", role, refresher)

            door = Door(admin.schema, context, limits=Limits(cost=20_000))
            app = Starlette(routes=[Route("/admin/graphql", door)])
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://gateway", verify=False
            ) as client:
                body = {"query": document, "variables": variables or {}}
                response = await client.post("/admin/graphql", json=body)
        return response.json()

    return send
