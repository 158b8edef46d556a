"""Take the picture of GraphiQL that README shows: `make screenshot`.

The demo store is loaded into an embedded PostgreSQL of its own, its first example is
asked, and the result is scrolled to what the cart price rules gave.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page

from tests import processes
from tests.browser.chromium import chromium, new_page
from tests.browser.graphiql import execute, open_door

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "graphiql.png"

# The result's first line in the picture.
FIRST_LINE = '"ships_free"'


async def take(address: str, browser: str) -> None:
    """Ask the first example at the storefront door, and take the picture."""
    async with new_page(browser) as page:
        await open_door(page, f"{address}/graphql", "personalization")
        await page.get_by_role("button", name="Variables").click()
        await execute(page)
        await _scroll(page, page.get_by_role("region", name="Result Window"))
        # Nothing is pointed at, and no cursor blinks.
        await page.mouse.move(1279, 799)
        await page.wait_for_timeout(1500)
        PICTURE.parent.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURE, caret="hide", animations="disabled")


async def _scroll(page: Page, result: Locator) -> None:
    """Bring the first line to the top of the result."""
    box = await result.bounding_box()
    assert box is not None
    line = result.locator(".view-line", has_text=FIRST_LINE)
    await result.locator(".view-line").first.click()
    for _ in range(500):
        place = await line.bounding_box() if await line.count() else None
        if place is not None and place["y"] < box["y"] + 1:
            return
        # One line. Monaco scrolls with the next frame.
        await page.keyboard.press("Control+ArrowDown")
        await page.wait_for_timeout(40)
    raise RuntimeError(f"the result has no line of {FIRST_LINE}")


def main() -> None:
    browser = chromium()
    if browser is None:
        sys.exit("No Chromium was found: run `make browser` as root.")
    with tempfile.TemporaryDirectory(prefix="gw-") as name:
        folder = Path(name)
        # PostgreSQL has an account of its own where root starts it.
        folder.chmod(0o755)
        settings = {"GATEWAY_DATA_DIRECTORY": folder / "data"}
        with processes.started("demo", folder / "said", **settings) as served:
            asyncio.run(take(served.address, browser))
    kilobytes = PICTURE.stat().st_size // 1024
    sys.stdout.write(f"docs/images/{PICTURE.name}: {kilobytes} KiB\n")


if __name__ == "__main__":
    main()
