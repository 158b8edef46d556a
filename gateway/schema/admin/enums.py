"""The floors below have these enums; here they get their names and descriptions."""

from __future__ import annotations

import strawberry

from gateway.identity.admins import Role
from gateway.personalize.attributes import Scope
from gateway.personalize.cart_price_rules import (
    AtMostPer,
    FreeShipping,
    GroupApplies,
    Lane,
    Outcome,
    TotalsOf,
)
from gateway.personalize.coupon_codes import CodeFormat
from gateway.personalize.coupons import CouponStatus
from gateway.personalize.dynamic_blocks import Location
from gateway.personalize.events import Sender
from gateway.personalize.operators import Kind
from gateway.personalize.products import ProductList
from gateway.personalize.segments import AppliesTo
from gateway.personalize.targets import ShownTo

__all__ = [
    "AppliesTo",
    "AtMostPer",
    "CodeFormat",
    "CouponStatus",
    "FreeShipping",
    "GroupApplies",
    "Kind",
    "Lane",
    "Location",
    "Outcome",
    "ProductList",
    "Role",
    "Scope",
    "Sender",
    "ShownTo",
    "TotalsOf",
]

# An enum has one name and description, whichever door uses it: the storefront's here.
strawberry.enum(
    Location,
    name="DynamicBlockLocationEnum",
    description="Where on a page a dynamic block is placed.",
)
strawberry.enum(
    AppliesTo,
    description="Whom a segment considers: visitors, who are not logged in, registered"
    " customers, or both.",
)
strawberry.enum(
    ShownTo,
    description="Whether something is shown to everyone, or to the shoppers of any one"
    " of its segments.",
)
strawberry.enum(
    ProductList, description="The three lists of products beside a product."
)
strawberry.enum(
    FreeShipping,
    description="What a rule ships free: nothing, the items it matches, or the whole"
    " shipment with a matching item.",
)
strawberry.enum(
    AtMostPer,
    description="What the most units of a discount are counted for: each item, or all"
    " that the rule matches.",
)
strawberry.enum(
    Lane,
    description="The lanes of cart price rules, in the order in which they are taken.",
)
strawberry.enum(
    GroupApplies,
    description="What a rule makes of its evaluation group: it applies beside all of"
    " them; or only where it gives the most of those that say so, too; or only while"
    " none before it was applied.",
)
strawberry.enum(
    Outcome,
    name="RuleOutcomeEnum",
    description="What became of a rule or of a line: it was applied, or it was not for"
    " its coupon, a coupon without a use left, customer group, days, budget, evaluation"
    " group, conditions or item conditions, the step, a rule before that discards"
    " subsequent ones, a price that is missing or negative, or because there are no"
    " items.",
)
strawberry.enum(
    TotalsOf,
    description="Whose totals conditions ask for: of the whole cart, or of the items"
    " that item conditions match.",
)
strawberry.enum(
    CodeFormat,
    name="CouponCodeFormat",
    description="Of which characters codes are made: capital letters, digits, or both.",
)
strawberry.enum(
    CouponStatus,
    description="Why a code does nothing. One that is usable may still not be for a"
    " cart: its rule has conditions and customer groups.",
)
strawberry.enum(
    Role,
    name="AdminRole",
    description="What a token is for: a viewer reads what names and describes no"
    " customer, an editor also customers, and writes segments, audiences, dynamic"
    " blocks and rules, an admin also websites, store views and customer groups. A"
    " server is a commerce backend, and has no business at this door.",
)
strawberry.enum(
    Kind,
    name="AttributeKind",
    description="What an attribute's value is; it decides which operators fit. A"
    " multiselect or category is compared with a list under every operator.",
)
strawberry.enum(
    Scope,
    name="AttributeScope",
    description="What an attribute is read from: the context of a decision, that of a"
    " registered customer, the cart, the customer, a product, an item of the cart, an"
    " address, an order, or an address of an order.",
)
strawberry.enum(
    Sender,
    name="EventSender",
    description="Who may tell of an event: storefronts of what shoppers do, and"
    " servers, who may tell of anything.",
)
