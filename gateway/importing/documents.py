"""Reads rules: YAML or JSON that holds a list of definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from gateway.importing.definitions import Written
from gateway.importing.faults import TWICE, Faults
from gateway.unambiguous_json import NoNumber, Twice, members, no_number

LARGEST_BYTES = 16 * 1024 * 1024

_BLANK = re.compile(r"[ \t\r\n]*")


def read(
    path: Path, faults: Faults, prepare: Callable[[str, Faults], str] | None = None
) -> Sequence[Written]:
    """Read the definitions of a file, each with the lines of its parts.

    *prepare* may make another text of the file's before it is parsed.

    Raises:
        FileRefused: it is not a list of objects.
    """
    text = _text(path, faults)
    parse = _json if path.suffix == ".json" else _yaml
    try:
        if prepare is not None:
            text = prepare(text, faults)
        written = list(parse(text, faults))
    except RecursionError:
        faults.refuse(None, "", "it is nested too deeply.")
    faults.finish()
    return written


def _text(path: Path, faults: Faults) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        most = LARGEST_BYTES // 1024 // 1024
        faults.refuse(None, "", f"it is larger than {most} MiB. Break it up.")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.refuse(line, "", "it is not UTF-8. Save the file as UTF-8.")


# YAML -------------------------------------------------------------------------------


_KINDS = frozenset({"bool", "float", "int", "map", "null", "seq", "str"})


class _Loader(yaml.SafeLoader):
    """YAML 1.2's own few kinds of values.

    By YAML 1.1, which the library speaks, NO is false and 010 is eight: Norway and
    many a postcode would be gone. What is not resolved here is text, days too.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # The library's own.

    # Nor can a tag ask for what is no JSON, such as a set.
    yaml_constructors = {  # noqa: RUF012  # Likewise.
        tag: made
        for tag, made in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in _KINDS
    }


_NO_VALUE = (
    "a value in it is not what its tag says, or a number has too many digits. Write it"
    " without a tag, or fewer digits."
)
_WHOLE = "(0|[1-9][0-9]*)"
_DIGITS = "-+.0123456789"

for _tag, _pattern, _begins in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", rf"[-+]?{_WHOLE}", _DIGITS),
    ("float", rf"[-+]?({_WHOLE}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", _DIGITS),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(f"^(?:{_pattern})$"),
        [begin.strip("\0") for begin in _begins],
    )


def _yaml(text: str, faults: Faults) -> Iterator[Written]:
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            faults.add(1, "", "it is not a list. Write '- key: ...' for each.")
            return
        for node in root.value:
            line = node.start_mark.line + 1
            if not isinstance(node, yaml.MappingNode):
                faults.add(line, "", "it is not an object. Write 'key: ...' in it.")
            elif not _has_twins(node, faults):
                try:
                    given = loader.construct_document(node)
                except (ValueError, KeyError):
                    faults.add(line, "", _NO_VALUE)
                else:
                    yield Written(given, _line_in(node))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        said = f"it is not YAML: {error.problem}."
        faults.add(mark.line + 1 if mark else None, "", said)
    except yaml.YAMLError as error:
        faults.add(None, "", f"it is not YAML: {error}.")


def _line_in(node: yaml.Node) -> Callable[[str], int]:
    """Give what finds the line of a path, or of as much of it as there is."""

    def line_of(path: str) -> int:
        at, line = node, node.start_mark.line
        for step in path.split("."):
            found = _child(at, step)
            if found is None:
                break
            at, line = found
        return int(line) + 1

    return line_of


def _child(node: yaml.Node, step: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and step.isdecimal():
        position = int(step)
        if position < len(node.value):
            value = node.value[position]
            return value, value.start_mark.line
    return None


def _has_twins(root: yaml.Node, faults: Faults) -> bool:
    """Whether some object has a name twice, of which YAML would keep the last."""
    nodes, seen, twins = [root], set[int](), False
    while nodes:
        node = nodes.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                if name in names:
                    twins = True
                    faults.add(key.start_mark.line + 1, name, TWICE)
                names.add(name)
                nodes.append(value)
    return twins


# JSON -------------------------------------------------------------------------------


def _json(text: str, faults: Faults) -> Iterator[Written]:
    decoder = json.JSONDecoder(object_pairs_hook=members, parse_constant=no_number)
    at = _after_blank(text, 0)
    if text[at : at + 1] != "[":
        faults.add(1, "", "it is not a list. Write [{...}, {...}].")
        return
    at = _after_blank(text, at + 1)
    while text[at : at + 1] != "]":
        line = text.count("\n", 0, at) + 1
        try:
            given, at = decoder.raw_decode(text, at)
        except ValueError as error:
            faults.add(*_fault_of(error, line))
            return
        if isinstance(given, dict):
            yield Written(given, _always(line))
        else:
            faults.add(line, "", "it is not an object. Write {...}.")
        at = _after_blank(text, at)
        if text[at : at + 1] == ",":
            at = _after_blank(text, at + 1)
        elif text[at : at + 1] != "]":
            line = text.count("\n", 0, at) + 1
            faults.add(line, "", "it is not JSON: a ',' or the closing ']' is missing.")
            return
    if _after_blank(text, at + 1) != len(text):
        line = text.count("\n", 0, at) + 1
        faults.add(line, "", "there is something behind the list.")


def _fault_of(error: ValueError, line: int) -> tuple[int, str, str]:
    """Say what is wrong with the JSON of a definition that begins in *line*."""
    match error:
        case Twice():
            return line, str(error), TWICE
        case NoNumber():
            return line, "", f"it is not JSON: {error} is no number."
        case json.JSONDecodeError():
            return error.lineno, "", f"it is not JSON: {error.msg}."
    # Python's own limit.
    return line, "", "a number in it has too many digits. Write fewer."


def _always(line: int) -> Callable[[str], int]:
    return lambda _path: line


def _after_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at
