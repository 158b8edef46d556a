"""Websites at the admin door."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.resolvers import websites
from gateway.resolvers.pages import Paging
from gateway.resolvers.websites import Website as Stored
from gateway.schema.admin.access import ADMIN, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.inputs import described_by, given_by
from gateway.schema.admin.pages import (
    DEFAULT,
    CurrentPage,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.store_views import CODE, Code, StoreView
from gateway.schema.admin.writes import (
    Deleted,
    DeletedOrNot,
    ExpectedVersion,
    Unsaved,
    delete_result,
    save_result,
)


@strawberry.type(
    description="A website: the scope of segments, rules, customers and prices."
)
class Website:
    """A website."""

    code: str = strawberry.field(description=CODE + " It stays once it is saved.")
    name: str = strawberry.field(description="What it is called.")
    timezone: str = strawberry.field(
        description="Its time zone by IANA name, such as `Europe/Berlin`: it decides"
        " when days begin."
    )
    currency: str = strawberry.field(
        description="The currency of all its amounts, by ISO 4217 code, such as `EUR`."
    )
    most_discount: Decimal | None = strawberry.field(
        description="The most that all cart price rules together take off a cart,"
        " shipping included; null is no cap."
    )
    version: int = strawberry.field(description="Rises by one with every change.")
    store_views: list[StoreView] = strawberry.field(
        description="Its store views, in the order of their making."
    )

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Show a website."""
        definition = stored.definition
        return cls(
            code=definition.code,
            name=definition.name,
            timezone=definition.timezone,
            currency=definition.currency,
            most_discount=definition.most_discount,
            version=stored.version,
            store_views=[StoreView.of(view) for view in stored.store_views],
        )


@described_by(Website)
@strawberry.input(description="A website as it is to be.")
class WebsiteInput:
    """A website as it is to be."""

    code: str = strawberry.field(
        description=CODE + " What is stored under it is replaced."
    )
    name: str
    timezone: str
    currency: str
    most_discount: Decimal | None = None


@strawberry.type(description="A website was saved.")
class WebsiteSaved:
    """A website was saved."""

    website: Website = strawberry.field(description="The website as it is stored now.")

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Show what was saved."""
        return cls(website=Website.of(stored))


SaveWebsiteResult: TypeAlias = Annotated[WebsiteSaved | Unsaved, save_result("website")]
DeleteWebsiteResult: TypeAlias = Annotated[DeletedOrNot, delete_result("website")]


@strawberry.type
class WebsiteQueries:
    """What can be read of websites."""

    @strawberry.field(
        description="Websites, in the order of their making.", extensions=[VIEWER]
    )
    async def websites(
        self,
        info: Info,
        search: Search = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[Website]:
        """List websites."""
        paging = Paging(page_size, current_page)
        page = await websites.page(info.context.database, search, paging)
        return Page.of(page, Website.of)

    @strawberry.field(
        description="The website with a code; null if there is none.",
        extensions=[VIEWER],
    )
    async def website(self, info: Info, code: Code) -> Website | None:
        """Get a website."""
        stored = await websites.get(info.context.database, code)
        return None if stored is None else Website.of(stored)


@strawberry.type
class WebsiteMutations:
    """What can be done to websites."""

    @strawberry.mutation(
        description="Save a website, new or changed.", extensions=[ADMIN]
    )
    async def save_website(
        self,
        info: Info,
        input: Annotated[
            WebsiteInput, strawberry.argument(description="The website as it is to be.")
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveWebsiteResult:
        """Save a website."""
        database = info.context.database
        return WebsiteSaved.of(
            await websites.save(database, given_by(input), expected_version)
        )

    @strawberry.mutation(
        description="Delete a website that nothing belongs to.", extensions=[ADMIN]
    )
    async def delete_website(self, info: Info, code: Code) -> DeleteWebsiteResult:
        """Delete a website."""
        return Deleted(key=await websites.delete(info.context.database, code))
