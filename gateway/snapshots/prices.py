"""What the reference says of price actions, with prices that are worked out."""

from __future__ import annotations

from decimal import Decimal

from gateway.personalize import catalogue_price_rules, money
from gateway.personalize.attributes import Attributes
from gateway.personalize.catalogue_price_rules import (
    PRICE_ACTIONS,
    CataloguePriceRuleDefinition,
    PriceAction,
)
from gateway.snapshots.markdown import code, join, prose, table

_INTRODUCTION = """\
An action proposes a price in place of the one that it is given: the regular price, or
what the rule before has left of it. What a rule leaves is never below zero, never above
what it was given, and has four decimals at most; what the last one leaves is in whole
coins, half a coin up."""

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("by_percent", "15"),
    ("by_percent", "100"),
    ("by_fixed", "2.50"),
    ("by_fixed", "12.00"),
    ("to_percent", "80"),
    ("to_percent", "120"),
    ("to_fixed", "8.00"),
    ("to_fixed", "12.00"),
)

_PRICE = Decimal("9.99")


def price_actions() -> str:
    """Write every action, then what each leaves of the same price."""
    head = ("action", "amount", "left")
    rows = [
        (code(key), amount, str(price_left(key, amount))) for key, amount in EXAMPLES
    ]
    return join(
        "## Price actions",
        prose(_INTRODUCTION),
        *map(_action, PRICE_ACTIONS.values()),
        "### The same price under each of them",
        f"A regular price of {_PRICE}, and no other rule.",
        table(head, rows),
    )


def price_left(action: str, amount: str) -> Decimal:
    """Apply a rule to the example's price and return what is left."""
    definition = CataloguePriceRuleDefinition(
        "example", "Example", ("main",), action=action, amount=Decimal(amount)
    )
    rule = catalogue_price_rules.compile(definition, Attributes())
    return money.rounded(rule.lowered(_PRICE), 2)


def _action(row: PriceAction) -> str:
    title = f"### Price action {code(row.key)}: {row.label}"
    return join(title, prose(row.description), f"* Amount: {row.amount}.")
