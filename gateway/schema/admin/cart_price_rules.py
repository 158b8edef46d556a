"""Cart price rules at the admin door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.cart_price_rules import (
    MOST_GIFTS,
    AtMostPer,
    CartPriceRuleDefinition,
    FreeShipping,
    GroupApplies,
    Lane,
    TotalsOf,
)
from gateway.resolvers import cart_price_rules
from gateway.resolvers.definitions import Saved
from gateway.schema import uids
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import (
    FROM,
    TO,
    Definition,
    DefinitionInput,
    shown,
)
from gateway.schema.admin.inputs import described_by
from gateway.schema.admin.pages import Page
from gateway.schema.admin.problems import Problem
from gateway.schema.admin.root_fields import RootFields
from gateway.schema.admin.scalars import ConditionTree, TextsByStoreView, tree
from gateway.schema.admin.writes import (
    DeletedOrNot,
    Unsaved,
    delete_result,
    save_result,
)

ACTION = "How it takes money off, by the key that `discountActions` lists."
AMOUNT = "How much: what it means is the action's."


@strawberry.type(
    description="A cart price rule: conditions on a cart, then a discount on its items."
)
class CartPriceRule(Definition):
    """A cart price rule."""

    customer_groups: list[int] | None = strawberry.field(
        description="Ids of customer groups, 0 for visitors; null is all of them."
    )
    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    priority: int = strawberry.field(
        description="Rules run in the order of their priorities, the lowest first."
    )
    coupon_code: str = strawberry.field(
        description="The coupon that the cart must have, without regard to case; empty"
        " for none. A code belongs to one rule."
    )
    generated_coupons: bool = strawberry.field(
        description="Whether the cart must have one of the codes that `generateCoupons`"
        " made for it."
    )
    uses_per_coupon: int = strawberry.field(
        description="How many orders may use one code; 0 is no limit."
    )
    uses_per_customer: int = strawberry.field(
        description="How many orders of one customer may use it, over all of its codes;"
        " 0 is no limit."
    )
    uses_per_rule: int = strawberry.field(
        description="How many orders may use it at all; 0 is no limit."
    )
    conditions: ConditionTree | None = strawberry.field(
        description="What must hold of cart and shopper; null holds of everyone."
    )
    item_conditions: ConditionTree | None = strawberry.field(
        description="Which items are discounted; null is all of them."
    )
    action: str = strawberry.field(description=ACTION)
    amount: Decimal = strawberry.field(description=AMOUNT)
    at_most: Decimal | None = strawberry.field(
        description="The most units that are discounted; null is no limit."
    )
    at_most_per: AtMostPer = strawberry.field(
        description="Whether the most units are counted for each item, or for all of"
        " them."
    )
    most_discount: Decimal | None = strawberry.field(
        description="The most that it takes off a cart, shipping included; null is no"
        " cap."
    )
    budget: Decimal | None = strawberry.field(
        description="The most that it takes off all orders together, in the currency of"
        " its websites; null is no limit."
    )
    gifts: list[str] = strawberry.field(
        description="SKUs of which it gives units free, for the action `free_gift`; at"
        f" most {MOST_GIFTS}."
    )
    totals_of: TotalsOf = strawberry.field(
        description="What `cart.subtotal`, `cart.subtotal_after_discounts`,"
        " `cart.subtotal_including_tax`, `cart.quantity` and `cart.weight` count in its"
        " conditions: all items, or those that item conditions match."
    )
    step: int = strawberry.field(
        description="The step in units, for actions that have one: X of buy X get Y."
    )
    discards_subsequent: bool = strawberry.field(
        description="Whether rules after this one leave its items alone."
    )
    applies_to_shipping: bool = strawberry.field(
        description="Whether the discount is given on the shipping amount, too."
    )
    free_shipping: FreeShipping = strawberry.field(description="What it ships free.")
    hinted: bool = strawberry.field(
        description="Whether storefronts may tell shoppers who are close to it what is"
        " missing; of a rule with a coupon, those in whose cart its code is."
    )
    lane: Lane = strawberry.field(
        description="When it is called: rules discard, and groups compete, within a"
        " lane, and the next one begins with what is left."
    )
    evaluation_group: str = strawberry.field(
        description="A key that rules have in common; empty is no group."
    )
    group_applies: GroupApplies = strawberry.field(
        description="What it makes of the other rules of its group."
    )
    label: str = strawberry.field(description="What shoppers read beside the discount.")
    label_by_store_view: TextsByStoreView = strawberry.field(
        description="Labels for single store views, in place of the label."
    )

    @strawberry.field(
        description="What orders and reservations hold of the budget; null without one."
    )
    async def spent(self, info: Info) -> Decimal | None:
        """Look the budget up; only rules that have one cost a query."""
        if self.budget is None:
            return None
        rule_id = uids.decode(self.uid)
        return await cart_price_rules.spent(info.context.database, rule_id)

    @classmethod
    def of(cls, saved: Saved[CartPriceRuleDefinition]) -> Self:
        """Show a cart price rule."""
        definition = saved.definition
        groups = definition.customer_groups
        return cls(
            **shown(saved),
            customer_groups=None if groups is None else [*groups],
            from_day=definition.from_day,
            to_day=definition.to_day,
            priority=definition.priority,
            coupon_code=definition.coupon_code,
            generated_coupons=definition.generated_coupons,
            uses_per_coupon=definition.uses_per_coupon,
            uses_per_customer=definition.uses_per_customer,
            uses_per_rule=definition.uses_per_rule,
            conditions=tree(definition.conditions),
            item_conditions=tree(definition.item_conditions),
            action=definition.action,
            amount=definition.amount,
            at_most=definition.at_most,
            at_most_per=definition.at_most_per,
            most_discount=definition.most_discount,
            budget=definition.budget,
            gifts=[*definition.gifts],
            totals_of=definition.totals_of,
            step=definition.step,
            discards_subsequent=definition.discards_subsequent,
            applies_to_shipping=definition.applies_to_shipping,
            free_shipping=definition.free_shipping,
            hinted=definition.hinted,
            lane=definition.lane,
            evaluation_group=definition.evaluation_group,
            group_applies=definition.group_applies,
            label=definition.label,
            label_by_store_view=TextsByStoreView(definition.label_by_store_view),
        )


@described_by(CartPriceRule)
@strawberry.input(description="A cart price rule as it is to be.")
class CartPriceRuleInput(DefinitionInput):
    """A cart price rule as it is to be."""

    customer_groups: list[int] | None = None
    from_day: date | None = strawberry.field(name="from", default=None)
    to_day: date | None = strawberry.field(name="to", default=None)
    priority: int = CartPriceRuleDefinition.priority
    coupon_code: str = CartPriceRuleDefinition.coupon_code
    generated_coupons: bool = CartPriceRuleDefinition.generated_coupons
    uses_per_coupon: int = CartPriceRuleDefinition.uses_per_coupon
    uses_per_customer: int = CartPriceRuleDefinition.uses_per_customer
    uses_per_rule: int = CartPriceRuleDefinition.uses_per_rule
    conditions: ConditionTree | None = None
    item_conditions: ConditionTree | None = None
    action: str | None = strawberry.field(
        default=None,
        description=f"{ACTION} Only a rule with free shipping can do without.",
    )
    amount: Decimal | None = strawberry.field(
        default=None,
        description=f"{AMOUNT} Only a rule with free shipping can do without.",
    )
    at_most: Decimal | None = None
    at_most_per: AtMostPer = CartPriceRuleDefinition.at_most_per
    most_discount: Decimal | None = None
    budget: Decimal | None = None
    gifts: list[str] | None = None
    totals_of: TotalsOf = CartPriceRuleDefinition.totals_of
    step: int = CartPriceRuleDefinition.step
    discards_subsequent: bool = CartPriceRuleDefinition.discards_subsequent
    applies_to_shipping: bool = CartPriceRuleDefinition.applies_to_shipping
    free_shipping: FreeShipping = CartPriceRuleDefinition.free_shipping
    hinted: bool = CartPriceRuleDefinition.hinted
    lane: Lane = CartPriceRuleDefinition.lane
    evaluation_group: str = CartPriceRuleDefinition.evaluation_group
    group_applies: GroupApplies = CartPriceRuleDefinition.group_applies
    label: str = CartPriceRuleDefinition.label
    label_by_store_view: TextsByStoreView | None = None


@strawberry.type(description="A cart price rule was saved.")
class CartPriceRuleSaved:
    """A cart price rule was saved."""

    cart_price_rule: CartPriceRule = strawberry.field(
        description="The cart price rule as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed, and why a rule book leaves it out."
    )

    @classmethod
    def of(cls, saved: Saved[CartPriceRuleDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(cart_price_rule=CartPriceRule.of(saved), warnings=warnings)


SaveCartPriceRuleResult: TypeAlias = Annotated[
    CartPriceRuleSaved | Unsaved, save_result("cart price rule")
]
DeleteCartPriceRuleResult: TypeAlias = Annotated[
    DeletedOrNot, delete_result("cart price rule")
]


_fields = RootFields(cart_price_rules.STORED, CartPriceRule.of)


@strawberry.type
class CartPriceRuleQueries:
    """What can be read of cart price rules."""

    cart_price_rules: Page[CartPriceRule] = _fields.page()
    cart_price_rule: CartPriceRule | None = _fields.one()


@strawberry.type
class CartPriceRuleMutations:
    """What can be done to cart price rules."""

    save_cart_price_rule: SaveCartPriceRuleResult = _fields.save(
        CartPriceRuleInput, CartPriceRuleSaved.of
    )
    delete_cart_price_rule: DeleteCartPriceRuleResult = _fields.delete(used=True)
