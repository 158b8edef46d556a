"""Customer segments: a named condition; a shopper is in any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from gateway.personalize import grammar, schedule, segment_references
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.conditions import Condition
from gateway.personalize.context import Context
from gateway.personalize.element_lists import LISTS, looks_at_behaviour
from gateway.personalize.fields import Fields
from gateway.personalize.grammar import Grammar, Limits, Tree
from gateway.personalize.schedule import ALWAYS as ALWAYS_RUNS
from gateway.personalize.schedule import Schedule

MOST_MEMBERS = 10_000
"""Customers that a segment may include and exclude, over all of its websites."""


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

    def can_ask_for(self, other: AppliesTo) -> bool:
        """Whether a segment of this kind can look into one that applies to *other*.

        Where visitors are considered, the other must consider them, too.
        """
        return other.considers(registered=self is AppliesTo.REGISTERED)


@dataclass(frozen=True)
class SegmentDefinition:
    """A segment as an admin writes it.

    *from_day* and *to_day* are included and belong to each website's calendar.
    *include* and *exclude* are customer ids by website: who is in the segment whatever
    its conditions say, and who is not, whatever else is said. A visitor who is in a
    segment that *keeps_after_login* stays in it for the session, also as a customer.
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
    include: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keeps_after_login: bool = False


@dataclass(frozen=True)
class Segment:
    """A segment that can be asked.

    *asks_for* are the keys of other segments in its conditions. It is asked after
    all that are less deep, once the context knows which of them the shopper is in.
    One that *needs_consent* looks at behaviour, itself or by way of those.
    """

    id: int
    key: str
    applies_to: AppliesTo
    condition: Condition
    schedule: Schedule = ALWAYS_RUNS
    asks_for: frozenset[str] = frozenset()
    depth: int = 0
    included: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    keeps_after_login: bool = False
    needs_consent: bool = False

    def matches(self, context: Context) -> bool:
        """Whether the shopper is in the segment."""
        customer = context.customer
        registered = customer is not None
        if registered and self.keeps(context):
            return True
        if not self.applies_to.considers(registered=registered):
            return False
        if not self.schedule.runs(context.at):
            return False
        if customer is not None and customer.customer_id in self.excluded:
            return False
        if customer is not None and customer.customer_id in self.included:
            return True
        return self.condition.holds(context)

    def keeps(self, context: Context) -> bool:
        """Whether it keeps a customer who was in it as a visitor of the session.

        What was found out with a consent counts no longer than the consent does.
        """
        return (
            self.keeps_after_login
            and self.key in context.remembered.segments
            and (context.consents or not self.needs_consent)
            and self.schedule.runs(context.at)
        )


_OF_ALL = frozenset(
    {
        Scope.CONTEXT,
        Scope.CART,
        Scope.ITEM,
        Scope.PRODUCT,
        Scope.SESSION,
        Scope.VIEWED,
    }
)
_OF_CUSTOMERS = frozenset(Scope)

# Adobe Commerce, customer segments: visitors have conditions on the cart, on products
# in it and on those they viewed only.
_VISITORS = Grammar(
    Scope.CONTEXT,
    _OF_ALL,
    frozenset({"cart.items", "products.viewed"}),
    "A segment that considers visitors can only look at the cart, its products, the "
    "session, products viewed and other segments; set applies_to to 'registered' to "
    "look at customers.",
)
_REGISTERED = Grammar(
    Scope.CONTEXT,
    _OF_CUSTOMERS,
    frozenset(LISTS),
    "A segment can look at the cart, the session, the customer, addresses, orders, "
    "wishlist, products viewed or ordered, audiences and other segments.",
)


