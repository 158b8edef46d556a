"""The lines of a cart as the storefront dialect shows them."""

from __future__ import annotations

from collections import Counter

import strawberry
from strawberry import Private

from gateway.personalize.cart_price_rules import LineDiscounts
from gateway.personalize.context import ZERO
from gateway.personalize.context import CartItem as Line
from gateway.personalize.decide import Decision
from gateway.personalize.products import Product
from gateway.schema import uids
from gateway.schema.storefront.discounts import CartDiscountType, Discount, discounts
from gateway.schema.storefront.money import Money
from gateway.schema.storefront.products import ProductInterface, Showcase, product_of


@strawberry.type(description="What one line costs.")
class CartItemPrices:
    """The prices of one line, before and after discounts."""

    price: Money = strawberry.field(description="The price of one unit.")
    row_total: Money = strawberry.field(description="Price times quantity.")
    total_item_discount: Money = strawberry.field(
        description="What cart price rules took off the line."
    )
    discounts: list[Discount] = strawberry.field(
        description="What each rule took off the line."
    )


@strawberry.interface(description="A line of a cart.")
class CartItemInterface:
    """A line of a cart; *chosen* is what is in it, of a configurable the child."""

    chosen: Private[Product]
    showcase: Private[Showcase]
    uid: strawberry.ID = strawberry.field(
        description="The line's unique id, which it keeps while others come and go."
    )
    quantity: float = strawberry.field(description="How many units there are.")
    product: ProductInterface = strawberry.field(
        description="The product; of an unknown SKU, only that."
    )
    is_known: bool = strawberry.field(description="Whether the catalogue has the SKU.")
    prices: CartItemPrices = strawberry.field(description="What the line costs.")
    ships_free: bool = strawberry.field(
        description="Whether cart price rules ship the line free."
    )


@strawberry.type(description="A line with a simple product.")
class SimpleCartItem(CartItemInterface):
    """A line with a simple product, or one that is not known."""


@strawberry.type(description="A line with a child of a configurable product.")
class ConfigurableCartItem(CartItemInterface):
    """A line with a configurable product and the child that was chosen."""

    @strawberry.field(description="The child that was chosen.")
    def configured_variant(self) -> ProductInterface:
        """Return the child."""
        return product_of(self.chosen, self.showcase)


@strawberry.type(description="A line with a virtual product.")
class VirtualCartItem(CartItemInterface):
    """A line with a product that is not shipped."""


@strawberry.type(description="A line with a downloadable product.")
class DownloadableCartItem(CartItemInterface):
    """A line with a product that is downloaded."""


@strawberry.type(description="A line with a bundle.")
class BundleCartItem(CartItemInterface):
    """A line with a product that is put together of others."""


TYPES: dict[str | None, type[CartItemInterface]] = {
    "simple": SimpleCartItem,
    "virtual": VirtualCartItem,
    "downloadable": DownloadableCartItem,
    "bundle": BundleCartItem,
    "configurable": ConfigurableCartItem,
}


def lines_of(showcase: Showcase, decision: Decision) -> list[CartItemInterface]:
    """Return every line of the cart that was decided about, in the order sent."""
    cart, given = decision.context.cart, decision.discounts
    currency = decision.context.website.currency
    twins: Counter[tuple[str | None, ...]] = Counter()
    written = []
    for line, of_line in zip(cart.items, given.lines, strict=True):
        shown = line.parent or line.product
        told = (line.product.sku, line.parent.sku if line.parent else None)
        free = of_line.free_shipping_units >= line.quantity
        written.append(
            TYPES.get(shown.type, SimpleCartItem)(
                chosen=line.product,
                showcase=showcase,
                uid=uids.of_line(cart.id, *told, str(twins[told])),
                quantity=float(line.quantity),
                product=product_of(shown, showcase),
                is_known=line.known,
                prices=_prices(line, of_line, currency),
                ships_free=given.ships_free or free,
            )
        )
        twins[told] += 1
    return written


def _prices(line: Line, given: LineDiscounts, currency: str) -> CartItemPrices:
    return CartItemPrices(
        price=Money.of(line.price or ZERO, currency),
        row_total=Money.of(given.row_total, currency),
        total_item_discount=Money.of(given.amount, currency),
        discounts=discounts(given.by_rule, CartDiscountType.ITEM, currency),
    )
