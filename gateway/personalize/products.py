"""What a website sells: its products and their manual links, as one value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache

from gateway.personalize import schedule
from gateway.personalize.operators import Key, Value, Values, keys_of
from gateway.personalize.schedule import Schedule
from gateway.personalize.tier_prices import TierPrice


class ProductList(StrEnum):
    """The three lists of products beside a product."""

    RELATED = "related"
    UPSELL = "upsell"
    CROSSSELL = "crosssell"


class Visibility(StrEnum):
    """Where a product can be found by itself."""

    CATALOG_SEARCH = "catalog_search"
    CATALOG = "catalog"
    SEARCH = "search"
    NOT_VISIBLE = "not_visible"


@dataclass(frozen=True)
class SpecialPrice:
    """A price for whole days of the website's calendar; None is an open end."""

    amount: Decimal
    first_day: date | None = None
    last_day: date | None = None


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class Product:
    """One product as its website sells it.

    *price* is the regular price of one unit. *categories* are paths such as
    ``gear/tents``.
    """

    sku: str
    id: int = 0
    name: str | None = None
    type: str | None = None
    attribute_set: str | None = None
    price: Decimal | None = None
    special: SpecialPrice | None = None
    tiers: tuple[TierPrice, ...] = ()
    weight: Decimal | None = None
    categories: tuple[str, ...] = ()
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)
    saleable: bool = False
    visibility: Visibility = Visibility.NOT_VISIBLE
    children: tuple[str, ...] = ()
    url_key: str | None = None

    @property
    def categories_with_ancestors(self) -> Values:
        """Every category the product is in, and every one above those."""
        return _with_ancestors(self.categories)

    @property
    def deepest_categories(self) -> Values:
        """The categories it is in, without those above another of them.

        Shops also assign products to the root of all categories.
        """
        above = {one for path in self.categories for one in _above(path)}
        return Values(path for path in self.categories if path not in above)

    def completed_by(self, child: Product) -> Product:
        """Return this product with the *child*'s values where it has none itself."""
        own = {code: one for code, one in self.attributes.items() if one is not None}
        return replace(
            self,
            price=child.price if self.price is None else self.price,
            weight=child.weight if self.weight is None else self.weight,
            attribute_set=self.attribute_set or child.attribute_set,
            categories=self.categories or child.categories,
            attributes={**child.attributes, **own},
        )

    @property
    def shows_in_catalogue(self) -> bool:
        """Whether a shopper meets it in a list of products."""
        return self.visibility in {Visibility.CATALOG_SEARCH, Visibility.CATALOG}

    @property
    def can_be_listed(self) -> bool:
        """Whether a list beside another product may show it."""
        return self.saleable and self.shows_in_catalogue


@dataclass(frozen=True)
class Link:
    """A product linked by hand; a lower *position* comes first."""

    sku: str
    position: int = 0


Links = Mapping[tuple[str, ProductList], Sequence[Link]]
Places = Mapping[Key, Sequence[int]]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All products of a website at one revision, held by each worker.

    It is only ever equal to itself, so that what is derived from it can be kept by it.
    *stored* are the products as they were written, *products* as they are sold: a
    configurable product without a price takes the lowest of its children's.
    """

    revision: int = 0
    timezone: str = "UTC"
    stored: Mapping[str, Product] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    links: Links = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        products: Iterable[Product],
        links: Links | None = None,
        *,
        revision: int = 0,
        timezone: str = "UTC",
    ) -> Catalogue:
        """Gather *products* by SKU; twins are an error of the caller."""
        stored = {product.sku: product for product in products}
        by_sku = dict(stored)
        for sku, product in stored.items():
            if product.price is None and product.children:
                price = _lowest_price(product, by_sku)
                by_sku[sku] = replace(product, price=price)
        return cls(revision, timezone, stored, by_sku, links or {})

    def find(self, sku: str) -> Product:
        """Return the product called *sku*, or one of which only that is known."""
        return self.products.get(sku) or Product(sku)

    def special_price(self, product: Product, at: datetime) -> Decimal | None:
        """Return the special price that *product* has at *at*; None is none."""
        special = product.special
        if special is None or not self._schedule_of(special).runs(at):
            return None
        return special.amount

    def priced_by(self, product: Product) -> tuple[Product, ...]:
        """Return the children whose prices are those of a *product* without its own."""
        written = self.stored.get(product.sku) if product.children else None
        if written is None or written.price is not None:
            return ()
        children = (self.products.get(sku) for sku in written.children)
        return tuple(child for child in children if child is not None)

    def bought_as(self, product: Product) -> tuple[Product, ...]:
        """Return the products with prices that a choice is made of, or itself."""
        if product.type not in _BOUGHT_AS_CHILDREN:
            return (product,)
        children = (self.find(sku) for sku in product.children)
        priced = tuple(child for child in children if child.price is not None)
        return priced or (product,)

    def next_change(self, at: datetime) -> datetime | None:
        """Return the next instant after *at* at which some price changes."""
        later = bisect_right(self._boundaries, at)
        return self._boundaries[later] if later < len(self._boundaries) else None

    def _schedule_of(self, special: SpecialPrice) -> Schedule:
        return schedule.of_days(special.first_day, special.last_day, self.timezone)

    @cached_property
    def _boundaries(self) -> list[datetime]:
        return sorted(
            {
                boundary
                for product in self.products.values()
                if product.special is not None
                for boundary in self._schedule_of(product.special).boundaries
            }
        )

    @cached_property
    def by_id(self) -> Mapping[int, Product]:
        """The products by their ids."""
        return {product.id: product for product in self.products.values()}

    @cached_property
    def on_offer(self) -> tuple[Product, ...]:
        """The products that a list may show, by ascending id."""
        shown = (product for product in self.products.values() if product.can_be_listed)
        return tuple(sorted(shown, key=lambda product: product.id))

    def places(self, attribute: str, read: Callable[[Product], Value]) -> Places:
        """Return where in *on_offer* stand the products that have a value in common.

        Values are told apart by their keys. The index is made when *attribute*, of
        which *read* is the reader, is first asked for.
        """
        if attribute not in self._places:
            found: dict[Key, list[int]] = {}
            for place, product in enumerate(self.on_offer):
                for key in keys_of(read(product)):
                    found.setdefault(key, []).append(place)
            self._places[attribute] = found
        return self._places[attribute]

    @cached_property
    def _places(self) -> dict[str, Places]:
        return {}


@lru_cache(maxsize=8192)
def _with_ancestors(categories: tuple[str, ...]) -> Values:
    found = [one for path in categories for one in (*_above(path), path)]
    return Values(dict.fromkeys(found))


def _above(path: str) -> Iterator[str]:
    steps = path.split("/")
    return ("/".join(steps[:depth]) for depth in range(1, len(steps)))


_BOUGHT_AS_CHILDREN = frozenset({"configurable", "grouped"})

NO_CATALOGUE = Catalogue()
"""What is looked into where nothing is sold."""


def _lowest_price(product: Product, by_sku: Mapping[str, Product]) -> Decimal | None:
    children = (by_sku.get(sku) for sku in product.children)
    prices = [child.price for child in children if child and child.price is not None]
    return min(prices, default=None)
