"""What a storefront, or a shop's server, tells of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NewType, Self

import strawberry
from strawberry.types.scalar import ScalarDefinition

from gateway.resolvers.events import Recorded
from gateway.resolvers.shoppers import Shopper
from gateway.schema.errors import StorefrontError
from gateway.schema.json_scalars import json_scalar
from gateway.schema.storefront.inputs import given_of
from gateway.schema.storefront.optional import optional

EventPayload = NewType("EventPayload", object)


SCALARS: Mapping[object, ScalarDefinition] = {
    EventPayload: json_scalar(
        "EventPayload",
        "What an event brings along, as a JSON object that is spelled as "
        'in Adobe\'s data schema: `{"productListItems": [{"SKU": "TENT-TARN-2"}]}`. '
        "What the event's type does not ask for is kept as it is.",
    ),
}


@strawberry.input(description="Something that happened.")
class EventInput:
    """One event; only a server token may say whose it is."""

    id: str = strawberry.field(
        description="An id of its own, such as a UUID. An event that is sent again "
        "under its id counts once."
    )
    type: str = strawberry.field(
        description="What happened, such as `productPageView`; Adobe's own types, "
        "such as `commerce.productViews`, are understood too."
    )
    at: str | None = optional(
        "When it happened, as an ISO 8601 instant; now if it is left out."
    )
    payload: EventPayload | None = optional("What it brings along.")
    customer_id: str | None = optional("Whose it is; only with a server token.")
    email: str | None = optional(
        "Whose it is, where their id is unknown; only with a server token."
    )
    consents: bool | None = optional(
        "Whether the customer consents to their behaviour being kept; only with a "
        "server token."
    )


@strawberry.input(description="Things that happened.")
class RecordEventsInput:
    """Several events; of behaviour only what the shopper consents to is kept."""

    events: list[EventInput] = strawberry.field(description="At most 100 events.")
    consents: bool | None = optional(
        "Whether the customers consent whose events say nothing of it; only with a "
        "server token."
    )

    def to_given(self) -> list[dict[str, Any]]:
        """Return the events as the domain reads them."""
        given: list[dict[str, Any]] = given_of(self.events)
        return given

    def says_consent(self, shopper: Shopper) -> bool:
        """Return what a server says of consent.

        Raises:
            StorefrontError: a shopper said it, whose consent comes otherwise.
        """
        if self.consents in {None, strawberry.UNSET}:
            return False
        if not shopper.is_server:
            raise StorefrontError("Only a server token may state 'consents'.")
        return bool(self.consents)


@strawberry.type(description="What became of the events that were sent.")
class RecordEventsOutput:
    """Every event is counted in one of three places."""

    recorded: int = strawberry.field(description="Events that are new.")
    repeated: int = strawberry.field(
        description="Events that were recorded before, and are not counted again."
    )
    not_consented: int = strawberry.field(
        description="Events of behaviour that were not kept for want of consent."
    )

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        """Write the counts."""
        return cls(
            recorded=recorded.recorded,
            repeated=recorded.repeated,
            not_consented=recorded.not_consented,
        )
