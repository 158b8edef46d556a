"""Related-product rules: which products stand beside a product, and beside a cart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from typing import Any
from weakref import WeakKeyDictionary

from gateway.personalize import grammar, schedule, targets
from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.candidates import Display, Shelf
from gateway.personalize.conditions import NEVER, Condition
from gateway.personalize.context import Cart, Context
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.fields import Fields
from gateway.personalize.grammar import Grammar, Limits, Tree
from gateway.personalize.products import Catalogue, Product, ProductList
from gateway.personalize.schedule import Schedule
from gateway.personalize.table import suggest
from gateway.personalize.targets import EVERYBODY, Target

MOST_SHOWN = 20
"""The longest list, and the most products that one rule adds to it."""


@dataclass(frozen=True)
class RelatedProductRuleDefinition:
    """A related-product rule as an admin writes it.

    *from_day* and *to_day* are included and belong to the website's calendar; a lower
    *priority* comes first.
    """

    key: str
    name: str
    websites: tuple[str, ...]
    list: ProductList
    description: str = ""
    active: bool = True
    priority: int = 1
    from_day: date | None = None
    to_day: date | None = None
    limit: int = MOST_SHOWN
    target: Target = EVERYBODY
    products_to_match: Tree | None = None
    products_to_display: Tree | None = None


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class RelatedProductRule:
    """A related-product rule that can be asked.

    Conditions look at nothing but products, so that what is displayed beside one is
    derived from the catalogue alone.
    """

    id: int
    key: str
    list: ProductList
    priority: int
    schedule: Schedule
    target: Target
    limit: int
    match: Condition
    display: Display

    @property
    def order(self) -> tuple[int, int]:
        """What rules are sorted by: priority, then id."""
        return self.priority, self.id

    def runs(self, context: Context) -> bool:
        """Whether it is the time for it, and the shopper is one it is for."""
        return self.schedule.runs(context.at) and self.target.reaches(context.segments)

    def candidates(
        self, matched: Iterable[Product], catalogue: Catalogue
    ) -> Iterator[Product]:
        """Yield what it displays beside any of *matched*, by ascending id.

        A product may come more than once.
        """
        shelf = self._shelf(catalogue)
        # Where nothing is compared with the matched product, any of them will do.
        most = None if self.display.compares else 1
        fitting = islice(filter(self.match.holds, matched), most)
        beside = (shelf.beside(product, catalogue) for product in fitting)
        return merge(*beside, key=lambda product: product.id)

    def prepare(self, catalogue: Catalogue) -> None:
        """Derive what all pages of *catalogue* share."""
        for product in catalogue.on_offer[:1]:
            next(self._shelf(catalogue).beside(product, catalogue), None)

    def _shelf(self, catalogue: Catalogue) -> Shelf:
        if catalogue not in self._shelves:
            self._shelves[catalogue] = Shelf(self.display)
        return self._shelves[catalogue]

    @cached_property
    def _shelves(self) -> WeakKeyDictionary[Catalogue, Shelf]:
        return WeakKeyDictionary()


_MATCH = Grammar(
    Scope.PRODUCT,
    frozenset({Scope.PRODUCT}),
    only="A related-product rule can look at products only.",
)
_DISPLAY = Grammar(
    Scope.PRODUCT,
    frozenset({Scope.PRODUCT}),
    only="A related-product rule can look at products only.",
    compares_with_matched=True,
)


def read(given: Mapping[str, Any]) -> RelatedProductRuleDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    first, last = schedule.read_days(fields)
    if fields.raw("list") is None:
        fields.fault("list", "it is missing.", suggest("", ProductList))
    definition = RelatedProductRuleDefinition(
        key=fields.key(),
        name=fields.text("name"),
        websites=fields.keys("websites", required=True),
        description=fields.text("description", longest=2000, required=False),
        active=fields.flag("active", default=True),
        list=fields.choice("list", ProductList, ProductList.RELATED),
        priority=fields.whole("priority", 1),
        from_day=first,
        to_day=last,
        limit=fields.whole("limit", MOST_SHOWN, least=1, most=MOST_SHOWN),
        target=targets.read(fields),
        products_to_match=fields.tree("products_to_match"),
        products_to_display=fields.tree("products_to_display"),
    )
    fields.finish()
    return definition


def compile(
    definition: RelatedProductRuleDefinition,
    attributes: Attributes,
    *,
    timezone: str = "UTC",
    id: int = 0,
    limits: Limits | None = None,
) -> RelatedProductRule:
    """Make a definition into a rule that can be asked; *timezone* is the website's.

    Raises:
        InvalidInput: with every fault of both trees.
    """
    problems: list[Problem] = []

    def parsed(tree: Tree | None, language: Grammar, path: str) -> Condition:
        try:
            return grammar.parse(tree, language, attributes, path=path, limits=limits)
        except InvalidInput as refused:
            problems.extend(refused.problems)
            return NEVER

    match = parsed(definition.products_to_match, _MATCH, "products_to_match")
    display = parsed(definition.products_to_display, _DISPLAY, "products_to_display")
    if problems:
        raise InvalidInput(*problems)
    return RelatedProductRule(
        id,
        definition.key,
        definition.list,
        definition.priority,
        schedule.of_days(definition.from_day, definition.to_day, timezone),
        definition.target,
        definition.limit,
        match,
        Display.of(display),
    )


def prepare(rules: Iterable[RelatedProductRule], catalogue: Catalogue) -> None:
    """Derive what all pages of a new *catalogue* share, before a shopper waits for it.

    Takes seconds for a large catalogue, and may run in a thread of its own.
    """
    for rule in rules:
        rule.prepare(catalogue)


def choose(
    rules: Iterable[RelatedProductRule],
    context: Context,
    product_list: ProductList,
    limit: int = MOST_SHOWN,
) -> tuple[Product, ...]:
    """Return at most *limit* products, 20 or fewer, for a list beside the page.

    Adobe Commerce, rules-based product relations: products linked by hand come first,
    by position; rules then fill what is free, by priority. Beside a page without a
    product, cross-sells go with all that is in the cart, and never repeat it.
    """
    crosssell = product_list is ProductList.CROSSSELL
    catalogue = context.catalogue
    in_cart = _in_cart(context.cart) if crosssell else ()
    matched = tuple(
        catalogue.products.get(product.sku, product)
        for product in ((context.page,) if context.page else in_cart)
    )
    taken = {product.sku for product in (*matched, *in_cart)}
    free = min(limit, MOST_SHOWN)
    chosen = _take(_linked(matched, catalogue, product_list), free, taken)
    for rule in sorted(rules, key=lambda rule: rule.order):
        if len(chosen) >= free:
            break
        if rule.list is product_list and rule.runs(context):
            most = min(rule.limit, free - len(chosen))
            chosen += _take(rule.candidates(matched, catalogue), most, taken)
    return tuple(chosen)


def _in_cart(cart: Cart) -> Sequence[Product]:
    """Return every product of the cart once, a configurable before its child."""
    lines = ((item.parent, item.product) for item in cart.items)
    found = {product.sku: product for product in chain(*lines) if product}
    return tuple(found.values())


def _linked(
    matched: Iterable[Product], catalogue: Catalogue, product_list: ProductList
) -> Iterator[Product]:
    for product in matched:
        links = catalogue.links.get((product.sku, product_list), ())
        for link in sorted(links, key=lambda link: link.position):
            linked = catalogue.products.get(link.sku)
            if linked is not None and linked.can_be_listed:
                yield linked


def _take(candidates: Iterable[Product], most: int, taken: set[str]) -> list[Product]:
    """Take at most *most* candidates which are not yet *taken*."""
    found = []
    fresh = (product for product in candidates if product.sku not in taken)
    for product in islice(fresh, max(most, 0)):
        taken.add(product.sku)
        found.append(product)
    return found
