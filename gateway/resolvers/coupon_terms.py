"""What the operator has settled about coupons."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.personalize.coupons import distinct
from gateway.personalize.errors import InvalidInput, Problem

TOO_MANY = "Maximum allowed number of applied coupons was exceeded."


@dataclass(frozen=True)
class CouponTerms:
    """How many coupons a cart may have, how long they are reserved, and who may try.

    *secret* keys the hashes of e-mail addresses, sessions and network addresses.
    *limits_visitors* is whether uses per customer limit visitors, by their e-mail
    address. Of tries in a window of time a network address may have more than a
    session, or any number: 0.
    """

    per_cart: int = 1
    reservation_seconds: int = 900
    limits_visitors: bool = True
    tries_per_session: int = 10
    tries_per_address: int = 100
    try_window_seconds: int = 60
    secret: bytes = field(default=b"", repr=False)

    def require_room_for(self, codes: Iterable[str]) -> None:
        """Refuse more coupons than a cart may have.

        Raises:
            InvalidInput: with the published message.
        """
        if len(distinct(codes)) > self.per_cart:
            raise InvalidInput(Problem("", TOO_MANY))

    def hash(self, purpose: str, text: str) -> str:
        """Return the keyed hash of *text*, another one for each *purpose*."""
        return hmac.digest(self.secret, f"{purpose}\n{text}".encode(), "sha256").hex()

    def shopper_of(self, customer_id: str | None, email: str | None) -> str | None:
        """Return by whom uses are counted; None by nobody."""
        if customer_id is not None:
            return f"customer:{customer_id}"
        if email is None or not self.limits_visitors:
            return None
        return f"email:{self.hash('email', _normalised(email))}"


DEFAULT_TERMS = CouponTerms()


def _normalised(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().casefold()
