"""Apply cart price rules to a cart, one rule after the other.

Adobe Commerce, cart price rules: each rule whose conditions hold goes over the lines
that are still open to it. What its action proposes is cut to whole coins and to what
the line still costs; later rules see what earlier ones gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from gateway.personalize import money
from gateway.personalize.cart_price_rules.definition import FreeShipping
from gateway.personalize.cart_price_rules.result import (
    CartDiscounts,
    Discount,
    LineDiscounts,
)
from gateway.personalize.cart_price_rules.rule import CartPriceRule, fold_coupon
from gateway.personalize.context import CartItem, Context
from gateway.personalize.discounts import HUNDRED, Portion, Remainders, Terms
from gateway.personalize.money import ZERO

ONE = Decimal(1)

_NOT_SHIPPED = frozenset({"virtual", "downloadable"})


def apply(rules: Sequence[CartPriceRule], context: Context) -> CartDiscounts:
    """Apply *rules*, which are sorted by ``CartPriceRule.order``, to the cart.

    The same rules and context always give the same result. Lines without a price,
    or with a negative one, get nothing.
    """
    tally = _Tally(context)
    tally.apply(rules)
    if tally.ships_free and tally.shipping.given:
        # Free shipping is settled before discounts: what costs nothing takes no part.
        tally = _Tally(context, ships_free=True)
        tally.apply(rules)
    return tally.result()


class _Names(NamedTuple):
    """What a shopper knows a rule by."""

    label: str
    coupon_code: str | None


@dataclass
class _Charge:
    """Something that costs money, and what rules have given on it so far."""

    cost: Decimal
    is_open: bool
    discount: Decimal = ZERO
    given: list[Discount] = field(default_factory=list)

    @property
    def left(self) -> Decimal:
        return self.cost - self.discount

    def give(self, amount: Decimal, rule: CartPriceRule, names: _Names) -> None:
        if amount > 0:
            self.discount += amount
            self.given.append(
                Discount(rule.id, rule.key, names.label, amount, names.coupon_code)
            )


@dataclass
class _Line(_Charge):
    """A line of the cart; *rank* is its place among those that rules have matched.

    *percent* adds up what percentages the line was given.
    """

    item: CartItem = field(kw_only=True)
    percent: Decimal = ZERO
    rank: int | None = None
    free_units: Decimal = ZERO

    @property
    def must_be_shipped(self) -> bool:
        return self.item.product.type not in _NOT_SHIPPED

    def portion(self, rule: CartPriceRule, decimals: int) -> Portion:
        quantity, price = self.item.quantity, self.item.price or ZERO
        units = quantity if rule.at_most is None else min(quantity, rule.at_most)
        units = rule.action.step.units(units, rule.terms.step)
        remaining = self.left
        if units != quantity:
            cost = money.rounded(units * price, decimals)
            remaining = max(ZERO, cost - self.discount)
        return Portion(units, price, self.discount, remaining)


class _Tally:
    """The state of one application of rules to a cart."""

    def __init__(self, context: Context, *, ships_free: bool = False) -> None:
        cart = context.cart
        self._context = context
        self._decimals = money.decimals(context.website.currency)
        self._carry = money.Carry(self._decimals)
        codes = [code for code in cart.coupon_codes if code.strip()]
        self._coupons = {fold_coupon(code): code for code in codes}
        self._applied: list[CartPriceRule] = []
        self._discount = ZERO
        self._matched = 0
        self._shipment_is_free = ships_free
        self._lines = [self._line(item) for item in cart.items]
        self._open = [line for line in self._lines if line.is_open]
        cost = ZERO if ships_free else self._coins(cart.shipping.amount)
        self.shipping = _Charge(cost, is_open=cost > 0)

    def apply(self, rules: Sequence[CartPriceRule]) -> None:
        for rule in rules:
            if not self._open:
                return
            if rule.considers(self._context, self._coupons) and (
                rule.condition.holds(self._context_so_far())
            ):
                self._take_turn(rule)

    @property
    def ships_free(self) -> bool:
        shipped = [line for line in self._lines if line.must_be_shipped]
        all_free = all(line.free_units >= line.item.quantity for line in shipped)
        return self._shipment_is_free or (bool(shipped) and all_free)

    def result(self) -> CartDiscounts:
        free = self.ships_free
        used = {fold_coupon(rule.coupon_code) for rule in self._applied}
        return CartDiscounts(
            lines=tuple(
                LineDiscounts(
                    line.cost, line.discount, tuple(line.given), line.free_units
                )
                for line in self._lines
            ),
            applied=tuple(self._applied),
            coupon_codes=tuple(
                code for folded, code in self._coupons.items() if folded in used
            ),
            shipping=ZERO if free else self.shipping.cost,
            tax=self._coins(self._context.cart.tax),
            on_shipping=tuple(self.shipping.given),
            ships_free=free,
        )

    def _coins(self, amount: Decimal) -> Decimal:
        return money.rounded(amount, self._decimals)

    def _line(self, item: CartItem) -> _Line:
        counts = item.price is not None and item.price >= 0 and item.quantity > 0
        return _Line(self._coins(item.row_total), is_open=counts, item=item)

    def _context_so_far(self) -> Context:
        """Return the context in which conditions see what was given until now."""
        if self._context.cart.discount != self._discount:
            cart = replace(self._context.cart, discount=self._discount)
            self._context = replace(self._context, cart=cart)
        return self._context

    def _take_turn(self, rule: CartPriceRule) -> None:
        matched = self._lines_of(rule)
        freed = self._free_shipping(rule, matched)
        step = rule.terms.step
        taken = [
            line
            for line in matched
            if rule.action.step.admits(line.item.quantity, step)
        ]
        before = self.shipping.discount
        self._give(rule, taken)
        if not (taken or freed or self.shipping.discount > before):
            return
        self._applied.append(rule)
        if rule.discards_subsequent:
            for line in taken:
                line.is_open = False
            self.shipping.is_open = False
            self._open = [line for line in self._open if line.is_open]

    def _lines_of(self, rule: CartPriceRule) -> list[_Line]:
        """Return the open lines the rule matches, in the order cents are carried.

        Adobe Commerce sorts lines by the first rule that matches them.
        """
        holds = rule.item_condition.holds
        matched = [line for line in self._open if holds(line.item)]
        for line in matched:
            if line.rank is None:
                line.rank = self._matched
                self._matched += 1
        return sorted(matched, key=lambda line: line.rank or 0)

    def _free_shipping(self, rule: CartPriceRule, matched: Sequence[_Line]) -> bool:
        if rule.free_shipping is FreeShipping.NONE or not matched:
            return False
        if rule.free_shipping is FreeShipping.SHIPMENT:
            self._shipment_is_free = True
            return True
        for line in matched:
            free = line.item.quantity
            if rule.at_most is not None:
                free = min(free, rule.at_most)
            line.free_units = max(line.free_units, free)
        return True

    def _give(self, rule: CartPriceRule, lines: Sequence[_Line]) -> None:
        action = rule.action
        portions = [line.portion(rule, self._decimals) for line in lines]
        terms = self._terms(rule)
        proposed = [max(ZERO, one) for one in action.propose(portions, terms)]
        for_shipping = ZERO
        if terms.shipping is not None:
            for_shipping = action.on_shipping(portions, terms.shipping, terms)
            for_shipping = max(ZERO, for_shipping)
        if action.remainders is Remainders.BY_RULE:
            weights = [*proposed, for_shipping]
            total = self._coins(sum(weights, ZERO))
            *proposed, for_shipping = money.split(total, weights, self._decimals)
        names = self._names(rule)
        for line, amount in zip(lines, proposed, strict=True):
            given = self._cut(rule, line, amount)
            line.give(given, rule, names)
            self._discount += given
        given = min(self._coins(for_shipping), self.shipping.left)
        self.shipping.give(given, rule, names)

    def _terms(self, rule: CartPriceRule) -> Terms:
        shipping = self.shipping
        if not (rule.applies_to_shipping and shipping.is_open and shipping.left):
            return rule.terms
        portion = Portion(ONE, shipping.cost, shipping.discount, shipping.left)
        quantity = self._context.cart.quantity
        return replace(rule.terms, shipping=portion, cart_quantity=quantity)

    def _cut(self, rule: CartPriceRule, line: _Line, amount: Decimal) -> Decimal:
        """Make what is proposed whole coins, at most what the line still costs."""
        if rule.action.remainders is not Remainders.BY_PERCENT:
            return min(self._coins(amount), line.left)
        percent = line.percent + rule.action.percent(rule.terms)
        line.percent = min(HUNDRED, percent)
        return self._carry.rounded(amount, line.percent, most=line.left)

    def _names(self, rule: CartPriceRule) -> _Names:
        code = self._coupons.get(fold_coupon(rule.coupon_code))
        return _Names(rule.label_in(self._context.store_view), code)