def read(given: Mapping[str, Any]) -> SegmentDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    first, last = schedule.read_days(fields)
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
        include=fields.one("include", _customer_ids) or {},
        exclude=fields.one("exclude", _customer_ids) or {},
        keeps_after_login=fields.flag("keeps_after_login", default=False),
    )
    _check_members(definition, fields)
    if definition.keeps_after_login and definition.applies_to is not AppliesTo.VISITOR:
        fields.fault(
            "keeps_after_login",
            "only a segment of visitors ends at the login.",
            "Leave it out, or set applies_to to 'visitor'.",
        )
    fields.finish()
    return definition


def _customer_ids(fields: Fields) -> dict[str, tuple[str, ...]]:
    by_website = {
        str(website): fields.texts(website, most=MOST_MEMBERS)
        for website in fields.names
    }
    return {website: ids for website, ids in by_website.items() if ids}


def _check_members(definition: SegmentDefinition, fields: Fields) -> None:
    for name, by_website in (
        ("include", definition.include),
        ("exclude", definition.exclude),
    ):
        if by_website and definition.applies_to is AppliesTo.VISITOR:
            fields.fault(
                name,
                "a segment of visitors has no customers in it.",
                "Leave it out, or set applies_to to 'registered' or 'both'.",
            )
        for website in by_website:
            if website not in definition.websites:
                said = f"the segment is not of the website {website!r}."
                remedy = "Leave it out, or add the website to 'websites'."
                fields.fault(f"{name}.{website}", said, remedy)
    lists = (*definition.include.values(), *definition.exclude.values())
    total = sum(map(len, lists))
    if total > MOST_MEMBERS:
        fields.fault(
            "include",
            f"with 'exclude', {total} customers are too many.",
            f"Write at most {MOST_MEMBERS} in both together.",
        )


def compile(
    definition: SegmentDefinition,
    attributes: Attributes,
    *,
    timezone: str = "UTC",
    website: str = "",
    id: int = 0,
    limits: Limits | None = None,
) -> Segment:
    """Make a definition into a segment that can be asked.

    *timezone*, an IANA name, is the one of *website*, whose customers are meant.

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
        asks_for=segment_references.keys(definition.conditions),
        included=frozenset(definition.include.get(website, ())),
        excluded=frozenset(definition.exclude.get(website, ())),
        keeps_after_login=definition.keeps_after_login,
        needs_consent=looks_at_behaviour(condition),
        schedule=schedule.of_days(definition.from_day, definition.to_day, timezone),
    )


def in_order(
    listed: Sequence[Segment],
) -> tuple[list[Segment], Mapping[str, tuple[str, ...]]]:
    """Return the segments with their depths, and the circle of each that is in one."""
    graph = {segment.key: segment.asks_for for segment in listed}
    depths, circles = segment_references.depths(graph)
    kept = [segment for segment in listed if segment.key in depths]
    gated: set[str] = set()
    for segment in sorted(kept, key=lambda one: depths[one.key]):
        # Of one that is not there, such as one that is not active, nobody knows
        # whether it looked at behaviour.
        known = segment.asks_for <= depths.keys()
        if segment.needs_consent or not known or gated & segment.asks_for:
            gated.add(segment.key)
    found = [
        replace(one, depth=depths[one.key], needs_consent=one.key in gated)
        if one.asks_for
        else one
        for one in kept
    ]
    return found, {key: circle for circle in circles for key in circle}


def match(segments: Iterable[Segment], context: Context) -> tuple[Segment, ...]:
    """Return the segments the shopper is in, in the order given.

    What asks for other segments is asked after them. A segment that is not among
    *segments* has nobody in it.
    """
    listed = tuple(segments)
    asking = sorted((one for one in listed if one.asks_for), key=_depth)
    matched = tuple(one for one in listed if not one.asks_for and one.matches(context))
    if not asking:
        return matched
    found = {one.key for one in matched}
    for _, level in groupby(asking, _depth):
        so_far = replace(context, segments=frozenset(found))
        found.update(one.key for one in level if one.matches(so_far))
    return tuple(one for one in listed if one.key in found)


def _depth(segment: Segment) -> int:
    return segment.depth
