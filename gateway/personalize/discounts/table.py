"""The table of discount actions, and what an action is given to look at."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.personalize.money import ZERO
from gateway.personalize.table import Table

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Portion:
    """The units of one line that a rule may take money off.

    *discounted* is what earlier rules gave on the whole line, *remaining* what can
    still be given on these units, in whole coins. Shipping is a portion of one unit.
    """

    units: Decimal
    price: Decimal
    discounted: Decimal
    remaining: Decimal

    @property
    def net(self) -> Decimal:
        """What these units cost, less all that earlier rules gave on the line."""
        return self.units * self.price - self.discounted


@dataclass(frozen=True)
class Terms:
    """What a rule offers on a cart.

    *shipping* is there if the rule also applies to the shipping amount.
    *cart_quantity* counts the units of all lines.
    """

    amount: Decimal
    step: int = 0
    shipping: Portion | None = None
    cart_quantity: Decimal = ZERO


class Step(StrEnum):
    """What an action makes of a rule's step."""

    UNUSED = "unused"
    MULTIPLES = "multiples"
    BOUGHT = "bought"

    def admits(self, quantity: Decimal, step: int) -> bool:
        """Whether a line of *quantity* units has enough of them to be looked at."""
        match self:
            case Step.UNUSED:
                return True
            case Step.MULTIPLES:
                return quantity >= step
            case Step.BOUGHT:
                return quantity > step

    def units(self, units: Decimal, step: int) -> Decimal:
        """Return how many of *units* the action may count."""
        if self is Step.MULTIPLES and step > 0:
            return units // step * step
        return units


class Remainders(StrEnum):
    """What becomes of the fractions of a coin that rounding cuts off."""

    PER_LINE = "per_line"
    BY_PERCENT = "by_percent"
    BY_RULE = "by_rule"


Propose = Callable[[Sequence[Portion], Terms], Sequence[Decimal]]
OnShipping = Callable[[Sequence[Portion], Portion, Terms], Decimal]
Percent = Callable[[Terms], Decimal]


@dataclass(frozen=True)
class DiscountAction:
    """One row of the table of discount actions.

    *amount* says what the rule's amount means. *on_shipping* proposes what is taken
    off shipping. *percent* is what a line's accumulated percent grows by; lines of
    the same accumulated percent share their remainders.
    """

    key: str
    label: str
    amount: str
    description: str
    step: Step
    remainders: Remainders
    propose: Propose
    on_shipping: OnShipping
    percent: Percent
    gives_gifts: bool = False


DISCOUNT_ACTIONS: Table[DiscountAction] = Table("discount action")


def _nothing(terms: Terms) -> Decimal:  # noqa: ARG001
    return ZERO


def discount_action(
    key: str,
    label: str,
    amount: str,
    *,
    step: Step = Step.UNUSED,
    remainders: Remainders = Remainders.PER_LINE,
    on_shipping: OnShipping | None = None,
    percent: Percent = _nothing,
    gives_gifts: bool = False,
) -> Callable[[Propose], Propose]:
    """Enter the decorated function into the table under *key*.

    Without *on_shipping*, shipping is taken for one more unit at its own price.
    """

    def enter(propose: Propose) -> Propose:
        def as_one_unit(_: Sequence[Portion], shipping: Portion, t: Terms) -> Decimal:
            return propose((shipping,), t)[0]

        row = DiscountAction(
            key,
            label,
            amount,
            inspect.getdoc(propose) or "",
            step,
            remainders,
            propose,
            on_shipping or as_one_unit,
            percent,
            gives_gifts,
        )
        DISCOUNT_ACTIONS.add(key, row)
        return propose

    return enter
