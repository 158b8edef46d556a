"""How a cart price rule takes money off: one decorated function per action.

To add one, write a function over *(portions, terms)* under ``@discount_action``
in ``actions``; it is then accepted in rules, clamped, rounded, stacked, listed and
documented. An action only proposes one unrounded amount for each portion, in their
order. Whoever applies it disposes: never below zero, never above what a line still
costs, always whole coins.
"""

from gateway.personalize.discounts import actions
from gateway.personalize.discounts.table import (
    DISCOUNT_ACTIONS,
    HUNDRED,
    DiscountAction,
    Portion,
    Remainders,
    Step,
    Terms,
    discount_action,
)

__all__ = [
    "DISCOUNT_ACTIONS",
    "HUNDRED",
    "DiscountAction",
    "Portion",
    "Remainders",
    "Step",
    "Terms",
    "actions",
    "discount_action",
]
