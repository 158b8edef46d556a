"""`gateway segments`: refreshed and exported from the command line."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.commands.refresh_reporters import reporter_for
from gateway.storage.segment_refreshes import Refresh, Run
from tests import processes
from tests.refreshing import FEMALE
from tests.rows import Shop
from tests.terminal import a_terminal

AT = datetime(2026, 3, 10, tzinfo=UTC)
RUN = Run(1, "base", None, [1], [1], AT, [])
HALF = Refresh(
    id=1,
    keys=None,
    started_at=AT,
    finished_at=None,
    abandoned=False,
    failure=None,
    customers=2000,
    decided=1000,
    joined=30,
    departed=4,
    seen_at=AT,
)


@pytest.fixture(autouse=True)
async def _rows(shop: Shop) -> None:
    await shop.website()
    await shop.segment("women", FEMALE, applies_to="registered")
    await shop.segment("all", applies_to="registered")
    await shop.customer("1", gender="female")
    await shop.customer("2", gender="male")


def test_what_was_refreshed_is_exported(database_url: str, tmp_path: Path) -> None:
    refreshed = processes.run("segments", "refresh", DATABASE_URL=database_url)
    files = {}
    for arguments in (("women",), ("women", "all"), ("women", "all", "--in-all")):
        file = tmp_path / "-".join(arguments)
        given = ("segments", "export", *arguments, "--format", "jsonl", "--output")
        done = processes.run(*given, file, DATABASE_URL=database_url)
        files[file.name] = done, file.read_text().count("\n")

    assert refreshed.returncode == 0, refreshed.stderr
    assert refreshed.stderr == (
        "base: matching 2 segments\n"
        "base: 2 customers decided, 3 joined and 0 left segments\n"
    )
    assert {name: lines for name, (_, lines) in files.items()} == {
        "women": 1,
        "women-all": 2,
        "women-all---in-all": 1,
    }
    done, _ = files["women"]
    assert (done.returncode, done.stderr) == (0, f"1 customers: {tmp_path}/women\n")
    assert (tmp_path / "women").stat().st_mode & 0o777 == 0o600


def test_customers_that_are_out_of_date_are_exported_with_a_word_about_it(
    database_url: str,
) -> None:
    given = ("segments", "export", "women", "--output", "-")

    done = processes.run(*given, DATABASE_URL=database_url)

    assert done.returncode == 0
    assert "never refreshed, or saved since" in done.stderr
    assert done.stdout.startswith('"customer_id","name","email"')


def test_an_export_that_fails_leaves_no_file(database_url: str, tmp_path: Path) -> None:
    given = ("segments", "export", "men", "--output", tmp_path / "men.csv")

    done = processes.run(*given, DATABASE_URL=database_url)

    assert done.returncode == 1
    assert "no segment of 'base' is called 'men'" in done.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_folder_is_no_file_to_export_into(database_url: str) -> None:
    given = ("segments", "export", "women", "--output", "")

    done = processes.run(*given, DATABASE_URL=database_url)

    assert done.returncode == 1
    assert done.stderr.endswith("gateway: .: Is a directory\n")


def test_a_pipe_is_written_to_and_a_link_stays_one(
    database_url: str, tmp_path: Path
) -> None:
    pipe, file, link = (tmp_path / name for name in ("pipe", "file", "link"))
    os.mkfifo(pipe)
    link.symlink_to(file)
    # Kept open, so that nobody waits for somebody to read.
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    given = ("segments", "export", "women", "--output")

    for output in (pipe, link):
        done = processes.run(*given, output, DATABASE_URL=database_url)
        assert done.returncode == 0, done.stderr

    piped = os.read(reading, 1 << 16)
    os.close(reading)
    assert piped.startswith(b'"customer_id"')
    assert piped == file.read_bytes()
    assert (pipe.is_fifo(), link.is_symlink()) == (True, True)


def test_a_terminal_has_a_bar_for_each_website(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = a_terminal(monkeypatch)

    with reporter_for(stream) as report:
        report.wait("[eu]")
        report.begin("half", RUN)
        report.advance(HALF)
        report.begin("done", RUN)
        report.advance(HALF)
        # Some were deleted while it ran.
        report.finish("done", replace(HALF, decided=1990, joined=70))

    waited, half, done = map(stream.last_line, ("[eu]", "half", "done"))
    assert waited == "[eu]: another refresh is running; waiting for it"
    assert half.endswith(" 1,000 customers decided, 30 joined and 4 left segments")
    assert done.endswith(" 1,990 customers decided, 70 joined and 4 left segments")
    assert (half.count("━"), done.count("━")) == (20, 40)
