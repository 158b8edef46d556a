"""A cart price rule as an admin writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gateway.personalize import schedule, segment_references
from gateway.personalize.coupons import LONGEST_CODE, fold
from gateway.personalize.discounts import DISCOUNT_ACTIONS, Step
from gateway.personalize.fields import Fields
from gateway.personalize.grammar import Tree
from gateway.personalize.money import ZERO
from gateway.personalize.table import suggest

MOST_GIFTS = 100
"""Products that one rule may offer as gifts."""


class FreeShipping(StrEnum):
    """What a rule ships free: nothing, the lines it matches, or the shipment."""

    NONE = "none"
    ITEMS = "items"
    SHIPMENT = "shipment"


class AtMostPer(StrEnum):
    """What a rule's most units are counted over: each line, or all it matches."""

    LINE = "line"
    RULE = "rule"


class TotalsOf(StrEnum):
    """Which lines the totals in conditions are of: all, or those the rule matches."""

    CART = "cart"
    MATCHED_ITEMS = "matched_items"


class Lane(StrEnum):
    """The lanes of cart price rules, in the order in which they are taken.

    Rules discard, and groups compete, within a lane; the next lane begins with what
    the one before has left.
    """

    PRE = "pre"
    DEFAULT = "default"
    POST = "post"


class GroupApplies(StrEnum):
    """What a rule makes of its evaluation group.

    It applies beside all of them; or only where it gives the most of those that say
    so, too; or only while none before it was applied.
    """

    ALL = "all"
    BEST = "best"
    FIRST = "first"


@dataclass(frozen=True)
class CartPriceRuleDefinition:
    """A cart price rule as an admin writes it.

    *customer_groups* is None for all. *from_day* and *to_day* are included and belong
    to the website's calendar. *at_most* limits the units that are discounted, of each
    line or of all; None is no limit. *most_discount* limits what is taken off a cart,
    and *budget* what is taken off all orders together; None is no limit.
    *gifts* are SKUs, of which it gives some units free. A rule that needs a coupon has
    one *coupon_code*, or *generated_coupons*; 0 uses are no limit, and those per
    customer are counted over all codes of the rule. Who is close to a rule that is
    *hinted* at, and has its coupon if it needs one, is told what is missing.
    """

    key: str
    name: str
    websites: tuple[str, ...]
    description: str = ""
    active: bool = True
    customer_groups: tuple[int, ...] | None = None
    from_day: date | None = None
    to_day: date | None = None
    priority: int = 0
    coupon_code: str = ""
    generated_coupons: bool = False
    uses_per_coupon: int = 0
    uses_per_customer: int = 0
    uses_per_rule: int = 0
    conditions: Tree | None = None
    item_conditions: Tree | None = None
    action: str = "by_percent"
    amount: Decimal = ZERO
    at_most: Decimal | None = None
    at_most_per: AtMostPer = AtMostPer.LINE
    most_discount: Decimal | None = None
    budget: Decimal | None = None
    step: int = 0
    gifts: tuple[str, ...] = ()
    totals_of: TotalsOf = TotalsOf.CART
    discards_subsequent: bool = False
    applies_to_shipping: bool = False
    free_shipping: FreeShipping = FreeShipping.NONE
    hinted: bool = False
    lane: Lane = Lane.DEFAULT
    evaluation_group: str = ""
    group_applies: GroupApplies = GroupApplies.ALL
    label: str = ""
    label_by_store_view: Mapping[str, str] = field(default_factory=dict)


