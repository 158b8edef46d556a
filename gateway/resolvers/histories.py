"""Make histories of what shoppers do, and a visitor's the customer's who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from gateway.personalize.events import Bounds, Step
from gateway.personalize.events import histories as made
from gateway.storage import back_office, histories
from gateway.storage.connection import Connection
from gateway.storage.events import Terms
from gateway.storage.histories import Held, Owners
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
    late = await _late(connection, owners.website, held, steps)
    after = {
        owner: made.after(one.history, steps[owner], days.timezone, terms.bounds)
        for owner, one in held.items()
        if owner not in late
    }
    await histories.save(connection, owners, after)
    for session, customer_id in late.items():
        customers = Owners(owners.website, are_customers=True)
        await add(connection, customers, {customer_id: steps[session]}, days, terms)
        whose = (owners.website, session, customer_id)
        await _hand_over(connection, *whose, terms.bounds)
        # They were written before it was known whose they are.
        await histories.adopt(connection, *whose)


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
    deleted = await back_office.hold(connection, website, [customer_id])
    # Whoever is writing it is waited for, also where there was none until now.
    visitors = Owners(website, are_customers=False)
    held = await histories.lock(connection, visitors, [session])
    seen_at = held[session].history.last_at
    if seen_at is not None and _is_of_before(seen_at, deleted.get(customer_id)):
        return
    marked = await histories.mark(connection, website, session, customer_id, at)
    if marked or seen_at is None:
        # One that is empty is only taken away.
        await _hand_over(connection, website, session, customer_id, bounds)


async def _late(
    connection: Connection,
    website: str,
    held: Mapping[str, Held],
    steps: Mapping[str, Sequence[Step]],
) -> Mapping[str, str]:
    """Give the customers to whom sessions were joined, unless they were deleted."""
    joined = {owner: one.joined_to for owner, one in held.items() if one.joined_to}
    if not joined:
        return {}
    deleted = await back_office.hold(connection, website, set(joined.values()))
    return {
        session: customer_id
        for session, customer_id in joined.items()
        if not any(
            _is_of_before(step.at, deleted.get(customer_id)) for step in steps[session]
        )
    }


def _is_of_before(at: datetime, deleted_at: datetime | None) -> bool:
    return deleted_at is not None and at <= deleted_at


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
