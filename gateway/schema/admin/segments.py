"""Segments at the admin door."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.segments import MOST_MEMBERS, AppliesTo, SegmentDefinition
from gateway.resolvers import segments
from gateway.resolvers.definitions import Saved
from gateway.resolvers.pages import Paging
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import (
    FROM,
    TO,
    Definition,
    DefinitionInput,
    given_by,
    shown,
)
from gateway.schema.admin.pages import (
    DEFAULT,
    Active,
    CurrentPage,
    Deleted,
    ExpectedVersion,
    OfWebsite,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.problems import Conflict, InvalidInput, NotFound, Problem
from gateway.schema.admin.scalars import ConditionTree, CustomerIdsByWebsite, tree
from gateway.storage.definitions import Wanted

APPLIES_TO = (
    "Whom it considers; it stays once it is saved. What considers visitors can only"
    " look at the cart, its products, the session, products viewed and other"
    " segments."
)
INCLUDE = (
    "Customers who are in it whatever its conditions say; with the excluded ones at"
    f" most {MOST_MEMBERS:,}. Not for segments of visitors."
)
EXCLUDE = "Customers who are not in it, whatever else is said."
KEEPS_AFTER_LOGIN = (
    "Whether a visitor who is in it stays in it for the session, a day at most, when"
    " they log in. Only for segments of visitors, which otherwise end there."
)
CONDITIONS = "What must hold of a shopper; null holds of everyone."


@strawberry.type(description="A customer segment: a named condition on shoppers.")
class Segment(Definition):
    """A customer segment."""

    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    applies_to: AppliesTo = strawberry.field(description=APPLIES_TO)
    conditions: ConditionTree | None = strawberry.field(description=CONDITIONS)
    include: CustomerIdsByWebsite = strawberry.field(description=INCLUDE)
    exclude: CustomerIdsByWebsite = strawberry.field(description=EXCLUDE)
    keeps_after_login: bool = strawberry.field(description=KEEPS_AFTER_LOGIN)

    @classmethod
    def of(cls, saved: Saved[SegmentDefinition]) -> Self:
        """Show a segment."""
        definition = saved.definition
        return cls(
            **shown(saved),
            from_day=definition.from_day,
            to_day=definition.to_day,
            applies_to=definition.applies_to,
            conditions=tree(definition.conditions),
            include=CustomerIdsByWebsite(definition.include),
            exclude=CustomerIdsByWebsite(definition.exclude),
            keeps_after_login=definition.keeps_after_login,
        )


@strawberry.input(description="A customer segment as it is to be.")
class SegmentInput(DefinitionInput):
    """A customer segment as it is to be."""

    from_day: date | None = strawberry.field(
        name="from", default=None, description=FROM
    )
    to_day: date | None = strawberry.field(name="to", default=None, description=TO)
    applies_to: AppliesTo = strawberry.field(
        default=SegmentDefinition.applies_to, description=APPLIES_TO
    )
    conditions: ConditionTree | None = strawberry.field(
        default=None, description=CONDITIONS
    )
    include: CustomerIdsByWebsite | None = strawberry.field(
        default=None, description=INCLUDE
    )
    exclude: CustomerIdsByWebsite | None = strawberry.field(
        default=None, description=EXCLUDE
    )
    keeps_after_login: bool = strawberry.field(
        default=SegmentDefinition.keeps_after_login, description=KEEPS_AFTER_LOGIN
    )


@strawberry.type(description="A segment was saved.")
class SegmentSaved:
    """A segment was saved."""

    segment: Segment = strawberry.field(description="The segment as it is stored now.")
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed."
    )

    @classmethod
    def of(cls, saved: Saved[SegmentDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(segment=Segment.of(saved), warnings=warnings)


SaveSegmentResult: TypeAlias = Annotated[
    SegmentSaved | InvalidInput | Conflict | NotFound,
    strawberry.union(
        "SaveSegmentResult", description="The saved segment, or why it was refused."
    ),
]
DeleteSegmentResult: TypeAlias = Annotated[
    Deleted | Conflict | NotFound,
    strawberry.union(
        "DeleteSegmentResult", description="What was deleted, or why it was refused."
    ),
]


@strawberry.type
class SegmentQueries:
    """What can be read of segments."""

    @strawberry.field(
        description="Segments, in the order of their making.", extensions=[VIEWER]
    )
    async def segments(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        active: Active = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[Segment]:
        """List segments."""
        wanted = Wanted(search, website, active)
        paging = Paging(page_size, current_page)
        database, limits = info.context.database, info.context.limits
        page = await segments.page(database, wanted, paging, limits)
        return Page.of(page, Segment.of)

    @strawberry.field(
        description="The segment with a key; null if there is none.",
        extensions=[VIEWER],
    )
    async def segment(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> Segment | None:
        """Get a segment."""
        context = info.context
        saved = await segments.get(context.database, key, context.limits)
        return None if saved is None else Segment.of(saved)


@strawberry.type
class SegmentMutations:
    """What can be done to segments."""

    @strawberry.mutation(
        description="Save a segment, new or changed."
        " Storefronts see it in the very next answer.",
        extensions=[EDITOR],
    )
    async def save_segment(
        self,
        info: Info,
        input: Annotated[
            SegmentInput, strawberry.argument(description="The segment as it is to be.")
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveSegmentResult:
        """Save a segment."""
        context, given = info.context, given_by(input)
        return SegmentSaved.of(
            await segments.save(
                context.database, given, expected_version, context.limits
            )
        )

    @strawberry.mutation(
        description="Delete a segment that nothing refers to.", extensions=[EDITOR]
    )
    async def delete_segment(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> DeleteSegmentResult:
        """Delete a segment."""
        return Deleted(key=await segments.delete(info.context.database, key))
