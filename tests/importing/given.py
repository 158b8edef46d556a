"""Files that tests begin with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from gateway.importing import ImportReport

Files = Mapping[str, str | bytes]
BringIn = Callable[..., Awaitable[ImportReport]]

WEBSITES = "code,name,timezone,currency\nmain,Main,Europe/Berlin,EUR\n"
TWO_WEBSITES = f"{WEBSITES}us,United States,America/Denver,USD\n"
PRODUCTS = "sku,price\nMUG,10\nCUP,12.50\n"
CUSTOMERS = "customer_id,email\n1,ada@example.com\n2,ben@example.com\n"
