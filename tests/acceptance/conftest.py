"""Two real stores, each imported once a run; without the shared data they are skipped.

The workers of a run share them: the first that needs one imports it, the others wait.
Tests only read, but for one that has a database of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.storage import migrations
from gateway.storage.connection import connection_to
from gateway.storage.database import Database, connected
from tests.acceptance import luma, online_retail
from tests.waiting import UNHURRIED

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"

MEASURED = "tests.acceptance.import_measured"

_FIGURES = pytest.StashKey[list[str]]()

# The word "stores" in ASCII.
_LOCK = int.from_bytes(b"stores")


@pytest.fixture(scope="session")
def luma_source() -> Path:
    """The folder of Magento's sample store "Luma"."""
    return _shared("luma")


@pytest.fixture(scope="session")
def online_retail_source() -> Path:
    """The folder of the log "Online Retail II"."""
    return _shared("online_retail_ii")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def luma_database_url(
    postgres_url: str,
    luma_source: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> str:
    """A database that holds Luma, and nothing else."""
    directory = tmp_path_factory.mktemp("luma")
    store = _Store("luma", luma.convert, luma_source, directory)
    return await store.imported(postgres_url, pytestconfig)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def online_retail_database_url(
    postgres_url: str,
    online_retail_source: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> str:
    """A database that holds the first year of Online Retail II, and nothing else."""
    directory = tmp_path_factory.mktemp("online_retail")
    convert = online_retail.convert
    store = _Store("online_retail", convert, online_retail_source, directory)
    return await store.imported(postgres_url, pytestconfig)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def segmented_retail_database_url(
    postgres_url: str,
    online_retail_source: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> str:
    """A database that holds the same, for a test that writes."""
    directory = tmp_path_factory.mktemp("segmented_retail")
    convert = online_retail.convert
    store = _Store("segmented_retail", convert, online_retail_source, directory)
    return await store.imported(postgres_url, pytestconfig)


@pytest.fixture
async def luma_database(luma_database_url: str) -> AsyncIterator[Database]:
    """Luma, connected."""
    async with connected(
        luma_database_url, pool_size=2, timeouts=UNHURRIED
    ) as database:
        yield database


@pytest.fixture
async def online_retail_database(
    online_retail_database_url: str,
) -> AsyncIterator[Database]:
    """Online Retail II, connected."""
    async with connected(
        online_retail_database_url, pool_size=2, timeouts=UNHURRIED
    ) as database:
        yield database


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell what the imports of this process cost."""
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(
            f"there is no {folder}: the tests over real stores need the shared data,"
            " beside the project"
        )
    return folder


class _Store:
    """A store that is converted and imported under a name of its own."""

    def __init__(
        self,
        name: str,
        convert: Callable[[Path, Path], None],
        source: Path,
        directory: Path,
    ) -> None:
        self._name = name
        self._convert = convert
        self._source = source
        self._directory = directory

    async def imported(self, server: str, config: pytest.Config) -> str:
        """Import it, unless another worker has; return where it is."""
        url = server.replace("/gateway?", f"/{self._name}?")
        async with connection_to(server) as connection:
            await connection.execute("select pg_advisory_lock($1)", _LOCK)
            found = await connection.fetchval(
                "select count(*) from pg_database where datname = $1", self._name
            )
            if not found:
                name = self._name
                await connection.execute(f"create database {name} template template0")
                try:
                    await migrations.migrate(url)
                    self._import(url, config)
                except BaseException:
                    await connection.execute(f"drop database {name} with (force)")
                    raise
        return url

    def _import(self, url: str, config: pytest.Config) -> None:
        self._convert(self._source, self._directory)
        # In a process of its own, so that what is measured is the import.
        done = subprocess.run(
            [sys.executable, "-m", MEASURED, url, str(self._directory)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        cost = json.loads(done.stdout)
        assert cost["succeeded"], cost["report"]
        line = (
            f"{self._name} is imported in {cost['seconds']:.1f} s,"
            f" with at most {cost['megabytes']:.0f} MB"
        )
        sys.stdout.write(f"\n{line}\n{cost['report']}\n")
        config.stash.setdefault(_FIGURES, []).append(line)
