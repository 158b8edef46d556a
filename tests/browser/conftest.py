"""A Chromium of the machine, driven by playwright; a page of it for each test."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is: what GATEWAY_CHROMIUM names, else one on PATH."""
    named = os.environ.get("GATEWAY_CHROMIUM")
    paths = [named] if named else [shutil.which(name) for name in _NAMES]
    for path in paths:
        if path is not None:
            return path
    return pytest.skip(
        "no Chromium was found: run `make browser` as root or install the chromium"
        " package",
    )


@pytest.fixture
async def page(chromium_path: str) -> AsyncIterator[Page]:
    """An empty page, in a browser which keeps nothing and is closed at the end."""
    # Chromium's sandbox refuses to start for root.
    for_root = ("--no-sandbox",) if os.name == "posix" and os.geteuid() == 0 else ()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=[*_ARGUMENTS, *for_root],
        )
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800},
            color_scheme="light",
        )
        yield await context.new_page()
        await browser.close()
