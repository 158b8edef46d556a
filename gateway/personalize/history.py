"""How a shopper came to the shop, with what, and what they viewed and ordered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.personalize.products import Catalogue, Product


@dataclass(frozen=True)
class ViewedProduct:
    """A product whose page was seen *views* times on *day*, of the website's zone."""

    sku: str
    day: date
    views: int = 1


@dataclass(frozen=True)
class OrderedProduct:
    """A line of a past order, placed on *day* of the website's calendar."""

    sku: str
    day: date
    quantity: Decimal
    status: str


class DatedProduct(NamedTuple):
    """What was *done* with a product, as it is looked at on *today*."""

    done: ViewedProduct | OrderedProduct
    product: Product
    today: date


def dated(
    done: Iterable[ViewedProduct | OrderedProduct], catalogue: Catalogue, today: date
) -> tuple[DatedProduct, ...]:
    """Find the product of everything that was done, also one that is gone."""
    return tuple(DatedProduct(one, catalogue.find(one.sku), today) for one in done)


@dataclass(frozen=True)
class History:
    """What events have told of a shopper; nothing at all without their consent.

    *landing_page* and *referrer* are URLs, and with what *campaign* holds (UTM
    parameters without their prefix: ``source``, ``medium``, ``name`` and so on) of the
    latest visit. *searches* are distinct and folded, the latest first; *viewed* has
    one entry for each product and day, the latest day first. *version* rises with
    every change. *last_at* is when the latest event happened that is counted here,
    *began_at* when the first of the latest visit did and *landed_at* that of its
    landing page; of what was kept before, nobody knows.
    """

    landing_page: str | None = None
    referrer: str | None = None
    campaign: tuple[tuple[str, str], ...] = ()
    visits: int = 0
    page_views: int = 0
    searches: tuple[str, ...] = ()
    viewed: tuple[ViewedProduct, ...] = ()
    version: int = 0
    last_at: datetime | None = None
    began_at: datetime | None = None
    landed_at: datetime | None = None


NO_HISTORY = History()


@dataclass(frozen=True)
class Client:
    """With what a shopper asks, and from where.

    *device* is ``desktop``, ``mobile``, ``tablet`` or ``bot``; *country* is ISO 3166
    alpha-2. None is what nobody has told.
    """

    device: str | None = None
    country: str | None = None


UNKNOWN_CLIENT = Client()
