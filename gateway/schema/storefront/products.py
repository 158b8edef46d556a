"""Products as the storefront dialect shows them, with the lists beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

import strawberry
from strawberry import Private

from gateway.personalize import money
from gateway.personalize.context import ZERO, Context
from gateway.personalize.decide import Decision
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.products import Product, ProductList
from gateway.personalize.related_product_rules import MOST_SHOWN
from gateway.resolvers.visits import Visit
from gateway.schema import uids
from gateway.schema.storefront.money import Money

# Nullable, as every argument with a default is at this door.
Limit = Annotated[
    int | None,
    strawberry.argument(description="The most products to return, 1 to 20."),
]


@strawberry.enum(description="Whether a product can be bought.")
class ProductStockStatus(StrEnum):
    """Whether a product is saleable."""

    IN_STOCK = "IN_STOCK"
    OUT_OF_STOCK = "OUT_OF_STOCK"


@strawberry.type(description="How far the final price is below the regular one.")
class ProductDiscount:
    """What a shopper saves on one unit."""

    amount_off: float | None = strawberry.field(description="In the currency.")
    percent_off: float | None = strawberry.field(description="In percent.")


@strawberry.type(description="The price of one unit.")
class ProductPrice:
    """What one unit costs regularly and now."""

    regular_price: Money = strawberry.field(
        description="Before special, tier and group prices and rules."
    )
    final_price: Money = strawberry.field(description="What this shopper is asked now.")
    discount: ProductDiscount | None = strawberry.field(description="The difference.")


@strawberry.type(description="What a unit costs this shopper, who buys several.")
class TierPrice:
    """The price of one unit from a quantity on."""

    discount: ProductDiscount | None = strawberry.field(
        description="How far it is below the regular price."
    )
    final_price: Money | None = strawberry.field(description="What a unit then costs.")
    quantity: float | None = strawberry.field(
        description="How many units must stand in one line."
    )


@strawberry.type(description="From the lowest to the highest price of a product.")
class PriceRange:
    """The prices of a product, or of the products it is chosen from."""

    minimum_price: ProductPrice = strawberry.field(description="The lowest.")
    maximum_price: ProductPrice | None = strawberry.field(description="The highest.")


@dataclass(frozen=True)
class Showcase:
    """To whom products are shown; what was not decided yet is, once it is needed."""

    visit: Visit
    context: Context
    known: Decision | None = None

    @classmethod
    def of(cls, visit: Visit, decision: Decision) -> Self:
        """Show products beside what was decided."""
        return cls(visit, decision.context, decision)

    @classmethod
    async def to(cls, visit: Visit) -> Self:
        """Show products to the visit's shopper, in segments only if prices ask."""
        context = await visit.context()
        if context.price_list.looks_at_segments:
            return cls.of(visit, await visit.decision())
        return cls(visit, context)

    async def decision(self) -> Decision:
        """Return what the lists beside a product rest on."""
        return self.known or await self.visit.decision()


@strawberry.interface(description="A product of any type.")
class ProductInterface:
    """A product; of a SKU that the catalogue does not know, only that is known."""

    product: Private[Product]
    showcase: Private[Showcase]
    uid: strawberry.ID = strawberry.field(description="The product's unique id.")
    sku: str | None = strawberry.field(description="The SKU.")
    name: str | None = strawberry.field(description="The name.")
    url_key: str | None = strawberry.field(
        description="The part of the product page's URL that names it."
    )
    stock_status: ProductStockStatus | None = strawberry.field(
        description="Whether it can be bought."
    )

    @strawberry.field(description="The price, or the prices it ranges between.")
    def price_range(self) -> PriceRange:
        """Range over the product's own price, or those of what it is bought as."""
        return _price_range(self.product, self.showcase.context)

    @strawberry.field(
        description="From which quantities on a unit costs this shopper less."
    )
    def price_tiers(self) -> list[TierPrice | None] | None:
        """Return the quantities that make a difference, from the lowest up."""
        return [*_price_tiers(self.product, self.showcase.context)]

    @strawberry.field(description="Related products: linked by hand, then by rules.")
    async def related_products(
        self, limit: Limit = MOST_SHOWN
    ) -> list[ProductInterface] | None:
        """Choose the related products for this product's page."""
        return await self._beside(ProductList.RELATED, limit)

    @strawberry.field(description="Up-sells: linked by hand, then by rules.")
    async def upsell_products(
        self, limit: Limit = MOST_SHOWN
    ) -> list[ProductInterface] | None:
        """Choose the up-sells for this product's page."""
        return await self._beside(ProductList.UPSELL, limit)

    @strawberry.field(description="Cross-sells: linked by hand, then by rules.")
    async def crosssell_products(
        self, limit: Limit = MOST_SHOWN
    ) -> list[ProductInterface] | None:
        """Choose the cross-sells for this product's page."""
        return await self._beside(ProductList.CROSSSELL, limit)

    async def _beside(
        self, product_list: ProductList, limit: int | None
    ) -> list[ProductInterface]:
        return beside(
            await self.showcase.decision(),
            product_list,
            limit,
            page=self.product,
            showcase=self.showcase,
        )


