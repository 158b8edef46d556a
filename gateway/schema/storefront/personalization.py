"""Everything that a page needs to know of its shopper, in one answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry import Private

from gateway.personalize.decide import Decision
from gateway.personalize.dynamic_blocks import BlockType, Location
from gateway.personalize.products import Product, ProductList
from gateway.personalize.related_product_rules import MOST_SHOWN
from gateway.resolvers.visits import Visit
from gateway.schema.storefront.carts import Cart
from gateway.schema.storefront.dynamic_blocks import DynamicBlock, wanted
from gateway.schema.storefront.products import (
    Limit,
    ProductInterface,
    Showcase,
    beside,
)
from gateway.schema.storefront.shoppers import (
    CustomerGroupStorefront,
    CustomerSegmentStorefront,
)


@strawberry.type(description="What this shopper sees now.")
class Personalization:
    """One decision: segments, cart price rules, blocks and related products."""

    decision: Private[Decision]
    visit: Private[Visit]
    page: Private[Product | None]
    customer_group: CustomerGroupStorefront = strawberry.field(
        description="The shopper's customer group; visitors are NOT LOGGED IN."
    )
    segments: list[CustomerSegmentStorefront] = strawberry.field(
        description="The customer segments the shopper is in."
    )
    valid_until: datetime | None = strawberry.field(
        description="The instant until which the answer holds unless something "
        "happens: a cart, a customer or a rule changes. Null: time alone changes "
        "nothing."
    )

    @classmethod
    def of(cls, visit: Visit, decision: Decision, page: Product | None) -> Self:
        """Write what was decided; *page* is the product whose page is shown."""
        ends = (decision.valid_until, visit.shopper.identified_until)
        return cls(
            decision=decision,
            visit=visit,
            page=page,
            customer_group=CustomerGroupStorefront.of(decision.context.group_id),
            segments=[
                CustomerSegmentStorefront.of(one.id) for one in decision.segments
            ],
            valid_until=min((one for one in ends if one is not None), default=None),
        )

    @strawberry.field(description="The cart, with every cart price rule applied.")
    def cart(self) -> Cart:
        """Return the cart; a shopper without one has an empty one."""
        return Cart.of(self.visit, self.decision)

    @strawberry.field(description="The dynamic blocks that the shopper may see.")
    def dynamic_blocks(
        self,
        type: Annotated[
            BlockType | None,
            strawberry.argument(description="Which blocks are asked for."),
        ] = BlockType.SPECIFIED,
        locations: Annotated[
            list[Location | None] | None,
            strawberry.argument(description="Places on the page; any if left out."),
        ] = strawberry.UNSET,
        dynamic_block_uids: Annotated[
            list[strawberry.ID | None] | None,
            strawberry.argument(description="Unique ids; any if left out."),
        ] = strawberry.UNSET,
    ) -> list[DynamicBlock] | None:
        """Return the wanted blocks, by position."""
        blocks = self.decision.dynamic_blocks(
            wanted(type, locations, dynamic_block_uids), self.page
        )
        store_view = self.visit.shopper.store_view
        return [DynamicBlock.of(block, store_view) for block in blocks]

    @strawberry.field(description="Related products for the page's product.")
    def related_products(
        self, limit: Limit = MOST_SHOWN
    ) -> list[ProductInterface] | None:
        """Return manual links first, then what rules find."""
        return self._beside(ProductList.RELATED, limit)

    @strawberry.field(description="Up-sells for the page's product.")
    def upsell_products(
        self, limit: Limit = MOST_SHOWN
    ) -> list[ProductInterface] | None:
        """Return manual links first, then what rules find."""
        return self._beside(ProductList.UPSELL, limit)

    @strawberry.field(description="Cross-sells for the page's product, or the cart.")
    def crosssell_products(
        self, limit: Limit = MOST_SHOWN
    ) -> list[ProductInterface] | None:
        """Return manual links first, then what rules find."""
        return self._beside(ProductList.CROSSSELL, limit)

    def _beside(
        self, product_list: ProductList, limit: int | None
    ) -> list[ProductInterface]:
        showcase = Showcase.of(self.visit, self.decision)
        return beside(
            self.decision, product_list, limit, page=self.page, showcase=showcase
        )
