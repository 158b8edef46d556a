"""Keeps shoppers from guessing coupon codes.

A try is counted before its code is looked at, and taken back when the code was good:
so however many are sent at once, no more than the limit are ever looked at in vain.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass

from gateway.resolvers.coupon_terms import CouponTerms
from gateway.storage import coupon_tries
from gateway.storage.database import Database

logger = logging.getLogger("gateway.coupon_tries")

# Whoever has one address of IPv6 has all of its network.
_IPV6_NETWORK = 64


@dataclass(frozen=True)
class CouponTries:
    """The tries of one shopper, by session and by network address."""

    database: Database
    terms: CouponTerms
    session: str | None
    address: str | None

    async def begin(self, codes: int) -> bool:
        """Count that many *codes*, and tell whether they may be looked at."""
        limits = self._limits()
        if not codes or not limits:
            return True
        window = self.terms.try_window_seconds
        counted = await coupon_tries.claim(self.database, [*limits], codes, window)
        over = [name for name, most in limits.items() if counted[name] > most]
        if over:
            kinds = ", ".join(sorted(name.partition(":")[0] for name in over))
            logger.warning("coupon codes are tried too often, by one %s", kinds)
        return not over

    async def were_good(self, codes: int) -> None:
        """Take back what *begin* has counted of codes that took part."""
        limits = self._limits()
        if codes and limits:
            await coupon_tries.give_back(self.database, [*limits], codes)

    def _limits(self) -> dict[str, int]:
        """Return how many tries each bucket may have."""
        terms, limits = self.terms, {}
        if self.session is not None:
            name = f"session:{terms.hash('session', self.session)}"
            limits[name] = terms.tries_per_session
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
