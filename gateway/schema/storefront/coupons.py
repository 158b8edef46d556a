"""Coupons of a cart, by the published names."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

import strawberry

from gateway.resolvers import coupons
from gateway.resolvers.visits import Visit
from gateway.schema.errors import StorefrontError
from gateway.schema.storefront.carts import Cart
from gateway.schema.storefront.context import Info


@strawberry.enum(description="What becomes of the coupons that a cart has already.")
class ApplyCouponsStrategy(StrEnum):
    """Whether coupons are added to those that are there, or replace them."""

    APPEND = "APPEND"
    REPLACE = "REPLACE"


@strawberry.input(description="A coupon for a cart.")
class ApplyCouponToCartInput:
    """One coupon."""

    cart_id: str = strawberry.field(description="The masked id of the cart.")
    coupon_code: str = strawberry.field(description="The code, in any case.")


@strawberry.input(description="Coupons for a cart: all of them, or none.")
class ApplyCouponsToCartInput:
    """Several coupons."""

    cart_id: str = strawberry.field(description="The masked id of the cart.")
    coupon_codes: list[str | None] = strawberry.field(description="The codes.")
    type: ApplyCouponsStrategy | None = strawberry.field(
        default=ApplyCouponsStrategy.APPEND,
        description="Whether they are added to the cart's coupons, or replace them.",
    )


@strawberry.input(description="A cart that is to have no coupon.")
class RemoveCouponFromCartInput:
    """Which cart."""

    cart_id: str = strawberry.field(description="The masked id of the cart.")


@strawberry.input(description="Coupons that a cart is not to have.")
class RemoveCouponsFromCartInput:
    """Which cart, and which codes."""

    cart_id: str = strawberry.field(description="The masked id of the cart.")
    coupon_codes: list[str | None] = strawberry.field(
        description="The codes; all of the cart's if there are none."
    )


@strawberry.type(description="The cart with its coupons.")
class ApplyCouponToCartOutput:
    """The cart as it is now."""

    cart: Cart = strawberry.field(description="The cart, with its rules applied.")

    @classmethod
    async def of(cls, visit: Visit, cart_id: str) -> Self:
        """Write the cart down as *visit* sees it."""
        decision = await visit.decision(cart_id=cart_id)
        return cls(cart=Cart.of(visit, decision))


@strawberry.type(description="The cart without the coupons.")
class RemoveCouponFromCartOutput:
    """The cart as it is now."""

    cart: Cart | None = strawberry.field(
        description="The cart, with its rules applied."
    )

    @classmethod
    async def of(cls, visit: Visit, cart_id: str) -> Self:
        """Write the cart down as *visit* sees it."""
        decision = await visit.decision(cart_id=cart_id)
        return cls(cart=Cart.of(visit, decision))


@strawberry.type
class CouponMutations:
    """What a shopper does with coupons."""

    @strawberry.mutation(name="applyCouponToCart", description="Apply a coupon.")
    async def apply_coupon_to_cart(
        self,
        info: Info,
        input: Annotated[
            ApplyCouponToCartInput, strawberry.argument(description="Which coupon.")
        ],
    ) -> ApplyCouponToCartOutput | None:
        """Apply one coupon."""
        _require("cart_id", input.cart_id)
        _require("coupon_code", input.coupon_code.strip())
        visit, cart_id = info.context.visit.afresh(), input.cart_id
        applied = await coupons.apply(visit, cart_id, input.coupon_code)
        return await ApplyCouponToCartOutput.of(applied, cart_id)

    @strawberry.mutation(
        name="applyCouponsToCart", description="Apply several coupons, or none of them."
    )
    async def apply_coupons_to_cart(
        self,
        info: Info,
        input: Annotated[
            ApplyCouponsToCartInput, strawberry.argument(description="Which coupons.")
        ],
    ) -> ApplyCouponToCartOutput | None:
        """Apply several coupons."""
        _require("cart_id", input.cart_id)
        codes = _codes(input.coupon_codes)
        _require("coupon_codes", "".join(codes))
        visit, cart_id = info.context.visit.afresh(), input.cart_id
        replaces = input.type is ApplyCouponsStrategy.REPLACE
        applied = await coupons.apply_all(visit, cart_id, codes, replaces=replaces)
        return await ApplyCouponToCartOutput.of(applied, cart_id)

    @strawberry.mutation(
        name="removeCouponFromCart", description="Remove every coupon of a cart."
    )
    async def remove_coupon_from_cart(
        self,
        info: Info,
        input: Annotated[
            RemoveCouponFromCartInput, strawberry.argument(description="Which cart.")
        ],
    ) -> RemoveCouponFromCartOutput | None:
        """Remove all coupons."""
        _require("cart_id", input.cart_id)
        visit, cart_id = info.context.visit.afresh(), input.cart_id
        left = await coupons.remove(visit, cart_id)
        return await RemoveCouponFromCartOutput.of(left, cart_id)

    @strawberry.mutation(
        name="removeCouponsFromCart", description="Remove coupons of a cart."
    )
    async def remove_coupons_from_cart(
        self,
        info: Info,
        input: Annotated[
            RemoveCouponsFromCartInput,
            strawberry.argument(description="Which coupons; all if none is named."),
        ],
    ) -> RemoveCouponFromCartOutput | None:
        """Remove some coupons."""
        _require("cart_id", input.cart_id)
        visit, cart_id = info.context.visit.afresh(), input.cart_id
        left = await coupons.remove(visit, cart_id, _codes(input.coupon_codes))
        return await RemoveCouponFromCartOutput.of(left, cart_id)


def _codes(given: list[str | None]) -> list[str]:
    return [code for code in given if code and code.strip()]


def _require(argument: str, given: str) -> None:
    if not given:
        raise StorefrontError(f'Required parameter "{argument}" is missing')
