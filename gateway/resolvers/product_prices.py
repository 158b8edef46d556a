"""What products cost, for whoever runs the shop: explained, and all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gateway.personalize import schedule
from gateway.personalize.context import Website
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.prices import Buyer, Explanation
from gateway.personalize.products import Product
from gateway.personalize.tier_prices import ONE
from gateway.storage.database import Database
from gateway.storage.profiles import Profiles
from gateway.storage.rulebooks import Held, RuleBooks


@dataclass(frozen=True)
class Asked:
    """For whom and when a price is asked for; no day is the day of *at*."""

    at: datetime
    day: date | None = None
    group_id: int = 0
    segments: frozenset[str] = frozenset()

    def buyer(self, website: Website) -> Buyer:
        """Return who would buy on *website*.

        Raises:
            InvalidInput: the calendar has no such day there.
        """
        at: datetime | None = self.at
        if self.day is not None:
            at = schedule.of_days(self.day, None, website.timezone).starts_at
        if at is None:
            said = f"{self.day} cannot be looked at."
            raise InvalidInput(Problem("day", said, "Write another day."))
        return Buyer(at, self.group_id, self.segments)


@dataclass(frozen=True)
class Explained:
    """Why a product costs what it costs; *children* are those it is priced by."""

    product: Product
    children: Sequence[str]
    prices: Explanation


async def explain(
    database: Database,
    rulebooks: RuleBooks,
    website: str,
    sku: str,
    asked: Asked,
    quantity: Decimal = ONE,
) -> Explained | None:
    """Explain what a unit costs who buys *quantity*; None is an unknown product.

    Raises:
        InvalidInput: the quantity is not above zero, or the day is none.
        NotFound: there is no such website.
    """
    if quantity <= 0:
        said = f"{quantity} is too small."
        raise InvalidInput(Problem("quantity", said, "Write more than 0."))
    held = await now_held(database, rulebooks, website)
    product = held.catalogue.products.get(sku)
    if product is None:
        return None
    prices = held.price_list.to(asked.buyer(held.rulebook.website))
    children = [child.sku for child in held.catalogue.priced_by(product)]
    return Explained(product, children, prices.explain(product, quantity))


async def now_held(database: Database, rulebooks: RuleBooks, website: str) -> Held:
    """Return what is decided with on *website*, as it is in the database now.

    Raises:
        NotFound: there is no such website.
    """
    facts = await Profiles(database).read(website, None, None)
    return await rulebooks.at_least(website, facts.revisions)


@dataclass(frozen=True)
class Listed:
    """What one unit of a product costs a customer group."""

    product: Product
    group_id: int
    final: Decimal | None


def every(held: Held, group_ids: Sequence[int], asked: Asked) -> Iterator[Listed]:
    """Yield what every product costs each customer group, product by product.

    Raises:
        InvalidInput: the calendar has no such day.
    """
    buyer = asked.buyer(held.rulebook.website)
    prices = [
        (id, held.price_list.to(Buyer(buyer.at, id, buyer.segments)))
        for id in group_ids
    ]
    for product in held.catalogue.products.values():
        for id, of_group in prices:
            yield Listed(product, id, of_group.of(product))
