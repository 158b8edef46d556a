"""Customers of a website by their columns, and how a moment looks at all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from gateway.personalize.batches import Batch, Columns, Lists, Made, Way
from gateway.personalize.context import Context, DatedOrder
from gateway.personalize.element_lists import (
    cart_items,
    customer_addresses,
    customer_order_addresses,
    customer_orders,
)
from gateway.personalize.history import NO_HISTORY, History
from gateway.personalize.ways import (
    cart_of,
    customer_of,
    moment_of,
    order_of,
    remembered_of,
)


@dataclass(frozen=True, eq=False)
class CustomerBatch:
    """Customers in the order of their ids, and a history of each.

    *lists* are those of their lists that were read, by the customer's field.
    """

    ids: Sequence[str]
    customers: Columns
    lists: Mapping[str, Lists]
    histories: Sequence[History]

    def seen_as(self, nobody: Context) -> Batch:
        """Return their contexts, which are that of *nobody* with a customer in it."""
        count, items = len(self.ids), nobody.cart.items
        found = {
            elements: self.lists[name]
            for elements, name in _ELEMENTS.items()
            if name in self.lists
        }
        if "orders" in self.lists:
            found[customer_orders] = _dated(self.lists["orders"], nobody.today)
        found[cart_items] = Lists.of(Made(items * count), [len(items)] * count)
        carts = Made([nobody.cart] * count)
        return Columns(
            count,
            partial(self._contexts, nobody),
            columns={
                "at": [nobody.at] * count,
                "remembered": [nobody.remembered] * count,
            },
            names={moment_of: "at", remembered_of: "remembered"},
            ways={customer_of: self.customers, cart_of: carts},
            found=found,
        )

    def _contexts(self, nobody: Context) -> Sequence[Context]:
        # Only of who consented there is a history.
        return [
            nobody.of_customer(one, history, consents=history is not NO_HISTORY)
            for one, history in zip(
                self.customers.subjects, self.histories, strict=True
            )
        ]


# Lists of which the elements are the same whenever they are looked at.
_ELEMENTS = {
    customer_addresses: "addresses",
    customer_order_addresses: "order_addresses",
}


def _dated(orders: Lists, today: date) -> Lists:
    def make() -> Sequence[Any]:
        return [DatedOrder(one, today) for one in orders.elements.subjects]

    ways: Mapping[Way, Batch] = {order_of: orders.elements}
    return Lists(Columns(orders.elements.count, make, ways=ways), orders.parts)
