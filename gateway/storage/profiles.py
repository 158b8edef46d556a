"""What is known of a shopper: one round trip, less if it is known already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from sys import intern
from typing import Any, NamedTuple

from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.context import (
    NOTHING_REMEMBERED,
    Address,
    Customer,
    Membership,
    Order,
    OrderAddress,
    Remembered,
    Shipping,
)
from gateway.personalize.coupons import Coupon, distinct
from gateway.personalize.errors import NotFound, Problem
from gateway.personalize.history import NO_HISTORY, History, OrderedProduct
from gateway.storage import histories, values
from gateway.storage.database import Database, Record
from gateway.storage.lately import Lately
from gateway.storage.rulebooks import Revisions
from gateway.storage.sql import queries

SQL = queries("profiles")

_Whom = tuple[str, str, bool]
"""A website, a customer, and whether it is known what they ordered."""


class _HeldCustomer(NamedTuple):
    """A customer, whose days are of a *timezone*."""

    customer: Customer
    timezone: str


@dataclass(frozen=True)
class Facts:
    """What one round trip tells; *cart* is None when there is none of that id.

    *coupons* are the codes of the cart, or those asked about, that a rule has; *spent*
    is what other carts' orders have taken from the budgets of rules, by id.
    """

    revisions: Revisions
    customer: Customer | None = None
    cart: MirroredCart | None = None
    history: History = NO_HISTORY
    remembered: Remembered = NOTHING_REMEMBERED
    coupons: tuple[Coupon, ...] = ()
    spent: Mapping[int, Decimal] = field(default_factory=dict)

    def remembered_at(self, at: datetime) -> Remembered:
        """Return which segments the session remembers at an instant."""
        until = self.remembered.until
        return self.remembered if until and until > at else NOTHING_REMEMBERED


class Profiles:
    """Reads facts, and holds what was read last, at most *bound* of each."""

    def __init__(self, database: Database, bound: int = 10_000) -> None:
        self._database = database
        self._customers: Lately[_Whom, _HeldCustomer] = Lately(bound)
        self._histories: Lately[tuple[str, bool, str], History] = Lately(bound)

    async def read(
        self,
        website: str,
        customer_id: str | None,
        cart_id: str | None,
        session: str | None = None,
        *,
        coupon_codes: Iterable[str] = (),
        with_ordered: bool = False,
    ) -> Facts:
        """Read what is known of a customer (None is a visitor) and of a cart.

        A customer whom only the token knows is in the General group. The products of
        their orders are many, and read only *with_ordered*. The history, and what the
        *session* remembers, is the customer's or the visitor's. Of *coupon_codes* is
        asked beside those of the cart.

        Raises:
            NotFound: there is no such website.
        """
        key = (website, customer_id or "", with_ordered)
        held = self._customers.get(key)
        owner = (website, customer_id is not None, customer_id or session or "")
        before = self._histories.get(owner)
        row = await self._row(
            website,
            cart_id,
            customer_id,
            held,
            session=session,
            history_version=before.version if before else None,
            with_ordered=with_ordered,
            coupon_codes=coupon_codes,
        )
        history = self._history(owner, before, row)
        if customer_id is None:
            return _facts(row, None, history)
        if row["version"] is None:
            self._customers.drop(key)
            return _facts(row, Customer(customer_id), history)
        if held is None or row["profile"] is not None:
            held = _HeldCustomer(_customer(customer_id, row), row["timezone"])
        self._customers.hold(key, held)
        return _facts(row, held.customer, history)

    async def read_for_owner(
        self,
        website: str,
        cart_id: str,
        *,
        coupon_codes: Iterable[str] = (),
        with_ordered: bool = False,
    ) -> Facts:
        """Read what is known of a cart, and of the customer whose it is.

        Raises:
            NotFound: there is no such website.
        """
        row = await self._row(
            website,
            cart_id,
            for_owner=True,
            coupon_codes=coupon_codes,
            with_ordered=with_ordered,
        )
        owner = row["cart"]["customer_id"] if row["cart"] else None
        history = _history_of(row)
        return _facts(row, None if owner is None else _customer(owner, row), history)

    async def _row(
        self,
        website: str,
        cart_id: str | None,
        customer_id: str | None = None,
        held: _HeldCustomer | None = None,
        *,
        for_owner: bool = False,
        with_ordered: bool,
        session: str | None = None,
        history_version: int | None = None,
        coupon_codes: Iterable[str],
    ) -> Record:
        rows = await self._database.read(
            SQL.shopper,
            website,
            customer_id,
            held.customer.version if held else None,
            cart_id,
            for_owner,
            session,
            history_version,
            with_ordered,
            [*distinct(coupon_codes)],
            held.timezone if held else None,
        )
        if not rows:
            raise NotFound(Problem("", f"there is no website {website!r}."))
        return rows[0]

    def _history(
        self, owner: tuple[str, bool, str], held: History | None, row: Record
    ) -> History:
        if row["history_version"] is None:
            self._histories.drop(owner)
            return NO_HISTORY
        if held is None or row["history"] is not None:
            held = _history_of(row)
        self._histories.hold(owner, held)
        return held


def _facts(row: Record, customer: Customer | None, history: History) -> Facts:
    return Facts(
        Revisions(row["id"], row["revision"], row["catalogue_revision"]),
        customer,
        _cart(row["cart"]) if row["cart"] else None,
        history,
        Remembered(frozenset(row["remembered"] or ()), row["remembered_until"]),
        tuple(Coupon(*coupon) for coupon in row["coupons"]),
        {rule_id: Decimal(spent) for rule_id, spent in row["budgets"]},
    )


def _history_of(row: Record) -> History:
    version = row["history_version"]
    return NO_HISTORY if version is None else histories.read(row["history"], version)


def _customer(customer_id: str, row: Record) -> Customer:
    if row["version"] is None:
        return Customer(customer_id)
    profile = row["profile"]
    return Customer(
        customer_id=customer_id,
        group_id=profile["group_id"],
        email=profile["email"],
        first_name=profile["first_name"],
        last_name=profile["last_name"],
        gender=profile["gender"],
        date_of_birth=values.day(profile["date_of_birth"]),
        since=values.day(profile["since"]),
        store_view=profile["store_view"],
        newsletter=profile["newsletter"],
        store_credit=values.money(profile["store_credit"]),
        attributes=values.attributes(profile["attributes"]),
        addresses=tuple(address_of(one) for one in profile["addresses"]),
        orders=tuple(_order(*order) for order in profile["orders"]),
        wishlist=tuple(profile["wishlist"]),
        ordered=tuple(_ordered(*line) for line in profile["ordered"]),
        version=row["version"],
        prefix=profile["prefix"],
        middle_name=profile["middle_name"],
        suffix=profile["suffix"],
        order_addresses=tuple(
            OrderAddress(type, address_of(one))
            for type, one in profile["order_addresses"]
        ),
        memberships=tuple(
            Membership(audience, values.instant(until))
            for audience, until in profile["memberships"]
        ),
    )


_OF_ADDRESS = frozenset(field.name for field in fields(Address)) - {"attributes"}


def address_of(stored: Mapping[str, Any]) -> Address:
    """Read an address by its columns; a later version may have more of them."""
    known = {name: value for name, value in stored.items() if name in _OF_ADDRESS}
    return Address(**known, attributes=values.attributes(stored.get("attributes", {})))


def _order(
    status: str, placed: str, grand_total: str, quantity: str, country: str | None
) -> Order:
    return Order(
        status,
        date.fromisoformat(placed),
        values.money(grand_total),
        values.money(quantity),
        country,
    )


def _ordered(sku: str, placed: str, quantity: str, status: str) -> OrderedProduct:
    # Held by the thousand: the words of all of them are the same few.
    return OrderedProduct(
        intern(sku), date.fromisoformat(placed), Decimal(quantity), intern(status)
    )


def _cart(stored: Mapping[str, Any]) -> MirroredCart:
    return MirroredCart(
        id=stored["id"],
        customer_id=stored["customer_id"],
        lines=tuple(_line(item) for item in stored["items"]),
        coupon_codes=tuple(stored["coupon_codes"]),
        shipping=Shipping(
            stored["shipping_method"], values.money(stored["shipping_amount"])
        ),
        tax=values.money(stored["tax"]),
        payment_method=stored["payment_method"],
        address=address_of(stored["address"]),
        store_credit=values.money(stored["store_credit"]),
        gift_card=values.money(stored["gift_card"]),
        changed_at=values.instant(stored["changed_at"]),
    )


def _line(item: Mapping[str, Any]) -> Line:
    stated = item.get("price")
    return Line(
        sku=item["sku"],
        quantity=Decimal(item["quantity"]),
        price=None if stated is None else Decimal(stated),
        parent_sku=item.get("parent_sku"),
        children=tuple(_line(child) for child in item.get("children", ())),
    )
