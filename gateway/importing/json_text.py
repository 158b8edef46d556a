"""Reads JSON text quickly, and only what two readers would understand alike."""

from __future__ import annotations

import json
from typing import Any

import orjson

from gateway.unambiguous_json import members

_STRICT = json.JSONDecoder(object_pairs_hook=members)

# With these a name and its colon may be written otherwise than orjson writes them.
_OTHER_SPELLINGS = (" :", "\t:", "\r:", "\n:", r"\u0022", r"\u003a", r"\u003A")


def parse(text: str) -> Any:
    """Return what *text* says.

    Raises:
        orjson.JSONDecodeError: it is not JSON, or nested too deeply.
        Twice: an object has a member twice.
    """
    value = orjson.loads(text)
    try:
        # It reads what is nested more deeply than what it writes, and keeps.
        written = orjson.dumps(value)
        if _may_have_twins(text, written):
            _STRICT.decode(text)
    except (orjson.JSONEncodeError, RecursionError):
        said = "it is nested too deeply"
        raise orjson.JSONDecodeError(said, text, 0) from None
    return value


def _may_have_twins(text: str, written: bytes) -> bool:
    """Whether a member may have been lost between *text* and what is *written* of it.

    The strict decoder takes several times as long, and hardly any text needs it. A
    member that was lost took the colon behind its name along.
    """
    if any(spelling in text for spelling in _OTHER_SPELLINGS):
        return True
    return text.count('":') != written.count(b'":')
