"""Tier prices: what a unit costs a customer group, or whoever buys several."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.personalize.money import ZERO

ONE = Decimal(1)
HUNDRED = Decimal(100)


class TierPriceType(StrEnum):
    """What a tier price's amount is: the price, or percent off the regular one."""

    FIXED = "fixed"
    DISCOUNT = "discount"


@dataclass(frozen=True)
class TierPrice:
    """A price of one unit for whoever buys *quantity* or more.

    *group_id* is None for every customer group. For one unit, a tier price is what
    Adobe Commerce also calls a group price.
    """

    amount: Decimal
    quantity: Decimal = ONE
    group_id: int | None = None
    type: TierPriceType = TierPriceType.FIXED

    def is_for(self, group_id: int, quantity: Decimal) -> bool:
        """Whether a shopper of *group_id* who buys *quantity* gets it."""
        return self.quantity <= quantity and self.group_id in {None, group_id}

    def price(self, regular: Decimal | None) -> Decimal | None:
        """Return the unrounded price, given the *regular* one.

        More than 100 percent off count as 100. Nothing is off what has no price.
        """
        if self.type is TierPriceType.FIXED:
            return self.amount
        if regular is None:
            return None
        return regular * max(ZERO, HUNDRED - self.amount) / HUNDRED
