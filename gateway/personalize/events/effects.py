"""What an event means, once its payload is read: a value, and nothing is done yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from gateway.personalize.context import Address

STATUSES = ("pending", "processing", "complete", "canceled", "closed")
"""What events make of an order, in Adobe's words: none of them leads back.

Whichever is the furthest counts, so it does not matter in which order events arrive.
"""


@dataclass(frozen=True)
class Acted:
    """The shopper was there; more than that is not made of it."""


@dataclass(frozen=True)
class Visited:
    """A page was loaded; both are URLs."""

    url: str | None = None
    referrer: str | None = None


@dataclass(frozen=True)
class Seen:
    """The pages of these products were shown."""

    skus: tuple[str, ...]


@dataclass(frozen=True)
class Searched:
    """Something was searched for."""

    phrase: str


@dataclass(frozen=True)
class OrderLine:
    """One line of an order; *row_total* is what all its units cost."""

    sku: str
    quantity: Decimal
    row_total: Decimal
    name: str | None = None


@dataclass(frozen=True)
class OrderPlaced:
    """An order as it was placed; *placed_at* is None where the event's time counts.

    *cart_id* is that of the mirrored cart which became the order, where it is told.
    """

    order_id: str
    lines: tuple[OrderLine, ...]
    grand_total: Decimal
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    shipping: Decimal
    currency: str | None = None
    placed_at: datetime | None = None
    billing: Address | None = None
    shipping_to: Address | None = None
    cart_id: str | None = None


@dataclass(frozen=True)
class OrderMoved:
    """An order has come as far as *status*; None says nothing of how far."""

    order_id: str
    status: str | None = None
    shipped_to: Address | None = None


@dataclass(frozen=True)
class OrderRefunded:
    """Money was given back; an order that got all of it back is closed."""

    order_id: str
    amount: Decimal


@dataclass(frozen=True)
class CustomerChanged:
    """What is told of a customer: *fields* by column, absent where nothing is.

    One who *registers* is a customer since then, unless something else is told.
    """

    fields: Mapping[str, str | date | datetime] = field(default_factory=dict)
    billing: Address | None = None
    shipping: Address | None = None
    registers: bool = False


@dataclass(frozen=True)
class CustomerDeleted:
    """The customer is to be forgotten."""


Behaviour = Acted | Visited | Seen | Searched
"""What shoppers do; a history is made of it."""

Effect = (
    Behaviour
    | OrderPlaced
    | OrderMoved
    | OrderRefunded
    | CustomerChanged
    | CustomerDeleted
)
