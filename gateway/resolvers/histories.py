"""Make histories of what shoppers do, and a visitor's the customer's who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from gateway.personalize.events import Bounds, Step
from gateway.personalize.events import histories as made
from gateway.storage import histories
from gateway.storage.connection import Connection
from gateway.storage.events import Terms
from gateway.storage.histories import Owners
from gateway.storage.opened import Storage


@dataclass(frozen=True)
class Days:
    """When something is told, and the time zone whose days views are counted on."""

    at: datetime
    timezone: str


async def add(
    connection: Connection,
    owners: Owners,
    steps: Mapping[str, Sequence[Step]],
    days: Days,
    terms: Terms,
) -> None:
    """Add what shoppers did, by owner, to their histories.

    What comes from a visitor's session soon after its login is the customer's whom the
    login has joined it to.
    """
    since = days.at - terms.bounds.late if terms.joins else None
    held = await histories.lock(connection, owners, steps, since)
    after = {
        owner: made.after(one.history, steps[owner], days.timezone, terms.bounds)
        for owner, one in held.items()
        if one.joined_to is None
    }
    await histories.save(connection, owners, after)
    for session, one in held.items():
        if one.joined_to is not None:
            await _add_late(
                connection, owners.website, session, one.joined_to, steps, days, terms
            )


async def join(
    storage: Storage, website: str, session: str, customer_id: str, at: datetime
) -> None:
    """Add the history of a visitor's session to a customer's, and take it away there.

    Whoever does so a second time, or at the same time, finds nothing to add, and nor
    does another customer, ever.
    """
    work = partial(_join, storage.terms.bounds, website, session, customer_id, at)
    await storage.database.transact(work)


async def _join(
    bounds: Bounds,
    website: str,
    session: str,
    customer_id: str,
    at: datetime,
    connection: Connection,
) -> None:
    if await histories.mark(connection, website, session, customer_id, at):
        # Whoever is writing it is waited for, also where there was none until now.
        visitors = Owners(website, are_customers=False)
        await histories.lock(connection, visitors, [session])
        await _hand_over(connection, website, session, customer_id, bounds)


async def _add_late(
    connection: Connection,
    website: str,
    session: str,
    customer_id: str,
    steps: Mapping[str, Sequence[Step]],
    days: Days,
    terms: Terms,
) -> None:
    customers = Owners(website, are_customers=True)
    await add(connection, customers, {customer_id: steps[session]}, days, terms)
    await _hand_over(connection, website, session, customer_id, terms.bounds)
    # It was written before it was known whose it is.
    await histories.adopt(connection, website, session, customer_id)


async def _hand_over(
    connection: Connection,
    website: str,
    session: str,
    customer_id: str,
    bounds: Bounds,
) -> None:
    visitor = await histories.take(connection, website, session)
    if visitor is None or visitor.last_at is None:
        return
    customers = Owners(website, are_customers=True)
    held = await histories.lock(connection, customers, [customer_id])
    together = made.joined(held[customer_id].history, visitor, bounds)
    await histories.save(connection, customers, {customer_id: together})
    await histories.adopt(connection, website, session, customer_id)
