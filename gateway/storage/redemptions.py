"""Who has reserved and used which coupons and budgets, and the counters of both.

A use is counted by one guarded statement, never checked first and counted then. All
take reservations before counters, those of coupons before those of budgets, and each in
one order, so that nobody waits for somebody who waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from gateway.personalize.coupons import fold
from gateway.storage.database import Connection, Database, Record
from gateway.storage.sql import queries

SQL = queries("redemptions")


class State(StrEnum):
    """What has become of a reservation."""

    RESERVED = "reserved"
    COMMITTED = "committed"
    RELEASED = "released"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Use:
    """One rule that is used, by a code as the cart has it."""

    rule_id: int
    code: str


@dataclass(frozen=True)
class BudgetUse:
    """What a rule takes off the cart, which its budget has to meet."""

    rule_id: int
    amount: Decimal


@dataclass(frozen=True)
class Refusal:
    """What cannot be held: codes without a use left, or budgets without enough."""

    codes: tuple[str, ...] = ()
    budgets: int = 0


@dataclass(frozen=True)
class Reservation:
    """One order's hold on the coupons of its cart, and on the budgets of its rules.

    *shopper* says whose uses are counted, None nobody's. One that is late is reserved
    as long as nobody else needs what it holds.
    """

    id: int
    key: str
    cart_id: str
    shopper: str | None
    order_id: str | None
    state: State
    expires_at: datetime
    is_late: bool
    uses: tuple[Use, ...] = ()
    budget_uses: tuple[BudgetUse, ...] = ()


@dataclass(frozen=True)
class Miscount:
    """A counter of the rule *key* that differs from the *live* redemptions."""

    key: str
    scope: str
    used: int | Decimal
    live: int | Decimal


async def lock_order(connection: Connection, website: str, order_id: str) -> None:
    """Be the only one who settles the order until the transaction ends."""
    await connection.execute(SQL.lock_order, website, order_id)


async def find(connection: Connection, website: str, key: str) -> Reservation | None:
    """Return the reservation with *key*, held until the transaction ends."""
    return await _read(connection, await connection.fetchrow(SQL.find, website, key))


async def of_order(
    connection: Connection, website: str, order_id: str
) -> Reservation | None:
    """Return the reservation that an order has committed, held likewise."""
    row = await connection.fetchrow(SQL.of_order, website, order_id)
    return await _read(connection, row)


async def last_of_order(
    connection: Connection, website: str, order_id: str
) -> Reservation | None:
    """Return what an order has, or else what it had last, held likewise."""
    row = await connection.fetchrow(SQL.last_of_order, website, order_id)
    return await _read(connection, row)


async def of_cart(
    connection: Connection, website: str, cart_id: str, order_id: str
) -> Reservation | None:
    """Return what a cart has reserved, held likewise, unless its order is canceled."""
    row = await connection.fetchrow(SQL.of_cart, website, cart_id, order_id)
    return await _read(connection, row)


async def begin(
    connection: Connection,
    website: str,
    key: str,
    cart_id: str,
    shopper: str | None,
    seconds: int,
) -> Reservation | None:
    """Begin a reservation that holds nothing yet.

    None when *key* is taken, or the cart is gone.
    """
    row = await connection.fetchrow(
        SQL.begin, website, key, cart_id, shopper, float(seconds)
    )
    return None if row is None else _reservation(row)


async def add_uses(
    connection: Connection,
    reservation: Reservation,
    uses: Sequence[Use],
    budget_uses: Sequence[BudgetUse] = (),
) -> Reservation:
    """Write down what a reservation that was begun will use."""
    await connection.execute(
        SQL.add_uses,
        reservation.id,
        [use.rule_id for use in uses],
        [use.code for use in uses],
        [fold(use.code) for use in uses],
    )
    if budget_uses:
        await connection.execute(
            SQL.add_budget_uses,
            reservation.id,
            [use.rule_id for use in budget_uses],
            [use.amount for use in budget_uses],
        )
    return replace(reservation, uses=tuple(uses), budget_uses=tuple(budget_uses))


async def claim(
    connection: Connection, website: str, reservation: Reservation
) -> Refusal | None:
    """Count every use of *reservation*, and return what cannot be held, if any.

    If there is any, the transaction must not be committed. What else the cart has
    reserved is given up for it: a cart that tries again is not in its own way.
    """
    others = await connection.fetch(
        SQL.others_of_cart, website, reservation.cart_id, reservation.id
    )
    ids = [row["id"] for row in others]
    await _lock(connection, [*ids, reservation.id])
    if ids:
        await _end(connection, ids, State.EXPIRED)
    rows = await connection.fetch(SQL.claim, reservation.id)
    counted = {(row["rule_id"], row["scope"]) for row in rows}
    codes = tuple(
        use.code
        for use in reservation.uses
        if not all((use.rule_id, one) in counted for one in _scopes(use, reservation))
    )
    met = await connection.fetch(SQL.spend, reservation.id)
    budgets = len(reservation.budget_uses) - len(met)
    return Refusal(codes, budgets) if codes or budgets else None


async def settle(
    connection: Connection,
    reservation: Reservation,
    state: State,
    order_id: str | None = None,
    seconds: int = 0,
) -> Reservation:
    """Change the state of a reservation; its uses stay counted."""
    row = await connection.fetchrow(
        SQL.settle, [reservation.id], state, order_id, float(seconds)
    )
    assert row is not None  # noqa: S101 - Its row is held.
    return replace(
        _reservation(row),
        uses=reservation.uses,
        budget_uses=reservation.budget_uses,
    )


async def release(connection: Connection, reservation: Reservation) -> Reservation:
    """Give back every use of a reservation that holds some."""
    await _lock(connection, [reservation.id])
    await _end(connection, [reservation.id], State.RELEASED)
    return replace(reservation, state=State.RELEASED)


async def expire(database: Database) -> int:
    """Give back what is late, and return how many reservations that were."""
    ended = 0
    while some := await database.transact(_expire_some):
        ended += some
    return ended


async def _expire_some(connection: Connection) -> int:
    ids = [row["id"] for row in await connection.fetch(SQL.late)]
    if ids:
        await _lock(connection, ids)
        await _end(connection, ids, State.EXPIRED)
    return len(ids)


async def recount(database: Database) -> Sequence[Miscount]:
    """Return every counter that is not what the reservations say: none, ever."""
    rows = [
        *await database.read(SQL.recount),
        *await database.read(SQL.recount_budgets),
    ]
    return [Miscount(**dict(row)) for row in rows]


async def _lock(connection: Connection, ids: Sequence[int]) -> None:
    await connection.execute(SQL.lock_counters, ids)
    await connection.execute(SQL.lock_budgets, ids)


async def _end(connection: Connection, ids: Sequence[int], state: State) -> None:
    await connection.execute(SQL.settle, ids, state, None, 0.0)
    await connection.execute(SQL.free, ids)
    await connection.execute(SQL.free_budgets, ids)


def _scopes(use: Use, reservation: Reservation) -> list[str]:
    shopper = [reservation.shopper] if reservation.shopper else []
    return ["rule", f"code:{fold(use.code)}", *shopper]


async def _read(connection: Connection, row: Record | None) -> Reservation | None:
    if row is None:
        return None
    uses = await connection.fetch(SQL.uses, row["id"])
    taken = await connection.fetch(SQL.budget_uses, row["id"])
    return replace(
        _reservation(row),
        uses=tuple(Use(use["rule_id"], use["code"]) for use in uses),
        budget_uses=tuple(
            BudgetUse(use["rule_id"], Decimal(use["amount"])) for use in taken
        ),
    )


def _reservation(row: Record) -> Reservation:
    return Reservation(**{**dict(row), "state": State(row["state"])})
