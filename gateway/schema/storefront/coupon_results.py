"""What a shopper is told of their coupon codes, as the storefront dialect shows it."""

from __future__ import annotations

from typing import Self

import strawberry

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import CouponReason
from gateway.schema.storefront.hints import CartHint
from gateway.schema.storefront.products import Showcase

# The domain's own enum; only its published name is the dialect's.
strawberry.enum(
    CouponReason,
    name="CouponReason",
    description="Why a coupon code does something, or nothing; of a code that is not "
    "valid nobody is told why.",
)


@strawberry.type(description="What becomes of one coupon code of the cart.")
class CouponResult:
    """A code, and as much of its fate as a shopper may know."""

    code: str = strawberry.field(description="The code as the shopper wrote it.")
    is_applied: bool = strawberry.field(description="Whether it takes part.")
    reason: CouponReason = strawberry.field(description="Why, or why not.")
    hint: CartHint | None = strawberry.field(
        description="What is missing for it, if an amount or a quantity is."
    )

    @classmethod
    def of(cls, result: cart_price_rules.CouponResult, showcase: Showcase) -> Self:
        """Write what became of a code."""
        return cls(
            code=result.code,
            is_applied=result.reason is CouponReason.APPLIED,
            reason=result.reason,
            hint=CartHint.of(result.hint, showcase) if result.hint else None,
        )
