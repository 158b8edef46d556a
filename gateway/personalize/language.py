"""What a condition tree may say, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.personalize.attributes import Scope

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Limits:
    """How large a tree may be; see the settings of the same names.

    *segment_prices* is whether catalogue price rules may be for segments.
    """

    depth: int = 10
    nodes: int = 500
    list_values: int = 1000
    segment_prices: bool = False


@dataclass(frozen=True)
class Grammar:
    """What a tree may look at, beginning at *scope*.

    *only* says in a sentence what is allowed, for the message to whoever asks for
    more. *compares_with_matched* admits "same as matched product".
    """

    scope: Scope
    scopes: frozenset[Scope]
    lists: frozenset[str] = frozenset()
    only: str = ""
    compares_with_matched: bool = False
