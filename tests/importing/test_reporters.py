"""How an import tells what it does, while it does it and at its end."""

from __future__ import annotations

import io

import pytest

from gateway.importing import FileReport, ImportReport, reporter_for
from gateway.importing.faults import Fault
from tests.terminal import a_terminal

PRODUCTS = FileReport("products.csv", read=2044, added=2000, changed=40, seconds=0.26)
RULES = FileReport("sales_rules.json", 5, 1, 1, 0.1, ["Why."], left_out=2)
LINKS = FileReport("product_links.csv", 7, 0, 7, 12.0, ["Something to note."])


def test_a_log_has_a_line_for_each_file() -> None:
    stream = io.StringIO()

    with reporter_for(stream) as report:
        report.begin("products.csv")
        report.advance(0.5)
        report.finish(PRODUCTS)

    assert stream.getvalue() == (
        "products.csv: 2,044 read, 2,000 added, 40 changed, 4 unchanged\n"
    )


def test_a_log_counts_what_is_left_out_apart_from_what_is_unchanged() -> None:
    stream = io.StringIO()

    with reporter_for(stream) as report:
        report.begin("sales_rules.json")
        report.finish(RULES)

    assert stream.getvalue() == (
        "sales_rules.json: 5 read, 1 added, 1 changed, 1 unchanged, 2 left out\n"
    )


def test_a_terminal_has_a_bar_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = a_terminal(monkeypatch)

    with reporter_for(stream) as report:
        report.begin("products.csv")
        report.advance(0.5)
        report.finish(PRODUCTS)
        report.begin("[orders].csv")

    shown = stream.getvalue()
    assert "2,044 read, 2,000 added, 40 changed, 4 unchanged" in shown
    assert "[orders].csv" in shown
    assert "━" in shown


def test_a_report_is_a_table_with_what_there_is_to_note() -> None:
    report = ImportReport((PRODUCTS, LINKS), ignored=["notes.txt is ignored."])

    assert str(report) == (
        "file                read  added  changed  unchanged  seconds\n"
        "products.csv       2,044  2,000       40          4      0.3\n"
        "product_links.csv      7      0        7          0     12.0\n"
        "Something to note.\n"
        "notes.txt is ignored.\n"
        "All files are imported."
    )


def test_a_report_counts_what_is_left_out_where_something_is() -> None:
    report = ImportReport((PRODUCTS, RULES))

    assert str(report) == (
        "file               read  added  changed  unchanged  left out  seconds\n"
        "products.csv      2,044  2,000       40          4         0      0.3\n"
        "sales_rules.json      5      1        1          1         2      0.1\n"
        "Why.\n"
        "All files but 2 of sales_rules.json are imported."
    )
    assert report.succeeded


def test_an_import_of_which_a_file_brought_nothing_has_not_succeeded() -> None:
    nothing = FileReport("sales_rules.json", 2, 0, 0, 0.1, ["Why."], left_out=2)

    report = ImportReport((PRODUCTS, nothing))

    assert not report.succeeded
    assert ImportReport((FileReport("sales_rules.json", 0, 0, 0, 0.1),)).succeeded


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        pytest.param(
            ImportReport((PRODUCTS,), faults=[Fault("customers.csv", "it is empty.")]),
            "Imported up to products.csv; nothing of the files after it was written.",
            id="refused",
        ),
        pytest.param(
            ImportReport(faults=[Fault("customers.csv", "it is empty.")]),
            "Nothing was written.",
            id="refused-at-once",
        ),
        pytest.param(
            ImportReport((PRODUCTS,), dry_run=True),
            "Dry run: all of it can be imported. Nothing was written.",
            id="dry-run",
        ),
        pytest.param(
            ImportReport((PRODUCTS, RULES), dry_run=True),
            "Dry run: all of it but 2 of sales_rules.json can be imported. Nothing was"
            " written.",
            id="dry-run-without-some",
        ),
        pytest.param(
            ImportReport((), faults=[Fault("a.csv", "it is empty.")], dry_run=True),
            "Dry run: it cannot be imported. Nothing was written.",
            id="refused-dry-run",
        ),
    ],
)
def test_a_report_ends_with_the_outcome(report: ImportReport, outcome: str) -> None:
    assert str(report).splitlines()[-1] == outcome


def test_a_report_tells_every_fault_on_a_line() -> None:
    faults = [
        Fault("a.csv", "it is missing.", "line 2", "sku"),
        Fault("a.csv", "it is no date.", "line 3", "special_from"),
    ]

    report = ImportReport(faults=faults, more_faults=True)

    assert str(report) == (
        "a.csv, line 2, sku: it is missing.\n"
        "a.csv, line 3, special_from: it is no date.\n"
        "There may be more: only the first 20 are shown.\n"
        "Nothing was written."
    )
