"""Apply coupons to a mirrored cart, and remove them, in the published words.

Whether a code is unknown, too late, used up or not for this cart: all of it is looked
at, and the answer is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.personalize.coupons import LONGEST_CODE, distinct, fold
from gateway.personalize.decide import Decision
from gateway.personalize.errors import Conflict, GatewayError, InvalidInput, Problem
from gateway.resolvers.coupon_terms import TOO_MANY
from gateway.resolvers.visits import Visit
from gateway.storage import carts

NOT_VALID = "The coupon code isn't valid. Verify the code and try again."
IS_APPLIED = (
    "A coupon is already applied to the cart. Please remove it to apply another"
)
NOT_APPLIED = "The following coupon codes could not be applied: {}."
NOT_DELETED = (
    "The coupon code couldn't be deleted. Verify the coupon code and try again."
)
NO_PRODUCTS = "Cart does not contain products."
TOO_OFTEN = "Too many coupon code requests, please try again later."


async def apply(visit: Visit, cart_id: str, code: str) -> Visit:
    """Apply one coupon beside those that take part; a repetition changes nothing.

    Return a visit that sees the cart as it is then.

    Raises:
        InvalidInput: with the published message.
        NotFound: there is no such cart.
        Forbidden: the cart is another customer's.
    """
    per_cart = visit.coupons.per_cart
    taken = distinct((await _filled(visit, cart_id)).discounts.coupon_codes)
    if fold(code) in taken:
        return visit
    if len(taken) >= per_cart:
        raise _refusal(IS_APPLIED if per_cart == 1 else TOO_MANY)
    wanted = (*taken.values(), code)
    if await _bad(visit, cart_id, wanted, (code,)):
        raise _refusal(NOT_VALID)
    return await _write(visit, cart_id, wanted)


async def apply_all(
    visit: Visit, cart_id: str, codes: Sequence[str], *, replaces: bool
) -> Visit:
    """Apply several coupons, or none: beside those that take part, or in their place.

    Raises:
        InvalidInput: with the published message.
        NotFound: there is no such cart.
        Forbidden: the cart is another customer's.
    """
    taken = distinct((await _filled(visit, cart_id)).discounts.coupon_codes)
    given = distinct(codes)
    wanted = given if replaces else {**taken, **given}
    visit.coupons.require_room_for(wanted.values())
    new = tuple(code for folded, code in given.items() if folded not in taken)
    bad = await _bad(visit, cart_id, tuple(wanted.values()), new)
    if bad:
        raise _refusal(NOT_APPLIED.format(", ".join(f'"{code}"' for code in bad)))
    return await _write(visit, cart_id, tuple(wanted.values()))


async def remove(visit: Visit, cart_id: str, codes: Sequence[str] = ()) -> Visit:
    """Remove the coupons with *codes*, all of them without any.

    Raises:
        InvalidInput: with the published message.
        NotFound: there is no such cart.
        Forbidden: the cart is another customer's.
    """
    cart = await visit.kept_cart(cart_id)
    kept, gone = distinct(cart.coupon_codes), distinct(codes)
    if not gone.keys() <= kept.keys():
        raise _refusal(NOT_DELETED)
    left = [code for folded, code in kept.items() if gone and folded not in gone]
    return await _write(visit, cart_id, tuple(left))


async def _filled(visit: Visit, cart_id: str) -> Decision:
    decision = await visit.decision(cart_id=cart_id)
    if not decision.context.cart.items:
        raise _refusal(NO_PRODUCTS)
    return decision


async def _bad(
    visit: Visit, cart_id: str, wanted: tuple[str, ...], new: tuple[str, ...]
) -> Sequence[str]:
    """Return the codes among *new* that take no part beside all that is wanted."""
    begun = await visit.coupon_tries.begin(new)
    if not distinct(new).keys() <= begun.admitted:
        raise _refusal(TOO_OFTEN)
    sound = tuple(code for code in wanted if _is_sound(code))
    decision = await visit.decision(cart_id=cart_id, coupon_codes=sound)
    taking_part = distinct(decision.discounts.coupon_codes)
    bad = [code for code in new if fold(code) not in taking_part]
    await visit.coupon_tries.were_good(begun, decision.discounts.coupon_codes)
    return bad


async def _write(visit: Visit, cart_id: str, codes: tuple[str, ...]) -> Visit:
    """Keep the cart's codes, unless they were changed since they were read."""
    before = await visit.kept_cart(cart_id)
    written = await carts.set_coupons(
        visit.storage.database, visit.shopper.website, before, codes
    )
    if not written:
        said = "the cart was changed meanwhile."
        raise Conflict(Problem("cart_id", said, "Ask for it again, and try again."))
    return visit.afresh()


def _is_sound(code: str) -> bool:
    return code.isprintable() and len(code) <= LONGEST_CODE


def _refusal(message: str) -> GatewayError:
    return InvalidInput(Problem("", message))
