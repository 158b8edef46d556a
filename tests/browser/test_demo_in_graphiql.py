"""What `make demo` shows in a browser: both doors, each with its examples."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from gateway.storage.connection import connection_to
from tests import processes
from tests.browser.graphiql import answer, open_door, text

# Monaco renders no line that does not fit in: here the longest answer does.
TALL: ViewportSize = {"width": 1280, "height": 12_000}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database_of_the_demo(postgres_url: str) -> AsyncIterator[str]:
    """A database that nobody has migrated yet."""
    name = f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    async with connection_to(postgres_url) as connection:
        await connection.execute(f"create database {name} template template0")
        yield postgres_url.replace("/gateway?", f"/{name}?")
        await connection.execute(f"drop database {name} with (force)")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(
    database_of_the_demo: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """The address of the demo, which was just loaded."""
    folder = tmp_path_factory.mktemp("demo")
    with processes.started("demo", folder, DATABASE_URL=database_of_the_demo) as served:
        yield served.address


async def test_the_first_tab_shows_what_a_visitor_is_given(
    page: Page, demo: str
) -> None:
    await page.set_viewport_size(TALL)
    await open_door(page, f"{demo}/graphql", "personalization")

    shown = await answer(page)

    assert _summary(shown) == {
        "discounts": [
            ("Buy three tees, get one free", 29.95),
            ("Welcome to Larch & Lantern", 10),
            ("Bottles in pairs", 6),
        ],
        "ships_free": True,
        "grand_total": {"value": 537.7, "currency": "EUR"},
        "headlines": [
            "Free standard shipping from",
            "Shipping is on us",
            "And what will you lie on?",
            "Questions? Monday to Friday, 9:00 to 17:00:",
        ],
        "related": ["TENT-DRIFT-TARP", "LAMP-MARSH", "BAG-HEDGEHOG", "BAG-LINER"],
    }
    # Segments tell nothing of themselves but that they are two.
    assert len(shown["data"]["personalization"]["segments"]) == 2


async def test_a_customers_tab_comes_with_the_customers_token(
    page: Page, demo: str
) -> None:
    await page.set_viewport_size(TALL)
    await open_door(page, f"{demo}/graphql", "personalization")

    await page.get_by_role("tab").nth(1).click()
    headers = page.locator(".graphiql-editor-tool .graphiql-editor").nth(1)
    await expect(headers).to_contain_text("german")
    sent = json.loads(await text(headers))
    shown = await answer(page)

    assert sent["Store"] == "german"
    assert sent["Authorization"].startswith("Bearer ey")
    assert _summary(shown) == {
        "discounts": [
            ("Danke für Ihre Treue", 27.08),
            ("Wanderkarte zum Rucksack", 5),
            ("Flaschen im Doppel", 6),
        ],
        "ships_free": False,
        "grand_total": {"value": 243.72, "currency": "EUR"},
        "headlines": [
            "Kostenloser Standardversand ab",
            "Schön, dass Sie wieder da sind",
            "Der erste Schnee ist näher, als man denkt",
            "Fragen? Montag bis Freitag, 9 bis 17 Uhr:",
        ],
        "related": ["PACK-COVER", "FLASK-HEARTH", "GAITER-BRACKEN", "SOCK-TRAIL"],
    }


async def test_the_admin_door_lists_the_segments_of_the_demo(
    page: Page, demo: str
) -> None:
    await page.set_viewport_size(TALL)
    await open_door(page, f"{demo}/admin/graphql", "segments")

    shown = (await answer(page))["data"]["segments"]

    assert shown["totalCount"] == 13
    assert [segment["key"] for segment in shown["items"]] == [
        "empty-handed-visitors",
        "close-to-free-shipping",
        "tent-without-a-mat",
        "camp-cooks",
        "returning-customers",
        "loyal-customers",
        "newcomers",
        "trade-customers",
        "alpine-households",
        "winter-planners",
        "newcomers-with-a-birthday",
        "looking-for-a-roof",
        "left-the-cart",
    ]
    assert shown["items"][0] == {
        "key": "empty-handed-visitors",
        "name": "Visitors with an empty cart",
        "appliesTo": "VISITOR",
        "active": True,
        "version": 1,
        "conditions": {
            "all": [{"attribute": "cart.lines", "operator": "is", "value": 0}]
        },
    }


async def test_the_admin_door_tells_its_schema_as_soon_as_it_is_opened(
    page: Page, demo: str
) -> None:
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status))
    await open_door(page, f"{demo}/admin/graphql", "segments")

    await page.get_by_role("button", name="Show Documentation Explorer").click()

    explorer = page.locator(".graphiql-plugin")
    await expect(explorer).to_contain_text("Root Types")
    assert 401 not in statuses


async def test_without_graphiql_there_is_no_page(
    page: Page, demo: str, database_of_the_demo: str, tmp_path: Path
) -> None:
    del demo
    settings = {"DATABASE_URL": database_of_the_demo, "GATEWAY_GRAPHIQL": "false"}

    with processes.started("serve", tmp_path, **settings) as served:
        answers = [
            await _refusal(page, f"{served.address}{path}")
            for path in ("/graphql", "/admin/graphql", "/")
        ]

    unasked = 'Nothing is asked; write a GraphQL document as "query".'
    assert answers == [
        (400, unasked),
        (400, unasked),
        (404, "Not Found: GraphQL is served at /graphql."),
    ]


async def _refusal(page: Page, url: str) -> tuple[int, str]:
    """The status and the message of what a browser is answered in JSON."""
    got = await page.goto(url)
    assert got is not None
    body = await got.json()
    return got.status, body["errors"][0]["message"]


def _summary(shown: Any) -> dict[str, Any]:
    """What matters of an answer; of a block, the first words it says."""
    answer = shown["data"]["personalization"]
    prices = answer["cart"]["prices"]
    return {
        "discounts": [
            (one["label"], one["amount"]["value"]) for one in prices["discounts"]
        ],
        "ships_free": answer["cart"]["ships_free"],
        "grand_total": prices["grand_total"],
        "headlines": [
            _first_words(block["content"]["html"]) for block in answer["dynamic_blocks"]
        ],
        "related": [product["sku"] for product in answer["related_products"]],
    }


def _first_words(html: str) -> str:
    """What is said up to the first element that follows it."""
    return next(filter(None, map(str.strip, re.split(r"<[^>]+>", html))))
