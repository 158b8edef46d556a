"""How amounts become whole coins while rules are applied."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Self

from gateway.personalize import money
from gateway.personalize.cart_price_rules.charges import Line
from gateway.personalize.cart_price_rules.rule import CartPriceRule
from gateway.personalize.discounts import HUNDRED, Remainders
from gateway.personalize.money import ZERO


class Rounding:
    """Rounds amounts of one currency, and carries what percentages leave over."""

    def __init__(self, decimals: int, carry: money.Carry | None = None) -> None:
        self.decimals = decimals
        self._carry = carry or money.Carry(decimals)

    def copied(self) -> Self:
        """Return one that goes on by itself."""
        return type(self)(self.decimals, self._carry.copied())

    def coins(self, amount: Decimal) -> Decimal:
        """Return *amount* in whole coins."""
        return money.rounded(amount, self.decimals)

    def split(self, amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
        """Split *amount* in whole coins, in proportion to *weights*."""
        return money.split(self.coins(amount), weights, self.decimals)

    def carried(self, rule: CartPriceRule, line: Line) -> Decimal:
        """Return what will be added to the next amount of *rule* on *line*."""
        if rule.action.remainders is not Remainders.BY_PERCENT:
            return ZERO
        return self._carry.left(_percent(rule, line))

    def cut(self, rule: CartPriceRule, line: Line, amount: Decimal) -> Decimal:
        """Make what is proposed whole coins, at most what the line still costs."""
        if rule.action.remainders is not Remainders.BY_PERCENT:
            return min(self.coins(amount), line.left)
        line.percent = _percent(rule, line)
        return self._carry.rounded(amount, line.percent, most=line.left)


def _percent(rule: CartPriceRule, line: Line) -> Decimal:
    """Return what percentages the line has had, with the rule's own."""
    return min(HUNDRED, line.percent + rule.action.percent(rule.terms))
