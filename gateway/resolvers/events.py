"""Record what storefronts and servers tell: each event once, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gateway.personalize import events
from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.personalize.events import Event, Told, books
from gateway.resolvers import histories, redemptions
from gateway.resolvers.histories import Days
from gateway.resolvers.visits import Shopper, Visit
from gateway.storage import back_office, websites
from gateway.storage import events as stored_events
from gateway.storage.connection import Connection
from gateway.storage.histories import Owners
from gateway.storage.opened import Storage


@dataclass(frozen=True)
class Recorded:
    """How many events were new, were there already, or lacked consent."""

    recorded: int = 0
    repeated: int = 0
    not_consented: int = 0


async def record(
    visit: Visit, given: Sequence[Mapping[str, Any]], *, consents: bool = False
) -> Recorded:
    """Record events, all of them or none.

    What shoppers do is kept only with their consent: that of the shopper who asks, or
    what a server says of it, once for all with *consents* or for each event.

    Raises:
        InvalidInput: with everything that is wrong with any of them, or because the
            session sends too many.
        Conflict: an id stands for something else already.
        NotFound: there is no such website.
    """
    shopper, storage = visit.shopper, visit.storage
    consents = consents if shopper.is_server else shopper.consents
    sent = events.read(
        given,
        visit.at,
        from_server=shopper.is_server,
        keeps_days=storage.terms.bounds.keeps_days,
    )
    kept = [one for one in sent if one.may_be_kept(consents=consents)]
    if not kept:
        return Recorded(not_consented=len(sent))
    _check_pace(visit, len(kept))
    await visit.join_history()
    days = histories.Days(visit.at, (await visit.website()).timezone)
    write = partial(_write, storage, shopper, days, _once(kept))
    new = await storage.months.holding(
        (event.month for event in kept), partial(storage.database.transact, write)
    )
    return Recorded(new, len(kept) - new, len(sent) - len(kept))


def _check_pace(visit: Visit, count: int) -> None:
    session, pace = visit.shopper.session, visit.storage.pace
    if session is not None and not pace.admits(session, visit.at, count):
        said = f"a session may send {pace.per_minute} within a minute."
        raise InvalidInput(Problem("events", said, "Send these in the next one."))


async def _write(
    storage: Storage,
    shopper: Shopper,
    days: Days,
    sent: Sequence[Event],
    connection: Connection,
) -> int:
    website, server = shopper.website, shopper.is_server
    if server:
        told = await _attributed(connection, website, sent)
    else:
        told = [
            Told(one, shopper.customer_id, shopper.session, one.email) for one in sent
        ]
    told = await _without_deleted(connection, website, told)
    new = await stored_events.insert(connection, website, told, from_server=server)
    if len(new) < len(sent):
        if await websites.find(connection, website) is None:
            raise NotFound(Problem("", f"there is no website {website!r}."))
        old = [one for one in sent if one.id not in new]
        await _require_same(connection, website, old, from_server=server)
    fresh = [one for one in told if one.event.id in new and one.counts]
    if server:
        await _keep_books(connection, website, fresh)
    owners = Owners(website, server or shopper.customer_id is not None)
    steps = books.steps(fresh)
    if steps:
        await histories.add(connection, owners, steps, days, storage.terms)
    return len(new)


async def _attributed(
    connection: Connection, website: str, sent: Sequence[Event]
) -> Sequence[Told]:
    """Find out whose the events are, by id or, where there is none, by e-mail."""
    emails = {one.email for one in sent if one.email and not one.customer_id}
    by_email: Mapping[str, str] = {}
    if emails:
        by_email = await back_office.find_by_email(connection, website, emails)
    return [
        Told(
            one,
            customer_id=one.customer_id or by_email.get(one.email or ""),
            email=one.email,
        )
        for one in sent
    ]


async def _without_deleted(
    connection: Connection, website: str, told: Sequence[Told]
) -> Sequence[Told]:
    """Let nothing count that tells of customers until they were deleted.

    Nobody deletes one of them meanwhile, so that none is brought back.
    """
    ids = {one.customer_id for one in told if one.customer_id}
    if not ids:
        return told
    going = books.going(told)
    deleted = await back_office.hold(connection, website, ids, going)
    return books.without_deleted(told, books.latest(deleted, going))


async def _keep_books(
    connection: Connection, website: str, told: Sequence[Told]
) -> None:
    """Write what is told of customers and orders."""
    for one in books.deletions(told):
        await back_office.forget(
            connection, website, one.customer_id, one.email, one.event.at
        )
    changes = books.changes(told)
    if changes:
        await back_office.tell(connection, website, changes)
    standings = books.standings(told)
    if standings:
        placed = books.placed(told)
        await back_office.move(connection, website, placed, standings)
        for one in books.deletions(told):
            # A visitor's order that came with it must not say who that was either.
            if one.email is not None:
                await back_office.forget(
                    connection, website, None, one.email, one.event.at
                )
        for order in sorted(placed, key=lambda one: one.order.order_id):
            await _commit_coupons(connection, website, order)
    for order_id in books.canceled(standings):
        await redemptions.release_order(connection, website, order_id)


async def _commit_coupons(
    connection: Connection, website: str, placed: books.Placed
) -> None:
    cart_id, order_id = placed.order.cart_id, placed.order.order_id
    if cart_id is not None:
        await redemptions.commit_cart(connection, website, cart_id, order_id)


async def _require_same(
    connection: Connection, website: str, sent: Sequence[Event], *, from_server: bool
) -> None:
    ids = [one.id for one in sent]
    known = await stored_events.digests(
        connection, website, ids, from_server=from_server
    )
    other = [one for one in sent if known.get(one.id, one.digest) != one.digest]
    if other:
        raise _taken(other)


def _once(sent: Sequence[Event]) -> Sequence[Event]:
    """Leave out what is sent twice in one call."""
    first: dict[str, Event] = {}
    for one in sent:
        first.setdefault(one.id, one)
    other = [one for one in sent if first[one.id].digest != one.digest]
    if other:
        raise _taken(other)
    return tuple(first.values())


def _taken(other: Sequence[Event]) -> Conflict:
    remedy = "Give every event an id of its own, and send it unchanged when you repeat."
    return Conflict(
        *(
            Problem(f"{one.path}.id", f"{one.id!r} stands for another event.", remedy)
            for one in other
        )
    )
