"""What costs money while rules are applied, and what they have given on it so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple, Self

from gateway.personalize import money
from gateway.personalize.cart_price_rules.definition import AtMostPer
from gateway.personalize.cart_price_rules.result import Discount, LineDiscounts
from gateway.personalize.cart_price_rules.rule import CartPriceRule
from gateway.personalize.context import CartItem, Context
from gateway.personalize.discounts import Portion, Terms
from gateway.personalize.money import ZERO

_NOT_SHIPPED = frozenset({"virtual", "downloadable"})


class Names(NamedTuple):
    """What a shopper knows a rule by."""

    label: str
    coupon_code: str | None

    @classmethod
    def of(cls, rule: CartPriceRule, context: Context) -> Self:
        """Return what *rule* is called here, and by which code the cart has it."""
        code = rule.coupon_in(context.cart) if rule.needs_coupon else None
        return cls(rule.label_in(context.store_view), code)


@dataclass
class Charge:
    """Something that costs money, and what rules have given on it so far.

    *closed_by* is the rule that lets no later one have it.
    """

    cost: Decimal
    is_open: bool
    discount: Decimal = ZERO
    given: list[Discount] = field(default_factory=list)
    closed_by: CartPriceRule | None = None

    @property
    def left(self) -> Decimal:
        """What can still be given."""
        return self.cost - self.discount

    def copied(self) -> Self:
        """Return one on which others can be tried."""
        return replace(self, given=[*self.given])

    def close(self, rule: CartPriceRule) -> None:
        """Let no rule after *rule* have it."""
        self.is_open = False
        self.closed_by = self.closed_by or rule

    def reopen(self) -> None:
        """Let later rules have it, if it was a rule that kept them from it."""
        if self.closed_by is not None:
            self.is_open = True
            self.closed_by = None

    def note(self, amount: Decimal, rule: CartPriceRule, names: Names) -> None:
        """Add what *rule* gives; several amounts of one rule become one."""
        if amount <= 0:
            return
        self.discount += amount
        if self.given and self.given[-1].rule_key == rule.key:
            last = self.given.pop()
            self.given.append(replace(last, amount=last.amount + amount))
        else:
            self.given.append(
                Discount(rule.id, rule.key, names.label, amount, names.coupon_code)
            )


@dataclass
class Line(Charge):
    """A line of the cart; *rank* is its place among those that rules have matched.

    *percent* adds up what percentages the line was given. A bundle that costs what its
    children do has *parts*, of which each knows the *whole*: what is given on one is
    given on the other, too.
    """

    item: CartItem = field(kw_only=True)
    percent: Decimal = ZERO
    rank: int | None = None
    free_units: Decimal = ZERO
    parts: tuple[Line, ...] = ()
    whole: Line | None = field(default=None, repr=False)

    @classmethod
    def of(cls, item: CartItem, decimals: int) -> Line:
        """Begin a line on which nothing was given yet."""
        parts: tuple[Line, ...] = ()
        cost = money.rounded(item.row_total, decimals)
        if item.sums_children:
            parts = tuple(cls.of(child, decimals) for child in item.children)
            cost = sum((part.cost for part in parts), ZERO)
        counts = item.price is not None and item.price >= 0 and item.quantity > 0
        line = cls(cost, is_open=counts, item=item, parts=parts)
        for part in parts:
            part.whole = line
        return line

    def copied(self) -> Self:
        """Return one, with its parts, on which others can be tried."""
        parts = tuple(part.copied() for part in self.parts)
        line = replace(self, given=[*self.given], parts=parts)
        for part in parts:
            part.whole = line
        return line

    @property
    def owner(self) -> Line:
        """The line of the cart that this is, or is a part of."""
        return self.whole or self

    @property
    def must_be_shipped(self) -> bool:
        """Whether it takes part in shipping: a bundle if one of its children does."""
        things = self.item.children or (self.item,)
        return any(one.product.type not in _NOT_SHIPPED for one in things)

    def matched_by(self, rule: CartPriceRule) -> Iterable[Line]:
        """Return what of the line *rule* is for: all of it, some parts, or nothing."""
        holds = rule.item_condition.holds
        if not self.parts:
            return (self,) if holds(self.item) else ()
        if holds(self.item.without_children):
            return (self,)
        return [part for part in self.parts if part.is_open and holds(part.item)]

    def portion(
        self, rule: CartPriceRule, most: Decimal | None, places: int
    ) -> Portion:
        """Return the units that *rule* may have, *most* of them at the most."""
        quantity, price = self.item.quantity, self.item.price or ZERO
        units = quantity if most is None else min(quantity, most)
        units = rule.action.step.units(units, rule.terms.step)
        remaining = self.left
        if units != quantity:
            cost = money.rounded(units * price, places)
            remaining = min(remaining, max(ZERO, cost - self.discount))
        return Portion(units, price, self.discount, remaining)

    def give(
        self, amount: Decimal, rule: CartPriceRule, names: Names, places: int
    ) -> None:
        """Give *amount*, which is at most what is left, on the line and its parts."""
        if self.parts:
            shares = money.split(amount, [part.left for part in self.parts], places)
            for part, share in zip(self.parts, shares, strict=True):
                part.note(share, rule, names)
        if self.whole is not None:
            self.whole.note(amount, rule, names)
        self.note(amount, rule, names)

    def result(self) -> LineDiscounts:
        """Return what the line got."""
        return LineDiscounts(
            self.cost,
            self.discount,
            tuple(self.given),
            self.free_units,
            tuple(part.result() for part in self.parts),
        )


def portions_of(
    rule: CartPriceRule, lines: Iterable[Line], places: int
) -> list[Portion]:
    """Return the units that *rule* may have of each of the *lines*."""
    most = rule.at_most
    portions = []
    for line in lines:
        portion = line.portion(rule, most, places)
        if most is not None and rule.at_most_per is AtMostPer.RULE:
            most -= portion.units
        portions.append(portion)
    return portions


def ship_free(rule: CartPriceRule, matched: Iterable[Line]) -> None:
    """Ship as many units of the *matched* lines free as *rule* is for."""
    most = rule.at_most
    for line in {id(one.owner): one.owner for one in matched}.values():
        free = line.item.quantity
        if most is not None:
            free = min(free, most)
            if rule.at_most_per is AtMostPer.RULE:
                most -= free
        line.free_units = max(line.free_units, free)


def terms_of(rule: CartPriceRule, shipping: Charge, quantity: Decimal) -> Terms:
    """Return the terms of *rule*, with *shipping* if it takes something off that, too.

    *quantity* are the units of the whole cart.
    """
    if not (rule.applies_to_shipping and shipping.is_open and shipping.left):
        return rule.terms
    portion = Portion(Decimal(1), shipping.cost, shipping.discount, shipping.left)
    return replace(rule.terms, shipping=portion, cart_quantity=quantity)
