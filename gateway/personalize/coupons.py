"""Coupons: how codes are compared, and what is known of those in a cart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

LONGEST_CODE = 255


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

    Without blanks around it, in compatible characters, which are the same however wide
    they are written, and in small letters: a sharp s is ss, and an i has no extra dot.
    The database tells codes apart by the same rule, ``coupon_fold``.
    """
    if code.isascii():
        return _bare(code).lower()
    small = unicodedata.normalize("NFKC", code).translate(_small())
    return _bare(unicodedata.normalize("NFKC", small.replace("i\u0307", "i")))


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


# Beyond these, Unicode 3.2 has no letter that is large or small.
_LETTERS_END = 0x10450


@cache
def _small() -> Mapping[int, str]:
    """Return the small form of letters that have one, as Unicode 3.2 knew them.

    A later Unicode might have a letter more than the database knows of.
    """
    known = unicodedata.ucd_3_2_0
    letters = (chr(at) for at in range(_LETTERS_END))
    small = {
        ord(letter): folded
        for letter in letters
        if (folded := letter.casefold()) != letter
        and len(folded) == 1
        and known.category(letter) not in {"Cn", "Co", "Cs"}
        and unicodedata.normalize("NFKC", letter) == letter
    }
    return {**small, ord("ß"): "ss", ord("ẞ"): "ss", ord("İ"): "i"}


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
