"""Find the rules that may apply to a cart, asking as few as possible.

It only ever saves time: whoever is found is still asked everything. What is looked at
is what must hold for a rule to do anything at all: its coupon, customer group and days,
a value that the cart, the shopper or a line must have, and a total to be reached.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from gateway.personalize import coupons
from gateway.personalize.cart_price_rules.definition import TotalsOf
from gateway.personalize.cart_price_rules.rule import CartPriceRule
from gateway.personalize.conditions import (
    NEVER,
    Aggregate,
    Combination,
    Comparison,
    Condition,
    Found,
    OfLine,
)
from gateway.personalize.context import CartItem, Context
from gateway.personalize.element_lists import cart_items
from gateway.personalize.operators import Value, keys_of
from gateway.personalize.relatives import OfRelatives

SLICES_KEPT = 2
"""How many stretches of time, between days on which rules begin or end, are kept."""

_ZERO = Decimal(0)
_GROWING = frozenset({"at_least", "greater_than"})
# Discounts only ever make the second of them smaller.
_TOTALS: dict[str, Callable[[Context], Decimal]] = {
    "cart.subtotal": lambda context: context.cart.subtotal,
    "cart.subtotal_after_discounts": lambda context: context.cart.subtotal,
    "cart.quantity": lambda context: context.cart.quantity,
    "cart.weight": lambda context: context.cart.weight,
    "cart.lines": lambda context: Decimal(len(context.cart.items)),
}
# What earlier rules give changes it while rules are applied.
_CHANGING = frozenset({*_TOTALS, "cart.grand_total", "cart.subtotal_including_tax"})

Token = tuple[str, Hashable]
"""Something that a cart has, or has not: a source, and the key of a value."""

Read = Callable[[Any], Value]
Need = frozenset[Token]
"""Tokens of which a cart must have one."""


class Least(NamedTuple):
    """A total that a cart must reach."""

    total: str
    amount: Decimal


@dataclass(frozen=True)
class RuleIndex:
    """The rules of a website, which are sorted by ``CartPriceRule.order``."""

    rules: Sequence[CartPriceRule]
    _slices: dict[int, _Slice] = field(default_factory=dict, compare=False, repr=False)

    def candidates(self, context: Context) -> Sequence[CartPriceRule]:
        """Return, in order, all rules that may do something, and few others."""
        return self._slice(context.at).candidates(context)

    def near(self, context: Context) -> Sequence[CartPriceRule]:
        """Return, in order, those rules and others that only lack in totals."""
        return self._slice(context.at).candidates(context, any_total=True)

    def _slice(self, at: datetime) -> _Slice:
        place = bisect_right(self._boundaries, at)
        found = self._slices.get(place)
        if found is None:
            running = [rule for rule in self.rules if rule.schedule.runs(at)]
            found = _Slice.of(running)
            while len(self._slices) >= SLICES_KEPT:
                self._slices.pop(next(iter(self._slices)), None)
            self._slices[place] = found
        return found

    @cached_property
    def _boundaries(self) -> list[datetime]:
        schedules = {rule.schedule for rule in self.rules}
        return sorted({instant for one in schedules for instant in one.boundaries})


@dataclass
class _Slice:
    """The rules that run during a stretch of time, by what they need."""

    rules: Sequence[CartPriceRule]
    sources: dict[str, Read]
    buckets: dict[tuple[Token | None, str], tuple[list[Decimal], list[int]]]
    totals: dict[Token | None, tuple[str, ...]]

    @classmethod
    def of(cls, rules: Sequence[CartPriceRule]) -> _Slice:
        sources: dict[str, Read] = {}
        needs = [list(_needs_of(rule, sources)) for rule in rules]
        popular = Counter(token for one in needs for need in one for token in need)

        def carts_with(need: Need) -> int:
            return sum(popular[token] for token in need)

        entries = defaultdict[tuple[Token | None, str], list[tuple[Decimal, int]]](list)
        for place, (rule, found) in enumerate(zip(rules, needs, strict=True)):
            least = _least_of(rule)
            rarest = min(found, key=carts_with, default=None)
            tokens: Iterable[Token | None] = (None,) if rarest is None else rarest
            for token in tokens:
                entries[token, least.total].append((least.amount, place))
        buckets = {}
        totals = defaultdict[Token | None, list[str]](list)
        for (token, total), listed in entries.items():
            listed.sort()
            amounts, places = zip(*listed, strict=True)
            buckets[token, total] = ([*amounts], [*places])
            totals[token].append(total)
        used = {token[0] for token in totals if token is not None}
        return cls(
            rules,
            {name: read for name, read in sources.items() if name in used},
            buckets,
            {token: tuple(listed) for token, listed in totals.items()},
        )

    def candidates(
        self, context: Context, *, any_total: bool = False
    ) -> Sequence[CartPriceRule]:
        places: set[int] = set()
        amounts = {"": _ZERO}
        for token in self._tokens(context):
            for total in self.totals.get(token, ()):
                if total not in amounts:
                    amounts[total] = _TOTALS[total](context)
                least, found = self.buckets[token, total]
                upto = bisect_right(least, amounts[total])
                places.update(found if any_total else found[:upto])
        return [self.rules[place] for place in sorted(places)]

    def _tokens(self, context: Context) -> Iterator[Token | None]:
        """Yield what the cart has, once or more."""
        yield None
        items = _everything(context.cart.items) if self._asks_items else ()
        for source, read in self.sources.items():
            if source.startswith(_OF_ITEMS):
                for key in {key for item in items for key in keys_of(read(item))}:
                    yield source, key
            else:
                for key in keys_of(read(context)):
                    yield source, key

    @cached_property
    def _asks_items(self) -> bool:
        return any(source.startswith(_OF_ITEMS) for source in self.sources)


_OF_ITEMS = "item "
_COUPON, _GENERATED, _GROUP = "coupon", "generated coupon", "group"


def _coupons(context: Context) -> Value:
    return tuple(coupons.distinct(context.cart.coupon_codes))


def _rules_of_generated(context: Context) -> Value:
    return tuple(Decimal(one.rule_id) for one in context.cart.coupons)


def _group(context: Context) -> Value:
    return Decimal(context.group_id)


def _needs_of(rule: CartPriceRule, sources: dict[str, Read]) -> Iterator[Need]:
    """Yield what a cart must have for *rule* to do anything; every one of them."""
    if rule.coupon_code:
        sources[_COUPON] = _coupons
        yield _tokens_of(_COUPON, coupons.fold(rule.coupon_code))
    if rule.generated_coupons:
        sources[_GENERATED] = _rules_of_generated
        yield _tokens_of(_GENERATED, Decimal(rule.id))
    if rule.customer_groups is not None:
        sources[_GROUP] = _group
        yield _tokens_of(_GROUP, tuple(map(Decimal, rule.customer_groups)))
    yield from _needs(rule.condition, "", sources)
    if not rule.gifts and not rule.applies_to_shipping:
        yield from _needs(rule.item_condition, _OF_ITEMS, sources)


def _tokens_of(source: str, value: Value) -> Need:
    return frozenset((source, key) for key in keys_of(value))


def _needs(
    condition: Condition, prefix: str, sources: dict[str, Read]
) -> Iterator[Need]:
    """Yield sets of tokens, of each of which one is needed for *condition* to hold."""
    match condition:
        case Comparison():
            if condition.operator.needs_a_common_value and (
                condition.attribute not in _CHANGING
            ):
                source = prefix + condition.attribute
                sources.setdefault(source, condition.read)
                yield _tokens_of(source, condition.wanted)
        case Combination(are=True, every=True):
            for child in condition.children:
                yield from _needs(child, prefix, sources)
        case Combination(are=True) if condition.children:
            # Any of them: each must need something, and what any needs is needed.
            each = [
                need
                for child in condition.children
                if (need := next(_needs(child, prefix, sources), None)) is not None
            ]
            if len(each) == len(condition.children):
                yield frozenset[Token]().union(*each)
        case Combination() if condition is NEVER:
            yield frozenset()
        case Found() | Aggregate() if _needs_an_item(condition):
            yield from _needs(condition.condition, _OF_ITEMS, sources)
        case OfLine() | OfRelatives():
            yield from _needs(condition.condition, prefix, sources)


def _needs_an_item(condition: Found | Aggregate) -> bool:
    """Whether some line of the cart must fit for it to hold."""
    if condition.elements is not cart_items:
        return False
    if isinstance(condition, Found):
        return condition.found
    return not condition.operator.holds(_ZERO, condition.wanted)


def _least_of(rule: CartPriceRule) -> Least:
    """Return the total that is hardest to reach; none is ``Least("", 0)``."""
    if rule.totals_of is not TotalsOf.CART:
        return Least("", _ZERO)
    found = list(_totals_in(rule.condition))
    return max(found, key=lambda one: one.amount, default=Least("", _ZERO))


def _totals_in(condition: Condition) -> Iterator[Least]:
    match condition:
        case Comparison(attribute=total, wanted=Decimal() as amount) if (
            total in _TOTALS and condition.operator.key in _GROWING
        ):
            yield Least(total, amount)
        case Combination(are=True, every=True):
            for child in condition.children:
                yield from _totals_in(child)


def _everything(items: Iterable[CartItem]) -> Sequence[CartItem]:
    """Return all that a line can be taken for, whoever asks."""
    faces = [face for item in items for face in item.faces]
    above = [face.own_parent for face in faces]
    below = [child for face in faces for child in face.own_children]
    return [*{id(one): one for one in (*faces, *above, *below)}.values()]
