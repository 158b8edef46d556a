"""Dynamic blocks at the admin door."""

from __future__ import annotations

from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.dynamic_blocks import DynamicBlockDefinition, Location
from gateway.personalize.targets import ShownTo, Target
from gateway.resolvers import dynamic_blocks
from gateway.resolvers.definitions import Saved
from gateway.resolvers.pages import Paging
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import (
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
from gateway.schema.admin.scalars import TextsByStoreView
from gateway.storage.definitions import Wanted

LOCATIONS = "Where on a page it may be placed; anywhere if empty."
SHOWN_TO = "Whether it is for everyone, or for the shoppers of its segments."
SEGMENTS = "Keys of segments; being in any one of them is enough."
CART_PRICE_RULES = (
    "Keys of cart price rules; if there are any, it shows only while one of them"
    " applies to the cart."
)
CATALOGUE_PRICE_RULES = (
    "Keys of catalogue price rules; if there are any, it shows only while one of them,"
    " or of the cart price rules, applies: to the product of the page."
)
POSITION = "Its place among the blocks shown together; the lowest is first."
CONTENT = (
    "HTML. It is cleaned when it is saved: programs, forms, frames and style sheets are"
    " removed. Of template directives, `{{media url=...}}` and `{{store url=...}}` may"
    " stand in it."
)
CONTENT_BY_STORE_VIEW = "HTML for single store views, in place of the content."


@strawberry.type(description="A dynamic block: content for the shoppers it is for.")
class DynamicBlock(Definition):
    """A dynamic block."""

    locations: list[Location] = strawberry.field(description=LOCATIONS)
    shown_to: ShownTo = strawberry.field(description=SHOWN_TO)
    segments: list[str] = strawberry.field(description=SEGMENTS)
    cart_price_rules: list[str] = strawberry.field(description=CART_PRICE_RULES)
    catalogue_price_rules: list[str] = strawberry.field(
        description=CATALOGUE_PRICE_RULES
    )
    position: int = strawberry.field(description=POSITION)
    content: str = strawberry.field(description=CONTENT)
    content_by_store_view: TextsByStoreView = strawberry.field(
        description=CONTENT_BY_STORE_VIEW
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


@strawberry.input(description="A dynamic block as it is to be.")
class DynamicBlockInput(DefinitionInput):
    """A dynamic block as it is to be."""

    locations: list[Location] = strawberry.field(
        default_factory=list, description=LOCATIONS
    )
    shown_to: ShownTo = strawberry.field(default=Target.shown_to, description=SHOWN_TO)
    segments: list[str] = strawberry.field(default_factory=list, description=SEGMENTS)
    cart_price_rules: list[str] = strawberry.field(
        default_factory=list, description=CART_PRICE_RULES
    )
    catalogue_price_rules: list[str] = strawberry.field(
        default_factory=list, description=CATALOGUE_PRICE_RULES
    )
    position: int = strawberry.field(
        default=DynamicBlockDefinition.position, description=POSITION
    )
    content: str = strawberry.field(
        default=DynamicBlockDefinition.content, description=CONTENT
    )
    content_by_store_view: TextsByStoreView | None = strawberry.field(
        default=None, description=CONTENT_BY_STORE_VIEW
    )


@strawberry.type(description="A dynamic block was saved.")
class DynamicBlockSaved:
    """A dynamic block was saved."""

    dynamic_block: DynamicBlock = strawberry.field(
        description="The dynamic block as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed."
    )

    @classmethod
    def of(cls, saved: Saved[DynamicBlockDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(dynamic_block=DynamicBlock.of(saved), warnings=warnings)


SaveDynamicBlockResult: TypeAlias = Annotated[
    DynamicBlockSaved | InvalidInput | Conflict | NotFound,
    strawberry.union(
        "SaveDynamicBlockResult",
        description="The saved dynamic block, or why it was refused.",
    ),
]
DeleteDynamicBlockResult: TypeAlias = Annotated[
    Deleted | Conflict | NotFound,
    strawberry.union(
        "DeleteDynamicBlockResult",
        description="What was deleted, or why it was refused.",
    ),
]


@strawberry.type
class DynamicBlockQueries:
    """What can be read of dynamic blocks."""

    @strawberry.field(
        description="Dynamic blocks, in the order of their making.", extensions=[VIEWER]
    )
    async def dynamic_blocks(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        active: Active = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[DynamicBlock]:
        """List dynamic blocks."""
        wanted = Wanted(search, website, active)
        paging = Paging(page_size, current_page)
        database, limits = info.context.database, info.context.limits
        page = await dynamic_blocks.page(database, wanted, paging, limits)
        return Page.of(page, DynamicBlock.of)

    @strawberry.field(
        description="The dynamic block with a key; null if there is none.",
        extensions=[VIEWER],
    )
    async def dynamic_block(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> DynamicBlock | None:
        """Get a dynamic block."""
        context = info.context
        saved = await dynamic_blocks.get(context.database, key, context.limits)
        return None if saved is None else DynamicBlock.of(saved)


@strawberry.type
class DynamicBlockMutations:
    """What can be done to dynamic blocks."""

    @strawberry.mutation(
        description="Save a dynamic block, new or changed."
        " Storefronts see it in the very next answer.",
        extensions=[EDITOR],
    )
    async def save_dynamic_block(
        self,
        info: Info,
        input: Annotated[
            DynamicBlockInput,
            strawberry.argument(description="The dynamic block as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveDynamicBlockResult:
        """Save a dynamic block."""
        context, given = info.context, given_by(input)
        return DynamicBlockSaved.of(
            await dynamic_blocks.save(
                context.database, given, expected_version, context.limits
            )
        )

    @strawberry.mutation(
        description="Delete a dynamic block.",
        extensions=[EDITOR],
    )
    async def delete_dynamic_block(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> DeleteDynamicBlockResult:
        """Delete a dynamic block."""
        return Deleted(key=await dynamic_blocks.delete(info.context.database, key))
