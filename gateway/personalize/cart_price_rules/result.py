"""What cart price rules gave on a cart; all amounts are whole coins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Self

from gateway.personalize.cart_price_rules.rule import NO_LABEL, CartPriceRule
from gateway.personalize.context import Cart
from gateway.personalize.coupons import distinct, fold
from gateway.personalize.money import ZERO


@dataclass(frozen=True)
class Discount:
    """What one rule gave; the coupon is written as the cart has it."""

    rule_id: int
    rule_key: str
    label: str
    amount: Decimal
    coupon_code: str | None = None


@dataclass(frozen=True)
class LineDiscounts:
    """What one line of the cart got; *by_rule* holds no rule that gave nothing.

    *free_shipping_units* are the units that ship free for the line's own sake.
    *children* are those of a bundle that costs what they do, and add up to it.
    """

    row_total: Decimal
    amount: Decimal = ZERO
    by_rule: tuple[Discount, ...] = ()
    free_shipping_units: Decimal = ZERO
    children: tuple[LineDiscounts, ...] = ()


@dataclass(frozen=True)
class GiftOffer:
    """Products of which a rule gives some units free.

    *taken* are the units that are in the cart already, and free.
    """

    rule_id: int
    rule_key: str
    label: str
    skus: tuple[str, ...]
    quantity: Decimal
    taken: Decimal = ZERO

    @classmethod
    def of(cls, rule: CartPriceRule, label: str, in_cart: Decimal) -> Self:
        """Write down what *rule* offers to a cart with so many units *in_cart*."""
        quantity = rule.terms.amount
        taken = min(quantity, in_cart)
        return cls(rule.id, rule.key, label, rule.gifts, quantity, taken)


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class CartDiscounts:
    """What the rules gave on a cart, and what is then to be paid.

    *lines* stand in the order of the cart's items. *applied* are the rules that took
    at least one line, gave something on shipping or offer a gift, in the order they
    were applied: a rule that took a line may still have given nothing. *shipping* is
    the shipping amount before discounts, and zero when the shipment is free. *credit*
    is what store credit and gift cards pay.
    """

    lines: tuple[LineDiscounts, ...]
    applied: tuple[CartPriceRule, ...]
    coupon_codes: tuple[str, ...]
    shipping: Decimal
    tax: Decimal
    on_shipping: tuple[Discount, ...] = ()
    ships_free: bool = False
    gifts: tuple[GiftOffer, ...] = ()
    credit: Decimal = ZERO

    @cached_property
    def applied_keys(self) -> frozenset[str]:
        """The keys of the rules that were applied."""
        return frozenset(rule.key for rule in self.applied)

    @cached_property
    def on_items(self) -> tuple[Discount, ...]:
        """What each rule gave on all lines together."""
        return _per_rule(one for line in self.lines for one in line.by_rule)

    @cached_property
    def subtotal(self) -> Decimal:
        """The sum of the lines before any discount."""
        return sum((line.row_total for line in self.lines), ZERO)

    @cached_property
    def discount(self) -> Decimal:
        """What was given on the lines."""
        return sum((line.amount for line in self.lines), ZERO)

    @cached_property
    def shipping_discount(self) -> Decimal:
        """What was given on shipping."""
        return sum((one.amount for one in self.on_shipping), ZERO)

    @property
    def shipping_after_discount(self) -> Decimal:
        """What shipping still costs."""
        return self.shipping - self.shipping_discount

    @property
    def total_discount(self) -> Decimal:
        """What was given altogether, on lines and on shipping."""
        return self.discount + self.shipping_discount

    @cached_property
    def grand_total(self) -> Decimal:
        """What is to be paid: lines and shipping less their discounts, plus tax.

        Store credit and gift cards pay for as much as they can.
        """
        left = self.subtotal - self.discount + self.shipping_after_discount
        return max(left + self.tax - self.credit, ZERO)

    @cached_property
    def title(self) -> str:
        """The name of the whole discount: "Discount (label, label)"."""
        given = (*self.on_items, *self.on_shipping)
        labels = dict.fromkeys(one.label for one in given if one.label != NO_LABEL)
        return f"{NO_LABEL} ({', '.join(labels)})" if labels else NO_LABEL


def codes_used(applied: Iterable[CartPriceRule], cart: Cart) -> tuple[str, ...]:
    """Return the codes of the cart, as written, by which it has the *applied* rules."""
    used = {fold(rule.coupon_in(cart) or "") for rule in applied}
    written = distinct(cart.coupon_codes)
    return tuple(code for folded, code in written.items() if folded in used)


def _per_rule(given: Iterable[Discount]) -> tuple[Discount, ...]:
    totals: dict[int | str, Discount] = {}
    for one in given:
        so_far = totals.get(one.rule_key)
        amount = one.amount + (so_far.amount if so_far else ZERO)
        totals[one.rule_key] = replace(one, amount=amount)
    return tuple(totals.values())
