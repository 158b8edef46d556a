"""What a shop's server does with the coupons of a cart while an order is placed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from gateway.resolvers import redemptions
from gateway.schema.storefront.context import Info
from gateway.schema.storefront.discounts import AppliedCoupon
from gateway.schema.storefront.optional import optional
from gateway.storage.redemptions import Reservation, State

strawberry.enum(
    State,
    name="CouponReservationState",
    description="What has become of a reservation: it holds its coupons for a while,"
    " an order has them, they were given back, or its time is over.",
)

KEY = "The name of this attempt: the same key always has the same answer."


@strawberry.type(description="An order's hold on the coupons of its cart.")
class CouponReservation:
    """A reservation as the shop's server reads it."""

    key: str = strawberry.field(description=KEY)
    cart_id: str = strawberry.field(description="The masked id of the cart.")
    state: State = strawberry.field(description="What has become of it.")
    order_id: str | None = strawberry.field(
        description="The order that has, or had, the coupons."
    )
    coupons: list[AppliedCoupon] = strawberry.field(
        description="The coupons of which it holds a use."
    )
    expires_at: datetime = strawberry.field(
        description="When it ends by itself, unless it is committed."
    )

    @classmethod
    def of(cls, held: Reservation) -> Self:
        """Write a reservation down."""
        return cls(
            key=held.key,
            cart_id=held.cart_id,
            state=held.state,
            order_id=held.order_id,
            coupons=[AppliedCoupon(code=use.code) for use in held.uses],
            expires_at=held.expires_at,
        )


@strawberry.input(description="A cart whose coupons are to be held.")
class ReserveCouponsInput:
    """What is reserved, and under which key."""

    key: str = strawberry.field(description=KEY)
    cart_id: str = strawberry.field(description="The masked id of the cart.")
    email: str | None = optional(
        "The e-mail address of a visitor, whose uses are counted by its hash."
    )


@strawberry.input(description="An order that is to have the coupons of its cart.")
class CommitCouponsInput(ReserveCouponsInput):
    """What is committed; it may have been reserved before, under the same key."""

    order_id: str = strawberry.field(description="The order that is placed.")


@strawberry.input(description="What is to be given back: by key, or by order.")
class ReleaseCouponsInput:
    """What is released."""

    key: str | None = optional("The key of the reservation.")
    order_id: str | None = optional("The order that was cancelled.")


@strawberry.type(description="The reservation as it is now.")
class CouponReservationOutput:
    """What was done; nothing is known of a reservation that is null."""

    reservation: CouponReservation | None = strawberry.field(
        description="The reservation; null if neither key nor order is known."
    )

    @classmethod
    def of(cls, held: Reservation | None) -> Self:
        """Write a reservation down, if there is one."""
        shown = None if held is None else CouponReservation.of(held)
        return cls(reservation=shown)


@strawberry.type
class ReservationMutations:
    """What a shop's server does while an order is placed."""

    @strawberry.mutation(
        name="reserveCoupons",
        description="Hold a use of every coupon that takes part in the cart, while it"
        " is paid for; only with a server token.",
    )
    async def reserve_coupons(
        self,
        info: Info,
        input: Annotated[
            ReserveCouponsInput, strawberry.argument(description="Which cart.")
        ],
    ) -> CouponReservationOutput:
        """Reserve."""
        held = await redemptions.reserve(info.context.visit, _given(input))
        return CouponReservationOutput.of(held)

    @strawberry.mutation(
        name="commitCoupons",
        description="Let an order have the coupons of its cart, for good; only with a"
        " server token. What was not reserved, or no longer is, is reserved now.",
    )
    async def commit_coupons(
        self,
        info: Info,
        input: Annotated[
            CommitCouponsInput, strawberry.argument(description="Which order.")
        ],
    ) -> CouponReservationOutput:
        """Commit."""
        held = await redemptions.commit(info.context.visit, _given(input))
        return CouponReservationOutput.of(held)

    @strawberry.mutation(
        name="releaseCoupons",
        description="Give back what a key or an order holds: it was cancelled, or its"
        " payment failed; only with a server token.",
    )
    async def release_coupons(
        self,
        info: Info,
        input: Annotated[
            ReleaseCouponsInput, strawberry.argument(description="Which of them.")
        ],
    ) -> CouponReservationOutput:
        """Release."""
        held = await redemptions.release(info.context.visit, _given(input))
        return CouponReservationOutput.of(held)


def _given(input: Any) -> dict[str, Any]:
    return {name: one for name, one in vars(input).items() if one}
