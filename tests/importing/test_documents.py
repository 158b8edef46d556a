"""What YAML and JSON files of rules say, and where they say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.importing import documents
from gateway.importing.definitions import Written
from gateway.importing.documents import LARGEST_BYTES
from gateway.importing.faults import Faults, FileRefused


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An empty directory."""
    return tmp_path


def read(directory: Path, name: str, content: str | bytes) -> list[Written]:
    """Read what stands in a file of that name."""
    path = directory / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(documents.read(path, Faults(name)))


def faults_of(directory: Path, name: str, content: str | bytes) -> list[str]:
    """Tell the faults that such a file is refused for."""
    with pytest.raises(FileRefused) as refused:
        read(directory, name, content)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("NO", "NO", id="norway"),
        pytest.param("yes", "yes", id="yes"),
        pytest.param("true", True, id="true"),
        pytest.param("01234", "01234", id="postcode"),
        pytest.param("12:30", "12:30", id="time"),
        pytest.param("1_000", "1_000", id="underscore"),
        pytest.param("0x10", "0x10", id="hexadecimal"),
        pytest.param("12", 12, id="whole"),
        pytest.param("-0.5", -0.5, id="decimal"),
        pytest.param("1e3", 1000.0, id="exponent"),
        pytest.param(".inf", ".inf", id="infinity"),
        pytest.param("2026-12-24", "2026-12-24", id="day"),
        pytest.param("2026-12-24T18:00:00Z", "2026-12-24T18:00:00Z", id="moment"),
        pytest.param("~", None, id="null"),
        pytest.param("", None, id="nothing"),
        pytest.param("'12'", "12", id="quoted"),
    ],
)
def test_yaml_is_what_it_looks_like(directory: Path, written: str, value: Any) -> None:
    (definition,) = read(directory, "segments.yaml", f"- key: {written}\n")

    assert definition.given == {"key": value}
    assert type(definition.given["key"]) is type(value)


def test_yaml_may_repeat_a_part_by_its_anchor(directory: Path) -> None:
    text = "- &first {key: a, name: A}\n- {<<: *first, key: b}\n"

    _, second = read(directory, "segments.yaml", text)

    assert second.given == {"key": "b", "name": "A"}


