"""Histories of shoppers: one row each, of a customer or of a visitor's session."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gateway.personalize.history import NO_HISTORY, History, ViewedProduct
from gateway.storage.connection import Connection
from gateway.storage.sql import queries

SQL = queries("histories")


@dataclass(frozen=True)
class Owners:
    """Whose histories are meant: customers of a website, or visitors' sessions."""

    website: str
    are_customers: bool


@dataclass(frozen=True)
class Held:
    """A history that nobody else changes until the transaction ends.

    A visitor's session is *joined_to* a customer who has logged in with it.
    """

    history: History
    joined_to: str | None = None


async def lock(
    connection: Connection,
    whose: Owners,
    owners: Collection[str],
    since: datetime | None = None,
) -> dict[str, Held]:
    """Give histories by owner, and hold them until the transaction ends.

    Of sessions, with the customers to whom they were joined *since* an instant.
    """
    rows = await connection.fetch(
        SQL.lock, whose.website, whose.are_customers, sorted(owners), since
    )
    return {
        row["owner"]: Held(read(row["history"], 0), row["joined_to"]) for row in rows
    }


async def save(
    connection: Connection, whose: Owners, histories: Mapping[str, History]
) -> None:
    """Replace histories that are held."""
    rows = [
        {"owner": owner, "last_at": history.last_at, "history": _written(history)}
        for owner, history in histories.items()
    ]
    await connection.execute(SQL.save, whose.website, whose.are_customers, rows)


async def mark(
    connection: Connection, website: str, session: str, customer_id: str, at: datetime
) -> bool:
    """Note whose a session is, since a login; false where it is another's already."""
    row = await connection.fetchrow(SQL.mark, website, session, customer_id, at)
    return row is not None


async def take(connection: Connection, website: str, session: str) -> History | None:
    """Take away the history of a visitor's session, if there is one."""
    rows = await connection.fetch(SQL.take, website, session)
    return read(rows[0]["history"], 0) if rows else None


async def adopt(
    connection: Connection, website: str, session: str, customer_id: str
) -> None:
    """Make the events of a visitor's session a customer's."""
    await connection.execute(SQL.adopt, website, session, customer_id)


def read(stored: Mapping[str, Any], version: int) -> History:
    """Read a history as it is stored; a new one is empty."""
    if not stored:
        return replace(NO_HISTORY, version=version)
    return History(
        landing_page=stored["landing_page"],
        referrer=stored["referrer"],
        campaign=tuple((name, value) for name, value in stored["campaign"]),
        visits=stored["visits"],
        page_views=stored["page_views"],
        searches=tuple(stored["searches"]),
        viewed=tuple(
            ViewedProduct(sku, date.fromisoformat(day), views)
            for sku, day, views in stored["viewed"]
        ),
        version=version,
        last_at=_instant(stored, "last_at"),
        began_at=_instant(stored, "began_at"),
        landed_at=_instant(stored, "landed_at"),
    )


def _instant(stored: Mapping[str, Any], name: str) -> datetime | None:
    # The version before has written fewer of them.
    given = stored.get(name)
    return datetime.fromisoformat(given) if given else None


def _written(history: History) -> dict[str, Any]:
    return {
        "landing_page": history.landing_page,
        "referrer": history.referrer,
        "campaign": history.campaign,
        "visits": history.visits,
        "page_views": history.page_views,
        "searches": history.searches,
        "viewed": [(one.sku, one.day, one.views) for one in history.viewed],
        "last_at": history.last_at,
        "began_at": history.began_at,
        "landed_at": history.landed_at,
    }
