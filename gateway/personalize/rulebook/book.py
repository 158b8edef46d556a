"""The book itself, and what else a decision finds in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from gateway.personalize import money
from gateway.personalize.cart_price_rules import CartPriceRule, RuleIndex
from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.clocks import Clock
from gateway.personalize.conditions import Condition
from gateway.personalize.context import Context, Website
from gateway.personalize.dynamic_blocks import DynamicBlock
from gateway.personalize.element_lists import looks_into, products_ordered
from gateway.personalize.errors import Problem
from gateway.personalize.prices import PriceList
from gateway.personalize.products import Catalogue
from gateway.personalize.related_product_rules import RelatedProductRule
from gateway.personalize.segment_index import SegmentIndex
from gateway.personalize.segments import Segment


@dataclass(frozen=True)
class Fault:
    """A stored definition that is left out, and why."""

    subject: str
    key: str
    problems: tuple[Problem, ...]

    @property
    def reason(self) -> str:
        """Say why in one line."""
        return "; ".join(str(problem) for problem in self.problems)


@dataclass(frozen=True)
class StoreView:
    """A language face of a website; *locale* is a BCP 47 tag."""

    code: str
    name: str = ""
    locale: str = ""


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class RuleBook:
    """What a decision is made with."""

    website: Website
    revision: int = 0
    store_views: tuple[StoreView, ...] = ()
    segments: tuple[Segment, ...] = ()
    cart_price_rules: tuple[CartPriceRule, ...] = ()
    dynamic_blocks: tuple[DynamicBlock, ...] = ()
    related_product_rules: tuple[RelatedProductRule, ...] = ()
    catalogue_price_rules: tuple[CataloguePriceRule, ...] = ()
    faults: tuple[Fault, ...] = field(default=(), compare=False)

    @cached_property
    def segments_by_key(self) -> Mapping[str, Segment]:
        """The segments by their keys."""
        return {segment.key: segment for segment in self.segments}

    @cached_property
    def segment_index(self) -> SegmentIndex:
        """The index that decides all segments in one pass."""
        return SegmentIndex(self.segments)

    def segments_of(self, context: Context) -> tuple[Segment, ...]:
        """Return the segments the shopper is in, in the rule book's order."""
        index = self.segment_index
        return index.segments(index.mask(context))

    def prepare(self) -> None:
        """Make the index now, and not when the first shopper waits for it."""
        _ = self.segment_index

    def price_list(
        self, catalogue: Catalogue, before: PriceList | None = None
    ) -> PriceList:
        """Return what *catalogue* costs, taking over what the list *before* knows."""
        return PriceList(
            catalogue,
            self.catalogue_price_rules,
            decimals=money.decimals(self.website.currency),
            before=before,
        )

    @cached_property
    def cart_price_rule_index(self) -> RuleIndex:
        """Finds the cart price rules that may apply to a cart."""
        return RuleIndex(self.cart_price_rules)

    def next_change(self, at: datetime) -> datetime | None:
        """Return the next instant after *at* at which a rule starts or ends."""
        later = bisect_right(self._boundaries, at)
        return self._boundaries[later] if later < len(self._boundaries) else None

    @cached_property
    def clocks(self) -> frozenset[Clock]:
        """What strikes when time alone may change what a condition reads."""
        return frozenset[Clock]().union(*(one.clocks for one in self._of_shoppers))

    @cached_property
    def asks_what_was_ordered(self) -> bool:
        """Whether some condition looks into the products a customer has ordered."""
        return any(looks_into(products_ordered, one) for one in self._of_shoppers)

    @property
    def _of_shoppers(self) -> tuple[Condition, ...]:
        return (
            *(segment.condition for segment in self.segments),
            *(rule.condition for rule in self.cart_price_rules),
        )

    @cached_property
    def _boundaries(self) -> list[datetime]:
        schedules = [
            *(segment.schedule for segment in self.segments),
            *(rule.schedule for rule in self.cart_price_rules),
            *(rule.schedule for rule in self.related_product_rules),
            *(rule.schedule for rule in self.catalogue_price_rules),
        ]
        return sorted({instant for one in schedules for instant in one.boundaries})
