"""`gateway coupons`: codes made, exported and checked."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from gateway.__main__ import main
from gateway.commands.coupons import _harmless
from tests import processes

WEBSITE = "code,name,timezone,currency\nmain,Main,Europe/Berlin,EUR\n"
RULE = {
    "key": "gifts",
    "name": "Gifts",
    "websites": ["main"],
    "generated_coupons": True,
    "action": "cart_fixed",
    "amount": "5",
}

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gateway(
    capsys: pytest.CaptureFixture[str], empty_database_url: str, tmp_path: Path
) -> Command:
    """Runs a command in this process, on a shop with a rule of generated coupons."""

    def run(*arguments: object) -> tuple[int, str, str]:
        environment = processes.environment(DATABASE_URL=empty_database_url)
        with mock.patch.dict(os.environ, environment, clear=True):
            code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "websites.csv").write_text(WEBSITE)
    (folder / "cart_price_rules.json").write_text(json.dumps([RULE]))
    assert run("import", folder)[0] == 0
    return run


def test_codes_are_made_and_exported(gateway: Command, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    wanted = ("--quantity", 12_000, "--prefix", "GIFT-", "--dash-every", 5)

    made = gateway("coupons", "generate", "gifts", *wanted)
    exported = gateway("coupons", "export", "gifts", "--output", file)
    printed = gateway("coupons", "export", "gifts")

    with file.open(newline="") as opened:
        head, *rows = csv.reader(opened)
    assert made == (
        0,
        "12,000 codes of 15 characters were made.\n",
        (
            "coupons of gifts: 12,000 read, 12,000 added, 0 changed, 0 unchanged\n"
            "gateway: length: it was raised to 15, so that no code can be guessed.\n"
        ),
    )
    assert exported == (0, "", "")
    assert head == ["code", "created_at", "uses"]
    assert len({code for code, _, _ in rows}) == 12_000
    assert all(re.fullmatch(r"GIFT(-[A-Z0-9]{5}){3}", code) for code, _, _ in rows)
    assert {uses for _, _, uses in rows} == {"0"}
    assert list(csv.reader(printed[1].splitlines())) == [head, *rows]


def test_a_length_that_is_kept_is_warned_of(gateway: Command) -> None:
    wanted = ("--quantity", 5, "--length", 4, "--keep-length", "--format", "numeric")

    code, said, warned = gateway("coupons", "generate", "gifts", *wanted)

    assert (code, said) == (0, "5 codes of 4 characters were made.\n")
    assert "one of 5 codes is guessed at 10 of 60 bits" in warned


def test_a_rule_that_is_not_there_is_said_so(gateway: Command) -> None:
    code, said, complaint = gateway("coupons", "export", "gift")

    assert (code, said) == (1, "code,created_at,uses\r\n")
    assert complaint == (
        "gateway: rule: there is no cart price rule 'gift'. Did you mean 'gifts'?\n"
    )


def test_an_export_that_fails_leaves_the_file_as_it_was(
    gateway: Command, tmp_path: Path
) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("of yesterday")

    code, _, _ = gateway("coupons", "export", "gitfs", "--output", file)

    assert code == 1
    assert file.read_text() == "of yesterday"
    assert {one.name for one in tmp_path.iterdir()} == {"codes.csv", "shop"}


def test_the_counters_are_checked(gateway: Command) -> None:
    assert gateway("coupons", "check") == (
        0,
        "Every counter is what the redemptions say.\n",
        "",
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert _harmless(cell) == f"'{cell}"
    assert _harmless("GIFT-1") == "GIFT-1"
