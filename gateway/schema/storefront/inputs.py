"""What a storefront sends of a cart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import strawberry
from strawberry.types import get_object_definition

from gateway.personalize.audiences import MOST_MEMBERS
from gateway.schema.storefront.optional import optional

Given: TypeAlias = Mapping[str, Any]
"""A value of an input, as it was sent."""

Input = TypeVar("Input")


def as_sent(input_type: type[Input]) -> type[Input]:
    """Declare an input whose values are handed on as they were sent.

    The domain reads them, field by field and strictly. Strawberry would look up the
    type of each member of each line, to make an object that nobody needs.
    """
    definition = get_object_definition(input_type, strict=True)
    definition.from_input = lambda _type, sent, _context: sent
    return input_type


def given_of(value: Any) -> Any:
    """Return an input as plain data, without what was left out."""
    if isinstance(value, list):
        return [given_of(one) for one in value]
    if hasattr(type(value), "__strawberry_definition__"):
        fields = vars(value).items()
        return {
            name: given_of(one)
            for name, one in fields
            if one is not None and one is not strawberry.UNSET
        }
    return value


@strawberry.input(description="A child of a bundle, counted for one bundle.")
class CartLineChildInput:
    """A child of a bundle; only a server token may state a price."""

    sku: str = strawberry.field(description="The SKU.")
    quantity: float = strawberry.field(description="How many units, up to 4 decimals.")
    parent_sku: str | None = optional(
        "The configurable product that *sku* is a child of."
    )
    price: str | None = optional(
        "The price of one unit as a decimal; only with a server token."
    )


@strawberry.input(description="A line of a cart.")
class CartLineInput:
    """A line; only a server token may state a price."""

    sku: str = strawberry.field(description="The SKU; of a configurable, the child's.")
    quantity: float = strawberry.field(description="How many units, up to 4 decimals.")
    parent_sku: str | None = optional(
        "The configurable product that *sku* is a child of."
    )
    price: str | None = optional(
        "The price of one unit as a decimal; only with a server token."
    )
    children: list[CartLineChildInput] | None = optional(
        "What a bundle is put together of. A bundle without a price of its own costs "
        "what its children do."
    )


@strawberry.input(description="How the cart is shipped.")
class CartShippingInput:
    """A shipping method; only a server token may state what it costs."""

    method: str | None = optional("carrier_method, such as flatrate_flatrate.")
    amount: str | None = optional("The cost as a decimal; only with a server token.")


@strawberry.input(description="Where the cart is shipped to.")
class CartAddressInput:
    """As much of the shipping address as is known."""

    country: str | None = optional("ISO 3166 alpha-2.")
    region: str | None = optional("State or province.")
    city: str | None = optional("City.")
    postcode: str | None = optional("Postcode.")


@as_sent
@strawberry.input(description="A cart, sent along with the question.")
class CartInput:
    """A cart that is not kept."""

    items: list[CartLineInput] = strawberry.field(description="The lines.")
    coupon_codes: list[str] | None = optional("Coupon codes the shopper has entered.")
    shipping: CartShippingInput | None = optional("The shipping method, once chosen.")
    address: CartAddressInput | None = optional(
        "The shipping address, as far as it is known."
    )
    payment_method: str | None = optional("The payment method, once chosen.")
    tax: str | None = optional("The tax as a decimal; only with a server token.")
    store_credit: str | None = optional(
        "The store credit that pays for it; only with a server token."
    )
    gift_card: str | None = optional(
        "What gift cards pay for it; only with a server token."
    )


@as_sent
@strawberry.input(description="A cart to be mirrored.")
class SyncCartInput(CartInput):
    """A cart that is kept under a masked id."""

    cart_id: str | None = optional(
        "The masked id; a new one is made when it is left out."
    )
    customer_id: str | None = optional("Whose cart it is; only with a server token.")


@strawberry.input(description="A customer who comes into an audience.")
class AudienceMemberInput:
    """A customer who comes into an audience, or comes in once more."""

    customer_id: str = strawberry.field(description="The customer's id in the shop.")
    qualified_at: datetime | None = optional("Since when; now where it is left out.")
    expires_at: datetime | None = optional(
        "Until when, and no longer; left out, as long as the audience says."
    )


@as_sent
@strawberry.input(description="Who comes into an audience, and who goes out of it.")
class UpdateAudienceMembersInput:
    """A change of an audience's members on the store's website."""

    audience: str = strawberry.field(description="The audience's key.")
    members: list[AudienceMemberInput] | None = optional(
        f"Who comes in, or comes in once more; at most {MOST_MEMBERS:,}."
    )
    removed: list[str] | None = optional(
        f"The ids of customers who go out; at most {MOST_MEMBERS:,}."
    )
