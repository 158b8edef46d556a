"""All customers of a website, a batch at a time and with what is asked of them.

Orders, addresses, wishlists and the like are read beside the customers, each in one
scan along its index, and only once something has looked at them: what no condition
reads is never fetched. What is fetched stays in columns, of which only those that are
read are decoded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.personalize.batches import Batch, Lists
from gateway.personalize.customer_batches import CustomerBatch
from gateway.personalize.history import NO_HISTORY, History
from gateway.storage import copied
from gateway.storage import customer_columns as of
from gateway.storage.connection import Connection
from gateway.storage.copied import Column, Decode
from gateway.storage.sql import Query, queries
from gateway.storage.unread import HISTORY, UNREAD_HISTORY

SQL = queries("customers")

BATCH = 2000


class _Fact(NamedTuple):
    """What is read beside customers: the query, its columns, and what they are of."""

    query: Query
    decoders: Mapping[str, Decode]
    batch: Callable[[Mapping[str, Column]], Batch]


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
    ) -> CustomerBatch:
        """Read the next customers by id, as they are at one moment.

        None is no limit; fewer than *size* are the last.
        """
        lists: dict[str, Lists] = {}
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            found = await copied.columns(
                connection, SQL.batch, of.CUSTOMER, self.website, above, until, size
            )
            ids = found["customer_id"]
            for name in self.wanted if ids else ():
                fact = _FACTS[name]
                beside = await copied.columns(
                    connection, fact.query, fact.decoders, self.website, above, ids[-1]
                )
                # It is in the order of the customers.
                lengths = Counter(beside["customer_id"])
                elements = fact.batch(beside)
                lists[name] = Lists.of(elements, map(lengths.__getitem__, ids))
        told: Sequence[History] = [UNREAD_HISTORY] * len(ids)
        if HISTORY in lists:
            told = [one[0] if one else NO_HISTORY for one in lists.pop(HISTORY).made]
        facts = _FACTS.keys() - {HISTORY}
        return CustomerBatch(ids, of.customers(found, lists, facts), lists, told)


_FACTS = {
    "orders": _Fact(SQL.orders, of.ORDER, of.orders),
    "addresses": _Fact(SQL.addresses, of.ADDRESS, of.addresses),
    "order_addresses": _Fact(SQL.order_addresses, of.ORDER_ADDRESS, of.order_addresses),
    "memberships": _Fact(SQL.memberships, of.MEMBERSHIP, of.memberships),
    "ordered": _Fact(SQL.ordered, of.ORDERED, of.ordered),
    "wishlist": _Fact(SQL.wishlist, of.WISHLIST, of.wishlist),
    HISTORY: _Fact(SQL.history, of.HISTORY, of.told),
}
