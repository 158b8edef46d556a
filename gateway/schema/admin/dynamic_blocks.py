"""Dynamic blocks at the admin door."""

from __future__ import annotations

from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.dynamic_blocks import DynamicBlockDefinition, Location
from gateway.personalize.targets import ShownTo, Target
from gateway.resolvers import dynamic_blocks
from gateway.resolvers.definitions import Saved
from gateway.schema.admin.definitions import Definition, DefinitionInput, shown
from gateway.schema.admin.inputs import described_by
from gateway.schema.admin.pages import Page
from gateway.schema.admin.problems import Problem
from gateway.schema.admin.root_fields import RootFields
from gateway.schema.admin.scalars import TextsByStoreView
from gateway.schema.admin.writes import (
    DeletedOrNot,
    Unsaved,
    delete_result,
    save_result,
)


@strawberry.type(description="A dynamic block: content for the shoppers it is for.")
class DynamicBlock(Definition):
    """A dynamic block."""

    locations: list[Location] = strawberry.field(
        description="Where on a page it may be placed; anywhere if empty."
    )
    shown_to: ShownTo = strawberry.field(
        description="Whether it is for everyone, or for the shoppers of its segments."
    )
    segments: list[str] = strawberry.field(
        description="Keys of segments; being in any one of them is enough."
    )
    cart_price_rules: list[str] = strawberry.field(
        description="Keys of cart price rules; if there are any, it shows only while"
        " one of them applies to the cart."
    )
    catalogue_price_rules: list[str] = strawberry.field(
        description="Keys of catalogue price rules; if there are any, it shows only"
        " while one of them, or of the cart price rules, applies: to the product of the"
        " page."
    )
    position: int = strawberry.field(
        description="Its place among the blocks shown together; the lowest is first."
    )
    content: str = strawberry.field(
        description="HTML. It is cleaned when it is saved: programs, forms, frames and"
        " style sheets are removed. Of template directives, `{{media url=...}}` and"
        " `{{store url=...}}` may stand in it."
    )
    content_by_store_view: TextsByStoreView = strawberry.field(
        description="HTML for single store views, in place of the content."
    )

    @classmethod
    def of(cls, saved: Saved[DynamicBlockDefinition]) -> Self:
        """Show a dynamic block."""
        definition = saved.definition
        return cls(
            **shown(saved),
            locations=[*definition.locations],
            shown_to=definition.target.shown_to,
            segments=[*definition.target.segments],
            cart_price_rules=[*definition.cart_price_rules],
            catalogue_price_rules=[*definition.catalogue_price_rules],
            position=definition.position,
            content=definition.content,
            content_by_store_view=TextsByStoreView(definition.content_by_store_view),
        )


@described_by(DynamicBlock)
@strawberry.input(description="A dynamic block as it is to be.")
class DynamicBlockInput(DefinitionInput):
    """A dynamic block as it is to be."""

    locations: list[Location] = strawberry.field(default_factory=list)
    shown_to: ShownTo = Target.shown_to
    segments: list[str] = strawberry.field(default_factory=list)
    cart_price_rules: list[str] = strawberry.field(default_factory=list)
    catalogue_price_rules: list[str] = strawberry.field(default_factory=list)
    position: int = DynamicBlockDefinition.position
    content: str = DynamicBlockDefinition.content
    content_by_store_view: TextsByStoreView | None = None


@strawberry.type(description="A dynamic block was saved.")
class DynamicBlockSaved:
    """A dynamic block was saved."""

    dynamic_block: DynamicBlock = strawberry.field(
        description="The dynamic block as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed, and why a rule book leaves it out."
    )

    @classmethod
    def of(cls, saved: Saved[DynamicBlockDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(dynamic_block=DynamicBlock.of(saved), warnings=warnings)


SaveDynamicBlockResult: TypeAlias = Annotated[
    DynamicBlockSaved | Unsaved, save_result("dynamic block")
]
DeleteDynamicBlockResult: TypeAlias = Annotated[
    DeletedOrNot, delete_result("dynamic block")
]


_fields = RootFields(dynamic_blocks.STORED, DynamicBlock.of)


@strawberry.type
class DynamicBlockQueries:
    """What can be read of dynamic blocks."""

    dynamic_blocks: Page[DynamicBlock] = _fields.page()
    dynamic_block: DynamicBlock | None = _fields.one()


@strawberry.type
class DynamicBlockMutations:
    """What can be done to dynamic blocks."""

    save_dynamic_block: SaveDynamicBlockResult = _fields.save(
        DynamicBlockInput, DynamicBlockSaved.of
    )
    delete_dynamic_block: DeleteDynamicBlockResult = _fields.delete()
