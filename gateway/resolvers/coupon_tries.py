"""Keeps shoppers from guessing coupon codes.

A try is counted before its code is looked at, and taken back when the code was good:
so however many are sent at once, no more than the limit are ever looked at in vain.
A code that the same shopper has tried within the window is no further try, whatever
it was: looking at it again tells them nothing new.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Collection
from dataclasses import dataclass

from gateway.personalize.coupons import distinct
from gateway.resolvers.coupon_terms import CouponTerms
from gateway.storage import coupon_tries
from gateway.storage.database import Database

logger = logging.getLogger("gateway.coupon_tries")

# Whoever has one address of IPv6 has all of its network.
_IPV6_NETWORK = 64


@dataclass(frozen=True)
class Begun:
    """The codes, folded, that may be looked at, and those of them that are counted."""

    admitted: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()


NOTHING_BEGUN = Begun()


@dataclass(frozen=True)
class CouponTries:
    """The tries of one shopper, by *session* or customer, and by network address.

    A customer's are counted and remembered together, in whichever session. Nothing is
    remembered of an address, where others are too: whoever guesses there must not
    learn for nothing which codes they have.
    """

    database: Database
    terms: CouponTerms
    website: str
    customer_id: str | None
    session: str | None
    address: str | None

    async def begin(self, codes: Collection[str]) -> Begun:
        """Count those of the *codes* that are new, and tell which may be looked at."""
        asked = frozenset(distinct(codes))
        shopper, limits = self._shopper(), self._limits()
        if not asked or not limits:
            return Begun(asked)
        hashes = {self.terms.hash("coupon", folded): folded for folded in asked}
        counted = await coupon_tries.claim(
            self.database, shopper, limits, [*hashes], self.terms.try_window_seconds
        )
        new = frozenset(hashes[one] for one in counted.new)
        if counted.is_admitted:
            return Begun(asked, new)
        kinds = ", ".join(sorted(name.partition(":")[0] for name in counted.over))
        logger.warning("coupon codes are tried too often, by one %s", kinds)
        return Begun(asked - new)

    async def were_good(self, begun: Begun, codes: Collection[str]) -> None:
        """Take back what *begin* has counted of *codes*, which took part."""
        good = len(begun.counted.intersection(distinct(codes)))
        if good:
            await coupon_tries.give_back(self.database, [*self._limits()], good)

    def _shopper(self) -> str | None:
        """Return the bucket of whoever tries."""
        if self.customer_id is not None:
            customer = f"{self.website}\n{self.customer_id}"
            return f"customer:{self.terms.hash('customer', customer)}"
        if self.session is not None:
            return f"session:{self.terms.hash('session', self.session)}"
        return None

    def _limits(self) -> dict[str, int]:
        """Return how many tries each bucket may have."""
        terms, limits = self.terms, {}
        shopper = self._shopper()
        if shopper is not None:
            limits[shopper] = terms.tries_per_session
        if self.address is not None and terms.tries_per_address:
            name = f"address:{terms.hash('address', _network(self.address))}"
            limits[name] = terms.tries_per_address
        return limits


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        network = ipaddress.ip_network((read.packed, _IPV6_NETWORK), strict=False)
        return str(network)
    return str(read)
