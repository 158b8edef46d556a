"""What a shop's server does with the coupons of a cart while an order is placed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from gateway.resolvers import redemptions
from gateway.resolvers.visits import Visit
from gateway.schema import uids
from gateway.schema.storefront.context import Info
from gateway.schema.storefront.discounts import AppliedCoupon
from gateway.schema.storefront.money import Money
from gateway.schema.storefront.optional import optional
from gateway.storage.redemptions import BudgetUse, Reservation, State

strawberry.enum(
    State,
    name="CouponReservationState",
    description="What has become of a reservation: it holds its coupons for a while,"
    " an order has them, they were given back, or its time is over.",
)

KEY = "The name of this attempt: the same key always has the same answer."


@strawberry.type(description="What a rule with a budget takes off the cart.")
class BudgetedDiscount:
    """A discount that a budget has to meet."""

    uid: strawberry.ID = strawberry.field(
        description="The uid of the rule, as in `rules` of the cart."
    )
    amount: Money = strawberry.field(description="What it takes off.")

    @classmethod
    def of(cls, use: BudgetUse, currency: str) -> Self:
        """Write down what a budget meets."""
        uid = strawberry.ID(uids.encode(use.rule_id))
        return cls(uid=uid, amount=Money.of(use.amount, currency))


@strawberry.type(
    description="An order's hold on the coupons of its cart, and on budgets of rules."
)
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
    budgeted_discounts: list[BudgetedDiscount] = strawberry.field(
        description="The discounts that it holds of the budgets of rules."
    )
    expires_at: datetime = strawberry.field(
        description="When it ends by itself, unless it is committed."
    )

    @classmethod
    def of(cls, held: Reservation, currency: str) -> Self:
        """Write a reservation down."""
        return cls(
            key=held.key,
            cart_id=held.cart_id,
            state=held.state,
            order_id=held.order_id,
            coupons=[AppliedCoupon(code=use.code) for use in held.uses],
            budgeted_discounts=[
                BudgetedDiscount.of(use, currency) for use in held.budget_uses
            ],
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
    async def of(cls, visit: Visit, held: Reservation | None) -> Self:
        """Write a reservation down, if there is one."""
        if held is None:
            return cls(reservation=None)
        currency = (await visit.website()).currency
        return cls(reservation=CouponReservation.of(held, currency))


@strawberry.type
class ReservationMutations:
    """What a shop's server does while an order is placed."""

    @strawberry.mutation(
        name="reserveCoupons",
        description="Hold a use of every coupon that takes part in the cart, and what"
        " the cart gets of the budgets of rules, while it is paid for; only with a"
        " server token.",
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
        return await CouponReservationOutput.of(info.context.visit, held)

    @strawberry.mutation(
        name="commitCoupons",
        description="Let an order have the coupons of its cart, and what it gets of"
        " budgets, for good; only with a server token. What was not reserved, or no"
        " longer is, is reserved now.",
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
        return await CouponReservationOutput.of(info.context.visit, held)

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
        return await CouponReservationOutput.of(info.context.visit, held)


def _given(input: Any) -> dict[str, Any]:
    return {name: one for name, one in vars(input).items() if one}
