"""A small shop behind the storefront door."""

from __future__ import annotations

import pytest

from tests.rows import Shop


@pytest.fixture(autouse=True)
async def _website(shop: Shop) -> None:
    await shop.website(currency="EUR")
    await shop.store_view("english")
    await shop.store_view("german", locale="de-DE")
