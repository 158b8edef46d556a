"""Who is let in at the admin door."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.identity.admins import Role, new_token
from gateway.schema import admin
from gateway.schema.admin.door import AdminDoor
from gateway.schema.http import Door
from gateway.storage import tokens
from gateway.storage.cache import segment_cache
from gateway.storage.database import Database
from gateway.storage.opened import opened


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with opened(database, segment_cache(None, entries=10)) as storage:
        door = Door(admin.schema, AdminDoor(storage))
        app = Starlette(routes=[Route("/admin/graphql", door)])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://gateway",
            verify=False,
        ) as client:
            yield client


async def _ask(
    client: httpx.AsyncClient, authorization: str | None = None
) -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    body = {"query": "{ me { name role } }"}
    return await client.post("/admin/graphql", json=body, headers=headers)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.ADMIN])
async def test_a_good_token_opens_the_door(
    client: httpx.AsyncClient, database: Database, role: Role
) -> None:
    made = new_token(role)
    await tokens.create(database, "ci", role, made.hash)

    answer = await _ask(client, f"Bearer {made.text}")

    assert answer.json() == {"data": {"me": {"name": "ci", "role": role.name}}}


async def test_what_counts_is_the_stored_role(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = new_token(Role.ADMIN)
    await tokens.create(database, "ci", Role.VIEWER, made.hash)

    answer = await _ask(client, f"Bearer {made.text}")

    assert answer.json()["data"]["me"]["role"] == "VIEWER"


@pytest.mark.parametrize(
    ("authorization", "because"),
    [
        pytest.param(None, "the request has none", id="none"),
        pytest.param(
            f"Bearer {new_token(Role.ADMIN).text}",
            "the token is unknown or revoked",
            id="unknown",
        ),
        pytest.param(
            "Bearer nonsense",
            "the token is not one of this gateway's API tokens",
            id="nonsense",
        ),
        pytest.param(
            "Basic YTpi",
            "the Authorization header is not 'Bearer <token>'",
            id="basic",
        ),
    ],
)
async def test_without_a_good_token_the_door_stays_shut(
    client: httpx.AsyncClient, authorization: str | None, because: str
) -> None:
    answer = await _ask(client, authorization)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    [error] = answer.json()["errors"]
    assert error["message"] == (
        f"This door needs an administrator's token: {because}. Send one as"
        " 'Authorization: Bearer ...'; `gateway token create` makes one."
    )
    assert error["extensions"]["category"] == "graphql-authentication"


async def test_a_revoked_token_shuts_the_door_at_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = new_token(Role.ADMIN)
    await tokens.create(database, "ci", Role.ADMIN, made.hash)
    await tokens.revoke(database, "ci")

    answer = await _ask(client, f"Bearer {made.text}")

    assert answer.status_code == 401


async def test_a_token_of_a_server_is_for_another_door(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = new_token(Role.SERVER)
    await tokens.create(database, "shop", Role.SERVER, made.hash)

    answer = await _ask(client, f"Bearer {made.text}")

    assert answer.status_code == 403
    [error] = answer.json()["errors"]
    assert error["message"] == (
        "The token 'shop' has the role 'server', which is for the storefront's door."
    )
    assert error["extensions"]["category"] == "graphql-authorization"
