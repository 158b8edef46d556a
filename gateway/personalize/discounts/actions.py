"""The discount actions: each proposes one unrounded amount for every portion."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gateway.personalize.discounts.table import (
    HUNDRED,
    Portion,
    Remainders,
    Step,
    Terms,
    discount_action,
)
from gateway.personalize.money import ZERO


def _percent_off(terms: Terms) -> Decimal:
    return min(HUNDRED, terms.amount)


@discount_action(
    "by_percent",
    "Percent of product price discount",
    "percent, from 0 to 100",
    step=Step.MULTIPLES,
    remainders=Remainders.BY_PERCENT,
    percent=_percent_off,
)
def by_percent(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Take a percentage off what the line still costs.

    Percentages compound: 10 and then 20 percent of 100.00 are 10.00 and 18.00.
    More than 100 percent counts as 100. On 2 of 5 units at 10.00, of which an earlier
    rule took 5.00, 10 percent are (20.00 - 5.00) x 10 % = 1.50. Off shipping of
    10.00 they are 1.00.

    Adobe Commerce: the action by_percent.
    """
    percent = _percent_off(terms)
    return [portion.net * percent / HUNDRED for portion in portions]


@discount_action(
    "by_fixed",
    "Fixed amount discount",
    "amount off each unit, in the website's currency",
    step=Step.MULTIPLES,
)
def by_fixed(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Take an amount off each unit.

    3 units with 8.00 off each are 24.00, whatever earlier rules gave: only the
    line's own cost limits it. Two rules of 8.00 on one unit at 10.00 give 8.00 and
    2.00. Off shipping the amount is taken once.

    Adobe Commerce: the action by_fixed.
    """
    return [portion.units * terms.amount for portion in portions]


def _budget_and_remaining(
    portions: Sequence[Portion], terms: Terms
) -> tuple[Decimal, Decimal]:
    remaining = sum((portion.remaining for portion in portions), ZERO)
    if terms.shipping is not None:
        remaining += terms.shipping.remaining
    return min(terms.amount, remaining), remaining


def _share_of_budget(
    portions: Sequence[Portion], shipping: Portion, terms: Terms
) -> Decimal:
    budget, remaining = _budget_and_remaining(portions, terms)
    return budget * shipping.remaining / remaining if remaining else ZERO


@discount_action(
    "cart_fixed",
    "Fixed amount discount for whole cart",
    "amount off the whole cart, in the website's currency",
    remainders=Remainders.BY_RULE,
    on_shipping=_share_of_budget,
)
def cart_fixed(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Split one amount over the lines, in proportion to what each still costs.

    30.00 over lines of 100.00, 50.00 and 50.00 are 15.00, 7.50 and 7.50. 10.00 over
    three lines of 9.99 are 3.33, 3.34 and 3.33: the remainders are carried, so that
    the parts add up. 50.00 on a cart of 30.00 are 30.00. Shipping takes part as
    another line: 10.00 over a line of 15.00 and shipping of 5.00 are 7.50 and 2.50.

    Adobe Commerce: the action cart_fixed. Its releases differ in what they weigh by;
    here it is always the cost that earlier rules have left.
    """
    budget, remaining = _budget_and_remaining(portions, terms)
    if not remaining:
        return [ZERO] * len(portions)
    return [budget * portion.remaining / remaining for portion in portions]


def _free_units(units: Decimal, terms: Terms) -> Decimal:
    buy, get = Decimal(terms.step), terms.amount
    if buy <= 0 or get > buy:
        return ZERO
    period = buy + get
    full = units // period
    rest = units - full * period
    return full * get + max(ZERO, rest - buy)


def _free_share_of_shipping(
    portions: Sequence[Portion], shipping: Portion, terms: Terms
) -> Decimal:
    free = sum((_free_units(portion.units, terms) for portion in portions), ZERO)
    quantity = terms.cart_quantity
    return shipping.price * free / quantity if quantity else ZERO


@discount_action(
    "buy_x_get_y",
    "Buy X get Y free (discount amount is Y)",
    "Y, the units that are free after X bought ones; X is the step",
    step=Step.BOUGHT,
    on_shipping=_free_share_of_shipping,
)
def buy_x_get_y(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Give Y units of a line free after X bought ones of the same line.

    X = 2, Y = 1: of 1 to 7 units 0, 0, 1, 1, 1, 2, 2 are free. X = 3, Y = 2: of 4
    units 1 is free, of 5 and 8 units 2, of 9 units 3. Lines never pool. Nothing is
    free where Y is greater than X. Of 12.00 for shipping 4 units, 1 of them free,
    3.00 are taken off.

    Adobe Commerce: the action buy_x_get_y.
    """
    return [_free_units(one.units, terms) * one.price for one in portions]


def _percent_above(terms: Terms) -> Decimal:
    return max(ZERO, HUNDRED - terms.amount)


@discount_action(
    "to_percent",
    "Adjust to percentage of product price",
    "percent of the price that is left to pay",
    step=Step.MULTIPLES,
    remainders=Remainders.BY_PERCENT,
    percent=_percent_above,
)
def to_percent(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Leave only a percentage of what the line still costs.

    To 80 percent of 50.00 takes off 10.00. 100 percent or more take nothing off.

    Adobe Commerce: the action to_percent, which its engine knows and its forms do
    not offer.
    """
    percent = _percent_above(terms)
    return [portion.net * percent / HUNDRED for portion in portions]


@discount_action(
    "to_fixed",
    "Adjust to fixed price",
    "price of one unit that is left to pay, in the website's currency",
)
def to_fixed(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Leave only a fixed price for each unit.

    3 units at 10.00 to 8.00 each take off 6.00, whatever earlier rules gave; a unit
    that costs less already is left alone. Shipping of 5.00 to 3.00 takes off 2.00.

    Adobe Commerce: the action to_fixed, which its engine knows and its forms do not
    offer.
    """
    return [one.units * (one.price - terms.amount) for one in portions]


def _nothing_off_shipping(
    portions: Sequence[Portion],  # noqa: ARG001
    shipping: Portion,  # noqa: ARG001
    terms: Terms,  # noqa: ARG001
) -> Decimal:
    return ZERO


@discount_action(
    "free_gift",
    "Free gift",
    "units that are free, of all gifts together",
    on_shipping=_nothing_off_shipping,
    gives_gifts=True,
)
def free_gift(portions: Sequence[Portion], terms: Terms) -> Sequence[Decimal]:
    """Give units of the rule's gifts free, as far as they are in the cart.

    1 unit free of a gift at 10.00: of 3 units in the cart one is free, 10.00. Of two
    gifts in the cart the first line comes first. What is not in the cart yet is
    offered instead. Nothing is taken off shipping.

    Adobe Commerce: the free gift of 2026.
    """
    left = terms.amount
    free = []
    for portion in portions:
        units = min(left, portion.units)
        left -= units
        free.append(units * portion.price)
    return free
