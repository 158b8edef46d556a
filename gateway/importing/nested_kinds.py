"""The kinds of values that hold others; in text they are JSON."""

from __future__ import annotations

from typing import Any

import orjson

from gateway.importing.faults import TWICE, Refused
from gateway.importing.json_text import parse
from gateway.importing.kinds import LONGEST, Kind, text
from gateway.personalize.constants import shown
from gateway.unambiguous_json import Twice

_A_LIST = 'Write ["one", "two"].'
_AN_OBJECT = 'Write {"code": value}.'


def texts(longest: int = LONGEST) -> Kind:
    """Accept a list of texts, each once."""
    one = text(longest)

    def read(given: Any) -> list[str]:
        found: dict[str, None] = {}
        for position, item in enumerate(_list(given)):
            try:
                if item is None or item == "":
                    raise Refused("it is missing.", "Write a text.")  # noqa: TRY301
                found[one.read(item)] = None
            except Refused as refused:
                raise Refused(str(refused), within=str(position)) from None
        return list(found)

    return Kind("list of texts", read)


def paths() -> Kind:
    """Accept a list of category paths."""
    every = texts()

    def read(given: Any) -> list[str]:
        found: list[str] = every.read(given)
        for position, path in enumerate(found):
            if not all(step.strip() for step in path.split("/")):
                raise Refused(
                    f"{shown(path)} is not a path.",
                    "Write category codes with a '/' between them: gear/tents.",
                    within=str(position),
                )
        return found

    return Kind("list of paths, such as `gear/tents`", read)


def attributes() -> Kind:
    """Accept an object; what its values may be, their declaration says."""

    def read(given: Any) -> dict[str, Any]:
        value = _json(given, _AN_OBJECT)
        if not isinstance(value, dict):
            raise Refused(f"{shown(given)} is not an object.", _AN_OBJECT)
        return value

    return Kind("object: attribute codes and values", read)


def _list(given: Any) -> list[Any]:
    value = _json(given, _A_LIST)
    if not isinstance(value, list):
        raise Refused(f"{shown(given)} is not a list.", _A_LIST)
    return value


def _json(given: Any, remedy: str) -> Any:
    """Return what JSON text says; what is no text is it already."""
    if not isinstance(given, str):
        return given
    try:
        return parse(given)
    except Twice as twins:
        raise Refused(TWICE, within=str(twins)) from None
    except orjson.JSONDecodeError:
        raise Refused(f"{shown(given)} is not JSON.", remedy) from None
