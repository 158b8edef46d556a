"""The one decision about a shopper: four steps, each a value the next may read.

Segments, then cart price rules, then dynamic blocks, then related products. Blocks
may ask for segments and for applied cart price rules; that fixes the order. Prices for
segments, where there are any, count from the second step on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from gateway.personalize import (
    cart_price_rules,
    clocks,
    dynamic_blocks,
    related_product_rules,
)
from gateway.personalize.cart_price_rules import CartDiscounts, CouponResult, Hint
from gateway.personalize.context import Context
from gateway.personalize.dynamic_blocks import DynamicBlock, Wanted
from gateway.personalize.products import Product, ProductList
from gateway.personalize.rulebook import RuleBook
from gateway.personalize.segments import Segment


class Decision:
    """What one shopper sees at one moment; a step is taken when it is asked for.

    Every field of an answer asks the same decision, so they cannot disagree. Keys in
    *kept* stand for segments that were decided before from the same facts.
    """

    def __init__(
        self, context: Context, rulebook: RuleBook, kept: Iterable[str] | None = None
    ) -> None:
        self._context = context
        self._rulebook = rulebook
        self._kept = kept

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The segments the shopper is in, in the rule book's order."""
        if self._kept is None:
            return self._rulebook.segments_of(self._context)
        known = self._rulebook.segments_by_key
        return tuple(known[key] for key in self._kept if key in known)

    @cached_property
    def context(self) -> Context:
        """The context, which now knows the shopper's segments, and prices for them.

        Segments may ask for what the cart costs, so they are decided with the prices
        of the customer group; only then prices for segments count. Nothing goes round.
        """
        keys = frozenset(segment.key for segment in self.segments)
        context = replace(self._context, segments=keys)
        if not context.price_list.looks_at_segments:
            return context
        return replace(context, cart=context.cart.repriced(context.prices))

    @cached_property
    def discounts(self) -> CartDiscounts:
        """What the cart price rules give."""
        index = self._rulebook.cart_price_rule_index
        return cart_price_rules.apply(index.candidates(self.context), self.context)

    @cached_property
    def hints(self) -> tuple[Hint, ...]:
        """What the shopper is close to."""
        index = self._rulebook.cart_price_rule_index
        return cart_price_rules.hints(index, self.context)

    @cached_property
    def coupon_results(self) -> tuple[CouponResult, ...]:
        """What the shopper is told of each code of the cart."""
        cart = self.context.cart
        return cart_price_rules.coupon_results(cart, self.discounts, self.hints)

    def dynamic_blocks(
        self, wanted: Wanted, page: Product | None = None
    ) -> tuple[DynamicBlock, ...]:
        """Return the *wanted* blocks that may be seen beside *page*, by position."""
        priced = self.context.prices.rules_on(page) if page else frozenset[str]()
        return dynamic_blocks.choose(
            self._rulebook.dynamic_blocks,
            wanted,
            self.context.segments,
            self.discounts.applied_keys,
            priced,
        )

    def related_products(
        self, product_list: ProductList, limit: int, page: Product | None
    ) -> tuple[Product, ...]:
        """Return at most *limit* products for a list beside *page*, or the cart."""
        return related_product_rules.choose(
            self._rulebook.related_product_rules,
            replace(self.context, page=page),
            product_list,
            limit,
        )

    @cached_property
    def valid_until(self) -> datetime | None:
        """The instant at which time alone may change the answer; None is never."""
        context, rulebook = self._context, self._rulebook
        return clocks.earliest(
            (
                rulebook.next_change(context.at),
                context.catalogue.next_change(context.at),
                clocks.next_strike(rulebook.clocks, context),
                context.remembered.until,
            )
        )
