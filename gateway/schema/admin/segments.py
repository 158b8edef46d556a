"""Segments at the admin door."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.segments import MOST_MEMBERS, AppliesTo, SegmentDefinition
from gateway.resolvers import segments
from gateway.resolvers.definitions import Saved
from gateway.schema.admin.access import EDITOR
from gateway.schema.admin.definitions import (
    FROM,
    TO,
    Definition,
    DefinitionInput,
    shown,
)
from gateway.schema.admin.inputs import described_by
from gateway.schema.admin.pages import Page
from gateway.schema.admin.problems import Problem
from gateway.schema.admin.root_fields import RootFields
from gateway.schema.admin.scalars import ConditionTree, CustomerIdsByWebsite, tree
from gateway.schema.admin.writes import (
    DeletedOrNot,
    Unsaved,
    delete_result,
    save_result,
)


@strawberry.type(description="A customer segment: a named condition on shoppers.")
class Segment(Definition):
    """A customer segment."""

    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    applies_to: AppliesTo = strawberry.field(
        description="Whom it considers; it stays once it is saved. What considers"
        " visitors can only look at the cart, its products, the session, products"
        " viewed and other segments."
    )
    conditions: ConditionTree | None = strawberry.field(
        description="What must hold of a shopper; null holds of everyone."
    )
    include: CustomerIdsByWebsite = strawberry.field(
        description="Customers who are in it whatever its conditions say; with the"
        f" excluded ones at most {MOST_MEMBERS:,}. Not for segments of visitors. To"
        " read them needs the role `editor`.",
        extensions=[EDITOR],
    )
    exclude: CustomerIdsByWebsite = strawberry.field(
        description="Customers who are not in it, whatever else is said. To read them"
        " needs the role `editor`.",
        extensions=[EDITOR],
    )
    keeps_after_login: bool = strawberry.field(
        description="Whether a visitor who is in it stays in it for the session, a day"
        " at most, when they log in. Only for segments of visitors, which otherwise end"
        " there."
    )

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


@described_by(Segment)
@strawberry.input(description="A customer segment as it is to be.")
class SegmentInput(DefinitionInput):
    """A customer segment as it is to be."""

    from_day: date | None = strawberry.field(name="from", default=None)
    to_day: date | None = strawberry.field(name="to", default=None)
    applies_to: AppliesTo = SegmentDefinition.applies_to
    conditions: ConditionTree | None = None
    include: CustomerIdsByWebsite | None = None
    exclude: CustomerIdsByWebsite | None = None
    keeps_after_login: bool = SegmentDefinition.keeps_after_login


@strawberry.type(description="A segment was saved.")
class SegmentSaved:
    """A segment was saved."""

    segment: Segment = strawberry.field(description="The segment as it is stored now.")
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed, and why a rule book leaves it out."
    )

    @classmethod
    def of(cls, saved: Saved[SegmentDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(segment=Segment.of(saved), warnings=warnings)


SaveSegmentResult: TypeAlias = Annotated[SegmentSaved | Unsaved, save_result("segment")]
DeleteSegmentResult: TypeAlias = Annotated[DeletedOrNot, delete_result("segment")]


_fields = RootFields(segments.STORED, Segment.of)


@strawberry.type
class SegmentQueries:
    """What can be read of segments."""

    segments: Page[Segment] = _fields.page()
    segment: Segment | None = _fields.one()


@strawberry.type
class SegmentMutations:
    """What can be done to segments."""

    save_segment: SaveSegmentResult = _fields.save(SegmentInput, SegmentSaved.of)
    delete_segment: DeleteSegmentResult = _fields.delete(used=True)
