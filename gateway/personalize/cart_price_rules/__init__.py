"""Cart price rules: conditions on the cart, then a discount on its lines.

``definition`` reads what an admin writes, ``rule`` compiles it, ``index`` finds those
that may apply to a cart, ``tally`` applies them, ``result`` is what they gave, and
``explanation`` why; ``hints`` and ``coupon_results`` are what of it shoppers are told.
"""

from gateway.personalize.cart_price_rules.coupon_results import (
    CouponReason,
    CouponResult,
    coupon_results,
)
from gateway.personalize.cart_price_rules.definition import (
    MOST_GIFTS,
    AtMostPer,
    CartPriceRuleDefinition,
    FreeShipping,
    GroupApplies,
    Lane,
    TotalsOf,
    read,
    segment_keys,
)
from gateway.personalize.cart_price_rules.explanation import (
    Amount,
    Explanation,
    LineOutcome,
    Outcome,
    RuleOutcome,
    explain,
)
from gateway.personalize.cart_price_rules.hints import Hint, hints
from gateway.personalize.cart_price_rules.index import RuleIndex
from gateway.personalize.cart_price_rules.result import (
    CartDiscounts,
    Discount,
    GiftOffer,
    LineDiscounts,
)
from gateway.personalize.cart_price_rules.rule import CartPriceRule, compile
from gateway.personalize.cart_price_rules.tally import apply

__all__ = [
    "MOST_GIFTS",
    "Amount",
    "AtMostPer",
    "CartDiscounts",
    "CartPriceRule",
    "CartPriceRuleDefinition",
    "CouponReason",
    "CouponResult",
    "Discount",
    "Explanation",
    "FreeShipping",
    "GiftOffer",
    "GroupApplies",
    "Hint",
    "Lane",
    "LineDiscounts",
    "LineOutcome",
    "Outcome",
    "RuleIndex",
    "RuleOutcome",
    "TotalsOf",
    "apply",
    "compile",
    "coupon_results",
    "explain",
    "hints",
    "read",
    "segment_keys",
]
