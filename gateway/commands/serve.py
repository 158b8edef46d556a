"""Serve both doors: /graphql for storefronts, /admin/graphql for admin UIs.

The database is migrated first. Without DATABASE_URL an embedded PostgreSQL is
started, and stopped again at the end.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any, NoReturn

import uvicorn

from gateway import app, logs
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.commands.failures import EXIT_FAILED
from gateway.config import Settings
from gateway.identity.errors import BadSetting
from gateway.storage.cache import segment_cache

DRAIN_SECONDS = 10

# Longer than proxies keep a connection that nothing is sent on, nginx for 60: or one
# could send a request just when the connection is ended here, and not have an answer.
KEEP_ALIVE_SECONDS = 75

# Longer than a worker takes to start on a machine that has much else to do.
HANG_SECONDS = 60

# Uvicorn's own exit code where it could not start, and has logged why.
STARTUP_FAILURE = 3


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
    require_cache_url(settings)
    require_address(settings)
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        # Worker processes read their settings anew.
        os.environ["DATABASE_URL"] = ready.database_url or ""
        listen(ready, "gateway.app:create", factory=True, workers=ready.workers)
    return 0


def require_cache_url(settings: Settings) -> None:
    """Make sure that the cache's URL can be used; nothing is connected to it.

    Raises:
        BadSetting: one of its options cannot be; it says which.
    """
    try:
        segment_cache(settings.cache_url, entries=1)
    except ValueError as error:
        said = f"CACHE_URL cannot be used as it is set; {str(error).rstrip('.')}"
        raise BadSetting(f"{said}; leave it out, or write another.") from error


def require_address(settings: Settings) -> None:
    """Make sure that it can be listened where the settings say, before all else.

    Raises:
        OSError: somebody listens there, or nobody may; it says what to do.
    """
    host, port = settings.host, settings.port
    try:
        for family, _, _, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            socket.create_server(address, family=family).close()
    except UnicodeError as error:
        said = "no host is called so; choose another address with --host and --port"
        raise OSError(errno.EINVAL, said, f"{host}:{port}") from error
    except OSError as error:
        resolved = not isinstance(error, socket.gaierror)
        reason = os.strerror(error.errno or 0) if resolved else str(error.strerror)
        remedy = "choose another address with --host and --port"
        if error.errno == errno.EADDRINUSE:
            remedy = f"stop what listens there, or {remedy}"
        said = f"{reason}; {remedy}"
        raise OSError(error.errno, said, f"{host}:{port}") from error


def listen(settings: Settings, application: Any, **also: Any) -> None:
    """Answer requests until interrupted or told to end, and finish those begun."""
    # Uvicorn hands the signal on once it has finished: to whoever is the handler then.
    before = signal.signal(signal.SIGTERM, _end)
    try:
        uvicorn.run(
            application,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            # Whom a request comes from is the peer, whatever the request says.
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            timeout_worker_healthcheck=HANG_SECONDS,
            **also,
        )
    except SystemExit as left:
        if left.code == STARTUP_FAILURE:
            raise SystemExit(EXIT_FAILED) from left
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End as after Ctrl-C: what was asked for has been done."""
    sys.exit(0)
