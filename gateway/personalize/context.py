"""Everything a decision may look at, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from itertools import repeat
from typing import Any

from gateway.personalize import affinity, schedule
from gateway.personalize.cart import NO_CART, Cart, CartItem, Counted, Shipping
from gateway.personalize.customers import (
    NOTHING_REMEMBERED,
    ZERO,
    Address,
    Customer,
    DatedOrder,
    Membership,
    Order,
    OrderAddress,
    Remembered,
)
from gateway.personalize.frozen import made
from gateway.personalize.history import (
    NO_HISTORY,
    UNKNOWN_CLIENT,
    Client,
    DatedProduct,
    History,
    dated,
)
from gateway.personalize.operators import Values
from gateway.personalize.prices import NO_PRICES, Buyer, PriceList, Prices
from gateway.personalize.products import NO_CATALOGUE, Catalogue, Product

__all__ = [
    "NOTHING_REMEMBERED",
    "NOT_LOGGED_IN",
    "ZERO",
    "Address",
    "Cart",
    "CartItem",
    "Context",
    "Counted",
    "Customer",
    "DatedOrder",
    "Membership",
    "Order",
    "OrderAddress",
    "Remembered",
    "Shipping",
    "Website",
]

# Of every order of every customer: a named tuple's own way takes twice as long.
_dated_order = partial(tuple.__new__, DatedOrder)

NOT_LOGGED_IN = 0
"""The customer group of every visitor."""


@dataclass(frozen=True)
class Website:
    """The scope of rules, customers, prices; *timezone* is an IANA name.

    *id* tells a website from one of the same code that was deleted. *most_discount* is
    what all cart price rules together take off a cart at most; None is no limit.
    """

    code: str
    timezone: str = "UTC"
    currency: str = "USD"
    id: int = 0
    most_discount: Decimal | None = None


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class Context:
    """One shopper at one moment on one website.

    *at* is in UTC and set once by the resolver: nothing below reads a clock.
    *segments* are the keys of the segments the shopper is in, empty until they
    are decided. *page* is the product whose page is shown, if any. What *history* and
    *client* tell is looked at only where the shopper *consents*; the most viewed
    category is one of the last *affinity_days*. *remembered* is what a login has left
    of the visitor that the customer was, *spent* what orders have taken from the
    budgets of cart price rules, by id; none are those that are missing.
    """

    at: datetime
    website: Website
    store_view: str = ""
    customer: Customer | None = None
    cart: Cart = NO_CART
    page: Product | None = None
    catalogue: Catalogue = NO_CATALOGUE
    price_list: PriceList = NO_PRICES
    segments: frozenset[str] = frozenset()
    history: History = NO_HISTORY
    client: Client = UNKNOWN_CLIENT
    consents: bool = False
    affinity_days: int = affinity.DAYS
    remembered: Remembered = NOTHING_REMEMBERED
    spent: Mapping[int, Decimal] = field(default_factory=dict, hash=False)

    def of_customer(
        self, customer: Customer, history: History, *, consents: bool
    ) -> Context:
        """Return the context of another shopper at the same moment."""
        return made(
            Context,
            {
                **self._of_moment,
                "customer": customer,
                "history": history,
                "consents": consents,
            },
        )

    @cached_property
    def _of_moment(self) -> Mapping[str, Any]:
        """The fields, and the day, which is the same for all who ask at the moment."""
        return {one.name: getattr(self, one.name) for one in fields(self)} | {
            "today": self.today
        }

    @property
    def group_id(self) -> int:
        """The shopper's customer group; visitors are NOT LOGGED IN."""
        return self.customer.group_id if self.customer else NOT_LOGGED_IN

    @cached_property
    def prices(self) -> Prices:
        """What the catalogue's products cost this shopper now, and nobody else."""
        return self.price_list.to(Buyer(self.at, self.group_id, self.segments))

    @cached_property
    def today(self) -> date:
        """The website's calendar day of *at*."""
        return schedule.day_of(self.at, self.website.timezone)

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """The customer's memberships of audiences that have not ended at *at*."""
        held = self.customer.memberships if self.customer else ()
        return tuple(one for one in held if one.until is None or one.until > self.at)

    @cached_property
    def orders(self) -> tuple[DatedOrder, ...]:
        """The customer's orders, as they are looked at today; a visitor has none."""
        orders, today = self.customer.orders if self.customer else (), self.today
        return tuple(map(_dated_order, zip(orders, repeat(today))))

    @cached_property
    def viewed(self) -> tuple[DatedProduct, ...]:
        """What the shopper has viewed, looked at today; nothing without consent."""
        viewed = self.history.viewed if self.consents else ()
        return dated(viewed, self.catalogue, self.today)

    @cached_property
    def ordered(self) -> tuple[DatedProduct, ...]:
        """What the customer has ordered, looked at today; a visitor nothing."""
        ordered = self.customer.ordered if self.customer else ()
        return dated(ordered, self.catalogue, self.today)

    @cached_property
    def top_category(self) -> Values:
        """The most viewed category of the last days, after those above it."""
        viewed = self.history.viewed if self.consents else ()
        return affinity.top_category(
            viewed, self.catalogue, self.today, self.affinity_days
        )
