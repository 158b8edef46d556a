"""How many customers segments have, and have in common, at the admin door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Self

import strawberry
from strawberry import Private

from gateway.resolvers import matched_customers
from gateway.resolvers.matched_customers import Counts, Freshness
from gateway.schema.admin.access import VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.matched_customers import Key, Matched
from gateway.schema.admin.moments import Since
from gateway.schema.admin.segment_refreshes import KeysOrAll, OfWhichWebsite
from gateway.storage import matches


@strawberry.type(description="How many customers a segment has on a website.")
class SegmentCount(Matched):
    """How many customers a segment has."""

    key: str = strawberry.field(description="The segment's key.")
    customers: int = strawberry.field(description="How many customers are in it.")
    joined: int = strawberry.field(
        description="How many of them joined since the moment asked for."
    )
    departed: Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many others left since the moment asked for.")
    async def left(self) -> int:
        """Count who went."""
        return await self.departed()

    @classmethod
    def of(cls, found: Counts) -> Self:
        """Show the counts of a segment."""
        return cls(
            key=found.state.key,
            refreshed_at=found.state.refreshed_at,
            is_current=found.state.is_current,
            customers=found.size.customers,
            joined=found.size.joined,
            departed=found.departed,
        )


@strawberry.type(description="How many customers two segments have in common.")
class SegmentOverlap(Matched):
    """How many customers two segments have in common."""

    first: int = strawberry.field(description="How many are in the first.")
    second: int = strawberry.field(description="How many are in the second.")
    both: int = strawberry.field(description="How many are in both.")
    either: int = strawberry.field(description="How many are in one of them or both.")

    @classmethod
    def of(cls, found: matches.Overlap, freshness: Freshness) -> Self:
        """Show an overlap."""
        return cls(
            refreshed_at=freshness.refreshed_at,
            is_current=freshness.is_current,
            first=found.first,
            second=found.second,
            both=found.both,
            either=found.first + found.second - found.both,
        )


@strawberry.type
class SegmentCountQueries:
    """What can be counted of segments."""

    @strawberry.field(
        description="How many customers each segment has, by the last refresh.",
        extensions=[VIEWER],
    )
    async def segment_counts(
        self,
        info: Info,
        website: OfWhichWebsite,
        segments: KeysOrAll = None,
        since: Since = None,
    ) -> list[SegmentCount]:
        """Count the customers of each segment."""
        found = await matched_customers.counts(
            info.context.database, website, segments, since
        )
        return [SegmentCount.of(one) for one in found]

    @strawberry.field(
        description="How many customers two segments have in common, by the last"
        " refresh.",
        extensions=[VIEWER],
    )
    async def segment_overlap(
        self, info: Info, website: OfWhichWebsite, first: Key, second: Key
    ) -> SegmentOverlap:
        """Count the customers of two segments."""
        found = await matched_customers.overlap(
            info.context.database, website, first, second
        )
        return SegmentOverlap.of(*found)
