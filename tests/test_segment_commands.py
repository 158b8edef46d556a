"""`gateway segments`: refreshed and exported from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import processes
from tests.refreshing import FEMALE
from tests.rows import Shop


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
