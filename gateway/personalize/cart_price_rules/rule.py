"""A cart price rule that can be applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from gateway.personalize import grammar, schedule
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.cart_price_rules.definition import (
    AtMostPer,
    CartPriceRuleDefinition,
    FreeShipping,
    GroupApplies,
    Lane,
    TotalsOf,
    unknown_action,
)
from gateway.personalize.conditions import Combination, Condition
from gateway.personalize.context import Cart, Context
from gateway.personalize.coupons import distinct, fold
from gateway.personalize.discounts import DISCOUNT_ACTIONS, DiscountAction, Terms
from gateway.personalize.element_lists import LISTS
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Grammar, Limits
from gateway.personalize.money import ZERO
from gateway.personalize.schedule import Schedule

NO_LABEL = "Discount"


_LANES = list(Lane)


class LeftOut(StrEnum):
    """What keeps a rule from taking part at all."""

    COUPON = "coupon"
    LIMIT = "limit"
    EVALUATION_GROUP = "evaluation_group"
    CUSTOMER_GROUP = "customer_group"
    DAYS = "days"
    BUDGET = "budget"


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class CartPriceRule:
    """A cart price rule that can be applied.

    Of a rule with gifts, lines must satisfy *of_gifts* beside its *own* conditions.
    """

    id: int
    key: str
    schedule: Schedule
    condition: Condition
    own_item_condition: Condition
    action: DiscountAction
    terms: Terms
    priority: int = 0
    customer_groups: frozenset[int] | None = None
    coupon_code: str = ""
    generated_coupons: bool = False
    uses_per_customer: int = 0
    at_most: Decimal | None = None
    at_most_per: AtMostPer = AtMostPer.LINE
    most_discount: Decimal | None = None
    budget: Decimal | None = None
    gifts: tuple[str, ...] = ()
    of_gifts: Condition | None = None
    totals_of: TotalsOf = TotalsOf.CART
    discards_subsequent: bool = False
    applies_to_shipping: bool = False
    free_shipping: FreeShipping = FreeShipping.NONE
    hinted: bool = False
    lane: Lane = Lane.DEFAULT
    evaluation_group: str = ""
    group_applies: GroupApplies = GroupApplies.ALL
    description: str = ""
    label: str = ""
    label_by_store_view: Mapping[str, str] = field(default_factory=dict, hash=False)

    @cached_property
    def item_condition(self) -> Condition:
        """What must hold of a line that the rule is for."""
        if self.of_gifts is None:
            return self.own_item_condition
        both = (self.of_gifts, self.own_item_condition)
        return Combination(every=True, children=both)

    @property
    def order(self) -> tuple[int, int, bool, int, str]:
        """What rules are sorted by: lane, priority, those without coupon first, id."""
        lane = _LANES.index(self.lane)
        return lane, self.priority, self.needs_coupon, self.id, self.key

    @property
    def needs_coupon(self) -> bool:
        """Whether the cart must have a code for the rule to take part."""
        return self.generated_coupons or self.coupon_code != ""

    def coupon_in(self, cart: Cart) -> str | None:
        """Return the code by which the *cart* has the rule, as it is written there.

        A code without a use left is none. Of a specific code nobody needs to know more
        than that it is the rule's; whose a generated one is, ``cart.coupons`` say.
        """
        if not cart.coupon_codes:
            return None
        own = fold(self.coupon_code)
        known = {one.folded: one for one in cart.coupons if one.rule_id == self.id}
        for folded, code in distinct(cart.coupon_codes).items():
            coupon = known.get(folded)
            if folded == own if coupon is None else coupon.has_use:
                return code
        return None

    def _is_used_up(self, cart: Cart) -> bool:
        """Whether the *cart* has a code of the rule that has no use left."""
        written = distinct(cart.coupon_codes)
        own = (one for one in cart.coupons if one.rule_id == self.id)
        return any(one.folded in written and not one.has_use for one in own)

    def left_out(self, context: Context) -> LeftOut | None:
        """Return what keeps the rule from taking part at all, if something does."""
        if self.needs_coupon and self.coupon_in(context.cart) is None:
            return LeftOut.LIMIT if self._is_used_up(context.cart) else LeftOut.COUPON
        groups = self.customer_groups
        if groups is not None and context.group_id not in groups:
            return LeftOut.CUSTOMER_GROUP
        if not self.schedule.runs(context.at):
            return LeftOut.DAYS
        left = self.budget_left(context)
        return LeftOut.BUDGET if left is not None and left <= 0 else None

    def budget_left(self, context: Context) -> Decimal | None:
        """Return what orders have left of the rule's budget; None if it has none."""
        if self.budget is None:
            return None
        return self.budget - context.spent.get(self.id, ZERO)

    def label_in(self, store_view: str) -> str:
        """Return what a shopper reads beside the discount.

        Adobe Commerce: the store view's label, else the default one; a rule with a
        coupon falls back to its description, then to its code.
        """
        own = self.label_by_store_view.get(store_view) or self.label
        if own or not self.needs_coupon:
            return own or NO_LABEL
        return self.description or self.coupon_code or NO_LABEL


