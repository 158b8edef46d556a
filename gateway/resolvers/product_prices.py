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
from gateway.personalize.rulebook import RuleBook
from gateway.personalize.tier_prices import ONE
from gateway.resolvers import checks
from gateway.resolvers.checks import Reference
from gateway.storage import definitions
from gateway.storage.database import Database
from gateway.storage.definitions import Names
from gateway.storage.profiles import Profiles
from gateway.storage.rulebooks import Held, RuleBooks


@dataclass(frozen=True)
class Asked:
    """For whom and when a price is asked for; no day is the day of *at*."""

    at: datetime
    day: date | None = None
    group_id: int = 0
    segments: tuple[str, ...] = ()

    def moment(self, website: Website) -> datetime | None:
        """Return when it is asked for; None is a day that *website* does not have."""
        if self.day is None:
            return self.at
        return schedule.of_days(self.day, None, website.timezone).starts_at

    def buyer(self, website: Website) -> Buyer:
        """Return who would buy on *website*.

        Raises:
            InvalidInput: the calendar has no such day there.
        """
        at = self.moment(website)
        if at is None:
            raise InvalidInput(self.no_day())
        return Buyer(at, self.group_id, frozenset(self.segments))

    def no_day(self) -> Problem:
        """Say that the calendar has no such day."""
        return Problem("day", f"{self.day} cannot be looked at.", "Write another day.")


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
        InvalidInput: with everything at fault: the quantity is not above zero, the day
            is none, or a customer group or segment is not known.
        NotFound: there is no such website.
    """
    held = await now_held(database, rulebooks, website)
    async with database.connection() as connection:
        names = await definitions.names(connection)
    _check(held.rulebook, names, asked, quantity)
    product = held.catalogue.products.get(sku)
    if product is None:
        return None
    prices = held.price_list.to(asked.buyer(held.rulebook.website))
    children = [child.sku for child in held.catalogue.priced_by(product)]
    return Explained(product, children, prices.explain(product, quantity))


def _check(rulebook: RuleBook, names: Names, asked: Asked, quantity: Decimal) -> None:
    problems = []
    if quantity <= 0:
        said = f"{quantity} is too small."
        problems.append(Problem("quantity", said, "Write more than 0."))
    if asked.moment(rulebook.website) is None:
        problems.append(asked.no_day())
    group = Reference("customer_group", "customer_groups", str(asked.group_id))
    problems += checks.unknown([group], names)
    problems += checks.unknown_segments(asked.segments, rulebook)
    if problems:
        raise InvalidInput(*problems)


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
