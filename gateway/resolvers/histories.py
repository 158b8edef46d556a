"""Make a visitor's history the customer's who they turn out to be."""

from __future__ import annotations

from functools import partial

from gateway.personalize.events import Bounds
from gateway.personalize.events import histories as made
from gateway.storage import histories
from gateway.storage.connection import Connection
from gateway.storage.histories import Owners
from gateway.storage.opened import Storage


async def join(storage: Storage, website: str, session: str, customer_id: str) -> None:
    """Add the history of a visitor's session to a customer's, and take it away there.

    Whoever does so a second time, or at the same time, finds nothing to add.
    """
    work = partial(_join, storage.terms.bounds, website, session, customer_id)
    await storage.database.transact(work)


async def _join(
    bounds: Bounds,
    website: str,
    session: str,
    customer_id: str,
    connection: Connection,
) -> None:
    visitor = await histories.take(connection, website, session)
    if visitor is None:
        return
    customers = Owners(website, are_customers=True)
    held = await histories.lock(connection, customers, [customer_id])
    together = made.joined(held[customer_id], visitor, bounds)
    await histories.save(connection, customers, {customer_id: together})
    await histories.adopt(connection, website, session, customer_id)
