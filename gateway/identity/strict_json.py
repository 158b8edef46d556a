"""JSON objects from outside, read so that no two readers can disagree."""

import json
from typing import NoReturn

from gateway.unambiguous_json import NoNumber, Twice, members, no_number

MAX_LEVELS = 16
MAX_DIGITS = 20


def parse_object(data: bytes) -> dict[str, object]:
    """Parse one JSON object in UTF-8.

    Raises:
        ValueError: with a reason that quotes nothing but a member's name: not JSON,
            not an object, a member given twice, NaN or Infinity, an integer of more
            than 20 digits, or more than 16 levels.

    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("it is not UTF-8")
    try:
        value = json.loads(
            text,
            object_pairs_hook=members,
            parse_constant=no_number,
            parse_int=_short_integer,
        )
    except Twice:
        _refuse("a member is given twice")
    except NoNumber as word:
        _refuse(f"it holds {word}, which is not JSON")
    except json.JSONDecodeError:
        _refuse("it is not JSON")
    except RecursionError:
        _refuse("it is nested too deeply")
    if not isinstance(value, dict):
        _refuse("it is not a JSON object")
    # Checked here too: how deep the parser itself goes differs between Pythons.
    if not _is_shallow(value, MAX_LEVELS):
        _refuse("it is nested too deeply")
    return value


def _short_integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _refuse(f"it holds an integer of more than {MAX_DIGITS} digits")
    return int(digits)


def _is_shallow(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels > 0 and all(_is_shallow(v, levels - 1) for v in value.values())
    if isinstance(value, list):
        return levels > 0 and all(_is_shallow(v, levels - 1) for v in value)
    return True


def _refuse(reason: str) -> NoReturn:
    raise ValueError(reason) from None
