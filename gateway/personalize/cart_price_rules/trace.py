"""What may be told of rules while they are applied; whoever listens decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from gateway.personalize.cart_price_rules.charges import Charge, Line
from gateway.personalize.cart_price_rules.rule import CartPriceRule, LeftOut
from gateway.personalize.context import Context
from gateway.personalize.discounts import Portion
from gateway.personalize.money import ZERO


@dataclass(frozen=True)
class Given:
    """How an amount came to be.

    *proposed* is what the action proposed for the *portion*, and *carried* the fraction
    of a coin that was left from amounts before. *amount* is what became of both in
    whole coins, *is_cut* if the charge cost no more or the rule gives no more.
    """

    portion: Portion
    proposed: Decimal
    amount: Decimal
    carried: Decimal = ZERO
    is_cut: bool = False


class Trace(Protocol):
    """Is told everything, in the order in which it happens."""

    def begin(self, lines: Sequence[Line]) -> None:
        """Forget all: rules are applied to *lines*, from the first one on."""

    def left_out(self, rule: CartPriceRule, reason: LeftOut) -> None:
        """Tell that *rule* takes no part at all."""

    def failed(self, rule: CartPriceRule, context: Context) -> None:
        """Tell that the conditions of *rule* do not hold in *context*."""

    def took_turn(
        self, rule: CartPriceRule, matched: Sequence[Line], taken: Sequence[Line]
    ) -> None:
        """Tell which lines *rule* matched, and which of them it takes."""

    def gave(self, rule: CartPriceRule, charge: Charge, given: Given) -> None:
        """Tell what *rule* gives on a line, a part of one, or shipping."""
