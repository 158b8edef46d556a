"""What one rule gives on the lines that it takes, and on shipping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, Self

from gateway.personalize.cart_price_rules.charges import Line
from gateway.personalize.cart_price_rules.rounding import Rounding
from gateway.personalize.cart_price_rules.rule import CartPriceRule
from gateway.personalize.cart_price_rules.trace import Given
from gateway.personalize.discounts import Portion, Remainders, Terms
from gateway.personalize.money import ZERO


class Amounts(NamedTuple):
    """What is *given*, in whole coins, and how it came to be: one for each line.

    *proposed* is what the action proposes, and *carried* the fraction of a coin that
    was left from amounts before.
    """

    given: Sequence[Decimal]
    on_shipping: Decimal
    proposed: Sequence[Decimal]
    proposed_on_shipping: Decimal
    carried: Sequence[Decimal]

    @classmethod
    def of(
        cls,
        rule: CartPriceRule,
        lines: Sequence[Line],
        portions: Sequence[Portion],
        terms: Terms,
        rounding: Rounding,
        *,
        most: Decimal | None,
        most_on_shipping: Decimal,
    ) -> Self:
        """Ask the action of *rule*, and cut what it proposes to what may be given.

        *portions* are those of *lines*. All of it together is *most* at the most; None
        is no cap.
        """
        action = rule.action
        proposed = [max(ZERO, one) for one in action.propose(portions, terms)]
        for_shipping = ZERO
        if terms.shipping is not None:
            for_shipping = action.on_shipping(portions, terms.shipping, terms)
            for_shipping = max(ZERO, for_shipping)
        split: Sequence[Decimal] = (*proposed, for_shipping)
        if action.remainders is Remainders.BY_RULE:
            split = rounding.split(sum(split, ZERO), split)
        carried, amounts = [], []
        for line, amount in zip(lines, split, strict=False):
            carried.append(rounding.carried(rule, line))
            amounts.append(rounding.cut(rule, line, amount))
        amounts.append(min(rounding.coins(split[-1]), most_on_shipping))
        if most is not None and sum(amounts, ZERO) > most:
            amounts = [*rounding.split(most, amounts)]
        *given, on_shipping = amounts
        return cls(given, on_shipping, proposed, for_shipping, carried)

    def told(self, portions: Sequence[Portion], rounding: Rounding) -> Iterator[Given]:
        """Tell how what is given on each line came to be."""
        parts = zip(portions, self.proposed, self.carried, self.given, strict=False)
        return (_given(*part, rounding) for part in parts)

    def told_of_shipping(self, portion: Portion, rounding: Rounding) -> Given:
        """Tell how what is given on shipping came to be."""
        proposed, amount = self.proposed_on_shipping, self.on_shipping
        return _given(portion, proposed, ZERO, amount, rounding)


def _given(
    portion: Portion,
    proposed: Decimal,
    carried: Decimal,
    amount: Decimal,
    rounding: Rounding,
) -> Given:
    is_cut = rounding.coins(proposed + carried) > amount
    return Given(portion, proposed, amount, carried, is_cut)
