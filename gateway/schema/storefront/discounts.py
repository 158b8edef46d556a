"""What cart price rules took off, as the storefront dialect shows it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import strawberry

from gateway.personalize import cart_price_rules
from gateway.schema.storefront.money import Money


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
