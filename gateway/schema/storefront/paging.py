"""Pages of a list, with the published complaints about impossible ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar

import strawberry

from gateway.schema.errors import StorefrontError

Item = TypeVar("Item")

DEFAULT_SIZE = 20

# Nullable, as published: a client may send a variable that is null.
PageSize = Annotated[
    int | None,
    strawberry.argument(name="pageSize", description="The most items on a page."),
]
CurrentPage = Annotated[
    int | None,
    strawberry.argument(name="currentPage", description="Which page, from 1."),
]


@dataclass(frozen=True)
class Page:
    """One page of a list: at most *size* items, *number* counts from 1."""

    size: int
    number: int

    @classmethod
    def of(cls, page_size: int | None, current_page: int | None) -> Self:
        """Read what was asked for; the door limits how large a page may be.

        Raises:
            StorefrontError: with the published message.
        """
        page = cls(
            DEFAULT_SIZE if page_size is None else page_size,
            1 if current_page is None else current_page,
        )
        if page.size < 1:
            raise StorefrontError("pageSize value must be greater than 0.")
        if page.number < 1:
            raise StorefrontError("currentPage value must be greater than 0.")
        return page

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the items on this page."""
        start = (self.number - 1) * self.size
        return items[start : start + self.size]


@strawberry.type(description="Where a page stands among all pages.")
class SearchResultPageInfo:
    """Where a page stands; without any item there are no pages."""

    current_page: int | None = strawberry.field(description="Which page this is.")
    page_size: int | None = strawberry.field(description="The most items on a page.")
    total_pages: int | None = strawberry.field(description="How many pages there are.")

    @classmethod
    def of(cls, page: Page, total: int) -> Self:
        """Count the pages of *total* items."""
        return cls(
            current_page=page.number,
            page_size=page.size,
            total_pages=-(-total // page.size),
        )