SEGMENT = """\
# A comment
- key: big
  name: Big carts
  conditions:
    all:
      - {attribute: cart.lines, operator: is, value: 1}
      - attribute: cart.subtotal
        operator: at_least
        value: x
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param("", 2, id="the-definition"),
        pytest.param("name", 3, id="a-field"),
        pytest.param("description", 2, id="a-field-that-is-missing"),
        pytest.param("conditions", 4, id="a-tree"),
        pytest.param("conditions.all.0.value", 6, id="in-one-line"),
        pytest.param("conditions.all.1.value", 9, id="deep-in-a-tree"),
        pytest.param("conditions.all.1.valeu", 7, id="beside-what-is-there"),
        pytest.param("conditions.all.7", 5, id="behind-the-end"),
    ],
)
def test_yaml_knows_the_line_of_a_part(directory: Path, path: str, line: int) -> None:
    (definition,) = read(directory, "segments.yaml", SEGMENT)

    assert definition.line_of(path) == line


def test_json_knows_the_line_of_a_definition(directory: Path) -> None:
    text = '\ufeff[\n {"key": "a"},\n\t{"key": "b",\n  "name": "B"}\n]\n'

    first, second = read(directory, "segments.json", text)

    assert (first.given, first.line_of("key")) == ({"key": "a"}, 2)
    assert (second.given, second.line_of("name")) == ({"key": "b", "name": "B"}, 3)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("segments.yaml", "", id="empty-yaml"),
        pytest.param("segments.yaml", "# Nothing yet.\n", id="comment"),
        pytest.param("segments.yaml", "[]", id="empty-list-in-yaml"),
        pytest.param("segments.json", " [ ] \n", id="empty-list"),
    ],
)
def test_there_may_be_no_definition(directory: Path, name: str, content: str) -> None:
    assert read(directory, name, content) == []


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        pytest.param(
            "segments.yaml",
            "key: a\n",
            ", line 1: it is not a list. Write '- key: ...' for each.",
            id="no-list",
        ),
        pytest.param(
            "segments.yaml",
            "- key: a\n- b\n",
            ", line 2: it is not an object. Write 'key: ...' in it.",
            id="no-object",
        ),
        pytest.param(
            "segments.yaml",
            "- key: a\n  conditions:\n    all: []\n    any: []\n    all: []\n",
            ", line 5, all: it stands there twice. Keep one of the two.",
            id="twice",
        ),
        pytest.param(
            "segments.yaml",
            "- key: a\n  name: [b\n",
            ", line 3: it is not YAML: expected ',' or ']', but got '<stream end>'.",
            id="bracket-without-end",
        ),
        pytest.param(
            "segments.yaml",
            "- key: !!python/object/apply:os.system [ls]\n",
            ", line 1: it is not YAML: could not determine a constructor for the tag"
            " 'tag:yaml.org,2002:python/object/apply:os.system'.",
            id="program",
        ),
        pytest.param(
            "segments.yaml",
            "- key: a\n- key: Täßchen\n".encode("latin-1"),
            ", line 2: it is not UTF-8. Save the file as UTF-8.",
            id="latin-1",
        ),
        pytest.param(
            "segments.yaml",
            "- key: " + "[" * 5000,
            ": it is nested too deeply.",
            id="nested",
        ),
        pytest.param(
            "segments.json",
            '{"key": "a"}',
            ", line 1: it is not a list. Write [{...}, {...}].",
            id="no-list-in-json",
        ),
        pytest.param(
            "segments.json",
            '[\n{"key": "a"},\n"b"]',
            ", line 3: it is not an object. Write {...}.",
            id="no-object-in-json",
        ),
        pytest.param(
            "segments.json",
            '[\n{"key": "a", "name": "A", "key": "b"}]',
            ", line 2, key: it stands there twice. Keep one of the two.",
            id="twice-in-json",
        ),
        pytest.param(
            "segments.json",
            '[{"key": "a"}\n{"key": "b"}]',
            ", line 2: it is not JSON: a ',' or the closing ']' is missing.",
            id="no-comma",
        ),
        pytest.param(
            "segments.json",
            '[{"key": "a"}',
            ", line 1: it is not JSON: a ',' or the closing ']' is missing.",
            id="list-without-end",
        ),
        pytest.param(
            "segments.json",
            '[{"key": "a"}]\n[]',
            ", line 1: there is something behind the list.",
            id="two-lists",
        ),
        pytest.param(
            "segments.json",
            '[\n{"priority": NaN}]',
            ", line 2: it is not JSON: NaN is no number.",
            id="not-a-number",
        ),
        pytest.param(
            "segments.json",
            '["' + "a" * LARGEST_BYTES,
            ": it is larger than 16 MiB. Break it up.",
            id="enormous",
        ),
        pytest.param(
            "segments.json",
            "[" * 100_000,
            ": it is nested too deeply.",
            id="nested-json",
        ),
    ],
)
def test_a_document_is_refused(
    directory: Path, name: str, content: str | bytes, fault: str
) -> None:
    assert faults_of(directory, name, content) == [f"{name}{fault}"]


TAGGED = (
    ", line 2: a value in it is not what its tag says, or a number has too many digits."
    " Write it without a tag, or fewer digits."
)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        pytest.param(
            "segments.json",
            f'[\n{{"key": {"9" * 5000}}}]',
            ", line 2: a number in it has too many digits. Write fewer.",
            id="number in JSON",
        ),
        pytest.param("a.yaml", f"\n- key: {'9' * 5000}", TAGGED, id="number in YAML"),
        pytest.param("a.yaml", "\n- key: !!int one", TAGGED, id="tag of a number"),
        pytest.param("a.yaml", "\n- key: !!bool maybe", TAGGED, id="tag of a flag"),
        *(
            pytest.param(
                "a.yaml",
                f"\n- {tagged}",
                ", line 2: it is not YAML: could not determine a constructor for the"
                f" tag 'tag:yaml.org,2002:{tag}'.",
                id=f"tag of a {tag}",
            )
            for tag, tagged in (
                ("set", "!!set {a}"),
                ("timestamp", "key: !!timestamp tomorrow"),
                ("binary", "key: !!binary a"),
            )
        ),
    ],
)
def test_what_no_definition_can_hold_is_refused(
    directory: Path, name: str, content: str, fault: str
) -> None:
    assert faults_of(directory, name, content) == [f"{name}{fault}"]
