"""The documents for people, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)

_BLOCK = re.compile(r"^```(\w+) *([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code; *mark* is what stands behind its language."""

    page: str
    line: int
    language: str
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: Path | str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return _BLOCK.sub("", text(page))


def spans(page: Path) -> list[str]:
    """What stands between backticks."""
    return _SPAN.findall(prose(page))


def blocks(language: str) -> list[Block]:
    """Every block of a language, on every page."""
    return [
        Block(name(page), written.count("\n", 0, one.start()) + 2, *one.groups())
        for page in PAGES
        for written in [text(page)]
        for one in _BLOCK.finditer(written)
        if one[1] == language
    ]


def anchors(page: Path) -> set[str]:
    """The fragments by which headings are linked to."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose(page))
    }
