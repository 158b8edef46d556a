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
from gateway.resolvers.pages import Paging
from gateway.schema import uids
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import (
    FROM,
    TO,
    Definition,
    DefinitionInput,
    given_by,
    shown,
)
from gateway.schema.admin.pages import (
    DEFAULT,
    Active,
    CurrentPage,
    Deleted,
    ExpectedVersion,
    OfWebsite,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.problems import Conflict, InvalidInput, NotFound, Problem
from gateway.schema.admin.scalars import ConditionTree, TextsByStoreView, tree
from gateway.storage.definitions import Wanted

CUSTOMER_GROUPS = "Ids of customer groups, 0 for visitors; null is all of them."
PRIORITY = "Rules run in the order of their priorities, the lowest first."
COUPON_CODE = (
    "The coupon that the cart must have, without regard to case; empty for none. A code"
    " belongs to one rule."
)
GENERATED_COUPONS = (
    "Whether the cart must have one of the codes that `generateCoupons` made for it."
)
USES_PER_COUPON = "How many orders may use one code; 0 is no limit."
USES_PER_CUSTOMER = (
    "How many orders of one customer may use it, over all of its codes; 0 is no limit."
)
USES_PER_RULE = "How many orders may use it at all; 0 is no limit."
CONDITIONS = "What must hold of cart and shopper; null holds of everyone."
ITEM_CONDITIONS = "Which items are discounted; null is all of them."
ACTION = "How it takes money off, by the key that `discountActions` lists."
AMOUNT = "How much: what it means is the action's."
AT_MOST = "The most units that are discounted; null is no limit."
AT_MOST_PER = "Whether the most units are counted for each item, or for all of them."
MOST_DISCOUNT = "The most that it takes off a cart, shipping included; null is no cap."
BUDGET = (
    "The most that it takes off all orders together, in the currency of its websites;"
    " null is no limit."
)
GIFTS = (
    "SKUs of which it gives units free, for the action `free_gift`; at most"
    f" {MOST_GIFTS}."
)
TOTALS_OF = (
    "What `cart.subtotal`, `cart.subtotal_after_discounts`,"
    " `cart.subtotal_including_tax`, `cart.quantity` and `cart.weight` count in its"
    " conditions: all items, or those that item conditions match."
)
STEP = "The step in units, for actions that have one: X of buy X get Y."
DISCARDS = "Whether rules after this one leave its items alone."
SHIPPING = "Whether the discount is given on the shipping amount, too."
FREE_SHIPPING = "What it ships free."
HINTED = (
    "Whether storefronts may tell shoppers who are close to it what is missing; of a "
    "rule with a coupon, those in whose cart its code is."
)
LANE = (
    "When it is called: rules discard, and groups compete, within a lane, and the next"
    " one begins with what is left."
)
EVALUATION_GROUP = "A key that rules have in common; empty is no group."
GROUP_APPLIES = "What it makes of the other rules of its group."
LABEL = "What shoppers read beside the discount."
LABEL_BY_STORE_VIEW = "Labels for single store views, in place of the label."


@strawberry.type(
    description="A cart price rule: conditions on a cart, then a discount on its items."
)
class CartPriceRule(Definition):
    """A cart price rule."""

    customer_groups: list[int] | None = strawberry.field(description=CUSTOMER_GROUPS)
    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    priority: int = strawberry.field(description=PRIORITY)
    coupon_code: str = strawberry.field(description=COUPON_CODE)
    generated_coupons: bool = strawberry.field(description=GENERATED_COUPONS)
    uses_per_coupon: int = strawberry.field(description=USES_PER_COUPON)
    uses_per_customer: int = strawberry.field(description=USES_PER_CUSTOMER)
    uses_per_rule: int = strawberry.field(description=USES_PER_RULE)
    conditions: ConditionTree | None = strawberry.field(description=CONDITIONS)
    item_conditions: ConditionTree | None = strawberry.field(
        description=ITEM_CONDITIONS
    )
    action: str = strawberry.field(description=ACTION)
    amount: Decimal = strawberry.field(description=AMOUNT)
    at_most: Decimal | None = strawberry.field(description=AT_MOST)
    at_most_per: AtMostPer = strawberry.field(description=AT_MOST_PER)
    most_discount: Decimal | None = strawberry.field(description=MOST_DISCOUNT)
    budget: Decimal | None = strawberry.field(description=BUDGET)
    gifts: list[str] = strawberry.field(description=GIFTS)
    totals_of: TotalsOf = strawberry.field(description=TOTALS_OF)
    step: int = strawberry.field(description=STEP)
    discards_subsequent: bool = strawberry.field(description=DISCARDS)
    applies_to_shipping: bool = strawberry.field(description=SHIPPING)
    free_shipping: FreeShipping = strawberry.field(description=FREE_SHIPPING)
    hinted: bool = strawberry.field(description=HINTED)
    lane: Lane = strawberry.field(description=LANE)
    evaluation_group: str = strawberry.field(description=EVALUATION_GROUP)
    group_applies: GroupApplies = strawberry.field(description=GROUP_APPLIES)
    label: str = strawberry.field(description=LABEL)
    label_by_store_view: TextsByStoreView = strawberry.field(
        description=LABEL_BY_STORE_VIEW
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


@strawberry.input(description="A cart price rule as it is to be.")
class CartPriceRuleInput(DefinitionInput):
    """A cart price rule as it is to be."""

    customer_groups: list[int] | None = strawberry.field(
        default=None, description=CUSTOMER_GROUPS
    )
    from_day: date | None = strawberry.field(
        name="from", default=None, description=FROM
    )
    to_day: date | None = strawberry.field(name="to", default=None, description=TO)
    priority: int = strawberry.field(
        default=CartPriceRuleDefinition.priority, description=PRIORITY
    )
    coupon_code: str = strawberry.field(
        default=CartPriceRuleDefinition.coupon_code, description=COUPON_CODE
    )
    generated_coupons: bool = strawberry.field(
        default=CartPriceRuleDefinition.generated_coupons,
        description=GENERATED_COUPONS,
    )
    uses_per_coupon: int = strawberry.field(
        default=CartPriceRuleDefinition.uses_per_coupon, description=USES_PER_COUPON
    )
    uses_per_customer: int = strawberry.field(
        default=CartPriceRuleDefinition.uses_per_customer,
        description=USES_PER_CUSTOMER,
    )
    uses_per_rule: int = strawberry.field(
        default=CartPriceRuleDefinition.uses_per_rule, description=USES_PER_RULE
    )
    conditions: ConditionTree | None = strawberry.field(
        default=None, description=CONDITIONS
    )
    item_conditions: ConditionTree | None = strawberry.field(
        default=None, description=ITEM_CONDITIONS
    )
    action: str | None = strawberry.field(
        default=None,
        description=f"{ACTION} Only a rule with free shipping can do without.",
    )
    amount: Decimal | None = strawberry.field(
        default=None,
        description=f"{AMOUNT} Only a rule with free shipping can do without.",
    )
    at_most: Decimal | None = strawberry.field(default=None, description=AT_MOST)
    at_most_per: AtMostPer = strawberry.field(
        default=CartPriceRuleDefinition.at_most_per, description=AT_MOST_PER
    )
    most_discount: Decimal | None = strawberry.field(
        default=None, description=MOST_DISCOUNT
    )
    budget: Decimal | None = strawberry.field(default=None, description=BUDGET)
    gifts: list[str] | None = strawberry.field(default=None, description=GIFTS)
    totals_of: TotalsOf = strawberry.field(
        default=CartPriceRuleDefinition.totals_of, description=TOTALS_OF
    )
    step: int = strawberry.field(default=CartPriceRuleDefinition.step, description=STEP)
    discards_subsequent: bool = strawberry.field(
        default=CartPriceRuleDefinition.discards_subsequent, description=DISCARDS
    )
    applies_to_shipping: bool = strawberry.field(
        default=CartPriceRuleDefinition.applies_to_shipping, description=SHIPPING
    )
    free_shipping: FreeShipping = strawberry.field(
        default=CartPriceRuleDefinition.free_shipping, description=FREE_SHIPPING
    )
    hinted: bool = strawberry.field(
        default=CartPriceRuleDefinition.hinted, description=HINTED
    )
    lane: Lane = strawberry.field(
        default=CartPriceRuleDefinition.lane, description=LANE
    )
    evaluation_group: str = strawberry.field(
        default=CartPriceRuleDefinition.evaluation_group, description=EVALUATION_GROUP
    )
    group_applies: GroupApplies = strawberry.field(
        default=CartPriceRuleDefinition.group_applies, description=GROUP_APPLIES
    )
    label: str = strawberry.field(
        default=CartPriceRuleDefinition.label, description=LABEL
    )
    label_by_store_view: TextsByStoreView | None = strawberry.field(
        default=None, description=LABEL_BY_STORE_VIEW
    )


@strawberry.type(description="A cart price rule was saved.")
class CartPriceRuleSaved:
    """A cart price rule was saved."""

    cart_price_rule: CartPriceRule = strawberry.field(
        description="The cart price rule as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed."
    )

    @classmethod
    def of(cls, saved: Saved[CartPriceRuleDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(cart_price_rule=CartPriceRule.of(saved), warnings=warnings)


SaveCartPriceRuleResult: TypeAlias = Annotated[
    CartPriceRuleSaved | InvalidInput | Conflict | NotFound,
    strawberry.union(
        "SaveCartPriceRuleResult",
        description="The saved cart price rule, or why it was refused.",
    ),
]
DeleteCartPriceRuleResult: TypeAlias = Annotated[
    Deleted | Conflict | NotFound,
    strawberry.union(
        "DeleteCartPriceRuleResult",
        description="What was deleted, or why it was refused.",
    ),
]


@strawberry.type
class CartPriceRuleQueries:
    """What can be read of cart price rules."""

    @strawberry.field(
        description="Cart price rules, in the order of their making.",
        extensions=[VIEWER],
    )
    async def cart_price_rules(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        active: Active = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[CartPriceRule]:
        """List cart price rules."""
        wanted = Wanted(search, website, active)
        paging = Paging(page_size, current_page)
        database, limits = info.context.database, info.context.limits
        page = await cart_price_rules.page(database, wanted, paging, limits)
        return Page.of(page, CartPriceRule.of)

    @strawberry.field(
        description="The cart price rule with a key; null if there is none.",
        extensions=[VIEWER],
    )
    async def cart_price_rule(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> CartPriceRule | None:
        """Get a cart price rule."""
        context = info.context
        saved = await cart_price_rules.get(context.database, key, context.limits)
        return None if saved is None else CartPriceRule.of(saved)


@strawberry.type
class CartPriceRuleMutations:
    """What can be done to cart price rules."""

    @strawberry.mutation(
        description="Save a cart price rule, new or changed."
        " Storefronts see it in the very next answer.",
        extensions=[EDITOR],
    )
    async def save_cart_price_rule(
        self,
        info: Info,
        input: Annotated[
            CartPriceRuleInput,
            strawberry.argument(description="The cart price rule as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveCartPriceRuleResult:
        """Save a cart price rule."""
        context, given = info.context, given_by(input)
        return CartPriceRuleSaved.of(
            await cart_price_rules.save(
                context.database, given, expected_version, context.limits
            )
        )

    @strawberry.mutation(
        description="Delete a cart price rule that nothing refers to.",
        extensions=[EDITOR],
    )
    async def delete_cart_price_rule(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> DeleteCartPriceRuleResult:
        """Delete a cart price rule."""
        return Deleted(key=await cart_price_rules.delete(info.context.database, key))
