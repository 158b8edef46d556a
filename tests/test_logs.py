"""Log lines: one JSON object each, whatever stands in them."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from gateway import logs


@pytest.fixture(autouse=True)
def _root_as_before() -> Iterator[None]:
    root, access = logging.getLogger(), logging.getLogger("uvicorn.access")
    handlers, level, disabled = root.handlers[:], root.level, access.disabled
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    access.disabled = disabled


def a_record(message: str, *arguments: object, **also: Any) -> logging.LogRecord:
    return logging.LogRecord(
        "gateway.test", logging.WARNING, __file__, 1, message, arguments, None, **also
    )


def test_a_line_is_one_json_object() -> None:
    line = logs.JsonLines().format(a_record("left out: %s", "vip"))

    written = json.loads(line)
    assert written.pop("at").endswith("+00:00")
    assert written == {
        "level": "warning",
        "logger": "gateway.test",
        "message": "left out: vip",
    }


@pytest.mark.parametrize("text", ["a\r\nb", "\x1b[31mred", "\0", "é\u2028", '{"x": 1}'])
def test_nothing_in_a_message_begins_another_line(text: str) -> None:
    line = logs.JsonLines().format(a_record("%s", text))

    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line)["message"] == text


def test_a_message_is_cut_and_a_traceback_is_a_member() -> None:
    record = a_record("x" * 5000)
    try:
        int("a fault of ours")
    except ValueError:
        record.exc_info = sys.exc_info()

    written = json.loads(logs.JsonLines().format(record))

    assert len(written["message"]) == 1000
    assert written["traceback"].startswith("Traceback (most recent")


@pytest.mark.parametrize(
    ("log_format", "begins"), [("json", '{"at"'), ("text", "WARNING gateway.test: it")]
)
def test_lines_go_to_standard_error_from_the_level_that_is_set(
    capsys: pytest.CaptureFixture[str], log_format: str, begins: str
) -> None:
    logs.configure(log_format, "warning")

    logging.getLogger("gateway.test").info("not worth a line")
    logging.getLogger("gateway.test").warning("it is")

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(begins)
    assert told.err.count("\n") == 1


def test_neither_queries_nor_addresses_of_key_sets_are_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("json", "info")

    logging.getLogger("uvicorn.access").info("GET /graphql?query=secret")
    logging.getLogger("httpx").info("GET https://keys.example.com/?key=secret")

    assert capsys.readouterr().err == ""
