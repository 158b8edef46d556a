"""What cart price rules took off, as the storefront dialect shows it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

import strawberry

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import GiftOffer
from gateway.schema.storefront.money import Money
from gateway.schema.storefront.products import ProductInterface, Showcase, product_of


@strawberry.enum(description="What a discount was taken off.")
class CartDiscountType(StrEnum):
    """Whether a discount is on lines or on shipping."""

    ITEM = "ITEM"
    SHIPPING = "SHIPPING"


@strawberry.type(description="A coupon that takes part in the cart.")
class AppliedCoupon:
    """A coupon code as the shopper wrote it."""

    code: str = strawberry.field(description="The coupon code.")


@strawberry.type(description="What one cart price rule took off.")
class Discount:
    """An amount with the label that the shop gave to it."""

    amount: Money = strawberry.field(description="The amount, which is positive.")
    label: str = strawberry.field(description="What the shopper reads beside it.")
    applied_to: CartDiscountType = strawberry.field(description="Lines or shipping.")
    coupon: AppliedCoupon | None = strawberry.field(
        description="The coupon that earned it, if one did."
    )


@strawberry.type(description="Products of which some units are free.")
class FreeGift:
    """What one cart price rule gives free, once it is in the cart."""

    label: str = strawberry.field(description="What the shopper reads beside it.")
    quantity: float = strawberry.field(
        description="How many units are free, of all products together."
    )
    quantity_in_cart: float = strawberry.field(
        description="How many of them are in the cart, and discounted there."
    )
    products: list[ProductInterface] = strawberry.field(
        description="The products to choose from."
    )

    @classmethod
    def of(cls, offer: GiftOffer, showcase: Showcase) -> Self:
        """Write what is offered; what is not sold is left out."""
        catalogue = showcase.context.catalogue
        return cls(
            label=offer.label,
            quantity=float(offer.quantity),
            quantity_in_cart=float(offer.taken),
            products=[
                product_of(catalogue.products[sku], showcase)
                for sku in offer.skus
                if sku in catalogue.products
            ],
        )


def discounts(
    given: Iterable[cart_price_rules.Discount],
    applied_to: CartDiscountType,
    currency: str,
) -> list[Discount]:
    """Write what each rule gave."""
    return [
        Discount(
            amount=Money.of(one.amount, currency),
            label=one.label,
            applied_to=applied_to,
            coupon=AppliedCoupon(code=one.coupon_code) if one.coupon_code else None,
        )
        for one in given
    ]
