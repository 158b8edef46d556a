"""How a shopper came to the shop, and what they looked at since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ViewedProduct:
    """A product whose page was seen *views* times on *day*, of the website's zone."""

    sku: str
    day: date
    views: int = 1


@dataclass(frozen=True)
class History:
    """What events have told of a shopper; nothing at all without their consent.

    *landing_page* and *referrer* are URLs, and with what *campaign* holds (UTM
    parameters without their prefix: ``source``, ``medium``, ``name`` and so on) of the
    latest visit. *searches* are distinct and folded, the latest first; *viewed* has
    one entry for each product and day, the latest day first. *version* rises with
    every change. *last_at* is when the latest event happened that is counted here.
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


NO_HISTORY = History()
