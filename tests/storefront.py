"""A storefront that asks the gateway over HTTP, as a browser or a server does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import httpx

from gateway import app
from gateway.config import Settings
from gateway.identity.admins import Role, new_token
from gateway.storage import tokens
from gateway.storage.database import Database
from tests.serving import serving

ORIGIN = "https://shop.example.com"
SETTINGS = Settings(
    jwt_secret="only the tests know this secret of theirs",
    jwt_issuer="shop",
    jwt_audience="gateway",
    cors_origins=(ORIGIN,),
    # Tests speak http, to which a client sends no Secure cookie.
    session_cookie_secure=False,
    # A busy machine may need its time.
    request_body_timeout_seconds=60,
    request_timeout_seconds=60,
    database_connect_timeout_seconds=60,
    database_acquire_timeout_seconds=60,
    database_command_timeout_seconds=60,
)

Json = Any


class Storefront:
    """Asks one gateway; its cookies stay until they are cleared."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self.client = client
        self._settings = settings

    async def ask(
        self,
        query: str,
        *,
        token: str | None = None,
        store: str | None = None,
        **variables: Any,
    ) -> Json:
        """Return the data of an answer that has no errors."""
        body = await self.answer(query, token=token, store=store, **variables)
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def refusal(
        self,
        query: str,
        *,
        token: str | None = None,
        store: str | None = None,
        **variables: Any,
    ) -> tuple[str, str]:
        """Return message and category of the only error of an answer."""
        body = await self.answer(query, token=token, store=store, **variables)
        (error,) = body["errors"]
        return error["message"], error["extensions"]["category"]

    async def answer(
        self,
        query: str,
        *,
        token: str | None = None,
        store: str | None = None,
        **variables: Any,
    ) -> Json:
        """Return the whole body of an answer, which is always JSON."""
        headers: dict[str, str] = {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if store is not None:
            headers["Store"] = store
        response = await self.post(query, headers, variables)
        return response.json()

    async def ask_admin(self, query: str, *, token: str, **variables: Any) -> Json:
        """Return the data of an answer of the admin door that has no errors."""
        response = await self.client.post(
            app.ADMIN,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
        )
        body = response.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def post(
        self,
        query: str,
        headers: Mapping[str, str] | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Send a query and return the response as it is."""
        body = {"query": query, "variables": dict(variables or {})}
        return await self.client.post(app.STOREFRONT, json=body, headers=headers)

    def token(self, customer_id: str, **also: Any) -> str:
        """Make a customer's token, as the shop's login does."""
        customers = app.customer_tokens(self._settings)
        return customers.mint(customer_id, datetime.now(UTC), **also)


@asynccontextmanager
async def open_storefront(url: str, **settings: Any) -> AsyncIterator[Storefront]:
    """Serve the gateway on the database at *url*, and ask it."""
    chosen = replace(SETTINGS, database_url=url, **settings)
    async with serving(app.build(chosen)) as client:
        yield Storefront(client, chosen)


async def a_token_of(role: Role, database: Database) -> str:
    """Make a token as `gateway token create` does."""
    made = new_token(role)
    await tokens.create(database, f"{role} {token_hex(4)}", role, made.hash)
    return made.text
