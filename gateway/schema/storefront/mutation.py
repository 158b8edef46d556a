"""What storefronts, and shops' servers, write."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gateway.resolvers import audiences, carts, events
from gateway.schema.storefront.carts import Cart
from gateway.schema.storefront.context import Info
from gateway.schema.storefront.coupons import CouponMutations
from gateway.schema.storefront.events import RecordEventsInput, RecordEventsOutput
from gateway.schema.storefront.inputs import (
    Given,
    SyncCartInput,
    UpdateAudienceMembersInput,
)
from gateway.schema.storefront.reservations import ReservationMutations


@strawberry.type(description="The cart as it is kept now.")
class SyncCartOutput:
    """The cart that was mirrored."""

    cart: Cart = strawberry.field(description="The cart, with its rules applied.")


@strawberry.type(description="How an audience was changed.")
class UpdateAudienceMembersOutput:
    """How an audience was changed."""

    written: int = strawberry.field(description="Who came in, or came in once more.")
    removed: int = strawberry.field(description="Who was in it, and is no longer.")


@strawberry.type(description="What a storefront, or a shop's server, writes.")
class Mutation(CouponMutations, ReservationMutations):
    """What a storefront, or a shop's server, writes."""

    @strawberry.mutation(
        name="syncCart",
        description="Mirror a cart that the shop owns. Whoever is logged in owns it "
        "here; a visitor's cart becomes a customer's when it is synced with a token.",
    )
    async def sync_cart(
        self,
        info: Info,
        input: Annotated[
            Given,
            strawberry.argument(
                description="The cart as it is now.", graphql_type=SyncCartInput
            ),
        ],
    ) -> SyncCartOutput:
        """Keep the cart and decide about it."""
        visit = info.context.visit
        cart_id = await carts.sync(visit, input)
        synced = visit.afresh()
        decision = await synced.decision(cart_id=cart_id)
        return SyncCartOutput(cart=Cart.of(synced, decision))

    @strawberry.mutation(
        name="updateAudienceMembers",
        description="Say who is in an audience on the store's website; only with a"
        " server token. All of it is done, or nothing.",
    )
    async def update_audience_members(
        self,
        info: Info,
        input: Annotated[
            Given,
            strawberry.argument(
                description="Who comes in, and who goes out.",
                graphql_type=UpdateAudienceMembersInput,
            ),
        ],
    ) -> UpdateAudienceMembersOutput:
        """Change who is in an audience."""
        changed = await audiences.change(info.context.visit, input)
        return UpdateAudienceMembersOutput(
            written=changed.written, removed=changed.removed
        )

    @strawberry.mutation(
        name="recordEvents",
        description="Record what happened, all of it or nothing. They are the events "
        "of whoever asks; a server's are those of the customers that it names.",
    )
    async def record_events(
        self,
        info: Info,
        input: Annotated[
            RecordEventsInput, strawberry.argument(description="What happened.")
        ],
    ) -> RecordEventsOutput:
        """Record events and count them."""
        visit = info.context.visit
        given, consents = input.to_given(), input.says_consent(visit.shopper)
        return RecordEventsOutput.of(
            await events.record(visit, given, consents=consents)
        )
