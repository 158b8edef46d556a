"""Which catalogue price rules hold of which products, taken over where nothing changes.

A worker asks the rules about a hundred thousand products when it starts. After that,
a product that has changed is asked about by itself, and a rule whose conditions have
changed asks by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from gateway.personalize.products import NO_CATALOGUE, Catalogue, Product


class ProductCondition(Protocol):
    """What a rule asks of a product."""

    def holds(self, subject: Any) -> bool:
        """Whether it holds."""
        ...


class Conditional(Protocol):
    """A rule, as far as it matters here."""

    @property
    def condition(self) -> ProductCondition: ...  # noqa: D102


Bits = Sequence[tuple[int, Conditional]]


@dataclass(frozen=True, eq=False)
class Marks:
    """The rules that hold of each product, by SKU: a bit for each rule's place.

    Whatever no rule holds of is left out.
    """

    catalogue: Catalogue = NO_CATALOGUE
    rules: Sequence[Conditional] = ()
    by_sku: Mapping[str, int] = field(default_factory=dict)

    def after(self, catalogue: Catalogue, rules: Sequence[Conditional]) -> Self:
        """Return the marks of another *catalogue* and other *rules*."""
        kept = self._kept(rules)
        every = [(1 << place, rule) for place, rule in enumerate(rules)]
        is_same = catalogue is self.catalogue and len(rules) == len(self.rules)
        if is_same and kept == {bit: bit for bit, _ in every}:
            return self
        fresh = [(bit, rule) for bit, rule in every if bit not in kept.values()]
        moved: dict[int, int] = {}
        by_sku = {}
        for sku, product in catalogue.products.items() if rules else ():
            if self.catalogue.products.get(sku) is product:
                old = self.by_sku.get(sku, 0)
                if old not in moved:
                    moved[old] = sum(new for bit, new in kept.items() if old & bit)
                mark = moved[old] | _asked(fresh, product)
            else:
                mark = _asked(every, product)
            if mark:
                by_sku[sku] = mark
        return type(self)(catalogue, rules, by_sku)

    def _kept(self, rules: Iterable[Conditional]) -> Mapping[int, int]:
        """Return the old bit and the new of each condition that was asked before."""
        # As texts: to Python 1 and true are equal, to a product's value they are not.
        old = {repr(rule.condition): 1 << at for at, rule in enumerate(self.rules)}
        kept = {}
        for place, rule in enumerate(rules):
            bit = old.pop(repr(rule.condition), 0)
            if bit:
                kept[bit] = 1 << place
        return kept


def _asked(rules: Bits, product: Product) -> int:
    mark = 0
    for bit, rule in rules:
        if rule.condition.holds(product):
            mark |= bit
    return mark
