"""Tokens and secrets."""

from __future__ import annotations

import asyncio

import pytest

from gateway.identity.admins import Role, new_token
from gateway.personalize.errors import Conflict, NotFound, Problem
from gateway.storage import tokens
from gateway.storage.database import Database
from gateway.storage.tokens import Holder


async def test_a_token_is_found_by_its_hash(database: Database) -> None:
    made = new_token(Role.EDITOR)

    await tokens.create(database, "ci", Role.EDITOR, made.hash)

    assert await tokens.find(database, made.hash) == Holder("ci", Role.EDITOR)
    assert await tokens.find(database, b"other") is None


async def test_no_two_tokens_have_one_name(database: Database) -> None:
    await tokens.create(database, "ci", Role.EDITOR, b"1")

    with pytest.raises(Conflict) as refused:
        await tokens.create(database, "ci", Role.VIEWER, b"2")

    assert refused.value.problems == (
        Problem(
            "name", "there is a token called 'ci' already.", "Choose another name."
        ),
    )
    assert await tokens.find(database, b"2") is None


async def test_a_revoked_token_is_good_no_longer(database: Database) -> None:
    await tokens.create(database, "ci", Role.EDITOR, b"1")

    await tokens.revoke(database, "ci")

    [listed] = await tokens.list_all(database)
    assert await tokens.find(database, b"1") is None
    assert (listed.name, listed.role) == ("ci", Role.EDITOR)
    assert listed.revoked_at is not None


async def test_only_a_token_in_force_can_be_revoked(database: Database) -> None:
    await tokens.create(database, "old", Role.EDITOR, b"1")
    await tokens.create(database, "new", Role.EDITOR, b"2")
    await tokens.revoke(database, "old")

    with pytest.raises(NotFound) as refused:
        await tokens.revoke(database, "old")

    assert refused.value.problems == (
        Problem("name", "no token called 'old' is in force.", "Write one of: new."),
    )


async def test_a_replaced_token_is_good_no_longer(database: Database) -> None:
    await tokens.create(database, "demo", Role.VIEWER, b"1")
    await tokens.revoke(database, "demo")

    await tokens.replace(database, "demo", Role.ADMIN, b"2")
    await tokens.replace(database, "other", Role.VIEWER, b"3")

    assert await tokens.find(database, b"1") is None
    assert await tokens.find(database, b"2") == Holder("demo", Role.ADMIN)
    assert await tokens.find(database, b"3") == Holder("other", Role.VIEWER)


async def test_workers_that_start_together_get_one_secret(database: Database) -> None:
    fresh = ("a", "b", "c", "d")

    got = await asyncio.gather(
        *(tokens.secret(database, "sessions", one) for one in fresh)
    )

    assert len(set(got)) == 1
    assert got[0] in fresh
    assert await tokens.secret(database, "sessions", "e") == got[0]
    assert await tokens.secret(database, "another", "f") == "f"
