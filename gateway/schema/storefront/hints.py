"""What a shopper is close to, as the storefront dialect shows it."""

from __future__ import annotations

from typing import Self

import strawberry

from gateway.personalize import cart_price_rules
from gateway.schema.storefront.money import Money
from gateway.schema.storefront.products import ProductInterface, Showcase, product_of


@strawberry.type(description="What is missing for a discount, a gift or free shipping.")
class CartHint:
    """Either an amount to spend, or a quantity to add."""

    label: str = strawberry.field(
        description="What the shopper would read beside the discount."
    )
    amount: Money | None = strawberry.field(
        description="How much more to spend, on anything."
    )
    quantity: float | None = strawberry.field(
        description="How many more units to add, of the product."
    )
    product: ProductInterface | None = strawberry.field(
        description="The product in the cart of which to add more."
    )

    @classmethod
    def of(cls, hint: cart_price_rules.Hint, showcase: Showcase) -> Self:
        """Write a hint."""
        context = showcase.context
        product = None
        if hint.sku is not None:
            product = product_of(context.catalogue.find(hint.sku), showcase)
        amount, currency = hint.amount, context.website.currency
        return cls(
            label=hint.label,
            amount=None if amount is None else Money.of(amount, currency),
            quantity=None if hint.quantity is None else float(hint.quantity),
            product=product,
        )
