"""Apply cart price rules to a cart, one rule after the other.

Adobe Commerce, cart price rules: each rule whose conditions hold goes over the lines
that are still open to it. What its action proposes is cut to whole coins and to what
the line still costs; later rules see what earlier ones gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal

from gateway.personalize import money
from gateway.personalize.cart_price_rules import groups
from gateway.personalize.cart_price_rules.amounts import Amounts
from gateway.personalize.cart_price_rules.charges import (
    Charge,
    Line,
    Names,
    portions_of,
    ship_free,
    terms_of,
)
from gateway.personalize.cart_price_rules.definition import (
    AtMostPer,
    FreeShipping,
    TotalsOf,
)
from gateway.personalize.cart_price_rules.result import (
    CartDiscounts,
    GiftOffer,
    codes_used,
)
from gateway.personalize.cart_price_rules.rounding import Rounding
from gateway.personalize.cart_price_rules.rule import CartPriceRule, LeftOut
from gateway.personalize.cart_price_rules.trace import Trace
from gateway.personalize.context import Context, Counted
from gateway.personalize.discounts import Portion
from gateway.personalize.money import ZERO


def apply(
    rules: Sequence[CartPriceRule], context: Context, trace: Trace | None = None
) -> CartDiscounts:
    """Apply *rules*, which are sorted by ``CartPriceRule.order``, to the cart.

    The same rules and context always give the same result, and a *trace* does not
    change it. Lines without a price, or with a negative one, get nothing.
    """
    tally = _Tally(context, trace)
    tally.apply(rules)
    if tally.frees_shipment and tally.shipping.given:
        # Free shipping is settled before discounts: what costs nothing takes no part.
        tally = _Tally(context, trace, ships_free=True)
        tally.apply(rules)
    return tally.result()


class _Tally:
    """The state of one application of rules to a cart."""

    def __init__(
        self, context: Context, trace: Trace | None, *, ships_free: bool = False
    ) -> None:
        cart = context.cart
        self._context = context
        self._trace = trace
        self._rounding = Rounding(money.decimals(context.website.currency))
        self.applied: list[CartPriceRule] = []
        self._gifts: list[GiftOffer] = []
        self._settled: set[str] = set()
        self.discount = ZERO
        self._matched = 0
        self._shipment_is_free = False
        self._settled_free = ships_free
        self._lines = [Line.of(item, self._rounding.decimals) for item in cart.items]
        self._open = [line for line in self._lines if line.is_open]
        self._has_lines = bool(self._open)
        cost = ZERO if ships_free else self._rounding.coins(cart.shipping.amount)
        self.shipping = Charge(cost, is_open=cost > 0)
        if trace is not None:
            trace.begin(self._lines)

    def apply(self, rules: Sequence[CartPriceRule]) -> None:
        lane = rules[0].lane if rules else None
        for rule in rules:
            if rule.lane is not lane:
                lane = rule.lane
                self._begin_lane()
            reason = rule.left_out(self._context)
            reason = reason or groups.left_out(rule, self._settled)
            if reason is not None:
                self._tell_left_out(rule, reason)
            elif rule.condition.holds(context := self._context_for(rule)):
                # Shipping alone is discounted for nobody; a gift is a line of its own.
                if self._open or rule.gifts:
                    self._call(rule, rules)
                elif self._trace is not None:
                    self._trace.took_turn(rule, (), ())
            elif self._trace is not None:
                self._trace.failed(rule, context)

    def _begin_lane(self) -> None:
        """Let what was discarded, and which groups are settled, be the last lane's."""
        self._settled = set()
        for charge in (*self._lines, self.shipping):
            charge.reopen()
        self._open = [line for line in self._lines if line.is_open]

    def _call(self, rule: CartPriceRule, rules: Sequence[CartPriceRule]) -> None:
        if rule.budget is not None and self._is_over_budget(rule, self._tried(rule)):
            self._tell_left_out(rule, LeftOut.BUDGET)
            return
        best = groups.best_of(rule, rules, self._would_give)
        self.take_turn(best)
        if best is not rule:
            self._tell_left_out(rule, LeftOut.EVALUATION_GROUP)

    def _tell_left_out(self, rule: CartPriceRule, reason: LeftOut) -> None:
        # The best of a group had its turn when the first of them was called.
        if self._trace and all(one is not rule for one in self.applied):
            self._trace.left_out(rule, reason)

    @property
    def frees_shipment(self) -> bool:
        shipped = [line for line in self._lines if line.must_be_shipped]
        all_free = all(line.free_units >= line.item.quantity for line in shipped)
        return self._shipment_is_free or (bool(shipped) and all_free)

    def result(self) -> CartDiscounts:
        free = self._settled_free or self.frees_shipment
        cart = self._context.cart
        return CartDiscounts(
            lines=tuple(line.result() for line in self._lines),
            applied=tuple(self.applied),
            coupon_codes=codes_used(self.applied, cart),
            shipping=ZERO if free else self.shipping.cost,
            tax=self._rounding.coins(cart.tax),
            credit=self._rounding.coins(cart.store_credit + cart.gift_card),
            on_shipping=tuple(self.shipping.given),
            ships_free=free,
            gifts=tuple(self._gifts),
        )

    def _would_give(self, rule: CartPriceRule) -> Decimal | None:
        """Return what *rule* would take off everything now; None if it does nothing."""
        if rule.left_out(self._context) is not None:
            return None
        if not rule.condition.holds(self._context_for(rule)):
            return None
        trial = self._tried(rule)
        if not trial.applied or self._is_over_budget(rule, trial):
            return None
        given = trial.discount - self.discount
        if trial.frees_shipment and not self.frees_shipment:
            # It is worth what shipping costs, also once that is settled.
            cost = self._rounding.coins(self._context.cart.shipping.amount)
            return given + cost - self.shipping.discount
        return given + self.shipping.left - trial.shipping.left

    def _is_over_budget(self, rule: CartPriceRule, trial: _Tally) -> bool:
        left = rule.budget_left(self._context)
        on_items = trial.discount - self.discount
        on_shipping = trial.shipping.discount - self.shipping.discount
        return left is not None and on_items + on_shipping > left

    def _tried(self, rule: CartPriceRule) -> _Tally:
        """Return what this would be after the turn of *rule*."""
        lines = {id(line): line.copied() for line in self._lines}
        trial = copy(self)
        vars(trial).update(
            applied=[],
            shipping=self.shipping.copied(),
            _trace=None,
            _gifts=[],
            _rounding=self._rounding.copied(),
            _settled=set(),
            _lines=[*lines.values()],
            _open=[lines[id(line)] for line in self._open],
        )
        trial.take_turn(rule)
        return trial

    def _context_for(self, rule: CartPriceRule) -> Context:
        """Return the context in which conditions see what was given until now."""
        if self._context.cart.discount != self.discount:
            cart = replace(self._context.cart, discount=self.discount)
            self._context = replace(self._context, cart=cart)
        if rule.totals_of is TotalsOf.CART:
            return self._context
        holds = rule.item_condition.holds
        matched = [line for line in self._lines if holds(line.item)]
        items = tuple(line.item for line in matched)
        given = sum((line.discount for line in matched), ZERO)
        cart = replace(self._context.cart, counted=Counted(items, given))
        return replace(self._context, cart=cart)

    def take_turn(self, rule: CartPriceRule) -> None:
        matched = self._lines_of(rule)
        freed = self._free_shipping(rule, matched)
        step = rule.terms.step
        taken = [
            line
            for line in matched
            if rule.action.step.admits(line.item.quantity, step)
        ]
        portions = portions_of(rule, taken, self._rounding.decimals)
        if rule.at_most_per is AtMostPer.RULE:
            # Units that other lines have used up leave nothing to take.
            pairs = list(zip(taken, portions, strict=True))
            taken = [line for line, portion in pairs if portion.units]
            portions = [portion for _, portion in pairs if portion.units]
        if self._trace is not None:
            self._trace.took_turn(rule, matched, taken)
        before = self.shipping.discount
        self._give(rule, taken, portions)
        offered = self._offer(rule, portions)
        if not (taken or freed or offered or self.shipping.discount > before):
            return
        self.applied.append(rule)
        if rule.evaluation_group:
            self._settled.add(rule.evaluation_group)
        if rule.discards_subsequent:
            for line in taken:
                line.owner.close(rule)
            self.shipping.close(rule)
            self._open = [line for line in self._open if line.is_open]

    def _lines_of(self, rule: CartPriceRule) -> list[Line]:
        """Return the open lines the rule matches, in the order cents are carried.

        Adobe Commerce sorts lines by the first rule that matches them.
        """
        matched = [one for line in self._open for one in line.matched_by(rule)]
        for line in matched:
            if line.owner.rank is None:
                line.owner.rank = self._matched
                self._matched += 1
        return sorted(matched, key=lambda line: line.owner.rank or 0)

    def _free_shipping(self, rule: CartPriceRule, matched: Sequence[Line]) -> bool:
        if rule.free_shipping is FreeShipping.NONE or not matched:
            return False
        if rule.free_shipping is FreeShipping.SHIPMENT:
            self._shipment_is_free = True
        else:
            ship_free(rule, matched)
        return True

    def _offer(self, rule: CartPriceRule, portions: Sequence[Portion]) -> bool:
        """Offer the rule's gifts to a cart that has something in it."""
        if not rule.gifts or not rule.terms.amount or not self._has_lines:
            return False
        in_cart = sum((portion.units for portion in portions), ZERO)
        self._gifts.append(
            GiftOffer.of(rule, Names.of(rule, self._context).label, in_cart)
        )
        return True

    def _give(
        self, rule: CartPriceRule, lines: Sequence[Line], portions: Sequence[Portion]
    ) -> None:
        terms = terms_of(rule, self.shipping, self._context.cart.quantity)
        amounts = Amounts.of(
            rule,
            lines,
            portions,
            terms,
            self._rounding,
            most=self._most_of(rule),
            most_on_shipping=self.shipping.left,
        )
        names = Names.of(rule, self._context)
        for line, amount in zip(lines, amounts.given, strict=False):
            line.give(amount, rule, names, self._rounding.decimals)
            self.discount += amount
        self.shipping.note(amounts.on_shipping, rule, names)
        if self._trace is not None:
            told = amounts.told(portions, self._rounding)
            for line, given in zip(lines, told, strict=False):
                self._trace.gave(rule, line, given)
            if terms.shipping is not None:
                given = amounts.told_of_shipping(terms.shipping, self._rounding)
                self._trace.gave(rule, self.shipping, given)

    def _most_of(self, rule: CartPriceRule) -> Decimal | None:
        """Return the most that *rule* may give now; None is no cap."""
        cap = self._context.website.most_discount
        if cap is None:
            return rule.most_discount
        left = cap - self.discount - self.shipping.discount
        return left if rule.most_discount is None else min(rule.most_discount, left)
