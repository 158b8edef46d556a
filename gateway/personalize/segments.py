"""Customer segments: a named condition; a shopper is in any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from gateway.personalize import grammar, schedule
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.conditions import LISTS, Condition
from gateway.personalize.context import Context
from gateway.personalize.fields import Fields
from gateway.personalize.grammar import Grammar, Limits, Tree
from gateway.personalize.schedule import ALWAYS as ALWAYS_RUNS
from gateway.personalize.schedule import Schedule


class AppliesTo(StrEnum):
    """Whom a segment considers; fixed once it is saved."""

    VISITOR = "visitor"
    REGISTERED = "registered"
    BOTH = "both"

    def considers(self, *, registered: bool) -> bool:
        """Whether a customer, or else a visitor, is considered at all."""
        return self is (AppliesTo.REGISTERED if registered else AppliesTo.VISITOR) or (
            self is AppliesTo.BOTH
        )


@dataclass(frozen=True)
class SegmentDefinition:
    """A segment as an admin writes it.

    *from_day* and *to_day* are included and belong to each website's calendar.
    """

    key: str
    name: str
    websites: tuple[str, ...]
    description: str = ""
    active: bool = True
    from_day: date | None = None
    to_day: date | None = None
    applies_to: AppliesTo = AppliesTo.BOTH
    conditions: Tree | None = None


@dataclass(frozen=True)
class Segment:
    """A segment that can be asked."""

    id: int
    key: str
    applies_to: AppliesTo
    condition: Condition
    schedule: Schedule = ALWAYS_RUNS

    def matches(self, context: Context) -> bool:
        """Whether the shopper is in the segment."""
        registered = context.customer is not None
        return (
            self.applies_to.considers(registered=registered)
            and self.schedule.runs(context.at)
            and self.condition.holds(context)
        )


_OF_CARTS = frozenset({Scope.CART, Scope.ITEM, Scope.PRODUCT})
_OF_CUSTOMERS = _OF_CARTS | {Scope.CUSTOMER, Scope.ADDRESS, Scope.ORDER}

# Adobe Commerce, customer segments: visitors have cart and product conditions only.
_VISITORS = Grammar(
    Scope.CONTEXT,
    _OF_CARTS,
    frozenset({"cart.items"}),
    "A segment that considers visitors can only look at the cart and its products; "
    "set applies_to to 'registered' to look at customers.",
)
_REGISTERED = Grammar(
    Scope.CONTEXT,
    _OF_CUSTOMERS,
    frozenset(LISTS),
    "A segment can look at the cart, the customer, addresses, orders and wishlist.",
)


def read(given: Mapping[str, Any]) -> SegmentDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    first, last = fields.period()
    definition = SegmentDefinition(
        key=fields.key(),
        name=fields.text("name"),
        websites=fields.keys("websites", required=True),
        description=fields.text("description", longest=2000, required=False),
        active=fields.flag("active", default=True),
        from_day=first,
        to_day=last,
        applies_to=fields.choice("applies_to", AppliesTo, AppliesTo.BOTH),
        conditions=fields.tree("conditions"),
    )
    fields.finish()
    return definition


def compile(
    definition: SegmentDefinition,
    attributes: Attributes,
    *,
    timezone: str = "UTC",
    id: int = 0,
    limits: Limits | None = None,
) -> Segment:
    """Make a definition into a segment that can be asked.

    *timezone* is the website's, an IANA name.

    Raises:
        InvalidInput: the conditions ask for what shoppers of its kind cannot have,
            or are otherwise at fault.
    """
    registered_only = definition.applies_to is AppliesTo.REGISTERED
    condition = grammar.parse(
        definition.conditions,
        _REGISTERED if registered_only else _VISITORS,
        attributes,
        path="conditions",
        limits=limits,
    )
    return Segment(
        id=id,
        key=definition.key,
        applies_to=definition.applies_to,
        condition=condition,
        schedule=schedule.of_days(definition.from_day, definition.to_day, timezone),
    )


def match(segments: Iterable[Segment], context: Context) -> tuple[Segment, ...]:
    """Return the segments the shopper is in, in the order given."""
    return tuple(segment for segment in segments if segment.matches(context))
