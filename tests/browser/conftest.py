"""A page of the machine's Chromium for each test, or the reason why there is none."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.browser.chromium import chromium, new_page


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is."""
    return chromium() or pytest.skip(
        "no Chromium was found: run `make browser` as root or install the chromium"
        " package",
    )


@pytest.fixture
async def page(chromium_path: str) -> AsyncIterator[Page]:
    """An empty page, in a browser which keeps nothing and is closed at the end."""
    async with new_page(chromium_path) as page:
        yield page
