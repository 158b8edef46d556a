"""Cart price rules: conditions on the cart, then a discount on its lines.

``definition`` reads what an admin writes, ``rule`` compiles it, ``tally`` applies
compiled rules to a cart, and ``result`` is what they gave.
"""

from gateway.personalize.cart_price_rules.definition import (
    CartPriceRuleDefinition,
    FreeShipping,
    read,
    segment_keys,
)
from gateway.personalize.cart_price_rules.result import (
    CartDiscounts,
    Discount,
    LineDiscounts,
)
from gateway.personalize.cart_price_rules.rule import CartPriceRule, compile
from gateway.personalize.cart_price_rules.tally import apply

__all__ = [
    "CartDiscounts",
    "CartPriceRule",
    "CartPriceRuleDefinition",
    "Discount",
    "FreeShipping",
    "LineDiscounts",
    "apply",
    "compile",
    "read",
    "segment_keys",
]
