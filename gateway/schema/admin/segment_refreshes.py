"""Refreshes of matched customers at the admin door: started, and how far they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.resolvers import refresher
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.problems import Conflict, NotFound
from gateway.storage.segment_refreshes import Refresh

OfWhichWebsite = Annotated[
    str, strawberry.argument(description="The code of the website.")
]
KeysOrAll = Annotated[
    list[str] | None,
    strawberry.argument(description="The keys of segments; all if left out."),
]


@strawberry.enum(
    description="RUNNING: it is under way. FINISHED: it is done. FAILED: it failed or"
    " was killed; the next refresh goes on there."
)
class SegmentRefreshState(StrEnum):
    """Whether a refresh is running."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"

    @classmethod
    def of(cls, found: Refresh, *, is_running: bool) -> Self:
        """Return that of a refresh."""
        if is_running:
            return cls.RUNNING
        return cls.FAILED if found.finished_at is None else cls.FINISHED


@strawberry.type(description="A refresh of matched customers, and how far it is.")
class SegmentRefresh:
    """A refresh, and how far it is."""

    state: SegmentRefreshState = strawberry.field(description="Whether it is running.")
    failure: str | None = strawberry.field(
        description="Why it failed, if it could say so."
    )
    keys: list[str] | None = strawberry.field(
        description="The segments it is for; null for all."
    )
    started_at: datetime = strawberry.field(
        description="When it was begun: customers are matched as of this moment."
    )
    finished_at: datetime | None = strawberry.field(
        description="When it was finished; null if it was not."
    )
    seen_at: datetime | None = strawberry.field(
        description="When it last came any further."
    )
    customers: int = strawberry.field(description="How many customers there were.")
    decided: int = strawberry.field(description="How many of them are decided.")
    joined: int = strawberry.field(description="How many joined a segment.")
    left: int = strawberry.field(description="How many left a segment.")

    @classmethod
    def of(cls, found: Refresh, *, is_running: bool) -> Self:
        """Show a refresh."""
        return cls(
            state=SegmentRefreshState.of(found, is_running=is_running),
            failure=found.failure,
            keys=None if found.keys is None else list(found.keys),
            started_at=found.started_at,
            finished_at=found.finished_at,
            seen_at=found.seen_at,
            customers=found.customers,
            decided=found.decided,
            joined=found.joined,
            left=found.departed,
        )


@strawberry.type(description="A refresh was started.")
class SegmentRefreshStarted:
    """A refresh was started."""

    website: str = strawberry.field(
        description="The website; `segmentRefresh` tells how far it is."
    )


RefreshSegmentsResult: TypeAlias = Annotated[
    SegmentRefreshStarted | Conflict | NotFound,
    strawberry.union(
        "RefreshSegmentsResult", description="What was started, or why it was refused."
    ),
]


@strawberry.type
class SegmentRefreshQueries:
    """What can be read of refreshes."""

    @strawberry.field(
        description="The last refresh of a website; null if there was none.",
        extensions=[VIEWER],
    )
    async def segment_refresh(
        self, info: Info, website: OfWhichWebsite
    ) -> SegmentRefresh | None:
        """Tell how far a refresh is."""
        found = await refresher.last(info.context.database, website)
        if found is None:
            return None
        last, is_running = found
        return SegmentRefresh.of(last, is_running=is_running)


@strawberry.type
class SegmentRefreshMutations:
    """What can be done about matched customers."""

    @strawberry.mutation(
        description="Start to find out anew which customers are in segments, in a"
        " process of its own.",
        extensions=[EDITOR],
    )
    async def refresh_segments(
        self, info: Info, website: OfWhichWebsite, keys: KeysOrAll = None
    ) -> RefreshSegmentsResult:
        """Start a refresh."""
        context = info.context
        await context.refresher.start(context.database, website, keys or None)
        return SegmentRefreshStarted(website=website)
