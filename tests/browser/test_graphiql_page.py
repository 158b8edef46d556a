"""GraphiQL in a browser, as a door serves it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import strawberry
import uvicorn
from playwright.async_api import ConsoleMessage, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.asgi import GraphQL

from gateway.schema import graphiql
from tests.browser.graphiql import execute, open_door, tabs, text
from tests.waiting import PATIENCE_SECONDS

_TABS = (
    graphiql.Tab(
        "Greet somebody",
        "query Greet($name: String!) {\n  greeting(name: $name)\n}",
        '{ "name": "Ada" }',
        {"X-Greeting": "Welcome"},
    ),
    graphiql.Tab("The store", "query Store {\n  store\n}"),
)


@strawberry.type
class Query:
    @strawberry.field
    def greeting(self, name: str, info: strawberry.Info) -> str:
        request: Request = info.context["request"]
        return f"{request.headers.get('x-greeting', 'Hello')}, {name}!"

    @strawberry.field
    def store(self) -> str:
        return "main"


class Reports:
    """What a page asked for, and what it complained about."""

    def __init__(self, page: Page) -> None:
        self.origins: set[str] = set()
        self.complaints: list[str] = []
        page.context.on("request", lambda request: self._asked(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "data":
            self.origins.add(f"{parts.scheme}://{parts.netloc}")


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    """Serve the schema, and GraphiQL at its door, on a free port of the loopback."""
    door = GraphQL[object, None](strawberry.Schema(Query), graphql_ide=None)

    async def at_the_door(_: Request) -> Response:
        return graphiql.page("Example door", "/graphql", _TABS)

    async def at_the_other_door(_: Request) -> Response:
        tabs = [graphiql.Tab("Another", "query Another {\n  store\n}")]
        return graphiql.page("Other door", "/other", tabs)

    routes = [
        Route("/graphql", at_the_door, methods=["GET"]),
        Route("/graphql", door, methods=["POST"]),
        Route("/other", at_the_other_door, methods=["GET"]),
        Route("/other", door, methods=["POST"]),
        graphiql.assets(),
    ]
    config = uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def test_the_first_tab_is_answered_and_nothing_leaves_the_origin(
    page: Page,
    origin: str,
) -> None:
    reports = Reports(page)
    await open_door(page, f"{origin}/graphql", "Greet")

    answer = await execute(page)
    # Time for the workers to look at the editors, and to complain.
    await page.wait_for_timeout(500)

    assert answer == '{\n  "data": {\n    "greeting": "Welcome, Ada!"\n  }\n}'
    assert reports.origins == {origin}
    assert reports.complaints == []


async def test_each_tab_opens_with_its_query_its_variables_and_its_headers(
    page: Page,
    origin: str,
) -> None:
    query = await open_door(page, f"{origin}/graphql", "Greet")
    variables = page.locator(".graphiql-editor-tool .graphiql-editor").nth(0)
    headers = page.locator(".graphiql-editor-tool .graphiql-editor").nth(1)

    await expect(headers).to_contain_text("Welcome")
    first = await text(query), await text(headers)
    await page.get_by_role("button", name="Variables").click()
    await expect(variables).to_contain_text("Ada")
    first_variables = await text(variables)
    await page.get_by_role("tab", name="Store").click()
    await expect(query).to_contain_text("Store")
    second = await text(query), await text(variables)

    assert first == (
        "query Greet($name: String!) {\n  greeting(name: $name)\n}",
        '{\n  "X-Greeting": "Welcome"\n}',
    )
    assert first_variables == '{ "name": "Ada" }'
    assert second == ("query Store {\n  store\n}", "")


async def test_what_was_written_survives_a_reload_and_hides_no_other_door(
    page: Page,
    origin: str,
) -> None:
    query = await open_door(page, f"{origin}/graphql", "Greet")

    await query.locator(".view-line").first.click()
    await page.keyboard.press("Control+Home")
    await page.keyboard.type("# mine")
    await page.keyboard.press("Enter")
    # GraphiQL keeps what was written half a second after the last key.
    kept = "Object.values(sessionStorage).join()"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "# mine\\nquery" not in await page.evaluate(kept):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await open_door(page, f"{origin}/graphql", "Greet")
    reloaded = await text(query), await tabs(page)
    answer = await execute(page)
    await open_door(page, f"{origin}/other", "Another")
    other = await text(query), await tabs(page)

    assert reloaded == (
        "# mine\nquery Greet($name: String!) {\n  greeting(name: $name)\n}",
        ["Greet", "Store"],
    )
    assert answer == '{\n  "data": {\n    "greeting": "Welcome, Ada!"\n  }\n}'
    assert other == ("query Another {\n  store\n}", ["Another"])


async def test_the_menu_of_examples_opens_one_as_it_was_written(
    page: Page,
    origin: str,
) -> None:
    query = await open_door(page, f"{origin}/graphql", "Greet")

    await page.get_by_role("button", name="Open an example").click()
    await page.get_by_role("menuitem", name="The store").click()
    await expect(query).to_contain_text("Store")

    assert await text(query) == "query Store {\n  store\n}"
    assert await tabs(page) == ["Greet", "Store", "Store"]
