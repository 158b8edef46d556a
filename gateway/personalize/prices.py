"""What products cost: the lowest of several prices, for one shopper at one moment.

Adobe Commerce: regular price, special price, tier price and what catalogue price rules
leave of the regular price stand side by side, and the lowest is asked. A price that was
written down stays as it is; one that was worked out is given in whole coins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from gateway.personalize import money
from gateway.personalize.price_marks import Marks, ProductCondition
from gateway.personalize.products import NO_CATALOGUE, Catalogue, Product
from gateway.personalize.tier_prices import ONE, TierPriceType


@dataclass(frozen=True)
class Buyer:
    """For whom a price is: a customer group and segments, at a moment."""

    at: datetime
    group_id: int
    segments: frozenset[str] = frozenset()


class PriceRule(Protocol):
    """What a price list needs of a catalogue price rule."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def condition(self) -> ProductCondition: ...  # noqa: D102
    @property
    def segments(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def discards_subsequent(self) -> bool: ...  # noqa: D102

    def runs(self, buyer: Buyer) -> bool:
        """Whether it is for the buyer."""
        ...

    def lowered(self, price: Decimal) -> Decimal:
        """Return what it makes of a price."""
        ...


class PriceList:
    """What a catalogue's products cost under catalogue price rules.

    *rules* are in the order in which they apply; amounts have *decimals*. What was
    found out for the list *before* is taken over. Takes a while for a large
    catalogue, and may run in a thread of its own.
    """

    def __init__(
        self,
        catalogue: Catalogue = NO_CATALOGUE,
        rules: Sequence[PriceRule] = (),
        *,
        decimals: int = 2,
        before: PriceList | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.rules = tuple(rules)
        self.decimals = decimals
        marks = before.marks if before else Marks()
        self.marks: Marks = marks.after(catalogue, self.rules)

    @property
    def looks_at_segments(self) -> bool:
        """Whether a price may depend on the shopper's segments."""
        return any(rule.segments for rule in self.rules)

    def to(self, buyer: Buyer) -> Prices:
        """Return what the products cost *buyer*."""
        return Prices(self, buyer)


@dataclass(frozen=True)
class Step:
    """What one rule made of a price."""

    rule: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Explanation:
    """Every price of a product that took part; *final* is the lowest of them.

    None is a price that the product does not have, or the buyer does not get.
    """

    regular: Decimal | None
    special: Decimal | None
    tier: Decimal | None
    by_rules: Decimal | None
    steps: tuple[Step, ...]
    final: Decimal | None


class Prices:
    """What the products of a price list cost one buyer."""

    def __init__(self, listed: PriceList, buyer: Buyer) -> None:
        self._list = listed
        self._buyer = buyer
        self._running = [
            (1 << place, rule)
            for place, rule in enumerate(listed.rules)
            if rule.runs(buyer)
        ]
        self._mask = sum(bit for bit, _ in self._running)
        self._chosen: dict[int, Sequence[PriceRule]] = {}

    @property
    def catalogue(self) -> Catalogue:
        """Whose products they are."""
        return self._list.catalogue

    @property
    def decimals(self) -> int:
        """How many decimals an amount has."""
        return self._list.decimals

    def of(self, product: Product, quantity: Decimal = ONE) -> Decimal | None:
        """Return what one unit costs who buys *quantity*; None is unknown.

        Where the price is the lowest of the children's, it is theirs that is lowered.
        """
        children = self.catalogue.priced_by(product)
        if not children:
            return _lowest(self._own(product, quantity))
        special = self.catalogue.special_price(product, self._buyer.at)
        theirs = (_lowest(self._own(child, quantity)) for child in children)
        return _lowest((product.price, special, *theirs))

    def lowest_of(self, product: Product) -> Decimal | None:
        """Return what a storefront shows first: the least that it can be bought for."""
        return _lowest(map(self.of, self.catalogue.bought_as(product)))

    def explain(self, product: Product, quantity: Decimal = ONE) -> Explanation:
        """Return every price that takes part, and what each rule did.

        Of a product whose price is its children's there is nothing more to tell.
        """
        own = not self.catalogue.priced_by(product)
        steps = tuple(self._steps(product)) if own else ()
        return Explanation(
            product.price,
            self.catalogue.special_price(product, self._buyer.at),
            self._tier(product, quantity) if own else None,
            self._by_rules(product) if own else None,
            steps,
            self.of(product, quantity),
        )

    def rules_on(self, product: Product) -> frozenset[str]:
        """Return the keys of the rules that work on any price of *product*."""
        shown = self.catalogue.bought_as(product)
        priced = (*shown, *(self.catalogue.priced_by(product)))
        return frozenset(rule.key for one in priced for rule in self._applying(one))

    def tiers(self, product: Product) -> Iterator[tuple[Decimal, Decimal]]:
        """Yield each quantity from which a unit costs less, and what it then costs."""
        price = self.of(product)
        for quantity in sorted({tier.quantity for tier in product.tiers}):
            lower = self.of(product, max(quantity, ONE))
            if lower is not None and (price is None or lower < price):
                yield quantity, lower
                price = lower

    def _own(self, product: Product, quantity: Decimal) -> list[Decimal | None]:
        prices = [product.price]
        if product.special is not None:
            prices.append(self.catalogue.special_price(product, self._buyer.at))
        if product.tiers:
            prices.append(self._tier(product, quantity))
        if self._list.marks.by_sku.get(product.sku, 0) & self._mask:
            prices.append(self._by_rules(product))
        return prices

    def _tier(self, product: Product, quantity: Decimal) -> Decimal | None:
        group, found = self._buyer.group_id, []
        for tier in product.tiers:
            if tier.is_for(group, quantity):
                price = tier.price(product.price)
                if price is not None and tier.type is TierPriceType.DISCOUNT:
                    price = self._rounded(price)
                found.append(price)
        return _lowest(found)

    def _by_rules(self, product: Product) -> Decimal | None:
        price = product.price
        applying = self._applying(product)
        if price is None or not applying:
            return None
        for rule in applying:
            price = rule.lowered(price)
        return self._rounded(price)

    def _steps(self, product: Product) -> Iterator[Step]:
        price = product.price
        if price is None:
            return
        for rule in self._applying(product):
            after = rule.lowered(price)
            yield Step(rule.key, price, after)
            price = after

    def _applying(self, product: Product) -> Sequence[PriceRule]:
        """Return the rules that lower the product's price, up to one that discards."""
        marks = self._list.marks.by_sku.get(product.sku, 0) & self._mask
        if marks not in self._chosen:
            self._chosen[marks] = list(self._chosen_by(marks))
        return self._chosen[marks]

    def _chosen_by(self, marks: int) -> Iterator[PriceRule]:
        for bit, rule in self._running:
            if marks & bit:
                yield rule
                if rule.discards_subsequent:
                    return

    def _rounded(self, price: Decimal) -> Decimal:
        return money.rounded(price, self.decimals)


def _lowest(prices: Iterable[Decimal | None]) -> Decimal | None:
    return min((price for price in prices if price is not None), default=None)


NO_PRICES = PriceList()
"""The prices where nothing is sold."""
