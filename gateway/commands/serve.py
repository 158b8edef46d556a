"""Serve both doors: /graphql for storefronts, /admin/graphql for admin UIs.

The database is migrated first. Without DATABASE_URL an embedded PostgreSQL is
started, and stopped again at the end.
"""

from __future__ import annotations

import argparse
import os

import uvicorn

from gateway.commands.databases import bring_up_to_date, with_database
from gateway.config import Settings

DRAIN_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is often wanted otherwise than it is set."""
    parser.add_argument("--host", help="the address to listen on (GATEWAY_HOST)")
    parser.add_argument("--port", type=int, help="the port (GATEWAY_PORT)")
    parser.add_argument("--workers", type=int, help="processes (GATEWAY_WORKERS)")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        # Worker processes read their settings anew.
        os.environ["DATABASE_URL"] = ready.database_url or ""
        uvicorn.run(
            "gateway.app:create",
            factory=True,
            host=options.host or ready.host,
            port=ready.port if options.port is None else options.port,
            workers=options.workers or ready.workers,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    return 0
