"""One page of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.personalize.errors import InvalidInput, Problem

Item = TypeVar("Item")

LARGEST_PAGE = 100
# Enough for any list, and PostgreSQL can still count the rows before it.
LAST_PAGE = 2_147_483_647


@dataclass(frozen=True)
class Paging:
    """Which page of a list is asked for, counted from 1."""

    size: int = 20
    current: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no page.

        Raises:
            InvalidInput: with every number at fault.
        """
        limits = (
            ("page_size", self.size, LARGEST_PAGE),
            ("current_page", self.current, LAST_PAGE),
        )
        problems = [
            Problem(path, f"{number} is not possible.", f"Write 1 to {most}.")
            for path, number, most in limits
            if not 1 <= number <= most
        ]
        if problems:
            raise InvalidInput(*problems)

    @property
    def offset(self) -> int:
        """How many items stand on the pages before."""
        return (self.current - 1) * self.size


@dataclass(frozen=True)
class Broken:
    """A stored definition that cannot be read, and why."""

    key: str
    version: int
    given: object
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The items of one page; *total* counts those of all pages.

    *broken* are those of the page that were written by hand and cannot be read.
    """

    items: Sequence[Item]
    total: int
    paging: Paging
    broken: Sequence[Broken] = ()

    @classmethod
    def cut(cls, items: Sequence[Item], paging: Paging) -> Page[Item]:
        """Cut a page out of a list that is held whole."""
        on_page = items[paging.offset : paging.offset + paging.size]
        return cls(on_page, len(items), paging)
