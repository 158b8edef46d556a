"""Pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, Self, TypeVar

import strawberry

from gateway.resolvers import pages
from gateway.resolvers.pages import Paging
from gateway.schema.admin.problems import Problem
from gateway.schema.admin.scalars import AsStored

Item = TypeVar("Item")
Found = TypeVar("Found")

PageSize = Annotated[
    int, strawberry.argument(description="The most items on a page, 1 to 100.")
]
CurrentPage = Annotated[int, strawberry.argument(description="Which page, from 1.")]
Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only those with this text in key or name, in whichever case."
    ),
]
OfWebsite = Annotated[
    str | None,
    strawberry.argument(description="Only those of the website with this code."),
]
Active = Annotated[
    bool | None,
    strawberry.argument(description="Only those that are active, or are not."),
]
DEFAULT = Paging()


@strawberry.type(description="Where a page stands among all pages.")
class PageInfo:
    """Where a page stands; without any item there are no pages."""

    current_page: int = strawberry.field(description="Which page this is, from 1.")
    page_size: int = strawberry.field(description="The most items on a page.")
    total_pages: int = strawberry.field(description="How many pages there are.")

    @classmethod
    def of(cls, page: pages.Page[Any]) -> Self:
        """Show where a page stands."""
        size = page.paging.size
        return cls(
            current_page=page.paging.current,
            page_size=size,
            total_pages=-(-page.total // size),
        )


@strawberry.type(
    description="A definition that was written into the database by hand and cannot be"
    " read. No rule book has it. Save it anew under its key, or delete it."
)
class BrokenDefinition:
    """A definition that cannot be read."""

    key: str = strawberry.field(description="Its key.")
    version: int = strawberry.field(description="Its version.")
    given: AsStored = strawberry.field(description="What is stored.")
    problems: list[Problem] = strawberry.field(description="Why it cannot be read.")

    @classmethod
    def of(cls, broken: pages.Broken) -> Self:
        """Show what is broken."""
        return cls(
            key=broken.key,
            version=broken.version,
            given=AsStored(broken.given),
            problems=Problem.list_of(broken.problems),
        )


@strawberry.type(description="One page of a list.")
class Page(Generic[Item]):
    """One page of a list."""

    items: list[Item] = strawberry.field(description="What is on the page.")
    broken: list[BrokenDefinition] = strawberry.field(
        description="What belongs on the page and cannot be read."
    )
    page_info: PageInfo = strawberry.field(description="Which page it is.")
    total_count: int = strawberry.field(description="How many there are on all pages.")

    @classmethod
    def of(cls, page: pages.Page[Found], show: Callable[[Found], Item]) -> Page[Item]:
        """Show a page, and each of its items."""
        return cls(
            items=[show(item) for item in page.items],
            broken=[BrokenDefinition.of(one) for one in page.broken],
            page_info=PageInfo.of(page),
            total_count=page.total,
        )
