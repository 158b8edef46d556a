"""The words which the glossary leaves out are in no name of gateway/."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import ROOT, text

# A name that others chose, or a word that means something else there.
ALLOWED = {
    "filter": "Python's own function, and an argument that the dialect publishes",
    "attribute_filter": "nh3's own argument",
    "DynamicBlocksFilterInput": "published by the dialect",
    "FilterEqualTypeInput": "published by the dialect",
    "FilterMatchTypeInput": "published by the dialect",
    "FilterRangeTypeInput": "published by the dialect",
    "ProductAttributeFilterInput": "published by the dialect",
    "CHANNEL": "what PostgreSQL calls the thing that is listened to",
    "account": "of the operating system, not a shopper's",
    "_account": "of the operating system, not a shopper's",
    "user": "of the operating system; subprocess's own argument",
    "user_id": "of the operating system",
    "users": "processes that use the data directory",
    "slots": "Python's own argument of dataclass",
    "__slots__": "Python's own attribute",
    "rank": "a line's place among those that rules matched, not a priority",
}

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def left_out() -> set[str]:
    table = text("docs/glossary.md").partition("| not | but |")[2]
    rows = re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE)
    return {word for row in rows for word in row.split(", ")}


def words_of(name: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(name)}
    return words | {word.removesuffix("s") for word in words}


def names_of(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.NAME:
                yield token.string


MODULES = sorted((ROOT / "gateway").rglob("*.py"))
LEFT_OUT = left_out()


def test_the_glossary_leaves_words_out() -> None:
    assert {"guest", "banner", "qty", "user"} <= LEFT_OUT
    assert words_of("guestCart_ids") == {"guest", "cart", "id", "ids"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_uses_no_word_that_the_glossary_leaves_out(path: Path) -> None:
    names = {name for name in names_of(path) if words_of(name) & LEFT_OUT}

    assert names - ALLOWED.keys() == set()


def test_what_is_allowed_is_used() -> None:
    used = {name for path in MODULES for name in names_of(path)}

    assert ALLOWED.keys() - used == set()
