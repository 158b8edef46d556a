"""Make, list and revoke tokens for the admin door and for a shop's server.

A token is shown once, when it is made: only its hash is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from gateway import opening
from gateway.commands.actions import Actions
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.config import Settings
from gateway.identity import Role
from gateway.identity.admins import new_token
from gateway.storage import tokens
from gateway.storage.database import Database

LONGEST_NAME = 255


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done, and with which token."""
    actions = Actions(parser)
    create = actions.add("create", "make a token and show it, once")
    create.add_argument(
        "--role",
        required=True,
        choices=[role.value for role in Role],
        help="viewer reads, editor writes rules, admin also websites and groups; "
        "server is for a commerce backend at the storefront door",
    )
    create.add_argument(
        "--name", required=True, type=_name, help="what the token is for"
    )
    actions.add("list", "list the tokens, never their text")
    revoke = actions.add("revoke", "end a token, at once and for good")
    revoke.add_argument("--name", required=True, help="the token's name")


def _name(given: str) -> str:
    """Take a name which a line of the list can show."""
    if not 1 <= len(given) <= LONGEST_NAME or not given.isprintable():
        raise argparse.ArgumentTypeError(
            f"write 1 to {LONGEST_NAME} characters that can be printed"
        )
    return given


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what is asked."""
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        return asyncio.run(_run(ready, options))


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    async with opening.database_of(settings) as database:
        match options.action:
            case "create":
                await _create(database, Role(options.role), options.name)
            case "revoke":
                await tokens.revoke(database, options.name)
                print(f"revoked {options.name!r}", file=sys.stderr)
            case _:
                await _list(database)
    return 0


async def _create(database: Database, role: Role, name: str) -> None:
    made = new_token(role)
    await tokens.create(database, name, role, made.hash)
    print(f"{role} token {name!r}, shown this once:", file=sys.stderr)
    print(made.text)


async def _list(database: Database) -> None:
    for token in await tokens.list_all(database):
        ended = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else ""
        print(f"{token.name}\t{token.role}\t{token.created_at:%Y-%m-%d}\t{ended}")
