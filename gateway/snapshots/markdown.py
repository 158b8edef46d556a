"""The little Markdown that generated pages need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z0-9`])")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a bar in a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def code(text: object) -> str:
    """Write *text* as code."""
    return f"`{text}`"


def codes(texts: Iterable[object]) -> str:
    """Write several texts as code, separated by commas."""
    return ", ".join(map(code, texts))


def prose(text: str) -> str:
    """Give each sentence of *text* a line of its own, paragraph by paragraph."""
    found = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(_BETWEEN_SENTENCES.sub("\n", part) for part in found if part)


def join(*parts: str) -> str:
    """Put a blank line between parts."""
    return "\n\n".join(part.strip() for part in parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
