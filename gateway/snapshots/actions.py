"""What the reference says of discount actions, with amounts that are worked out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from gateway.personalize import cart_price_rules, money
from gateway.personalize.attributes import Attributes
from gateway.personalize.cart_price_rules import CartPriceRuleDefinition
from gateway.personalize.context import Cart, CartItem, Context, Website
from gateway.personalize.discounts import (
    DISCOUNT_ACTIONS,
    DiscountAction,
    Remainders,
)
from gateway.personalize.products import Product
from gateway.schema.admin.vocabulary import STEPS
from gateway.snapshots.markdown import code, join, prose, table

_INTRODUCTION = """\
An action proposes an amount for each line that its rule matches. What is given is cut
to what earlier rules have left of the line, and is always in whole coins. `at_most`
limits how many units of each line take part; it goes with every action."""

REMAINDERS = {
    Remainders.PER_LINE: "Each line is rounded by itself, half a coin up.",
    Remainders.BY_PERCENT: "What rounding cuts off a line is carried to the next line"
    " that was given the same percentages.",
    Remainders.BY_RULE: "What rounding cuts off a line is carried to the next, so that"
    " the parts add up to the whole amount.",
}

# Action, amount, step, at most: what each takes off the same line.
EXAMPLES: tuple[tuple[str, str, int, int | None], ...] = (
    ("by_percent", "10", 0, None),
    ("by_percent", "10", 2, None),
    ("by_percent", "10", 0, 2),
    ("by_fixed", "3.00", 0, None),
    ("by_fixed", "3.00", 2, None),
    ("by_fixed", "12.00", 0, None),
    ("cart_fixed", "20.00", 0, None),
    ("cart_fixed", "80.00", 0, None),
    ("buy_x_get_y", "1", 2, None),
    ("buy_x_get_y", "1", 1, None),
    ("buy_x_get_y", "1", 1, 4),
    ("to_percent", "80", 0, None),
    ("to_fixed", "8.00", 0, None),
    ("to_fixed", "12.00", 0, None),
)

_UNITS, _PRICE = Decimal(5), Decimal("10.00")


def actions() -> str:
    """Write every action, then what each takes off the same line."""
    head = ("action", "amount", "step", "at most", "taken off")
    rows = [
        (
            code(key),
            amount,
            str(step or ""),
            str(at_most or ""),
            str(taken_off(key, amount, step, at_most)),
        )
        for key, amount, step, at_most in EXAMPLES
    ]
    return join(
        "## Discount actions",
        prose(_INTRODUCTION),
        *map(_action, DISCOUNT_ACTIONS.values()),
        "### The same line under each of them",
        f"{_UNITS} units at {_PRICE}, and no other rule.",
        table(head, rows),
    )


def taken_off(action: str, amount: str, step: int, at_most: int | None) -> Decimal:
    """Apply a rule to the example's line and return the discount."""
    definition = CartPriceRuleDefinition(
        "example",
        "Example",
        ("main",),
        action=action,
        amount=Decimal(amount),
        step=step,
        at_most=None if at_most is None else Decimal(at_most),
    )
    line = CartItem(Product("example", type="simple"), _UNITS, _PRICE)
    context = Context(
        at=datetime(2026, 3, 10, tzinfo=UTC),
        website=Website("main"),
        cart=Cart(items=(line,)),
    )
    rule = cart_price_rules.compile(definition, Attributes())
    discount = cart_price_rules.apply([rule], context).discount
    return money.rounded(discount, money.decimals(context.website.currency))


def _action(row: DiscountAction) -> str:
    facts = (
        f"* Amount: {row.amount}.",
        f"* Step: {STEPS[row.step]}",
        f"* Rounding: {REMAINDERS[row.remainders]}",
    )
    title = f"### {code(row.key)}: {row.label}"
    return join(title, prose(row.description), "\n".join(facts))
