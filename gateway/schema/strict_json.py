"""Parse JSON strictly: only what can be stored and sent on as it stands."""

from __future__ import annotations

import json
import math
from typing import Any

from gateway.schema.errors import Refused, one_line
from gateway.schema.limits import Limits
from gateway.unambiguous_json import NoNumber, Twice, members, no_number

# What can be sent back: 64 bits, with or without a sign.
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1


def read_json(text: str, what: str, limits: Limits) -> Any:
    """Parse JSON that can be stored and sent on as it stands.

    Raises:
        Refused: 400, naming the spot.
    """
    try:
        value = _DECODER.decode(text)
    except Twice as twice:
        said = f'"{one_line(str(twice), 80)}" is given twice; write it once.'
        raise Refused(400, said) from None
    except NoNumber as word:
        raise Refused(400, f"{word} is not JSON; write a number or null.") from None
    except json.JSONDecodeError as error:
        raise Refused(
            400,
            f"The {what} is not JSON: {error.msg} at line {error.lineno}, column"
            f" {error.colno}.",
        ) from None
    except RecursionError:
        raise _too_deep(what, limits) from None
    inspect(value, what, limits)
    return value


def inspect(value: Any, what: str, limits: Limits) -> None:
    """Refuse what PostgreSQL cannot hold, UTF-8 cannot say, or a stack cannot bear.

    Raises:
        Refused: 400.
    """
    level = [value]
    depth = 0
    while level:
        if any(isinstance(each, dict | list) for each in level):
            depth += 1
        if depth > limits.json_depth:
            raise _too_deep(what, limits)
        below: list[Any] = []
        for each in level:
            if isinstance(each, str):
                _inspect_string(each, what)
            elif isinstance(each, dict):
                below += each
                below += each.values()
            elif isinstance(each, list):
                below += each
        level = below


def _inspect_string(text: str, what: str) -> None:
    if "\0" in text:
        raise Refused(400, f"A string in the {what} holds U+0000; leave it out.")
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(
            400, f"A string in the {what} holds half a surrogate pair; write both."
        ) from None


def longest_list(variables: dict[str, Any]) -> int:
    """Count the items of the longest list in *variables*."""
    longest = 0
    pending: list[Any] = [variables]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            longest = max(longest, len(value))
            pending += value
    return longest


def _too_deep(what: str, limits: Limits) -> Refused:
    return Refused(
        400,
        f"The {what} nests more than {limits.json_depth} deep."
        f" {limits.remedy('json_depth', 'Flatten it')}",
    )


def _integer(digits: str) -> int:
    if len(digits) <= len(str(LARGEST_INTEGER)):
        number = int(digits)
        if SMALLEST_INTEGER <= number <= LARGEST_INTEGER:
            return number
    raise Refused(
        400,
        f"An integer of {len(digits.lstrip('-')):,} digits is beyond 64 bits; write it"
        " as a string.",
    )


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise Refused(400, "A number is too large for a Float; write it as a string.")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=members,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=no_number,
)