def read(given: Mapping[str, Any]) -> CartPriceRuleDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    first, last = schedule.read_days(fields)
    definition = CartPriceRuleDefinition(
        key=fields.key(),
        name=fields.text("name"),
        websites=fields.keys("websites", required=True),
        description=fields.text("description", longest=2000, required=False),
        active=fields.flag("active", default=True),
        customer_groups=fields.wholes("customer_groups"),
        from_day=first,
        to_day=last,
        priority=fields.whole("priority", 0),
        coupon_code=fields.text("coupon_code", required=False).strip(),
        generated_coupons=fields.flag("generated_coupons", default=False),
        uses_per_coupon=fields.whole("uses_per_coupon", 0),
        uses_per_customer=fields.whole("uses_per_customer", 0),
        uses_per_rule=fields.whole("uses_per_rule", 0),
        conditions=fields.tree("conditions"),
        item_conditions=fields.tree("item_conditions"),
        action=fields.text("action", required=False) or "by_percent",
        amount=fields.decimal("amount") or ZERO,
        at_most=fields.decimal("at_most") or None,
        at_most_per=fields.choice("at_most_per", AtMostPer, AtMostPer.LINE),
        most_discount=fields.decimal("most_discount"),
        budget=fields.decimal("budget"),
        gifts=tuple(dict.fromkeys(fields.texts("gifts", most=MOST_GIFTS))),
        totals_of=fields.choice("totals_of", TotalsOf, TotalsOf.CART),
        step=fields.whole("step", 0),
        discards_subsequent=fields.flag("discards_subsequent", default=False),
        applies_to_shipping=fields.flag("applies_to_shipping", default=False),
        free_shipping=fields.choice("free_shipping", FreeShipping, FreeShipping.NONE),
        hinted=fields.flag("hinted", default=False),
        lane=fields.choice("lane", Lane, Lane.DEFAULT),
        evaluation_group=fields.key("evaluation_group", required=False),
        group_applies=fields.choice("group_applies", GroupApplies, GroupApplies.ALL),
        label=fields.text("label", required=False),
        label_by_store_view=fields.texts_by_key("label_by_store_view", longest=255),
    )
    _check_discount(definition, fields)
    if (
        definition.group_applies is not GroupApplies.ALL
        and not definition.evaluation_group
    ):
        remedy = "Write the group's key, or leave 'group_applies' out."
        fields.fault("evaluation_group", "it is missing.", remedy)
    _check_coupons(definition, fields)
    for name in ("most_discount", "budget"):
        if getattr(definition, name) == ZERO:
            remedy = "Leave it out for no limit, or make the rule inactive."
            fields.fault(name, "it is zero.", remedy)
    if definition.customer_groups == ():
        fields.fault(
            "customer_groups",
            "it is empty.",
            "Write at least one group, or leave it out for all of them.",
        )
    fields.finish()
    return definition


def _check_discount(definition: CartPriceRuleDefinition, fields: Fields) -> None:
    free = definition.free_shipping is not FreeShipping.NONE
    for name in ("action", "amount"):
        if fields.lacks(name) and not free:
            remedy = "Only a rule that gives free shipping can do without."
            fields.fault(name, "it is missing.", remedy)
    action = DISCOUNT_ACTIONS.get(definition.action)
    if action is None:
        fields.fault("action", *unknown_action(definition.action))
    elif action.step is Step.UNUSED and definition.step:
        fields.fault("step", f"{action.key!r} takes no step.", "Leave it out.")
    elif action.step is Step.BOUGHT and not definition.step:
        fields.fault(
            "step", "it is missing.", "Write X, the units to buy before some are free."
        )
    elif action.step is Step.BOUGHT and definition.amount > definition.step:
        fields.fault(
            "amount",
            f"{definition.amount} free units for {definition.step} bought ones give "
            "nothing.",
            "Write at most as many free units as 'step' says are bought.",
        )
    if action is not None and action.gives_gifts and not definition.gifts:
        fields.fault("gifts", "it is missing.", "Write the SKUs of which one is free.")
    elif action is not None and definition.gifts and not action.gives_gifts:
        remedy = "Leave it out, or set action to 'free_gift'."
        fields.fault("gifts", f"{action.key!r} gives no gifts.", remedy)


def _check_coupons(definition: CartPriceRuleDefinition, fields: Fields) -> None:
    if len(fold(definition.coupon_code)) > LONGEST_CODE:
        # One character may stand for eighteen.
        remedy = f"Write at most {LONGEST_CODE}, as they are compared."
        fields.fault("coupon_code", "it has too many characters.", remedy)
    if definition.generated_coupons and definition.coupon_code:
        remedy = "Write one or the other."
        fields.fault("coupon_code", "the rule has generated coupons already.", remedy)
    if definition.generated_coupons or definition.coupon_code:
        return
    for name in ("uses_per_coupon", "uses_per_customer", "uses_per_rule"):
        if getattr(definition, name):
            remedy = "Write a coupon_code, or ask for generated_coupons."
            fields.fault(name, "only the uses of coupons are counted.", remedy)


def unknown_action(key: str) -> tuple[str, str]:
    """Say that no action is called *key*, and which one may be meant."""
    return f"no discount action is called {key!r}.", suggest(key, DISCOUNT_ACTIONS)


def segment_keys(definition: CartPriceRuleDefinition) -> frozenset[str]:
    """Return the keys of the segments that the conditions ask for."""
    return segment_references.keys(definition.conditions)
