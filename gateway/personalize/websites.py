"""Websites: the scope of segments, rules, customers and prices."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any

from gateway.personalize import money
from gateway.personalize.currencies import CURRENCIES
from gateway.personalize.fields import Fields
from gateway.personalize.table import suggest

LARGEST_AMOUNT = 1_000_000_000


@dataclass(frozen=True)
class WebsiteDefinition:
    """A website as an admin writes it.

    *timezone* is an IANA name, and decides when the days of rules begin and end;
    *currency* is an ISO 4217 code, and the unit of every amount. All
    cart price rules together take no more off a cart than *most_discount*; None is no
    limit.
    """

    code: str
    name: str
    timezone: str
    currency: str
    most_discount: Decimal | None = None


def read(given: Mapping[str, Any]) -> WebsiteDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    definition = WebsiteDefinition(
        code=fields.key("code"),
        name=fields.text("name"),
        timezone=fields.text("timezone"),
        currency=fields.text("currency"),
        most_discount=fields.number("most_discount", most=LARGEST_AMOUNT),
    )
    zone, currency = definition.timezone, definition.currency
    if zone and zone not in _zones():
        near = get_close_matches(zone.title(), _zones(), n=1)
        meant = f"Did you mean {near[0]!r}?" if near else "Write 'Europe/Berlin', say."
        fields.fault("timezone", f"{zone!r} is not an IANA time zone.", meant)
    if currency and currency not in CURRENCIES:
        remedy = suggest(currency.upper(), CURRENCIES)
        fields.fault("currency", f"{currency!r} is not an ISO 4217 code.", remedy)
    most, decimals = definition.most_discount, money.decimals(currency)
    if most is not None and most != money.rounded(most, decimals):
        remedy = f"Write at most {decimals} decimals."
        fields.fault("most_discount", f"{most} is no amount of {currency}.", remedy)
    if most == money.ZERO:
        fields.fault("most_discount", "it is zero.", "Leave it out for no limit.")
    fields.finish()
    return definition


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
