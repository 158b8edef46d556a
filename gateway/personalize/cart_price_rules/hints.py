"""What a shopper is close to: which change of the cart makes which rule apply.

Each hint was followed before it is told, with the evaluator that will decide about the
changed cart. Only rules that are hinted at take part, and of those that need a coupon
only the ones whose coupon is in the cart, with a use left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from gateway.personalize import money
from gateway.personalize.because import Reason
from gateway.personalize.cart_price_rules.definition import FreeShipping, TotalsOf
from gateway.personalize.cart_price_rules.explanation import (
    Outcome,
    RuleOutcome,
    explain,
)
from gateway.personalize.cart_price_rules.index import RuleIndex
from gateway.personalize.cart_price_rules.result import CartDiscounts
from gateway.personalize.cart_price_rules.rule import CartPriceRule
from gateway.personalize.cart_price_rules.tally import apply
from gateway.personalize.context import CartItem, Context
from gateway.personalize.discounts import Step
from gateway.personalize.money import ZERO
from gateway.personalize.products import Product

MOST_HINTS = 3
"""Of rules without a coupon; whose coupon is in the cart is always told."""

MOST_TRIED = 12
"""Changes that are tried for one cart, with and without coupons, smallest first."""

ONE = Decimal(1)
_AMOUNTS = frozenset({"cart.subtotal", "cart.subtotal_after_discounts"})
_UNITS = frozenset({"cart.quantity", "sum item.quantity"})
_ANYTHING = Product("", type="simple")


@dataclass(frozen=True)
class Hint:
    """What is missing for a rule to apply: an *amount* to spend, or a *quantity*.

    *sku* is the product in the cart of which there must be more; None is whichever.
    """

    rule: CartPriceRule
    label: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    sku: str | None = None


def hints(index: RuleIndex, context: Context) -> tuple[Hint, ...]:
    """Return what the shopper is closest to, the smallest change of a kind first.

    Nothing is told of a cart without a line that costs something, and what keeps a
    rule from taking part at all is kept quiet.
    """
    if not any(item.price for item in context.cart.items):
        return ()
    near = index.near(context)
    hinted = {
        rule.key for rule in near if rule.hinted and rule.left_out(context) is None
    }
    if not hinted:
        return ()
    told = [one for one in explain(near, context).rules if one.rule.key in hinted]
    proposed = [hint for one in told for hint in _proposed(one, context)]
    by_coupon = [hint for hint in proposed if hint.rule.needs_coupon]
    others = [hint for hint in proposed if not hint.rule.needs_coupon]
    found = (
        *_followed(by_coupon, index, context),
        *_followed(others, index, context)[:MOST_HINTS],
    )
    return tuple(sorted(found, key=_size))


def follow(hint: Hint, context: Context) -> Context:
    """Return the context after the shopper has done what *hint* says."""
    items = context.cart.items
    if hint.sku is None:
        decimals = context.prices.decimals
        items = (*items, CartItem(_ANYTHING, ONE, hint.amount, decimals=decimals))
    else:
        place = next(at for at, one in enumerate(items) if one.product.sku == hint.sku)
        more = items[place].quantity + (hint.quantity or ZERO)
        # More of it may have another price.
        item = replace(items[place], quantity=more).repriced(context.prices)
        items = (*items[:place], item, *items[place + 1 :])
    return replace(context, cart=replace(context.cart, items=items))


def _followed(
    proposed: Sequence[Hint], index: RuleIndex, context: Context
) -> Sequence[Hint]:
    found: dict[str, Hint] = {}
    for hint in sorted(proposed, key=_size)[:MOST_TRIED]:
        if hint.rule.key not in found and _unlocks(hint, index, context):
            found[hint.rule.key] = hint
    return [*found.values()]


def _size(hint: Hint) -> tuple[bool, Decimal, str]:
    return hint.amount is None, hint.amount or hint.quantity or ZERO, hint.rule.key


def _unlocks(hint: Hint, index: RuleIndex, context: Context) -> bool:
    changed = follow(hint, context)
    discounts = apply(index.candidates(changed), changed)
    return _gives(hint.rule, discounts)


def _gives(rule: CartPriceRule, discounts: CartDiscounts) -> bool:
    """Whether *rule* does something that a shopper can see."""
    if rule.key not in discounts.applied_keys:
        return False
    given = (*discounts.on_items, *discounts.on_shipping)
    is_gift = any(one.rule_key == rule.key for one in discounts.gifts)
    ships_free = any(line.free_shipping_units for line in discounts.lines)
    frees = rule.free_shipping is not FreeShipping.NONE and (
        discounts.ships_free or ships_free
    )
    return is_gift or frees or any(one.rule_key == rule.key for one in given)


def _proposed(told: RuleOutcome, context: Context) -> Iterator[Hint]:
    if told.outcome is Outcome.CONDITIONS:
        for reason in told.reasons:
            yield from _of_reason(told.rule, reason, context)
    elif told.outcome is Outcome.STEP:
        for line in told.lines:
            if line.outcome is Outcome.STEP:
                yield from _of_step(told.rule, context.cart.items[line.at], context)


def _of_reason(rule: CartPriceRule, reason: Reason, context: Context) -> Iterator[Hint]:
    actual, wanted = reason.actual, reason.wanted
    if not (isinstance(actual, Decimal) and isinstance(wanted, Decimal)):
        return
    if reason.operator not in {"at_least", "greater_than"} or actual > wanted:
        return
    of_all = rule.totals_of is TotalsOf.CART
    more_than = reason.operator == "greater_than"
    missing = wanted - actual
    if reason.asked in _AMOUNTS and of_all:
        coin = ONE.scaleb(-money.decimals(context.website.currency))
        amount = missing.quantize(coin, ROUND_CEILING) + (coin if more_than else ZERO)
        yield Hint(rule, _label(rule, context), amount=amount)
    elif reason.asked in {*_AMOUNTS, "sum item.row_total"}:
        for item in _buyable(rule, context):
            units = _units(missing / (item.price or ONE), more_than=more_than)
            yield _of_more(rule, item, units, context)
    elif reason.asked in _UNITS:
        for item in _buyable(rule, context):
            units = _units(missing, more_than=more_than)
            yield _of_more(rule, item, units, context)


def _units(missing: Decimal, *, more_than: bool) -> Decimal:
    whole = missing.to_integral_value(ROUND_CEILING)
    return whole + ONE if more_than and whole == missing else whole


def _of_step(rule: CartPriceRule, item: CartItem, context: Context) -> Iterator[Hint]:
    wanted = Decimal(rule.terms.step)
    if rule.action.step is Step.BOUGHT:
        wanted += ONE
    if item.quantity < wanted and not item.children:
        yield _of_more(rule, item, wanted - item.quantity, context)


def _of_more(
    rule: CartPriceRule, item: CartItem, units: Decimal, context: Context
) -> Hint:
    label = _label(rule, context)
    return Hint(rule, label, quantity=units, sku=item.product.sku)


def _buyable(rule: CartPriceRule, context: Context) -> Sequence[CartItem]:
    """Return lines of which more may help; whether one does is found by trying."""
    lines = [item for item in context.cart.items if item.price and not item.children]
    return sorted(lines, key=lambda item: not rule.item_condition.holds(item))[:3]


def _label(rule: CartPriceRule, context: Context) -> str:
    return rule.label_in(context.store_view)
