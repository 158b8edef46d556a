"""One connection to PostgreSQL: how it is opened, what it speaks, how it fails."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from gateway.storage.errors import Unavailable, UnsupportedServer

Record: TypeAlias = asyncpg.Record
OwnConnection: TypeAlias = "asyncpg.Connection[Record]"
Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"

OLDEST_POSTGRESQL = 14

# PostgreSQL counts days from here.
_FIRST_DAY = date(2000, 1, 1).toordinal()

LATE = (TimeoutError, asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError)

# After these nobody knows what a connection would say next.
UNFIT = (TimeoutError, asyncpg.InternalClientError)

# What happens on a connection that is gone; anything else that PostgreSQL says is for
# whoever sent the statement. asyncpg calls it an error of its own if the server's last
# words were read, and its hanging up was not.
_LOST = (
    ConnectionError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
_REFUSED = (
    OSError,
    # Of a URL whose parameters PostgreSQL, or asyncpg, can make nothing of.
    asyncpg.PostgresError,
    ValueError,
)


@dataclass(frozen=True)
class Timeouts:
    """How long PostgreSQL may take, in seconds; no *command* means no limit.

    *acquire* is the wait for a connection of the pool to come free.
    """

    connect: float = 2.0
    acquire: float = 0.25
    command: float | None = 2.0


PATIENT = Timeouts(connect=10.0, command=None)


@asynccontextmanager
async def connection_to(
    url: str, timeouts: Timeouts = PATIENT
) -> AsyncIterator[OwnConnection]:
    """Open one connection without a pool; by default its statements have no limit.

    Raises:
        Unavailable: the server cannot be reached.
        UnsupportedServer: it is older than PostgreSQL 14, or not in UTF-8.
    """
    with reaching():
        connection = await _open(url, timeouts)
    try:
        with using():
            yield connection
    finally:
        try:
            await connection.close(timeout=1.0)
        except (*LATE, *_LOST):
            connection.terminate()


def parameters(url: str, timeouts: Timeouts) -> dict[str, Any]:
    """Give what every connection is opened with; the query of *url* has precedence."""
    milliseconds = str(int((timeouts.command or 0) * 1000))
    settings = {
        "application_name": "personalization-gateway",
        "timezone": "UTC",
        "search_path": "public",
        "statement_timeout": milliseconds,
        "idle_in_transaction_session_timeout": milliseconds,
    }
    for name, _ in parse_qsl(urlsplit(url).query):
        settings.pop(name.lower(), None)
    return {
        "timeout": timeouts.connect,
        # The server stops a statement by itself; a moment later we stop waiting, since
        # it may be the network that is silent.
        "command_timeout": timeouts.command and timeouts.command + 0.25,
        "server_settings": settings,
    }


async def prepare(connection: OwnConnection) -> None:
    """Make a new connection ours: JSON and days are Python's, both ways.

    Raises:
        UnsupportedServer: it is older than PostgreSQL 14, or not in UTF-8.
    """
    version = connection.get_server_version()
    if version.major < OLDEST_POSTGRESQL:
        raise UnsupportedServer(
            f"this server is PostgreSQL {version.major}.{version.minor}; the gateway"
            f" needs {OLDEST_POSTGRESQL} or newer: upgrade it, or set DATABASE_URL to"
            " another one"
        )
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        raise UnsupportedServer(
            f"this database is in {encoding}; the gateway needs UTF8: make one with"
            " encoding 'UTF8', and set DATABASE_URL to it"
        )
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        # In PostgreSQL's binary format a version, 1, stands before the text.
        encoder=lambda value: b"\x01" + _json(value),
        decoder=lambda stored: orjson.loads(stored[1:]),
    )
    await connection.set_type_codec(
        "json",
        schema="pg_catalog",
        format="binary",
        encoder=_json,
        decoder=orjson.loads,
    )
    # asyncpg takes the first and the last day that Python knows for infinities, and
    # shops write 9999-12-31 where something never ends.
    await connection.set_type_codec(
        "date",
        schema="pg_catalog",
        format="tuple",
        encoder=lambda day: (day.toordinal() - _FIRST_DAY,),
        decoder=lambda stored: date.fromordinal(stored[0] + _FIRST_DAY),
    )


@contextmanager
def reaching() -> Iterator[None]:
    """Say why PostgreSQL cannot be reached, whichever way it is.

    Raises:
        Unavailable: in place of whatever the attempt raised.
    """
    try:
        yield
    except (*LATE, *_LOST, *_REFUSED) as error:
        raise Unavailable(f"PostgreSQL cannot be reached: {_said(error)}") from error


@contextmanager
def using() -> Iterator[None]:
    """Turn the ways in which a connection fails into one, and let the rest pass.

    Raises:
        Unavailable: the connection was lost, or a statement took too long.
    """
    try:
        yield
    except LATE as error:
        raise Unavailable(f"PostgreSQL took too long: {_said(error)}") from error
    except _LOST as error:
        raise Unavailable(f"PostgreSQL went away: {_said(error)}") from error
    except asyncpg.InterfaceError as error:
        # asyncpg has one class for a connection found closed and for wrong use of it.
        if type(error) is not asyncpg.InterfaceError or "closed" not in str(error):
            raise
        raise Unavailable(f"PostgreSQL went away: {_said(error)}") from error


async def _open(url: str, timeouts: Timeouts) -> OwnConnection:
    connection: OwnConnection = await asyncpg.connect(url, **parameters(url, timeouts))
    try:
        await prepare(connection)
    except BaseException:
        connection.terminate()
        raise
    return connection


def _json(value: object) -> bytes:
    return orjson.dumps(value, default=_money)


def _money(value: object) -> str:
    """Write money as the decimal string it is outside; a float would round it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no JSON")


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__
