"""Dynamic blocks as the storefront dialect asks for them and gets them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import strawberry

from gateway.personalize import dynamic_blocks
from gateway.personalize.dynamic_blocks import BlockType, Location, Wanted
from gateway.personalize.products import Catalogue, Product
from gateway.schema import uids
from gateway.schema.storefront.optional import optional
from gateway.schema.storefront.paging import SearchResultPageInfo

# The domain's own enums; only their published names are the dialect's.
strawberry.enum(
    BlockType,
    name="DynamicBlockTypeEnum",
    description="Which dynamic blocks are asked for.",
)
strawberry.enum(
    Location,
    name="DynamicBlockLocationEnum",
    description="Where on a page a dynamic block is placed.",
)


@strawberry.input(description="Which dynamic blocks to return.")
class DynamicBlocksFilterInput:
    """Which blocks are asked for; what is left out asks for any."""

    type: BlockType = strawberry.field(
        description="Specified ones, or those tied to a rule that applies."
    )
    locations: list[Location | None] | None = optional(
        "Places on the page; any when left out."
    )
    dynamic_block_uids: list[strawberry.ID | None] | None = optional(
        "The blocks' unique ids; any when left out."
    )
    cart_id: str | None = optional("The masked id of the shopper's cart.")
    product_uid: strawberry.ID | None = optional("The product whose page is shown.")

    def page(self, catalogue: Catalogue) -> Product | None:
        """Return the product whose page is shown, if *catalogue* has it.

        Raises:
            StorefrontError: the uid is none.
        """
        if not self.product_uid:
            return None
        return catalogue.by_id.get(uids.decode(self.product_uid))

    def to_wanted(self) -> Wanted:
        """Return what is asked for.

        Raises:
            StorefrontError: a uid is none.
        """
        return wanted(self.type, self.locations, self.dynamic_block_uids)


def wanted(
    type: BlockType | None,
    locations: Iterable[Location | None] | None,
    dynamic_block_uids: Iterable[strawberry.ID | None] | None,
) -> Wanted:
    """Return which blocks are asked for.

    Raises:
        StorefrontError: a uid is none.
    """
    return Wanted(
        type=type or BlockType.SPECIFIED,
        locations=frozenset(one for one in locations or () if one is not None),
        ids=frozenset(
            uids.decode(uid) for uid in dynamic_block_uids or () if uid is not None
        ),
    )


@strawberry.type(description="HTML as it is to be shown.")
class ComplexTextValue:
    """HTML which was cleaned when it was saved."""

    html: str = strawberry.field(description="The HTML.")


@strawberry.type(description="Content that this shopper may see.")
class DynamicBlock:
    """One dynamic block."""

    uid: strawberry.ID = strawberry.field(description="The block's unique id.")
    content: ComplexTextValue = strawberry.field(
        description="The content for the request's store view."
    )

    @classmethod
    def of(cls, block: dynamic_blocks.DynamicBlock, store_view: str) -> Self:
        """Write *block* in the language of *store_view*."""
        content = ComplexTextValue(html=block.content_in(store_view))
        return cls(uid=uids.encode(block.id), content=content)


@strawberry.type(description="One page of dynamic blocks.")
class DynamicBlocks:
    """One page of the blocks that this shopper may see."""

    items: list[DynamicBlock] = strawberry.field(description="The blocks.")
    page_info: SearchResultPageInfo = strawberry.field(description="Which page.")
    total_count: int = strawberry.field(description="The blocks on all pages.")
