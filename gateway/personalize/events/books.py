"""Put together what several events say of the same order, customer or shopper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gateway.personalize.context import ZERO, Address
from gateway.personalize.events.effects import (
    STATUSES,
    Behaviour,
    CustomerChanged,
    CustomerDeleted,
    OrderMoved,
    OrderPlaced,
    OrderRefunded,
)
from gateway.personalize.events.histories import Step
from gateway.personalize.events.reading import Told


@dataclass(frozen=True)
class Standing:
    """How far an order has come, and how much more of it was given back.

    *shipped_to* is where something of it went last, at *shipped_at*, if that is told.
    """

    status: str = STATUSES[0]
    refunded: Decimal = ZERO
    shipped_to: Address | None = None
    shipped_at: datetime | None = None


@dataclass(frozen=True)
class Placed:
    """An order that was placed, and whose it is; without an id it is a visitor's."""

    order: OrderPlaced
    at: datetime
    customer_id: str | None
    email: str | None


@dataclass(frozen=True)
class Change:
    """What was told of a customer, the latest of it at a time."""

    customer_id: str
    at: datetime
    told: CustomerChanged


def steps(told: Iterable[Told]) -> dict[str, list[Step]]:
    """Give what shoppers did, by whose history it belongs to."""
    found: dict[str, list[Step]] = defaultdict(list)
    for one in told:
        if isinstance(one.event.effect, Behaviour) and one.owner is not None:
            found[one.owner].append(Step(one.event.at, one.event.effect))
    return dict(found)


def canceled(standings: Mapping[str, Standing]) -> Sequence[str]:
    """Give the orders that have come to be canceled, in their order."""
    return sorted(id for id, one in standings.items() if one.status == "canceled")


def standings(told: Iterable[Told]) -> dict[str, Standing]:
    """Give how far orders have come, by order."""
    found: dict[str, Standing] = {}
    for one in told:
        match one.event.effect:
            case OrderPlaced(order_id=order_id):
                found.setdefault(order_id, Standing())
            case OrderMoved(order_id, str(status), shipped_to):
                before = found.get(order_id, Standing())
                furthest = max(before.status, status, key=STATUSES.index)
                moved = _shipped(before, shipped_to, one.event.at)
                found[order_id] = replace(moved, status=furthest)
            case OrderRefunded(order_id, amount):
                before = found.get(order_id, Standing())
                refunded = before.refunded + amount
                found[order_id] = replace(before, refunded=refunded)
            case _:
                pass
    return found


def _shipped(before: Standing, to: Address | None, at: datetime) -> Standing:
    is_later = before.shipped_at is None or before.shipped_at <= at
    if to is None or not is_later:
        return before
    return replace(before, shipped_to=to, shipped_at=at)


def placed(told: Iterable[Told]) -> Sequence[Placed]:
    """Give the orders that were placed; of one that is told of twice, the first."""
    found: dict[str, Placed] = {}
    for one in told:
        order = one.event.effect
        if isinstance(order, OrderPlaced):
            at = order.placed_at or one.event.at
            found.setdefault(
                order.order_id, Placed(order, at, one.customer_id, one.email)
            )
    return tuple(found.values())


def changes(told: Iterable[Told]) -> Sequence[Change]:
    """Give what was told of customers, one change for each."""
    found: dict[str, Change] = {}
    for one in sorted(told, key=lambda one: one.event.at):
        effect = one.event.effect
        if not isinstance(effect, CustomerChanged) or one.customer_id is None:
            continue
        told_now = _with_day(effect, one.event.at)
        before = found.get(one.customer_id)
        found[one.customer_id] = Change(
            one.customer_id,
            one.event.at,
            _together(before.told, told_now) if before else told_now,
        )
    return tuple(found.values())


def deletions(told: Iterable[Told]) -> Sequence[Told]:
    """Give the events that delete customers."""
    return [one for one in told if isinstance(one.event.effect, CustomerDeleted)]


def going(told: Iterable[Told]) -> dict[str, datetime]:
    """Give the customers who are deleted, and when."""
    return latest(
        *(
            {one.customer_id: one.event.at}
            for one in deletions(told)
            if one.customer_id is not None
        )
    )


def latest(*deleted: Mapping[str, datetime]) -> dict[str, datetime]:
    """Give when customers were deleted for the last time."""
    found: dict[str, datetime] = {}
    for each in deleted:
        for customer_id, at in each.items():
            found[customer_id] = max(at, found.get(customer_id, at))
    return found


def without_deleted(
    told: Iterable[Told], deleted: Mapping[str, datetime]
) -> Sequence[Told]:
    """Let nothing count that tells of customers until they were *deleted*, by id."""
    return [
        replace(one, counts=False) if _is_of_before(one, deleted) else one
        for one in told
    ]


def _is_of_before(told: Told, deleted: Mapping[str, datetime]) -> bool:
    ended = deleted.get(told.customer_id or "")
    if ended is None or isinstance(told.event.effect, CustomerDeleted):
        return False
    return told.event.at <= ended


def _with_day(told: CustomerChanged, at: datetime) -> CustomerChanged:
    if told.registers and "created_at" not in told.fields:
        return replace(told, fields={**told.fields, "created_at": at})
    return told


def _together(one: CustomerChanged, later: CustomerChanged) -> CustomerChanged:
    return CustomerChanged(
        {**one.fields, **later.fields},
        later.billing or one.billing,
        later.shipping or one.shipping,
    )
