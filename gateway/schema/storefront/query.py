"""What storefronts ask, in the dialect they speak, and one query of our own."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gateway.personalize import carts, product_search
from gateway.personalize.dynamic_blocks import BlockType
from gateway.schema.errors import StorefrontError
from gateway.schema.storefront.carts import Cart
from gateway.schema.storefront.context import Info
from gateway.schema.storefront.dynamic_blocks import (
    DynamicBlock,
    DynamicBlocks,
    DynamicBlocksFilterInput,
)
from gateway.schema.storefront.inputs import CartInput, Given
from gateway.schema.storefront.paging import (
    CurrentPage,
    Page,
    PageSize,
    SearchResultPageInfo,
)
from gateway.schema.storefront.personalization import Personalization
from gateway.schema.storefront.products import Showcase, product_of
from gateway.schema.storefront.search import (
    ProductAttributeFilterInput,
    ProductAttributeSortInput,
    Products,
    to_search,
)
from gateway.schema.storefront.shoppers import (
    CustomerGroupStorefront,
    CustomerSegmentStorefront,
)
from gateway.schema.storefront.store_config import StoreConfig


@strawberry.type(description="What a storefront reads.")
class Query:
    """What a storefront reads; every field answers about the request's shopper."""

    @strawberry.field(
        description="Everything a page needs to know of its shopper, in one answer."
    )
    async def personalization(
        self,
        info: Info,
        cart: Annotated[
            Given | None,
            strawberry.argument(
                description="A cart that is not kept.", graphql_type=CartInput | None
            ),
        ] = strawberry.UNSET,
        cart_id: Annotated[
            str | None,
            strawberry.argument(description="The masked id of a cart that is kept."),
        ] = strawberry.UNSET,
        product_sku: Annotated[
            str | None,
            strawberry.argument(description="The product whose page is shown."),
        ] = strawberry.UNSET,
    ) -> Personalization | None:
        """Decide about the shopper, with a cart and on a product's page."""
        visit = info.context.visit
        sent = None
        if cart:
            if cart_id:
                raise StorefrontError("Send either 'cart' or 'cart_id', not both.")
            server = visit.shopper.is_server
            sent = carts.read(cart, from_server=server)
        decision = await visit.decision(cart_id=cart_id or None, cart=sent)
        catalogue = decision.context.catalogue
        page = catalogue.find(product_sku) if product_sku else None
        return Personalization.of(visit, decision, page)

    @strawberry.field(
        name="customerGroup", description="The customer group of the shopper."
    )
    async def customer_group(self, info: Info) -> CustomerGroupStorefront:
        """Return the group; visitors are NOT LOGGED IN."""
        context = await info.context.visit.context()
        return CustomerGroupStorefront.of(context.group_id)

    @strawberry.field(
        name="customerSegments", description="The segments the shopper is in."
    )
    async def customer_segments(
        self,
        info: Info,
        cart_id: Annotated[
            str,
            strawberry.argument(
                name="cartId", description="The masked id of the shopper's cart."
            ),
        ],
    ) -> list[CustomerSegmentStorefront] | None:
        """Return the segments, decided with the cart."""
        _require("cartId", cart_id)
        decision = await info.context.visit.decision(cart_id=cart_id)
        return [CustomerSegmentStorefront.of(one.id) for one in decision.segments]

    @strawberry.field(
        name="dynamicBlocks", description="The dynamic blocks the shopper may see."
    )
    async def dynamic_blocks(
        self,
        info: Info,
        input: Annotated[
            DynamicBlocksFilterInput | None,
            strawberry.argument(description="Which blocks; any if left out."),
        ] = strawberry.UNSET,
        page_size: PageSize = 20,
        current_page: CurrentPage = 1,
    ) -> DynamicBlocks:
        """Return one page of blocks; one that must not be seen is just not there."""
        page = Page.of(page_size, current_page)
        visit = info.context.visit
        asked = input or DynamicBlocksFilterInput(type=BlockType.SPECIFIED)
        wanted = asked.to_wanted()
        decision = await visit.decision(cart_id=asked.cart_id or None)
        page_of = asked.page(decision.context.catalogue)
        blocks = decision.dynamic_blocks(wanted, page_of)
        return DynamicBlocks(
            items=[
                DynamicBlock.of(block, visit.shopper.store_view)
                for block in page.cut(blocks)
            ],
            page_info=SearchResultPageInfo.of(page, len(blocks)),
            total_count=len(blocks),
        )

    @strawberry.field(description="A cart, with every cart price rule applied.")
    async def cart(
        self,
        info: Info,
        cart_id: Annotated[
            str,
            strawberry.argument(description="The masked id of the shopper's cart."),
        ],
    ) -> Cart | None:
        """Return the cart; another customer's is refused."""
        _require("cart_id", cart_id)
        visit = info.context.visit
        return Cart.of(visit, await visit.decision(cart_id=cart_id))

    @strawberry.field(description="Products, with the lists beside them.")
    async def products(
        self,
        info: Info,
        search: Annotated[
            str | None, strawberry.argument(description="Words in name or SKU.")
        ] = strawberry.UNSET,
        filter: Annotated[
            ProductAttributeFilterInput | None,
            strawberry.argument(description="What they have in common."),
        ] = strawberry.UNSET,
        page_size: PageSize = 20,
        current_page: CurrentPage = 1,
        sort: Annotated[
            ProductAttributeSortInput | None,
            strawberry.argument(description="Their order; by id if left out."),
        ] = strawberry.UNSET,
    ) -> Products | None:
        """Return one page of the products that are found."""
        page = Page.of(page_size, current_page)
        visit = info.context.visit
        showcase = await Showcase.to(visit)
        found = product_search.search(
            to_search(search, filter, sort), showcase.context.prices
        )
        return Products(
            items=[product_of(one, showcase) for one in page.cut(found)],
            page_info=SearchResultPageInfo.of(page, len(found)),
            total_count=len(found),
        )

    @strawberry.field(name="storeConfig", description="The request's store view.")
    async def store_config(self, info: Info) -> StoreConfig | None:
        """Describe the store view that the Store header names, or the first one."""
        visit = info.context.visit
        return StoreConfig.of(await visit.rulebook(), visit.shopper.store_view)


def _require(argument: str, given: str) -> None:
    if not given:
        raise StorefrontError(f'Required parameter "{argument}" is missing')
