"""Coupons: how codes are compared, and what is known of those in a cart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Coupon:
    """A code of the cart that a rule has, by the rule's id.

    *has_use* is false when the code's uses, the shopper's, or the rule's are used up.
    """

    folded: str
    rule_id: int
    has_use: bool = True


def fold(code: str) -> str:
    """Return the form of *code* in which coupon codes are compared.

    Lower case and without the spaces around it, as the database tells codes apart: no
    other blanks are cut off, and it is not folded any further.
    """
    return _bare(code).lower()


def distinct(codes: Iterable[str]) -> dict[str, str]:
    """Return the *codes* as they are written, by their folded form; none is empty.

    What stands around a code is no part of it.
    """
    found: dict[str, str] = {}
    for code in codes:
        found.setdefault(fold(code), _bare(code))
    found.pop("", None)
    return found


def _bare(code: str) -> str:
    return code.strip(" \t\r\n")


class CouponStatus(StrEnum):
    """Why a code does nothing; a usable one may still not be for a cart."""

    UNKNOWN = "unknown"
    OF_OTHER_WEBSITE = "of_other_website"
    INACTIVE = "inactive"
    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    USED_UP = "used_up"
    USABLE = "usable"


@dataclass(frozen=True)
class KnownCoupon:
    """What administrators may know of a code, on one website and its *today*.

    *uses* are those of the code, *uses_of_rule* those of all of its rule's codes.
    """

    code: str
    rule: str
    is_generated: bool
    is_of_website: bool
    is_active: bool
    from_day: date | None
    to_day: date | None
    today: date
    has_use: bool
    uses: int
    uses_of_rule: int

    @property
    def status(self) -> CouponStatus:
        """Why the code does nothing."""
        if not self.is_of_website:
            return CouponStatus.OF_OTHER_WEBSITE
        if not self.is_active:
            return CouponStatus.INACTIVE
        if self.from_day is not None and self.today < self.from_day:
            return CouponStatus.NOT_BEGUN
        if self.to_day is not None and self.today > self.to_day:
            return CouponStatus.EXPIRED
        return CouponStatus.USABLE if self.has_use else CouponStatus.USED_UP
