"""Whole coins: the only module that rounds or splits an amount.

Amounts are decimals in major units; a coin is the smallest amount a currency has.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import accumulate

ZERO = Decimal(0)

# ISO 4217: the currencies whose minor unit is not a hundredth.
_CURRENCIES_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {
    currency: decimals
    for decimals, currencies in _CURRENCIES_BY_DECIMALS.items()
    for currency in currencies.split()
}


def decimals(currency: str) -> int:
    """Return how many decimals an amount of *currency* has: 2 unless it is known."""
    return _DECIMALS.get(currency.upper(), 2)


def rounded(amount: Decimal, decimals: int) -> Decimal:
    """Round to whole coins, half a coin away from zero: 0.125 is 0.13."""
    return amount.quantize(_coin(decimals), ROUND_HALF_UP)


@cache
def _coin(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def split(
    amount: Decimal, weights: Sequence[Decimal], decimals: int
) -> tuple[Decimal, ...]:
    """Split *amount* in whole coins, in proportion to *weights*, losing nothing.

    Each part takes over what rounding the parts before it has left, so that the
    parts add up to the rounded amount: 10.00 over three equal weights is 3.33,
    3.34, 3.33. No part exceeds its weight while the amount does not exceed their
    sum and the weights are whole coins. Nothing is given where nothing weighs.
    """
    total = sum(weights, ZERO)
    if total <= 0:
        return (rounded(ZERO, decimals),) * len(weights)
    sums = [rounded(amount * upto / total, decimals) for upto in accumulate(weights)]
    before = [rounded(ZERO, decimals), *sums]
    return tuple(upto - given for given, upto in zip(before, sums, strict=False))


class Carry:
    """Remembers what rounding has left over, for the next amount of the same kind.

    Four amounts of 0.105 become 0.11, 0.10, 0.11 and 0.10.
    """

    def __init__(self, decimals: int) -> None:
        self._decimals = decimals
        self._left: dict[Hashable, Decimal] = {}

    def copied(self) -> Carry:
        """Return one that has the same left over, and goes on by itself."""
        other = Carry(self._decimals)
        other._left = dict(self._left)
        return other

    def left(self, kind: Hashable) -> Decimal:
        """Return what amounts of this *kind* have left over until now."""
        return self._left.get(kind, ZERO)

    def rounded(self, amount: Decimal, kind: Hashable, *, most: Decimal) -> Decimal:
        """Round *amount* and what is left of its *kind*, between zero and *most*."""
        exact = amount + self.left(kind)
        given = min(max(rounded(exact, self._decimals), ZERO), most)
        self._left[kind] = exact - given
        return given
