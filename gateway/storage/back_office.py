"""What servers tell of customers and orders, in the tables that imports write too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.personalize.context import Address
from gateway.personalize.events.books import Change, Placed, Standing
from gateway.personalize.events.effects import STATUSES
from gateway.storage.connection import Connection
from gateway.storage.sql import queries

SQL = queries("back_office")

BILLING, SHIPPING = "event-billing", "event-shipping"


async def find_by_email(
    connection: Connection, website: str, emails: Collection[str]
) -> dict[str, str]:
    """Find the ids of customers by e-mails in small letters."""
    rows = await connection.fetch(SQL.find_by_email, website, sorted(emails))
    return {row["email"]: row["customer_id"] for row in rows}


async def hold(
    connection: Connection,
    website: str,
    customer_ids: Collection[str],
    going: Collection[str] = (),
) -> dict[str, datetime]:
    """Tell which customers were deleted, and when.

    Until the transaction ends nobody else deletes one of them, or tells of those who
    are *going* to be deleted by it.
    """
    rows = await connection.fetch(
        SQL.hold, website, sorted(customer_ids), sorted(going)
    )
    return {row["customer_id"]: row["deleted_at"] for row in rows}


async def forget(
    connection: Connection,
    website: str,
    customer_id: str | None,
    email: str | None,
    at: datetime,
) -> None:
    """Delete a customer with all that was told of them until *at*."""
    await connection.execute(SQL.forget, website, customer_id, email, at)
    if customer_id is not None:
        # Also one who never was in the table: what is deleted from it tells by itself.
        await connection.execute(SQL.forget_uses, website, customer_id)


async def tell(connection: Connection, website: str, changes: Sequence[Change]) -> None:
    """Write what is told of customers, unless something later was told before."""
    rows = [
        {**change.told.fields, "customer_id": change.customer_id, "told_at": change.at}
        for change in changes
    ]
    written = await connection.fetch(SQL.tell, website, rows)
    applied = {row["customer_id"] for row in written}
    addresses = [
        row
        for change in changes
        if change.customer_id in applied
        for row in _addresses(change)
    ]
    if addresses:
        await connection.execute(SQL.tell_addresses, website, addresses)


async def move(
    connection: Connection,
    website: str,
    placed: Sequence[Placed],
    standings: Mapping[str, Standing],
) -> None:
    """Add orders that are not there, and bring all of them as far as they have come.

    A customer who is not known yet becomes known by the order.
    """
    customers = {one.customer_id: one.email for one in placed if one.customer_id}
    if customers:
        ids, emails = list(customers), list(customers.values())
        await connection.execute(SQL.introduce, website, ids, emails)
    rows = [_standing(order_id, one) for order_id, one in standings.items()]
    await connection.execute(SQL.stand, website, rows, STATUSES)
    if placed:
        orders = [_order(one) for one in placed]
        lines = [line for one in placed for line in _lines(one)]
        addresses = [row for one in placed for row in _addresses_of(one)]
        await connection.execute(SQL.place, website, orders, lines, addresses)
    await connection.execute(SQL.settle, website, list(standings), STATUSES)
    await connection.execute(SQL.ship, website, list(standings))


def _standing(order_id: str, standing: Standing) -> dict[str, Any]:
    to = standing.shipped_to
    return {
        "order_id": order_id,
        "status": standing.status,
        "refunded": standing.refunded,
        "shipped_to": to and {"street": to.street, **_place(to)},
        "shipped_at": standing.shipped_at,
    }


def _addresses(change: Change) -> Iterator[dict[str, Any]]:
    for address_id, address in (
        (BILLING, change.told.billing),
        (SHIPPING, change.told.shipping),
    ):
        if address is not None:
            yield {
                "customer_id": change.customer_id,
                "address_id": address_id,
                "street": address.street,
                "telephone": address.telephone,
                **_place(address),
                "default_billing": address_id == BILLING,
                "default_shipping": address_id == SHIPPING,
            }


def _place(address: Address) -> dict[str, str | None]:
    return {
        "country": address.country,
        "region": address.region,
        "city": address.city,
        "postcode": address.postcode,
    }


def _order(placed: Placed) -> dict[str, Any]:
    order = placed.order
    return {
        "order_id": order.order_id,
        "customer_id": placed.customer_id,
        "email": placed.email,
        "created_at": placed.at,
        "status": STATUSES[0],
        "currency": order.currency,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "tax": order.tax,
        "shipping": order.shipping,
        "grand_total": order.grand_total,
        "quantity": sum(line.quantity for line in order.lines),
        **_place(order.shipping_to or order.billing or Address()),
    }


def _addresses_of(placed: Placed) -> Iterator[dict[str, Any]]:
    order = placed.order
    for kind, address in (("billing", order.billing), ("shipping", order.shipping_to)):
        if address is not None:
            place = {"street": address.street, **_place(address)}
            yield {"order_id": order.order_id, "type": kind, **place}


def _lines(placed: Placed) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(placed.order.lines, start=1):
        yield {
            "order_id": placed.order.order_id,
            "line": number,
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity,
            "price": line.row_total / line.quantity if line.quantity else 0,
            "row_total": line.row_total,
        }
