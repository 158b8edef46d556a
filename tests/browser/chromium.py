"""A Chromium of the machine, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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


def chromium() -> str | None:
    """Where it is: what CHROMIUM names, else one on PATH, or nowhere."""
    named = os.environ.get("CHROMIUM")
    paths = [named] if named else [shutil.which(name) for name in _NAMES]
    return next(filter(None, paths), None)


@asynccontextmanager
async def new_page(path: str) -> AsyncIterator[Page]:
    """Open an empty page, in a browser which keeps nothing and is closed at the end."""
    # Chromium's sandbox refuses to start for root.
    for_root = ("--no-sandbox",) if os.name == "posix" and os.geteuid() == 0 else ()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[*_ARGUMENTS, *for_root],
        )
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800},
            color_scheme="light",
        )
        yield await context.new_page()
        await browser.close()
