"""Evaluation groups: what rules make of others that share a key with them."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from decimal import Decimal

from gateway.personalize.cart_price_rules.definition import GroupApplies
from gateway.personalize.cart_price_rules.rule import CartPriceRule, LeftOut

Gives = Callable[[CartPriceRule], Decimal | None]
"""What a rule would give now; None is nothing at all."""


def left_out(rule: CartPriceRule, settled: Container[str]) -> LeftOut | None:
    """Return whether *rule* is left out since one of its group was applied."""
    if rule.group_applies is GroupApplies.ALL or rule.evaluation_group not in settled:
        return None
    return LeftOut.EVALUATION_GROUP


def best_of(
    rule: CartPriceRule, rules: Sequence[CartPriceRule], gives: Gives
) -> CartPriceRule:
    """Return which of the group of *rule* gives the most now, the first among equals.

    It is *rule* itself where that stacks, or would do nothing: then another one of the
    group calls the others when its turn has come.
    """
    if rule.group_applies is not GroupApplies.BEST or gives(rule) is None:
        return rule
    rivals = [
        (given, one)
        for one in rules
        if one.evaluation_group == rule.evaluation_group
        and one.lane is rule.lane
        and one.group_applies is GroupApplies.BEST
        and (given := gives(one)) is not None
    ]
    return max(rivals, key=lambda rival: rival[0])[1]
