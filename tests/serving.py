"""Serves an application on a loopback port, from its start to its stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp

from tests.waiting import PATIENCE_SECONDS


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client whose base is the address of *app*."""
    config = uvicorn.Config(
        app,
        port=0,
        lifespan="on",
        log_config=None,
        # The client ends connections first: else a busy one asks on one that is ended.
        timeout_keep_alive=600,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    try:
        await server.startup()
    except SystemExit as left:
        # Pytest would take it for its own end, and fail whatever comes next too.
        said = "the application did not start; the log says why"
        raise RuntimeError(said) from left
    port = server.servers[0].sockets[0].getsockname()[1]
    # Without this it reads every certificate authority, for each test.
    client = httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", verify=False, timeout=PATIENCE_SECONDS
    )
    try:
        async with client:
            yield client
    finally:
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        await server.lifespan.shutdown()
