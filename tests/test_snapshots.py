"""The generated pages of docs/ are what the code says."""

from pathlib import Path

import pytest

from gateway.snapshots import PAGES, Page
from gateway.snapshots.__main__ import main
from gateway.snapshots.limits import accepted, settings_of
from tests.documents import ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_generated_page_is_as_the_code_says(page: Page) -> None:
    if page.is_stale(ROOT):
        pytest.fail(f"{page.path} is stale: run `make snapshots`", pytrace=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree of which one page is missing, and one is not as it should be."""
    (tmp_path / "docs").mkdir()
    for page in PAGES:
        (tmp_path / page.path).write_text(page.made(ROOT), encoding="utf-8")
    (tmp_path / "docs/reference.md").write_text("old", encoding="utf-8")
    (tmp_path / "docs/admin.graphql").unlink()
    return tmp_path


def test_checking_names_what_is_stale_and_writes_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--check"], tree)

    assert code == 1
    assert capsys.readouterr().err == (
        "docs/admin.graphql is stale: run `make snapshots`\n"
        "docs/reference.md is stale: run `make snapshots`\n"
    )
    assert (tree / "docs/reference.md").read_text(encoding="utf-8") == "old"


def test_writing_leaves_nothing_stale(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tree) == 0
    said = capsys.readouterr().out
    assert main(["--check"], tree) == 0

    assert said == "wrote docs/admin.graphql\nwrote docs/reference.md\n"


def test_what_people_write_around_the_settings_stays(tree: Path) -> None:
    page = tree / "docs/operations.md"
    written = page.read_text(encoding="utf-8").replace("| `GATEWAY_PORT`", "| `PORT`")
    page.write_text(f"{written}\nThe end.\n", encoding="utf-8")

    main([], tree)

    renewed = page.read_text(encoding="utf-8")
    assert "| `GATEWAY_PORT`" in renewed
    assert renewed.startswith("# Operations\n")
    assert renewed.endswith("\nThe end.\n")


def test_without_a_source_tree_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([], tmp_path)

    assert code == 1
    assert capsys.readouterr().err == (
        f"{tmp_path} has no docs/: run this in the source tree\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limit", "settings"),
    [
        ("body_bytes", ("GATEWAY_STOREFRONT_BODY_BYTES", "GATEWAY_ADMIN_BODY_BYTES")),
        ("request_seconds", ("GATEWAY_REQUEST_TIMEOUT_SECONDS",)),
        ("cost", ("GATEWAY_GRAPHQL_COST",)),
        ("fields", ()),
    ],
)
def test_the_settings_told_are_those_of_the_doors(
    limit: str, settings: tuple[str, ...]
) -> None:
    assert settings_of(limit) == settings


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("tokens", (1000,)),
        ("list_items", (250, 10_000)),
        ("cost", (10_000, 30_000)),
        ("in_flight", (64,)),
    ],
)
def test_a_limit_is_told_of_each_door_where_they_differ(
    limit: str, told: tuple[int, ...]
) -> None:
    assert accepted(limit) == told
