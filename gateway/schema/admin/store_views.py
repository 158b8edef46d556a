"""Store views at the admin door."""

from __future__ import annotations

from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.resolvers import store_views
from gateway.resolvers.pages import Paging
from gateway.resolvers.store_views import StoreView as Stored
from gateway.schema.admin.access import ADMIN, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.inputs import described_by, given_by
from gateway.schema.admin.pages import (
    DEFAULT,
    CurrentPage,
    OfWebsite,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.writes import (
    Deleted,
    DeletedOrNot,
    ExpectedVersion,
    Unsaved,
    delete_result,
    save_result,
)

CODE = "The name by which others refer to it: 1 to 64 of a-z, 0-9, - and _."
Code = Annotated[str, strawberry.argument(description="Its code.")]


@strawberry.type(description="A store view: a language face of a website.")
class StoreView:
    """A store view."""

    code: str = strawberry.field(description=CODE + " It stays once it is saved.")
    website: str = strawberry.field(
        description="The code of its website. It stays once it is saved."
    )
    name: str = strawberry.field(description="What it is called.")
    locale: str = strawberry.field(
        description="Its language as a BCP 47 tag, such as `de-AT`."
    )
    version: int = strawberry.field(description="Rises by one with every change.")

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Show a store view."""
        definition = stored.definition
        return cls(
            code=definition.code,
            website=definition.website,
            name=definition.name,
            locale=definition.locale,
            version=stored.version,
        )


@described_by(StoreView)
@strawberry.input(description="A store view as it is to be.")
class StoreViewInput:
    """A store view as it is to be."""

    code: str = strawberry.field(
        description=CODE + " What is stored under it is replaced."
    )
    website: str = strawberry.field(description="The code of its website.")
    name: str
    locale: str


@strawberry.type(description="A store view was saved.")
class StoreViewSaved:
    """A store view was saved."""

    store_view: StoreView = strawberry.field(
        description="The store view as it is stored now."
    )

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Show what was saved."""
        return cls(store_view=StoreView.of(stored))


SaveStoreViewResult: TypeAlias = Annotated[
    StoreViewSaved | Unsaved, save_result("store view")
]
DeleteStoreViewResult: TypeAlias = Annotated[DeletedOrNot, delete_result("store view")]


@strawberry.type
class StoreViewQueries:
    """What can be read of store views."""

    @strawberry.field(
        description="Store views, in the order of their making.", extensions=[VIEWER]
    )
    async def store_views(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[StoreView]:
        """List store views."""
        paging = Paging(page_size, current_page)
        page = await store_views.page(info.context.database, search, website, paging)
        return Page.of(page, StoreView.of)

    @strawberry.field(
        description="The store view with a code; null if there is none.",
        extensions=[VIEWER],
    )
    async def store_view(self, info: Info, code: Code) -> StoreView | None:
        """Get a store view."""
        stored = await store_views.get(info.context.database, code)
        return None if stored is None else StoreView.of(stored)


@strawberry.type
class StoreViewMutations:
    """What can be done to store views."""

    @strawberry.mutation(
        description="Save a store view, new or changed.", extensions=[ADMIN]
    )
    async def save_store_view(
        self,
        info: Info,
        input: Annotated[
            StoreViewInput,
            strawberry.argument(description="The store view as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveStoreViewResult:
        """Save a store view."""
        database = info.context.database
        return StoreViewSaved.of(
            await store_views.save(database, given_by(input), expected_version)
        )

    @strawberry.mutation(
        description="Delete a store view for which nothing is written.",
        extensions=[ADMIN],
    )
    async def delete_store_view(self, info: Info, code: Code) -> DeleteStoreViewResult:
        """Delete a store view."""
        return Deleted(key=await store_views.delete(info.context.database, code))
