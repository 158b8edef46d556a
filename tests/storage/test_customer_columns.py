"""Columns of customers say what the customers themselves would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize import segments
from gateway.personalize.attributes import ATTRIBUTES, Scope
from gateway.personalize.batches import Batch, Columns, Lists, Made
from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    Order,
)
from gateway.personalize.customer_batches import CustomerBatch
from gateway.personalize.element_lists import cart_items
from gateway.personalize.history import NO_HISTORY, History
from gateway.personalize.products import Product
from gateway.personalize.segment_index import SegmentIndex
from gateway.personalize.segments import Segment
from gateway.personalize.ways import cart_of, customer_id_of
from gateway.storage import customer_columns
from tests import strategies
from tests.factories import a_context

OTHERWISE_CALLED: Mapping[str, Callable[[Any], Any]] = {
    "customer_id": lambda one: getattr(one, "customer_id", ""),
    "group": lambda customer: str(customer.group_id),
    "created_at": lambda order: order.created_on,
}
LISTS = ("orders", "addresses", "order_addresses", "memberships", "ordered", "wishlist")


def columns(names: Iterable[str], subjects: Sequence[Any]) -> dict[str, Sequence[Any]]:
    def of(name: str, subject: Any) -> Any:
        read = OTHERWISE_CALLED.get(name)
        return read(subject) if read else getattr(subject, name)

    return {name: [of(name, one) for one in subjects] for name in names}


def of_addresses(found: Sequence[Address]) -> Batch:
    return customer_columns.addresses(columns(customer_columns.ADDRESS, found))


def of_orders(found: Sequence[Order]) -> Batch:
    return customer_columns.orders(columns(customer_columns.ORDER, found))


def a_batch(
    customers: Sequence[Customer], histories: Sequence[History]
) -> CustomerBatch:
    lists = {}
    for name in LISTS:
        each = [getattr(one, name) for one in customers]
        elements = list(chain.from_iterable(each))
        batch: Batch = Made(elements)
        if name in {"orders", "addresses"}:
            batch = of_orders(elements) if name == "orders" else of_addresses(elements)
        lists[name] = Lists.of(batch, map(len, each))
    read = columns(customer_columns.CUSTOMER, customers)
    made = customer_columns.customers(read, lists, LISTS)
    return CustomerBatch(read["customer_id"], made, lists, histories)


@settings(deadline=None, max_examples=60)
@given(
    listed=strategies.listed_segments(),
    customers=st.lists(strategies.customers, min_size=1, max_size=4),
    histories=st.lists(
        st.just(NO_HISTORY) | strategies.histories, min_size=4, max_size=4
    ),
    moment=strategies.contexts(),
)
def test_customers_in_columns_are_in_the_segments_that_a_walk_finds(
    listed: list[Segment],
    customers: list[Customer],
    histories: list[History],
    moment: Context,
) -> None:
    nobody = replace(moment, customer=None)
    batch = a_batch(customers, histories[: len(customers)])
    index = SegmentIndex(listed)

    masks = index.masks(batch.seen_as(nobody))

    assert [index.segments(mask) for mask in masks] == [
        segments.match(
            listed,
            replace(
                nobody,
                customer=customer,
                history=history,
                consents=history is not NO_HISTORY,
            ),
        )
        for customer, history in zip(customers, histories, strict=False)
    ]


def check_attributes(batch: Batch, scope: Scope) -> None:
    """Every attribute of a scope must be the same of columns and of what is made."""
    rows = [
        row
        for row in ATTRIBUTES.values()
        if row.scope is scope and not row.moves_with_day
    ]
    assert len(rows) > 4
    for row in rows:
        assert list(batch.read(row.read)) == [row.read(one) for one in batch.subjects]


@settings(deadline=None)
@given(customers=st.lists(strategies.customers, max_size=3))
def test_attributes_of_customers_are_their_columns(customers: list[Customer]) -> None:
    batch = a_batch(customers, [NO_HISTORY] * len(customers)).customers

    assert list(batch.subjects) == customers
    assert list(batch.read(customer_id_of)) == [one.customer_id for one in customers]
    check_attributes(batch, Scope.CUSTOMER)


@settings(deadline=None)
@given(found=st.lists(strategies.addresses, max_size=3))
def test_attributes_of_addresses_are_their_columns(found: list[Address]) -> None:
    batch = of_addresses(found)

    assert list(batch.subjects) == found
    check_attributes(batch, Scope.ADDRESS)


@settings(deadline=None)
@given(found=st.lists(strategies.orders, max_size=3))
def test_attributes_of_orders_are_their_columns(found: list[Order]) -> None:
    batch = of_orders(found)

    assert list(batch.subjects) == found
    check_attributes(batch, Scope.ORDER)


def test_the_cart_that_all_have_makes_nobody() -> None:
    def never() -> Sequence[Customer]:
        raise AssertionError("Nobody should have been made.")

    item = CartItem(Product("tent"), Decimal(1))
    nobody = a_context(Cart(items=(item,)))
    batch = CustomerBatch(["1", "2"], Columns(2, never), {}, [NO_HISTORY] * 2)

    seen = batch.seen_as(nobody)

    assert list(seen.go(cart_of).subjects) == [nobody.cart] * 2
    assert seen.lists(cart_items).made == [(item,), (item,)]


def test_whatever_is_stored_has_a_column() -> None:
    columns_of = {
        Scope.CUSTOMER: customer_columns.CUSTOMER,
        Scope.ADDRESS: customer_columns.ADDRESS,
        Scope.ORDER: customer_columns.ORDER,
    }

    without = {
        row.key
        for row in ATTRIBUTES.values()
        if row.scope in columns_of and not row.moves_with_day
        if row.key.removeprefix(f"{row.scope}.") not in columns_of[row.scope]
    }

    assert without == {
        "customer.days_between_orders",
        "customer.default_billing",
        "customer.default_shipping",
    }
