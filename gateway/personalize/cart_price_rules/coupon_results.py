"""What a shopper is told of each coupon code of their own cart.

Whether a code is unknown, too late, used up or for others is all one here: whoever
does not read of a hint reads the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gateway.personalize.cart_price_rules.hints import Hint
from gateway.personalize.cart_price_rules.result import CartDiscounts
from gateway.personalize.context import Cart
from gateway.personalize.coupons import distinct, fold


class CouponReason(StrEnum):
    """Why a code does something, or nothing, as far as shoppers may know."""

    APPLIED = "applied"
    AMOUNT_MISSING = "amount_missing"
    QUANTITY_MISSING = "quantity_missing"
    NOT_VALID = "not_valid"


@dataclass(frozen=True)
class CouponResult:
    """What became of a code, as the cart has it; a *hint* says what is missing."""

    code: str
    reason: CouponReason
    hint: Hint | None = None


def coupon_results(
    cart: Cart, discounts: CartDiscounts, hints: Iterable[Hint]
) -> tuple[CouponResult, ...]:
    """Tell of each code of the *cart* what is known from *discounts* and *hints*."""
    applied = distinct(discounts.coupon_codes)
    hinted = {fold(hint.rule.coupon_in(cart) or ""): hint for hint in hints}
    return tuple(
        CouponResult(code, CouponReason.APPLIED)
        if folded in applied
        else _not_applied(code, hinted.get(folded))
        for folded, code in distinct(cart.coupon_codes).items()
    )


def _not_applied(code: str, hint: Hint | None) -> CouponResult:
    if hint is None:
        return CouponResult(code, CouponReason.NOT_VALID)
    if hint.amount is not None:
        return CouponResult(code, CouponReason.AMOUNT_MISSING, hint)
    return CouponResult(code, CouponReason.QUANTITY_MISSING, hint)
