"""A catalogue price rule that can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.personalize import grammar, money, schedule
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.catalogue_price_rules.actions import (
    PRICE_ACTIONS,
    PriceAction,
)
from gateway.personalize.catalogue_price_rules.definition import (
    CataloguePriceRuleDefinition,
    unknown_action,
)
from gateway.personalize.conditions import NEVER, Condition
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Grammar, Limits
from gateway.personalize.money import ZERO
from gateway.personalize.prices import Buyer
from gateway.personalize.schedule import Schedule

DECIMALS = 4
"""Of a price between two rules, as Adobe Commerce rounds it."""


@dataclass(frozen=True)
class CataloguePriceRule:
    """A catalogue price rule that can be asked.

    *condition* looks at nothing but a product, so that what it holds of is derived
    from the catalogue alone.
    """

    id: int
    key: str
    schedule: Schedule
    condition: Condition
    action: PriceAction
    amount: Decimal
    priority: int = 0
    customer_groups: frozenset[int] | None = None
    segments: frozenset[str] = frozenset()
    discards_subsequent: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """What rules are sorted by: priority, then id."""
        return self.priority, self.id

    def runs(self, buyer: Buyer) -> bool:
        """Whether it is the time for it, and the shopper is one it is for."""
        groups = self.customer_groups
        if groups is not None and buyer.group_id not in groups:
            return False
        if self.segments and self.segments.isdisjoint(buyer.segments):
            return False
        return self.schedule.runs(buyer.at)

    def lowered(self, price: Decimal) -> Decimal:
        """Return what it makes of *price*: never less than zero, never more."""
        proposed = self.action.propose(price, self.amount)
        return money.rounded(min(max(proposed, ZERO), price), DECIMALS)


_PRODUCTS = Grammar(
    Scope.PRODUCT,
    frozenset({Scope.PRODUCT}),
    only="A catalogue price rule can look at products only.",
)


def compile(
    definition: CataloguePriceRuleDefinition,
    attributes: Attributes,
    *,
    timezone: str = "UTC",
    id: int = 0,
    limits: Limits | None = None,
) -> CataloguePriceRule:
    """Make a definition into a rule that can be asked; *timezone* is the website's.

    Raises:
        InvalidInput: the action is unknown, a condition is at fault, or it is for
            segments and *limits* do not admit that.
    """
    limits = limits or Limits()
    problems: list[Problem] = []
    action = PRICE_ACTIONS.get(definition.action)
    if action is None:
        problems.append(Problem("action", *unknown_action(definition.action)))
    if definition.segments and not limits.segment_prices:
        said = "prices for segments are turned off."
        remedy = "Leave it out, or set GATEWAY_SEGMENT_PRICES to true."
        problems.append(Problem("segments", said, remedy))
    condition: Condition = NEVER
    try:
        condition = grammar.parse(
            definition.conditions,
            _PRODUCTS,
            attributes,
            path="conditions",
            limits=limits,
        )
    except InvalidInput as refused:
        problems.extend(refused.problems)
    if problems or action is None:
        raise InvalidInput(*problems)
    groups = definition.customer_groups
    return CataloguePriceRule(
        id=id,
        key=definition.key,
        schedule=schedule.of_days(definition.from_day, definition.to_day, timezone),
        condition=condition,
        action=action,
        amount=definition.amount,
        priority=definition.priority,
        customer_groups=None if groups is None else frozenset(groups),
        segments=frozenset(definition.segments),
        discards_subsequent=definition.discards_subsequent,
    )