_OF_CARTS = Grammar(
    Scope.CONTEXT,
    frozenset(Scope),
    frozenset(LISTS),
    "A cart price rule can look at the cart, its items, the session, the customer, "
    "their segments, audiences, addresses, orders, wishlist and products viewed or "
    "ordered.",
)
_OF_LINES = Grammar(
    Scope.ITEM,
    frozenset({Scope.ITEM, Scope.PRODUCT}),
    only="Item conditions look at one line of the cart: item.* and product.*. Put "
    "what concerns the whole cart into 'conditions'.",
)


def compile(
    definition: CartPriceRuleDefinition,
    attributes: Attributes,
    *,
    timezone: str = "UTC",
    id: int = 0,
    limits: Limits | None = None,
) -> CartPriceRule:
    """Make a definition into a rule that can be applied.

    *timezone* is the website's, an IANA name.

    Raises:
        InvalidInput: the action is unknown or a condition is at fault.
    """
    action = DISCOUNT_ACTIONS.get(definition.action)
    problems: list[Problem] = []
    if action is None:
        problems.append(Problem("action", *unknown_action(definition.action)))
    trees: list[Condition] = []
    for path, tree, rules in (
        ("conditions", definition.conditions, _OF_CARTS),
        ("item_conditions", definition.item_conditions, _OF_LINES),
    ):
        try:
            parsed = grammar.parse(tree, rules, attributes, path=path, limits=limits)
            trees.append(parsed)
        except InvalidInput as refused:
            problems.extend(refused.problems)
    if problems or action is None:
        raise InvalidInput(*problems)
    groups = definition.customer_groups
    condition, item_condition = trees
    return CartPriceRule(
        id=id,
        key=definition.key,
        schedule=schedule.of_days(definition.from_day, definition.to_day, timezone),
        condition=condition,
        own_item_condition=item_condition,
        of_gifts=_of_gifts(definition.gifts, attributes),
        action=action,
        terms=Terms(definition.amount, definition.step),
        priority=definition.priority,
        customer_groups=None if groups is None else frozenset(groups),
        coupon_code=definition.coupon_code,
        generated_coupons=definition.generated_coupons,
        uses_per_customer=definition.uses_per_customer,
        at_most=definition.at_most,
        at_most_per=definition.at_most_per,
        most_discount=definition.most_discount,
        budget=definition.budget,
        gifts=definition.gifts,
        totals_of=definition.totals_of,
        discards_subsequent=definition.discards_subsequent,
        applies_to_shipping=definition.applies_to_shipping,
        free_shipping=definition.free_shipping,
        hinted=definition.hinted,
        lane=definition.lane,
        evaluation_group=definition.evaluation_group,
        group_applies=definition.group_applies,
        description=definition.description,
        label=definition.label,
        label_by_store_view=definition.label_by_store_view,
    )


def _of_gifts(skus: tuple[str, ...], attributes: Attributes) -> Condition | None:
    if not skus:
        return None
    tree = {"attribute": "product.sku", "operator": "is_one_of", "value": [*skus]}
    return grammar.parse(tree, _OF_LINES, attributes, path="gifts")
