"""Find products of a catalogue by what a storefront knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from weakref import WeakKeyDictionary

from gateway.personalize.constants import read_number
from gateway.personalize.context import ZERO
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.products import Catalogue, Product, Visibility


class SortBy(StrEnum):
    """What the found products are ordered by; ties are in the order of their ids."""

    ID = "id"
    NAME = "name"
    PRICE = "price"


@dataclass(frozen=True)
class Search:
    """What the wanted products have in common; None asks for any.

    Every word must stand in the name or the SKU. Prices are final ones.
    """

    words: tuple[str, ...] = ()
    skus: frozenset[str] | None = None
    url_keys: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    sort_by: SortBy = SortBy.ID
    descending: bool = False

    @classmethod
    def of(
        cls,
        *,
        text: str = "",
        price_from: str | None = None,
        price_to: str | None = None,
        **also: Any,
    ) -> Self:
        """Make a search of what a storefront wrote.

        Raises:
            InvalidInput: a price is not a number.
        """
        return cls(
            words=tuple(text.casefold().split()),
            price_from=_price(price_from, "filter.price.from"),
            price_to=_price(price_to, "filter.price.to"),
            **also,
        )

    def finds(self, product: Product, final_price: Decimal | None) -> bool:
        """Whether *product* is wanted, whose price of the moment is *final_price*."""
        return (
            _fits(product.sku, self.skus)
            and _fits(product.url_key, self.url_keys)
            and self._is_in_category(product)
            and self._costs(final_price)
            and self._is_named(product)
        )

    def _is_in_category(self, product: Product) -> bool:
        wanted = self.categories
        return wanted is None or not wanted.isdisjoint(
            product.categories_with_ancestors
        )

    def _costs(self, price: Decimal | None) -> bool:
        if self.price_from is None and self.price_to is None:
            return True
        return (
            price is not None
            and (self.price_from is None or price >= self.price_from)
            and (self.price_to is None or price <= self.price_to)
        )

    def _is_named(self, product: Product) -> bool:
        if not self.words:
            return True
        text = f"{product.name or ''} {product.sku}".casefold()
        return all(word in text for word in self.words)


def search(catalogue: Catalogue, wanted: Search, at: datetime) -> Sequence[Product]:
    """Return the products that are wanted at *at*, in the wanted order.

    A product which is asked for by its SKU or URL key may be invisible by itself.
    """

    def price(product: Product) -> Decimal | None:
        return catalogue.final_price(product, at)

    asks_for_prices = wanted.price_from is not None or wanted.price_to is not None
    found = [
        product
        for product in _candidates(catalogue, wanted)
        if wanted.finds(product, price(product) if asks_for_prices else None)
    ]
    found.sort(key=lambda product: product.id)
    if wanted.sort_by is SortBy.NAME:
        found.sort(key=_folded_name, reverse=wanted.descending)
    elif wanted.sort_by is SortBy.PRICE:
        found.sort(key=lambda one: price(one) or ZERO, reverse=wanted.descending)
    elif wanted.descending:
        found.reverse()
    return found


def prepare(catalogue: Catalogue) -> None:
    """Derive what all searches of a new *catalogue* share.

    May run in a thread of its own.
    """
    index = _index_of(catalogue)
    _ = index.by_url_key, index.by_category, index.searched


class _Index:
    """Where the products of one catalogue are found; each part is made once."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = tuple(products)

    @cached_property
    def by_url_key(self) -> Mapping[str | None, Sequence[Product]]:
        found: dict[str | None, list[Product]] = {}
        for product in self._products:
            found.setdefault(product.url_key, []).append(product)
        return found

    @cached_property
    def by_category(self) -> Mapping[object, Sequence[Product]]:
        found: dict[object, list[Product]] = {}
        for product in self.listed:
            for path in product.categories_with_ancestors:
                found.setdefault(path, []).append(product)
        return found

    @cached_property
    def listed(self) -> Sequence[Product]:
        return [one for one in self._products if one.shows_in_catalogue]

    @cached_property
    def searched(self) -> Sequence[Product]:
        by_words = {Visibility.CATALOG_SEARCH, Visibility.SEARCH}
        return [one for one in self._products if one.visibility in by_words]


# The catalogue is not held by what is derived from it, and takes it along.
_INDEXES: WeakKeyDictionary[Catalogue, _Index] = WeakKeyDictionary()


def _index_of(catalogue: Catalogue) -> _Index:
    index = _INDEXES.get(catalogue)
    if index is None:
        index = _INDEXES[catalogue] = _Index(catalogue.products.values())
    return index


def _candidates(catalogue: Catalogue, wanted: Search) -> Iterable[Product]:
    """Return products among which are all that are wanted, each once."""
    index = _index_of(catalogue)
    if wanted.skus is not None:
        asked = (catalogue.products.get(sku) for sku in wanted.skus)
        return filter(None, asked)
    if wanted.url_keys is not None:
        return [one for key in wanted.url_keys for one in index.by_url_key.get(key, ())]
    if wanted.words:
        return index.searched
    if wanted.categories is not None:
        listed = (index.by_category.get(path, ()) for path in wanted.categories)
        return {one.sku: one for products in listed for one in products}.values()
    return index.listed


def _folded_name(product: Product) -> str:
    return (product.name or "").casefold()


def _fits(value: str | None, wanted: frozenset[str] | None) -> bool:
    return wanted is None or value in wanted


def _price(given: str | None, path: str) -> Decimal | None:
    if given is None:
        return None
    price = read_number(given)
    if isinstance(price, tuple):
        raise InvalidInput(Problem(path, *price))
    return price
