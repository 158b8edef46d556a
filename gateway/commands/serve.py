"""Serve both doors: /graphql for storefronts, /admin/graphql for admin UIs.

The database is migrated first. Without DATABASE_URL an embedded PostgreSQL is
started, and stopped again at the end.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

import uvicorn

from gateway import app, logs
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.config import Settings

DRAIN_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take settings that are often wanted otherwise than the environment has them."""
    add_address(parser)
    parser.add_argument(
        "--workers",
        dest="GATEWAY_WORKERS",
        metavar="N",
        help="how many processes answer, instead of GATEWAY_WORKERS",
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """Take where to listen."""
    for name, about in (("host", "the address to listen on"), ("port", "the port")):
        variable = f"GATEWAY_{name.upper()}"
        parser.add_argument(
            f"--{name}",
            dest=variable,
            metavar=name.upper(),
            help=f"{about}, instead of {variable}",
        )


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    del options
    logs.configure(settings.log_format, settings.log_level)
    # Keys that cannot be used are said here, once, and not by every worker.
    app.customer_tokens(settings)
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        # Worker processes read their settings anew.
        os.environ["DATABASE_URL"] = ready.database_url or ""
        listen(ready, "gateway.app:create", factory=True, workers=ready.workers)
    return 0


def listen(settings: Settings, application: Any, **also: Any) -> None:
    """Answer requests until interrupted, and finish those that were begun."""
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        **also,
    )
