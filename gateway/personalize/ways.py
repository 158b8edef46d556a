"""How what a condition is asked of leads to what an attribute is a function of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from gateway.personalize.attributes import Attribute, Scope
from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    DatedOrder,
    Order,
    OrderAddress,
    Remembered,
)
from gateway.personalize.history import (
    DatedProduct,
    OrderedProduct,
    ViewedProduct,
)
from gateway.personalize.operators import Value
from gateway.personalize.products import Product


def cart_of(context: Context) -> Cart:
    """Return the cart that attributes of carts are asked of."""
    return context.cart


def customer_of(context: Context) -> Customer | None:
    """Return the customer that attributes of customers are asked of."""
    return context.customer


def registered_of(context: Context) -> Context | None:
    """Return the context that attributes of registered customers are asked of."""
    return context if context.customer else None


def session_of(context: Context) -> Context | None:
    """Return what attributes of sessions are asked of; nothing without consent."""
    return context if context.consents else None


def product_of(item: CartItem | DatedProduct) -> Product:
    """Return the product that attributes of products are asked of."""
    return item.product


def order_of(dated: DatedOrder) -> Order:
    """Return the order that attributes of orders are asked of."""
    return dated.order


def address_of(order_address: OrderAddress) -> Address:
    """Return the address that attributes of addresses are asked of."""
    return order_address.address


def done_of(dated: DatedProduct) -> ViewedProduct | OrderedProduct:
    """Return what attributes of a view, or of an ordered line, are asked of."""
    return dated.done


def faces_of(item: CartItem) -> Sequence[Any]:
    """Return what a line can be taken for, beginning with itself."""
    return item.faces


def moment_of(context: Context) -> datetime:
    """Return the moment at which a shopper is looked at."""
    return context.at


def remembered_of(context: Context) -> Remembered:
    """Return what a login has left of the visitor that a customer was."""
    return context.remembered


def customer_id_of(customer: Customer) -> str:
    """Return the id that segments list a customer by."""
    return customer.customer_id


# How a subject leads to what an attribute is a function of.
WAYS: dict[tuple[Scope, Scope], Callable[[Any], Any]] = {
    (Scope.CONTEXT, Scope.CART): cart_of,
    (Scope.CONTEXT, Scope.CUSTOMER): customer_of,
    (Scope.CONTEXT, Scope.REGISTERED): registered_of,
    (Scope.CONTEXT, Scope.SESSION): session_of,
    (Scope.ITEM, Scope.PRODUCT): product_of,
    (Scope.VIEWED, Scope.PRODUCT): product_of,
    (Scope.ORDERED, Scope.PRODUCT): product_of,
    # Elements of these lists know the day, for what moves with it.
    (Scope.ORDER, Scope.ORDER): order_of,
    (Scope.ORDER_ADDRESS, Scope.ADDRESS): address_of,
    (Scope.VIEWED, Scope.VIEWED): done_of,
    (Scope.ORDERED, Scope.ORDERED): done_of,
}

LISTS_OF = {
    Scope.PRODUCT: "cart.items",
    Scope.ITEM: "cart.items",
    Scope.ADDRESS: "customer.addresses",
    Scope.ORDER: "customer.orders",
    Scope.ORDER_ADDRESS: "customer.order_addresses",
    Scope.VIEWED: "products.viewed",
    Scope.ORDERED: "products.ordered",
}


def _read_on(
    way: Callable[[Any], Any], read: Callable[[Any], Value], subject: Any
) -> Value:
    owner = way(subject)
    return None if owner is None else read(owner)


def _read_today(
    way: Callable[[Any], Any], read: Callable[[Any, date], Value], subject: Any
) -> Value:
    owner = way(subject)
    return None if owner is None else read(owner, subject.today)


def reader(row: Attribute, scope: Scope) -> Callable[[Any], Value]:
    """Return what reads *row* of a subject of *scope*."""
    way = WAYS.get((scope, row.scope))
    if way is None:
        return row.read
    # Not a function of its own: two readers of one attribute must show it.
    return partial(_read_today if row.moves_with_day else _read_on, way, row.read)


def itself(subject: Any) -> Any:
    """Return what is asked, where an attribute is a function of just that."""
    return subject


def parts_of(
    read: Callable[[Any], Value],
) -> tuple[Callable[[Any], Any], Callable[[Any], Value]]:
    """Return the way that *read* goes, and how it reads what is there, if anything.

    Many attributes can so be read of one subject that has gone the way once.
    """
    if isinstance(read, partial) and read.func is _read_on:
        way, read_there = read.args
        return way, read_there
    return itself, read