@strawberry.type(description="A product without choices.")
class SimpleProduct(ProductInterface):
    """A product of type simple, or one that is not known."""


@strawberry.type(description="A product that is bought as one of its children.")
class ConfigurableProduct(ProductInterface):
    """A product of type configurable."""


@strawberry.type(description="A product that is not shipped.")
class VirtualProduct(ProductInterface):
    """A product of type virtual."""


@strawberry.type(description="A product that is downloaded.")
class DownloadableProduct(ProductInterface):
    """A product of type downloadable."""


@strawberry.type(description="A product that is put together of others.")
class BundleProduct(ProductInterface):
    """A product of type bundle."""


@strawberry.type(description="Several products that are shown together.")
class GroupedProduct(ProductInterface):
    """A product of type grouped."""


TYPES: dict[str | None, type[ProductInterface]] = {
    "simple": SimpleProduct,
    "configurable": ConfigurableProduct,
    "virtual": VirtualProduct,
    "downloadable": DownloadableProduct,
    "bundle": BundleProduct,
    "grouped": GroupedProduct,
}


def product_of(product: Product, showcase: Showcase) -> ProductInterface:
    """Write *product* as the GraphQL type of its own type."""
    status = ProductStockStatus
    return TYPES.get(product.type, SimpleProduct)(
        product=product,
        showcase=showcase,
        uid=uids.encode(product.id) if product.id else uids.of_unknown(product.sku),
        sku=product.sku,
        name=product.name,
        url_key=product.url_key,
        stock_status=status.IN_STOCK if product.saleable else status.OUT_OF_STOCK,
    )


def beside(
    decision: Decision,
    product_list: ProductList,
    limit: int | None,
    *,
    page: Product | None,
    showcase: Showcase,
) -> list[ProductInterface]:
    """Return the products of a list beside *page*, or beside the cart.

    Raises:
        InvalidInput: the limit is not from 1 to 20.
    """
    most = MOST_SHOWN if limit is None else limit
    if not 1 <= most <= MOST_SHOWN:
        remedy = f"Write 1 to {MOST_SHOWN}."
        raise InvalidInput(Problem("limit", f"{most} is out of range.", remedy))
    chosen = decision.related_products(product_list, most, page)
    return [product_of(one, showcase) for one in chosen]


def _price_range(product: Product, context: Context) -> PriceRange:
    currency = context.website.currency
    prices = sorted(
        (context.prices.of(one) or ZERO, one.price or ZERO)
        for one in context.catalogue.bought_as(product)
    )
    lowest, highest = prices[0], prices[-1]
    minimum = _price(*lowest, currency)
    return PriceRange(
        minimum_price=minimum,
        maximum_price=minimum if highest == lowest else _price(*highest, currency),
    )


def _price(final: Decimal, regular: Decimal, currency: str) -> ProductPrice:
    decimals = money.decimals(currency)
    regular, final = money.rounded(regular, decimals), money.rounded(final, decimals)
    return ProductPrice(
        regular_price=Money.of(regular, currency),
        final_price=Money.of(final, currency),
        discount=_discount(final, regular),
    )


def _price_tiers(product: Product, context: Context) -> Iterator[TierPrice]:
    currency, regular = context.website.currency, product.price or ZERO
    for quantity, price in context.prices.tiers(product):
        prices = _price(price, regular, currency)
        yield TierPrice(
            discount=prices.discount,
            final_price=prices.final_price,
            quantity=float(quantity),
        )


def _discount(final: Decimal, regular: Decimal) -> ProductDiscount:
    off = regular - final
    percent = money.rounded(off * 100 / regular, 2) if regular else off
    return ProductDiscount(amount_off=float(off), percent_off=float(percent))
