"""Find the products that a rule may display, asking as few as possible.

A catalogue may hold a hundred thousand products and a website fifty rules, so that
asking each product anew for every page is out of the question. Three things help,
and each only ever saves time: the conditions decide.

* A condition that names values ("is", "is one of") is asked only of the products that
  have one of them, by the catalogue's index.
* What a rule asks of every page alike is asked once of a catalogue.
* The first candidates beside a product are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from gateway.personalize.conditions import NEVER, Combination, Comparison, Condition
from gateway.personalize.operators import keys_of
from gateway.personalize.products import Catalogue, Product

MOST_KEPT = 1000
"""Beside how many products a rule's candidates are kept, for one catalogue."""

KEPT_EACH = 48
"""How many of them: the longest list twice, and some that are in the cart."""

# Binding shows what compares with a matched product, whichever it is.
_ANY = Product("")

PlaceLists = list[Sequence[int]]


@dataclass(frozen=True)
class Display:
    """The condition of *products to display*, in two parts which must both hold.

    *everywhere* says the same of every page; *beside* compares with its product.
    """

    everywhere: Combination
    beside: Combination

    @classmethod
    def of(cls, condition: Condition) -> Display:
        """Take *condition* apart."""
        parts: Sequence[Condition] = (condition,)
        if isinstance(condition, Combination) and condition.every and condition.are:
            parts = condition.children
        unmoved = [part for part in parts if part.bound(_ANY) is part]
        moved = [part for part in parts if part.bound(_ANY) is not part]
        return cls(_all_of(*unmoved), _all_of(*moved))

    @property
    def compares(self) -> bool:
        """Whether it matters beside which product."""
        return bool(self.beside.children)


@dataclass
class Shelf:
    """What one rule displays of one catalogue; all of it is derived."""

    display: Display
    _kept: dict[str, tuple[Product, ...]] = field(default_factory=dict)
    _everywhere: tuple[Product, ...] | None = None

    # The catalogue is an argument: it owns the shelf, which must not hold it.
    def beside(self, matched: Product, catalogue: Catalogue) -> Iterator[Product]:
        """Yield the candidates beside *matched*, by ascending id.

        A product that *catalogue* knows is taken for what it says there.
        """
        sku = matched.sku if self.display.compares else ""
        kept = self._kept.get(sku)
        if kept is None:
            kept = tuple(islice(self._candidates(matched, catalogue), KEPT_EACH))
            # Shoppers can make up as many unknown products as they like.
            if not self.display.compares or sku in catalogue.products:
                self._keep(sku, kept)
        yield from kept
        if len(kept) == KEPT_EACH:
            yield from islice(self._candidates(matched, catalogue), KEPT_EACH, None)

    def _keep(self, sku: str, found: tuple[Product, ...]) -> None:
        if len(self._kept) == MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[sku] = found

    def _candidates(self, matched: Product, catalogue: Catalogue) -> Iterator[Product]:
        everywhere, beside = self.display.everywhere, self.display.beside.bound(matched)
        whole = _all_of(everywhere, beside)
        places = _places(whole, catalogue)
        if places is not None:
            return filter(whole.holds, _at(places, catalogue))
        if not self.display.compares:
            return filter(whole.holds, catalogue.on_offer)
        if self._everywhere is None:
            self._everywhere = tuple(filter(everywhere.holds, catalogue.on_offer))
        return filter(beside.holds, self._everywhere)


def _all_of(*conditions: Condition) -> Combination:
    return Combination(every=True, children=conditions)


def _places(condition: Condition, catalogue: Catalogue) -> PlaceLists | None:
    """Return lists of places among which are all where *condition* holds.

    None says that it may hold anywhere.
    """
    if condition is NEVER:
        return []
    if isinstance(condition, Comparison) and condition.operator.needs_a_common_value:
        index = catalogue.places(condition.attribute, condition.read)
        return [index[key] for key in keys_of(condition.wanted) if key in index]
    if isinstance(condition, Combination) and condition.children and condition.are:
        found = [_places(child, catalogue) for child in condition.children]
        known = [places for places in found if places is not None]
        if condition.every:
            return min(known, key=_size, default=None)
        return list(chain.from_iterable(known)) if len(known) == len(found) else None
    return None


def _size(places: PlaceLists) -> int:
    return sum(map(len, places))


def _at(places: PlaceLists, catalogue: Catalogue) -> Iterator[Product]:
    merged = places[0] if len(places) == 1 else sorted(set(chain.from_iterable(places)))
    return (catalogue.on_offer[place] for place in merged)
