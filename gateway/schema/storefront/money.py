"""Amounts as the storefront dialect writes them."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Self

import strawberry

from gateway.personalize import money
from gateway.personalize.currencies import CURRENCIES

CurrencyEnum = Enum(  # type: ignore[misc]  # Its members are data.
    "CurrencyEnum", {code: code for code in sorted(CURRENCIES)}
)
strawberry.enum(CurrencyEnum, description="The currencies of ISO 4217.")


@strawberry.type(description="An amount of money.")
class Money:
    """An amount of money; *value* is rounded to the currency's own decimals."""

    currency: CurrencyEnum | None = strawberry.field(
        description="The currency, as ISO 4217 calls it."
    )
    value: float | None = strawberry.field(description="The amount in major units.")

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Self:
        """Write *amount* in whole coins; a catalogue may hold finer prices."""
        coins = money.rounded(amount, money.decimals(currency))
        return cls(currency=CurrencyEnum[currency], value=float(coins))
