"""Matched customers at the admin door: who they are, how many, who came and went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

import strawberry

from gateway.resolvers import matched_customers
from gateway.resolvers.matched_customers import Freshness, Wanted
from gateway.resolvers.pages import Page, Paging
from gateway.schema.admin import moments
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.moments import Since
from gateway.schema.admin.pages import DEFAULT, CurrentPage, PageInfo, PageSize
from gateway.schema.admin.segment_refreshes import OfWhichWebsite
from gateway.storage import matches

Keys = Annotated[
    list[str], strawberry.argument(description="The keys of 1 to 20 segments.")
]
Key = Annotated[str, strawberry.argument(description="The key of a segment.")]
JoinedSince = Annotated[
    datetime | None,
    strawberry.argument(
        description="Only those who joined one of the segments at this moment or later;"
        " in UTC where it says no offset."
    ),
]


@strawberry.enum(description="How several segments are put together.")
class SegmentCombination(StrEnum):
    """How several segments are put together."""

    UNION = "union"
    INTERSECTION = "intersection"


Combine = Annotated[
    SegmentCombination,
    strawberry.argument(
        description="UNION: who is in any of the segments. INTERSECTION: who is in all."
    ),
]


@strawberry.interface(
    description="As of when customers were matched, and whether that still holds."
)
class Matched:
    """As of when customers were matched."""

    refreshed_at: datetime | None = strawberry.field(
        description="As of when they were matched, the oldest where there are several"
        " segments; null if one never was."
    )
    is_current: bool = strawberry.field(
        description="Whether the segments, and all that they ask for, are as they were"
        " then; if not, refresh them."
    )


@strawberry.type(
    description="A registered customer who is in a segment. Telephone, postcode,"
    " country and region are those of the default billing address, or else of the"
    " default shipping address, or of the first one."
)
class MatchedCustomer:
    """A customer who is in a segment."""

    customer_id: str = strawberry.field(description="The customer's id in the shop.")
    name: str = strawberry.field(description="First and last name.")
    email: str | None = strawberry.field(description="E-mail address.")
    group: str = strawberry.field(description="The customer group's name.")
    telephone: str | None = strawberry.field(description="Telephone number.")
    postcode: str | None = strawberry.field(description="Postcode.")
    country: str | None = strawberry.field(description="Country, ISO 3166 alpha-2.")
    region: str | None = strawberry.field(description="State or province.")
    customer_since: datetime | None = strawberry.field(
        description="When the account was made."
    )
    joined_at: datetime = strawberry.field(
        description="When the customer joined the first of the segments."
    )

    @classmethod
    def of(cls, found: matches.MatchedCustomer) -> Self:
        """Show a customer."""
        return cls(
            customer_id=found.customer_id,
            name=found.name,
            email=found.email,
            group=found.group,
            telephone=found.telephone,
            postcode=found.postcode,
            country=found.country,
            region=found.region,
            customer_since=found.created_at,
            joined_at=found.joined_at,
        )


@strawberry.type(description="One page of matched customers.")
class MatchedCustomers(Matched):
    """One page of matched customers."""

    items: list[MatchedCustomer] = strawberry.field(description="Who is on the page.")
    page_info: PageInfo = strawberry.field(description="Which page it is.")
    total_count: int = strawberry.field(description="How many there are on all pages.")

    @classmethod
    def of(cls, page: Page[matches.MatchedCustomer], freshness: Freshness) -> Self:
        """Show a page."""
        return cls(
            refreshed_at=freshness.refreshed_at,
            is_current=freshness.is_current,
            items=[MatchedCustomer.of(one) for one in page.items],
            page_info=PageInfo.of(page),
            total_count=page.total,
        )


@strawberry.type(description="A customer who was in a segment and no longer is.")
class FormerCustomer:
    """A customer who left a segment."""

    customer_id: str = strawberry.field(description="The customer's id in the shop.")
    name: str = strawberry.field(description="First and last name.")
    email: str | None = strawberry.field(description="E-mail address.")
    joined_at: datetime = strawberry.field(
        description="When the customer had joined it."
    )
    left_at: datetime = strawberry.field(description="When the customer left it.")

    @classmethod
    def of(cls, found: matches.FormerCustomer) -> Self:
        """Show a customer."""
        return cls(
            customer_id=found.customer_id,
            name=found.name,
            email=found.email,
            joined_at=found.joined_at,
            left_at=found.left_at,
        )


@strawberry.type(description="One page of customers who left a segment.")
class FormerCustomers:
    """One page of customers who left a segment."""

    items: list[FormerCustomer] = strawberry.field(description="Who is on the page.")
    page_info: PageInfo = strawberry.field(description="Which page it is.")
    total_count: int = strawberry.field(description="How many there are on all pages.")


@strawberry.type
class MatchedCustomerQueries:
    """What can be read of matched customers."""

    @strawberry.field(
        description="Customers who are in segments, by id, as the last refresh found"
        " them. They are personal data.",
        extensions=[EDITOR],
    )
    async def matched_customers(
        self,
        info: Info,
        website: OfWhichWebsite,
        segments: Keys,
        combine: Combine = SegmentCombination.UNION,
        joined_since: JoinedSince = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> MatchedCustomers:
        """List matched customers."""
        wanted = _wanted(website, segments, combine, joined_since)
        paging = Paging(page_size, current_page)
        found = await matched_customers.page(info.context.database, wanted, paging)
        return MatchedCustomers.of(*found)

    @strawberry.field(
        description="How many customers are in segments together, as the last refresh"
        " found them.",
        extensions=[VIEWER],
    )
    async def matched_customer_count(
        self,
        info: Info,
        website: OfWhichWebsite,
        segments: Keys,
        combine: Combine = SegmentCombination.UNION,
        joined_since: JoinedSince = None,
    ) -> int:
        """Count matched customers."""
        wanted = _wanted(website, segments, combine, joined_since)
        return await matched_customers.count(info.context.database, wanted)

    @strawberry.field(
        description="Customers who left a segment and are not in it now, the last to"
        " leave first. They are personal data.",
        extensions=[EDITOR],
    )
    async def former_customers(
        self,
        info: Info,
        website: OfWhichWebsite,
        segment: Key,
        since: Since = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> FormerCustomers:
        """List who left."""
        page = await matched_customers.former(
            info.context.database,
            website,
            segment,
            moments.since(since),
            Paging(page_size, current_page),
        )
        return FormerCustomers(
            items=[FormerCustomer.of(one) for one in page.items],
            page_info=PageInfo.of(page),
            total_count=page.total,
        )


def _wanted(
    website: str,
    keys: list[str],
    combine: SegmentCombination,
    joined_since: datetime | None,
) -> Wanted:
    in_all = combine is SegmentCombination.INTERSECTION
    return Wanted(website, tuple(keys), in_all, joined_since)
