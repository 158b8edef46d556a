"""All customers of a website, a batch at a time and with what is asked of them.

Orders, addresses, wishlists and the like are read beside the customers, each in one
scan along its index, and only once something has looked at them: what no condition
reads is never fetched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from gateway.personalize.context import (
    Address,
    Customer,
    Membership,
    Order,
    OrderAddress,
)
from gateway.personalize.frozen import made
from gateway.personalize.history import NO_HISTORY, History, OrderedProduct
from gateway.storage import copied, histories, values
from gateway.storage.connection import Connection, Record
from gateway.storage.profiles import address_of
from gateway.storage.sql import Query, queries
from gateway.storage.unread import HISTORY, UNREAD_HISTORY, UnreadFact

SQL = queries("customers")

BATCH = 2000

_DAY_0 = date(2000, 1, 1)
_MOST_AMOUNTS = 100_000

ByCustomer = dict[str, tuple[Any, ...]]
Collect = Callable[[Iterable[Any]], ByCustomer]
RowsOf = Callable[..., Awaitable[Iterable[Any]]]


class Known(NamedTuple):
    """A customer, and what events have told of them."""

    customer: Customer
    history: History


@dataclass
class Reader:
    """Reads the customers of a *website*, each with those facts that are *wanted*.

    What is not wanted raises `Unread` when it is looked at: the reader is then told to
    want it, and the batch is read again.
    """

    website: str
    wanted: set[str] = field(default_factory=set)

    async def batch(
        self,
        connection: Connection,
        above: str | None,
        until: str | None,
        size: int = BATCH,
    ) -> Sequence[Known]:
        """Read the next customers by id, as they are at one moment.

        None is no limit; fewer than *size* are the last.
        """
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            rows = await connection.fetch(SQL.batch, self.website, above, until, size)
            if not rows:
                return ()
            last = rows[-1][0]
            facts: dict[str, ByCustomer] = {}
            for fact in self.wanted:
                query, collect, rows_of = _FACTS[fact]
                found = await rows_of(connection, query, self.website, above, last)
                facts[fact] = collect(found)
        told = facts.pop(HISTORY, None)
        customers = _customers(rows, facts)
        if told is None:
            return [Known(one, UNREAD_HISTORY) for one in customers]
        return [
            Known(one, told.get(one.customer_id, _NO_HISTORY)[0]) for one in customers
        ]


class _Days(dict[int | str, date]):
    """The days by their distance from the first one, each made once."""

    def __missing__(self, distance: int | str) -> date:
        found = self[distance] = _DAY_0 + timedelta(int(distance))
        return found


class _Amounts(dict[str, Decimal]):
    """Amounts by their text, each made once as long as there is room."""

    def __missing__(self, text: str) -> Decimal:
        if len(self) >= _MOST_AMOUNTS:
            self.clear()
        found = self[text] = Decimal(text)
        return found


_DAYS = _Days()
_AMOUNTS = _Amounts()

# There are the most of these by far: a named tuple's own way takes twice as long.
_order = partial(tuple.__new__, Order)


def _customers(
    rows: Iterable[Record], facts: dict[str, ByCustomer]
) -> Sequence[Customer]:
    unread = {
        fact: UnreadFact(fact)
        for fact in _FACTS
        if fact not in facts and fact != HISTORY
    }
    read = [(fact, of_customer.get) for fact, of_customer in facts.items()]
    return [
        made(
            Customer,
            {
                "customer_id": customer_id,
                "group_id": group_id,
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "gender": gender,
                "date_of_birth": None if born is None else _DAYS[born],
                "since": None if since is None else _DAYS[since],
                "store_view": store_view,
                "newsletter": newsletter,
                "store_credit": _AMOUNTS[store_credit],
                "attributes": values.attributes(attributes) if attributes else {},
                "version": version,
                "prefix": prefix,
                "middle_name": middle_name,
                "suffix": suffix,
                **unread,
                **{fact: found(customer_id, ()) for fact, found in read},
            },
        )
        for (
            customer_id,
            group_id,
            email,
            first_name,
            last_name,
            gender,
            born,
            since,
            store_view,
            newsletter,
            store_credit,
            attributes,
            version,
            prefix,
            middle_name,
            suffix,
        ) in rows
    ]


def _orders(rows: Iterable[Any]) -> ByCustomer:
    days, amounts = _DAYS, _AMOUNTS
    return {
        customer_id: tuple(
            [
                _order(
                    (
                        status,
                        days[placed],
                        Decimal(total),
                        amounts[quantity],
                        country or None,
                    )
                )
                for _, status, placed, total, quantity, country in of_customer
            ]
        )
        for customer_id, of_customer in groupby(rows, itemgetter(0))
    }


def _addresses(rows: Iterable[Record]) -> ByCustomer:
    return {
        customer_id: tuple([_address(row) for row in of_customer])
        for customer_id, of_customer in groupby(rows, itemgetter(0))
    }


def _address(row: Record) -> Address:
    columns = dict(zip(row.keys(), row, strict=True))
    stored = columns["attributes"]
    columns["attributes"] = values.attributes(stored) if stored else {}
    del columns["customer_id"]
    return made(Address, columns)


def _order_addresses(rows: Iterable[Record]) -> ByCustomer:
    return {
        customer_id: tuple(
            [OrderAddress(type, address_of(stored)) for _, type, stored in of_customer]
        )
        for customer_id, of_customer in groupby(rows, itemgetter(0))
    }


def _memberships(rows: Iterable[Record]) -> ByCustomer:
    return {
        customer_id: tuple(
            [Membership(audience, until) for _, audience, until in of_customer]
        )
        for customer_id, of_customer in groupby(rows, itemgetter(0))
    }


def _ordered(rows: Iterable[Any]) -> ByCustomer:
    days, amounts = _DAYS, _AMOUNTS
    return {
        customer_id: tuple(
            [
                OrderedProduct(sku, days[placed], amounts[quantity], status)
                for _, sku, placed, quantity, status in of_customer
            ]
        )
        for customer_id, of_customer in groupby(rows, itemgetter(0))
    }


def _histories(rows: Iterable[Record]) -> ByCustomer:
    return {owner: (histories.read(stored, at),) for owner, stored, at in rows}


def _wishlists(rows: Iterable[Record]) -> ByCustomer:
    return {
        customer_id: tuple([sku for _, sku in of_customer])
        for customer_id, of_customer in groupby(rows, itemgetter(0))
    }


_NO_HISTORY = (NO_HISTORY,)


async def _records(
    connection: Connection, query: Query, *arguments: Any
) -> Iterable[Any]:
    return await connection.fetch(query, *arguments)


_FACTS: dict[str, tuple[Query, Collect, RowsOf]] = {
    "orders": (SQL.orders, _orders, copied.rows),
    "addresses": (SQL.addresses, _addresses, _records),
    "order_addresses": (SQL.order_addresses, _order_addresses, _records),
    "memberships": (SQL.memberships, _memberships, _records),
    "ordered": (SQL.ordered, _ordered, copied.rows),
    HISTORY: (SQL.history, _histories, _records),
    "wishlist": (SQL.wishlist, _wishlists, _records),
}
