"""How a catalogue price rule lowers a price: one decorated function per action.

To add one, write a function over *(price, amount)* under ``@price_action``; it is then
accepted in rules, clamped, rounded, listed and documented. An action only proposes an
unrounded price. Whoever applies it disposes: never below zero, never above the price
that it was given.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from gateway.personalize.table import Table
from gateway.personalize.tier_prices import HUNDRED

Propose = Callable[[Decimal, Decimal], Decimal]


@dataclass(frozen=True)
class PriceAction:
    """One row of the table of price actions; *amount* says what a rule's means."""

    key: str
    label: str
    amount: str
    description: str
    propose: Propose


PRICE_ACTIONS: Table[PriceAction] = Table("price action")


def price_action(key: str, label: str, amount: str) -> Callable[[Propose], Propose]:
    """Enter the decorated function into the table under *key*."""

    def enter(propose: Propose) -> Propose:
        description = inspect.getdoc(propose) or ""
        PRICE_ACTIONS.add(key, PriceAction(key, label, amount, description, propose))
        return propose

    return enter


@price_action("by_percent", "Apply as percentage of original", "percent, from 0 to 100")
def by_percent(price: Decimal, amount: Decimal) -> Decimal:
    """Take a percentage off.

    10 percent off 100.00 leave 90.00. Rules compound: 10 and then 20 percent off
    100.00 leave 72.00. More than 100 percent count as 100.

    Adobe Commerce: the action by_percent.
    """
    return price * (HUNDRED - amount) / HUNDRED


@price_action(
    "by_fixed", "Apply as fixed amount", "amount off, in the website's currency"
)
def by_fixed(price: Decimal, amount: Decimal) -> Decimal:
    """Take an amount off.

    5.00 off 90.00 leave 85.00, off 3.00 nothing.

    Adobe Commerce: the action by_fixed.
    """
    return price - amount


@price_action(
    "to_percent",
    "Adjust final price to this percentage",
    "percent of the price that is left to pay",
)
def to_percent(price: Decimal, amount: Decimal) -> Decimal:
    """Leave only a percentage to pay.

    To 25 percent of 80.00 is 20.00. 100 percent or more leave the price as it is.

    Adobe Commerce: the action to_percent.
    """
    return price * amount / HUNDRED


@price_action(
    "to_fixed",
    "Adjust final price to discount value",
    "price that is left to pay, in the website's currency",
)
def to_fixed(price: Decimal, amount: Decimal) -> Decimal:  # noqa: ARG001
    """Leave only a fixed price to pay.

    To 8.00 makes 10.00 to 8.00; what costs less already is left alone.

    Adobe Commerce: the action to_fixed.
    """
    return amount
