"""What a visitor of a door does in GraphiQL, and reads there."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.async_api import Locator, Page, expect

# A busy machine may need its time.
expect.set_options(timeout=60_000)


async def open_door(page: Page, url: str, word: str) -> Locator:
    """Load the page, wait until its query shows a word, and give the query's editor."""
    answer = await page.goto(url)
    assert answer is not None
    assert answer.status == 200, await answer.text()
    query = page.get_by_role("region", name="Operation Editor")
    await expect(query).to_contain_text(word)
    await expect(page.locator(".result-window .monaco-editor")).to_be_visible()
    return query


async def execute(page: Page) -> str:
    """Press the button which executes, and give the result as far as it is shown."""
    result = page.get_by_role("region", name="Result Window")
    await page.get_by_role("button", name="Execute query").click()
    await expect(result).to_contain_text("}")
    return await text(result)


async def answer(page: Page) -> Any:
    """Execute, and read the whole result, which the window must be high enough for."""
    shown = await execute(page)
    # A line that is too long is wrapped behind a space, and indented.
    return json.loads(re.sub(r"\n *", "", shown))


async def tabs(page: Page) -> list[str]:
    return await page.get_by_role("tab").all_inner_texts()


async def text(editor: Locator) -> str:
    """Read an editor's lines in the order they are shown, not that of the document."""
    # In one step, since Monaco may renew its lines between two.
    found: str = await editor.evaluate(
        """(editor) => [...editor.querySelectorAll(".view-line")]
            .sort((one, other) => one.offsetTop - other.offsetTop)
            .map((line) => line.textContent)
            .join("\\n")""",
    )
    # Monaco writes spaces which do not break.
    return found.replace("\xa0", " ")
