"""What is copied of customers: how columns are decoded, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import orjson

from gateway.personalize.attributes import ATTRIBUTES
from gateway.personalize.batches import Batch, Columns, Lists, Made, Read
from gateway.personalize.context import (
    Address,
    Customer,
    Membership,
    Order,
    OrderAddress,
)
from gateway.personalize.frozen import many
from gateway.personalize.history import OrderedProduct
from gateway.personalize.ways import customer_id_of
from gateway.storage import histories, values
from gateway.storage.copied import Column, Decode, texts
from gateway.storage.profiles import address_of
from gateway.storage.unread import UnreadFact

_DAY_0 = date(2000, 1, 1)
_MOST_AMOUNTS = 100_000


class _Days(dict[str, date]):
    """The days by their distance from the first one, each made once."""

    def __missing__(self, distance: str) -> date:
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


def _days(distances: Column) -> Column:
    return [None if one is None else _DAYS[one] for one in distances]


def _few_amounts(written: Column) -> Column:
    return list(map(_AMOUNTS.__getitem__, written))


def _amounts(written: Column) -> Column:
    return list(map(Decimal, written))


def _integers(written: Column) -> Column:
    return list(map(int, written))


def _booleans(written: Column) -> Column:
    return [one == "t" for one in written]


def _objects(written: Column) -> Column:
    return list(map(orjson.loads, written))


def _attributes(stored: Column) -> Column:
    return [values.attributes(orjson.loads(one)) if one else {} for one in stored]


def _instants(written: Column) -> Column:
    return list(map(values.instant, written))


# The columns of each query, in its order. What is called as an attribute is the column
# of its values.
CUSTOMER: Mapping[str, Decode] = {
    "customer_id": texts,
    "group": texts,
    "email": texts,
    "first_name": texts,
    "last_name": texts,
    "gender": texts,
    "date_of_birth": _days,
    "since": _days,
    "store_view": texts,
    "newsletter": _booleans,
    "store_credit": _few_amounts,
    "attributes": _attributes,
    "version": _integers,
    "prefix": texts,
    "middle_name": texts,
    "suffix": texts,
}
ADDRESS: Mapping[str, Decode] = {
    "customer_id": texts,
    "first_name": texts,
    "last_name": texts,
    "company": texts,
    "street": texts,
    "city": texts,
    "region": texts,
    "country": texts,
    "postcode": texts,
    "telephone": texts,
    "default_billing": _booleans,
    "default_shipping": _booleans,
    "prefix": texts,
    "middle_name": texts,
    "suffix": texts,
    "region_code": texts,
    "fax": texts,
    "vat_id": texts,
    "attributes": _attributes,
}
ORDER: Mapping[str, Decode] = {
    "customer_id": texts,
    "status": texts,
    "created_at": _days,
    "grand_total": _amounts,
    "quantity": _few_amounts,
    "country": texts,
}
ORDERED: Mapping[str, Decode] = {
    "customer_id": texts,
    "sku": texts,
    "day": _days,
    "quantity": _few_amounts,
    "status": texts,
}
ORDER_ADDRESS: Mapping[str, Decode] = {
    "customer_id": texts,
    "type": texts,
    "address": _objects,
}
MEMBERSHIP: Mapping[str, Decode] = {
    "customer_id": texts,
    "audience": texts,
    "until": _instants,
}
HISTORY: Mapping[str, Decode] = {
    "customer_id": texts,
    "history": _objects,
    "version": _integers,
}
WISHLIST: Mapping[str, Decode] = {"customer_id": texts, "sku": texts}


def _names(scope: str, columns: Iterable[str]) -> Mapping[Read, str]:
    """Return which column is what an attribute of *scope* reads."""
    rows = {name: ATTRIBUTES.get(f"{scope}.{name}") for name in columns}
    return {row.read: name for name, row in rows.items() if row is not None}


_OF_CUSTOMER = {customer_id_of: "customer_id", **_names("customer", CUSTOMER)}
_OF_ADDRESS = _names("address", ADDRESS)
_OF_ORDER = _names("order", ORDER)

# A named tuple's own way takes twice as long.
_order = partial(tuple.__new__, Order)


def customers(
    copied: Mapping[str, Column], lists: Mapping[str, Lists], facts: Iterable[str]
) -> Columns:
    """Return customers; of all *facts* those that are not in *lists* are unread."""
    unread = {fact: UnreadFact(fact) for fact in facts if fact not in lists}

    def make() -> Sequence[Any]:
        columns = {name: copied[name] for name in CUSTOMER}
        columns["group_id"] = _integers(columns.pop("group"))
        made = {name: list_.made for name, list_ in lists.items()}
        return many(Customer, {**columns, **made}, **unread)

    count = len(copied["customer_id"])
    return Columns(count, make, columns=copied, names=_OF_CUSTOMER)


def addresses(copied: Mapping[str, Column]) -> Batch:
    """Return addresses."""

    def make() -> Sequence[Any]:
        return many(Address, {name: copied[name] for name in list(ADDRESS)[1:]})

    count = len(copied["customer_id"])
    return Columns(count, make, columns=copied, names=_OF_ADDRESS)


def orders(copied: Mapping[str, Column]) -> Batch:
    """Return orders."""

    def make() -> Sequence[Any]:
        return list(map(_order, _rows(copied, ORDER)))

    count = len(copied["customer_id"])
    return Columns(count, make, columns=copied, names=_OF_ORDER)


def ordered(copied: Mapping[str, Column]) -> Batch:
    """Return the products of lines of orders."""
    return Made([OrderedProduct(*row) for row in _rows(copied, ORDERED)])


def order_addresses(copied: Mapping[str, Column]) -> Batch:
    """Return the addresses to which orders went."""
    rows = _rows(copied, ORDER_ADDRESS)
    return Made([OrderAddress(type, address_of(stored)) for type, stored in rows])


def memberships(copied: Mapping[str, Column]) -> Batch:
    """Return memberships of audiences."""
    return Made([Membership(*row) for row in _rows(copied, MEMBERSHIP)])


def told(copied: Mapping[str, Column]) -> Batch:
    """Return histories."""
    return Made([histories.read(*row) for row in _rows(copied, HISTORY)])


def wishlist(copied: Mapping[str, Column]) -> Batch:
    """Return the SKUs of wishlists."""
    return Made(copied["sku"])


def _rows(
    copied: Mapping[str, Column], names: Iterable[str]
) -> Iterable[tuple[Any, ...]]:
    _, *others = names
    return zip(*(copied[name] for name in others), strict=True)
