"""Catalogue price rules: conditions on products, then a lower price for a group.

``definition`` reads what an admin writes, ``rule`` compiles it, ``actions`` is the
table of what a rule can do to a price. ``gateway.personalize.prices`` applies them.
"""

from gateway.personalize.catalogue_price_rules.actions import (
    PRICE_ACTIONS,
    PriceAction,
    price_action,
)
from gateway.personalize.catalogue_price_rules.definition import (
    CataloguePriceRuleDefinition,
    read,
)
from gateway.personalize.catalogue_price_rules.rule import CataloguePriceRule, compile

__all__ = [
    "PRICE_ACTIONS",
    "CataloguePriceRule",
    "CataloguePriceRuleDefinition",
    "PriceAction",
    "compile",
    "price_action",
    "read",
]
