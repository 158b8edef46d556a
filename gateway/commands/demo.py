"""Load the demo store and serve it, with example shoppers to look at it with.

The first time the store is imported, into the embedded PostgreSQL unless DATABASE_URL
names a server; after that it is kept as you leave it. Customers' tokens are made with
a secret of the demo's own, which no real customer's token has.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime

from gateway import app, demo, logs, opening
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.commands.examples import examples
from gateway.commands.serve import (
    add_address,
    listen,
    require_address,
    require_cache_url,
)
from gateway.config import Settings
from gateway.identity import Role
from gateway.identity.admins import new_token
from gateway.identity.shared_secrets import new_secret
from gateway.importing import import_directory, reporter_for
from gateway.storage import tokens
from gateway.storage.database import Database

TOKEN_NAME = "demo"  # noqa: S105  # A name, not a token.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
SECRET_NAME = "demo customers"  # noqa: S105  # Likewise.


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to listen."""
    add_address(parser)


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Load what is missing, say where to look, and serve until interrupted."""
    del options
    require_cache_url(settings)
    require_address(settings)
    with with_database(settings) as reachable:
        bring_up_to_date(reachable)
        prepared, admin = asyncio.run(_prepare(reachable))
        people = demo.personas()
        shoppers = _customer_tokens(prepared, people)
        address = f"http://{settings.host}:{settings.port}"
        _introduce(address, people, shoppers, admin)
        logs.configure("text", "warning")
        # The page of the admin door holds a token: only this machine is shown it.
        hosts = LOOPBACK if settings.host in LOOPBACK else ("*",)
        shown = admin if settings.host in LOOPBACK else ""
        tabs = examples(shoppers, people, shown)
        try:
            listen(prepared, app.build(prepared, tabs, hosts=hosts))
        finally:
            asyncio.run(_end_admin_token(reachable))
    return 0


async def _prepare(settings: Settings) -> tuple[Settings, str]:
    """Import the store unless it is there; return settings and an admin token."""
    async with opening.bulk_database_of(settings) as database:
        # The secret is made last: it tells that the store was imported to its end.
        if not await tokens.has_secret(database, SECRET_NAME):
            await _import_store(database)
        secret = await tokens.secret(database, SECRET_NAME, new_secret())
        admin = await _admin_token(database)
    demo_settings = replace(
        settings,
        jwt_keys=None,
        jwt_jwks=None,
        jwt_secret=secret,
        jwt_issuer="gateway-demo",
        jwt_audience="gateway-demo",
        # The demo is served without TLS, and browsers keep Secure cookies from it.
        session_cookie_secure=False,
    )
    return demo_settings, admin


async def _import_store(database: Database) -> None:
    with reporter_for(sys.stderr) as report:
        done = await import_directory(
            database, demo.STORE, website=None, dry_run=False, report=report
        )
    if not done.succeeded:
        # The store ships with the gateway: whatever is wrong with it is our fault.
        raise RuntimeError(str(done))


async def _admin_token(database: Database) -> str:
    """Make a new admin token in the place of the last one, whose text is gone."""
    made = new_token(Role.ADMIN)
    await tokens.replace(database, TOKEN_NAME, Role.ADMIN, made.hash)
    return made.text


async def _end_admin_token(settings: Settings) -> None:
    """Leave no token behind that opens the admin door."""
    async with opening.bulk_database_of(settings) as database:
        await tokens.revoke(database, TOKEN_NAME)


def _customer_tokens(settings: Settings, people: list[demo.Persona]) -> dict[str, str]:
    customers = app.customer_tokens(settings)
    return {
        persona.key: customers.mint(
            persona.customer_id,
            datetime.now(UTC),
            lifetime_seconds=settings.jwt_max_age_seconds,
            website=persona.website,
        )
        for persona in people
        if persona.customer_id
    }


def _introduce(
    address: str, people: list[demo.Persona], shoppers: dict[str, str], admin: str
) -> None:
    print(
        f"""
Storefront door   {address}{app.STOREFRONT}
Admin door        {address}{app.ADMIN}
Open either in a browser: GraphiQL has these shoppers as tabs.

Admin token       {admin}
"""
    )
    for persona in people:
        token = shoppers.get(persona.key)
        said = f"Authorization: Bearer {token}" if token else "no token: a visitor"
        print(f"{persona.title}\n  Store: {persona.store_view}\n  {said}\n")
    print(
        f"""One query to paste into a terminal:

{demo.command(address)}

Ctrl-C stops everything.
""",
        flush=True,
    )
