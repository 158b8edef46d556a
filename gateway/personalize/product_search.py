"""Find products of a catalogue by what a storefront knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any, Self
from weakref import WeakKeyDictionary

from gateway.personalize.constants import read_number
from gateway.personalize.context import ZERO
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.prices import Prices
from gateway.personalize.products import Catalogue, Product, Visibility


class SortBy(StrEnum):
    """What the found products are ordered by; ties are in the order of their ids."""

    ID = "id"
    NAME = "name"
    PRICE = "price"


@dataclass(frozen=True)
class Search:
    """What the wanted products have in common; None asks for any.

    Every word must stand in the name or the SKU. Prices are those of the shopper.
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

    def reads(self, text: str) -> bool:
        """Whether every word stands in *text*, which is folded."""
        return all(word in text for word in self.words)

    def accepts(self, price: Decimal | None) -> bool:
        """Whether *price* is within what is wanted."""
        return (
            price is not None
            and (self.price_from is None or price >= self.price_from)
            and (self.price_to is None or price <= self.price_to)
        )


def search(wanted: Search, prices: Prices) -> Sequence[Product]:
    """Return the products that are wanted, in the wanted order.

    A product which is asked for by its SKU or URL key may be invisible by itself.
    """
    price = prices.lowest_of
    found = _index_of(prices.catalogue).find(wanted)
    if wanted.price_from is not None or wanted.price_to is not None:
        found = [one for one in found if wanted.accepts(price(one))]
    if wanted.sort_by is SortBy.NAME:
        return sorted(found, key=_folded_name, reverse=wanted.descending)
    if wanted.sort_by is SortBy.PRICE:
        cost = {one.sku: price(one) or ZERO for one in found}
        return sorted(found, key=lambda one: cost[one.sku], reverse=wanted.descending)
    return found[::-1] if wanted.descending else found


def prepare(catalogue: Catalogue) -> None:
    """Derive what all searches of a new *catalogue* share.

    Takes a while for a large catalogue, and may run in a thread of its own.
    """
    index = _index_of(catalogue)
    _ = index.by_url_key, index.by_category, index.texts


class _Index:
    """Where the products of one catalogue are found; each part is made once.

    Every list is in the order of the products' ids.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        products = catalogue.products.values()
        self._products = sorted(products, key=lambda product: product.id)
        self._by_sku = catalogue.products

    def find(self, wanted: Search) -> Sequence[Product]:
        """Return the products that are wanted, whatever they cost."""
        found, rest = self._most_telling(wanted)
        if rest.url_keys is not None:
            found = [one for one in found if one.url_key in rest.url_keys]
        if rest.categories is not None:
            paths = rest.categories
            found = [
                one
                for one in found
                if not paths.isdisjoint(one.categories_with_ancestors)
            ]
        if rest.words:
            found = [one for one in found if rest.reads(_text_of(one))]
        return found

    def _most_telling(self, wanted: Search) -> tuple[Sequence[Product], Search]:
        """Return what fits the wish that leaves the fewest, and the other wishes."""
        if wanted.skus is not None:
            named = _in_order(self._by_sku.get(sku) for sku in wanted.skus)
            return named, replace(wanted, skus=None)
        if wanted.url_keys is not None:
            at_keys = (self.by_url_key.get(key, ()) for key in wanted.url_keys)
            named = _in_order(chain.from_iterable(at_keys))
            return named, replace(wanted, url_keys=None)
        if wanted.words:
            read = [one for text, one in self.texts if wanted.reads(text)]
            return read, replace(wanted, words=())
        if wanted.categories is not None:
            in_paths = (self.by_category.get(path, ()) for path in wanted.categories)
            listed = _in_order(chain.from_iterable(in_paths))
            return listed, replace(wanted, categories=None)
        return self.listed, wanted

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
    def texts(self) -> Sequence[tuple[str, Product]]:
        by_words = {Visibility.CATALOG_SEARCH, Visibility.SEARCH}
        return [
            (_text_of(one), one) for one in self._products if one.visibility in by_words
        ]


# The catalogue is not held by what is derived from it, and takes it along.
_INDEXES: WeakKeyDictionary[Catalogue, _Index] = WeakKeyDictionary()


def _index_of(catalogue: Catalogue) -> _Index:
    index = _INDEXES.get(catalogue)
    if index is None:
        index = _INDEXES[catalogue] = _Index(catalogue)
    return index


def _in_order(products: Iterable[Product | None]) -> Sequence[Product]:
    """Return each of *products* once, by id; None is nobody."""
    found = {product.sku: product for product in products if product is not None}
    return sorted(found.values(), key=lambda product: product.id)


def _text_of(product: Product) -> str:
    return f"{product.name or ''} {product.sku}".casefold()


def _folded_name(product: Product) -> str:
    return (product.name or "").casefold()


def _price(given: str | None, path: str) -> Decimal | None:
    if given is None:
        return None
    price = read_number(given)
    if isinstance(price, tuple):
        raise InvalidInput(Problem(path, *price))
    return price
