"""A catalogue price rule as an admin writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.personalize import schedule
from gateway.personalize.catalogue_price_rules.actions import PRICE_ACTIONS
from gateway.personalize.fields import Fields
from gateway.personalize.grammar import Tree
from gateway.personalize.money import ZERO
from gateway.personalize.table import suggest


@dataclass(frozen=True)
class CataloguePriceRuleDefinition:
    """A catalogue price rule as an admin writes it.

    *customer_groups* is None for all. *segments* are keys: with any, the rule is only
    for shoppers in one of them. *from_day* and *to_day* are included and belong to
    the website's calendar.
    """

    key: str
    name: str
    websites: tuple[str, ...]
    description: str = ""
    active: bool = True
    customer_groups: tuple[int, ...] | None = None
    segments: tuple[str, ...] = ()
    from_day: date | None = None
    to_day: date | None = None
    priority: int = 0
    conditions: Tree | None = None
    action: str = "by_percent"
    amount: Decimal = ZERO
    discards_subsequent: bool = False


def read(given: Mapping[str, Any]) -> CataloguePriceRuleDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    first, last = schedule.read_days(fields)
    definition = CataloguePriceRuleDefinition(
        key=fields.key(),
        name=fields.text("name"),
        websites=fields.keys("websites", required=True),
        description=fields.text("description", longest=2000, required=False),
        active=fields.flag("active", default=True),
        customer_groups=fields.wholes("customer_groups"),
        segments=fields.keys("segments"),
        from_day=first,
        to_day=last,
        priority=fields.whole("priority", 0),
        conditions=fields.tree("conditions"),
        action=fields.text("action"),
        amount=fields.decimal("amount") or ZERO,
        discards_subsequent=fields.flag("discards_subsequent", default=False),
    )
    if fields.lacks("amount"):
        fields.fault("amount", "it is missing.", "Write a number.")
    if definition.action and definition.action not in PRICE_ACTIONS:
        fields.fault("action", *unknown_action(definition.action))
    if definition.customer_groups == ():
        fields.fault(
            "customer_groups",
            "it is empty.",
            "Write at least one group, or leave it out for all of them.",
        )
    fields.finish()
    return definition


def unknown_action(key: str) -> tuple[str, str]:
    """Say that no action is called *key*, and which one may be meant."""
    return f"no price action is called {key!r}.", suggest(key, PRICE_ACTIONS)
