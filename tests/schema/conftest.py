"""Doors to the tiny schema, on a loopback port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from gateway.schema.http import Door
from gateway.schema.limits import Limits
from tests.schema.doors import SCHEMA, Noted, Serve
from tests.waiting import PATIENCE_SECONDS


async def close(server: uvicorn.Server) -> None:
    """Close as the server does, without the pause it makes for others' sake."""
    for listener in server.servers:
        listener.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    await asyncio.sleep(0)


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
async def serve(noted: Noted) -> AsyncIterator[Serve]:
    """Open a door on a loopback port; give a client whose base is its address."""
    async with AsyncExitStack() as stack:

        async def begin(
            limits: Limits | None = None, **options: Any
        ) -> httpx.AsyncClient:
            async def context(_: Request) -> Noted:
                return noted

            door = Door(
                SCHEMA, options.pop("context", context), limits=limits, **options
            )
            app = Starlette(routes=[Route("/graphql", door)])
            config = uvicorn.Config(
                app,
                port=0,
                lifespan="off",
                log_config=None,
                # The client ends connections first, as in tests/serving.py.
                timeout_keep_alive=600,
            )
            config.load()
            server = uvicorn.Server(config)
            server.lifespan = config.lifespan_class(config)
            await server.startup()
            stack.push_async_callback(close, server)
            port = server.servers[0].sockets[0].getsockname()[1]
            return await stack.enter_async_context(
                # Without this it reads every certificate authority, for each test.
                httpx.AsyncClient(
                    base_url=f"http://127.0.0.1:{port}",
                    verify=False,
                    timeout=PATIENCE_SECONDS,
                )
            )

        yield begin


@pytest.fixture
async def client(serve: Serve) -> httpx.AsyncClient:
    """Reach a door with the limits everyone begins with."""
    return await serve()
