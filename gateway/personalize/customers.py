"""What is known of a registered customer, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.personalize.history import OrderedProduct
from gateway.personalize.operators import Value

ZERO = Decimal(0)


@dataclass(frozen=True)
class Address:
    """Where goods or bills go; *country* is ISO 3166 alpha-2.

    *region_code* is the state or province as it was chosen from a list.
    """

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    postcode: str | None = None
    telephone: str | None = None
    default_billing: bool = False
    default_shipping: bool = False
    prefix: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    region_code: str | None = None
    fax: str | None = None
    vat_id: str | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)


class OrderAddress(NamedTuple):
    """An address to which orders of a customer went; *type* is billing or shipping."""

    type: str
    address: Address


# A tuple: a refresh makes millions of them, in half the time and memory.
class Order(NamedTuple):
    """A past order; *created_on* is the website's calendar day."""

    status: str
    created_on: date
    grand_total: Decimal
    quantity: Decimal
    country: str | None = None


class Membership(NamedTuple):
    """That a customer is in an *audience*, until an instant; None is for good."""

    audience: str
    until: datetime | None


class Remembered(NamedTuple):
    """Segments that a customer was in as a visitor, and *until* when they count."""

    segments: frozenset[str] = frozenset()
    until: datetime | None = None


NOTHING_REMEMBERED = Remembered()


class DatedOrder(NamedTuple):
    """An order as it is looked at on *today*, the website's calendar day."""

    order: Order
    today: date


@dataclass(frozen=True)
class Customer:
    """A registered customer who is logged in, with all that is known of them.

    *ordered* is read only where a condition looks into it. One whom only a token knows
    has no *version*.
    """

    customer_id: str
    group_id: int = 1
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    gender: str | None = None
    date_of_birth: date | None = None
    since: date | None = None
    store_view: str | None = None
    newsletter: bool = False
    store_credit: Decimal = ZERO
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)
    addresses: tuple[Address, ...] = ()
    orders: tuple[Order, ...] = ()
    wishlist: tuple[str, ...] = ()
    ordered: tuple[OrderedProduct, ...] = ()
    version: int = 0
    prefix: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    order_addresses: tuple[OrderAddress, ...] = ()
    memberships: tuple[Membership, ...] = ()
