"""Mirror a cart: the commerce backend owns it, the gateway keeps a copy."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.personalize import carts
from gateway.personalize.carts import MirroredCart
from gateway.personalize.coupons import distinct, fold
from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers.coupon_tries import NOTHING_BEGUN, Begun
from gateway.resolvers.visits import Visit, may_not_have
from gateway.storage import carts as kept_carts

MASKED_ID_BYTES = 24
MASKED_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")


async def sync(visit: Visit, given: Mapping[str, Any]) -> str:
    """Keep the cart that was sent and return its masked id.

    Without an id a new cart is made under one that cannot be guessed (192 random
    bits). A cart belongs to the customer who is logged in when it is kept; only a
    server may say whose it is, and bring an id of its own.

    Raises:
        InvalidInput: with every field at fault.
        NotFound: a shopper named a cart that is not kept, or the website is gone.
        Forbidden: the cart is another customer's.
    """
    shopper = visit.shopper
    cart = carts.read(given, from_server=shopper.is_server)
    cart_id = cart.id or secrets.token_urlsafe(MASKED_ID_BYTES)
    if cart.id is not None and shopper.is_server:
        _check_masked_id(cart.id)
    begun = NOTHING_BEGUN
    if not shopper.is_server:
        kept = await visit.kept_cart(cart.id) if cart.id is not None else None
        cart, begun = await _admitted(visit, cart, kept)
    owner = cart.customer_id if shopper.is_server else shopper.customer_id
    # Who owns it is checked once more by the very statement that writes it.
    saved = await kept_carts.save(
        visit.storage.database,
        replace(cart, id=cart_id, customer_id=owner),
        website=shopper.website,
        store_view=shopper.store_view,
    )
    if not saved:
        # Or else the website is gone, which this says.
        await visit.afresh().rulebook()
        raise may_not_have(cart_id)
    if begun.counted:
        decision = await visit.afresh().decision(cart_id=cart_id)
        await visit.coupon_tries.were_good(begun, decision.discounts.coupon_codes)
    return cart_id


async def _admitted(
    visit: Visit, cart: MirroredCart, kept: MirroredCart | None
) -> tuple[MirroredCart, Begun]:
    """Return the cart with the codes that may be looked at, and what is counted.

    Whoever has tried too many keeps the codes that were there or were tried before,
    and no others.
    """
    visit.coupons.require_room_for(cart.coupon_codes)
    known = distinct(kept.coupon_codes if kept else ())
    new = [code for code in cart.coupon_codes if fold(code) not in known]
    begun = await visit.coupon_tries.begin(new)
    admitted = begun.admitted | known.keys()
    codes = tuple(code for code in cart.coupon_codes if fold(code) in admitted)
    return replace(cart, coupon_codes=codes), begun


def _check_masked_id(cart_id: str) -> None:
    if not MASKED_ID.fullmatch(cart_id):
        raise InvalidInput(
            Problem(
                "cart_id",
                f"{cart_id!r} could be guessed.",
                "Write 22 to 64 letters, digits, '-' or '_' that hold at least 128 "
                "random bits, or leave it out to have one made.",
            )
        )
