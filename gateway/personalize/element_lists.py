"""What conditions can look into: one decorated function per list.

To add one, write a function of the context under ``@element_list``; it is then usable
with "found", "not found" and aggregates, listed and documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gateway.personalize.attributes import Scope
from gateway.personalize.conditions import (
    Aggregate,
    Combination,
    Comparison,
    Condition,
    Elements,
    Found,
)
from gateway.personalize.context import Context
from gateway.personalize.table import Table


@dataclass(frozen=True)
class ElementList:
    """A list that "found", "not found" and aggregates look into.

    It has elements *of* a scope, and is itself a function of *scope*.
    """

    key: str
    label: str
    of: Scope
    elements: Elements
    scope: Scope = Scope.CONTEXT


LISTS: Table[ElementList] = Table("list")


def element_list(
    key: str, of: Scope, *, scope: Scope = Scope.CONTEXT
) -> Callable[[Elements], Elements]:
    """Enter the decorated function of the context into the table of lists.

    *scope* is the one part of the context that it looks at, if there is only one.
    """

    def enter(elements: Elements) -> Elements:
        label = (elements.__doc__ or "").split("\n", 1)[0].rstrip(".")
        LISTS.add(key, ElementList(key, label, of, elements, scope))
        return elements

    return enter


@element_list("cart.items", Scope.ITEM, scope=Scope.CART)
def cart_items(context: Context) -> Iterable[Any]:
    """Lines of the shopping cart."""
    return context.cart.items


@element_list("wishlist", Scope.PRODUCT)
def wishlist(context: Context) -> Iterable[Any]:
    """Products on the customer's wishlist."""
    skus = context.customer.wishlist if context.customer else ()
    return (context.catalogue.find(sku) for sku in skus)


@element_list("customer.addresses", Scope.ADDRESS, scope=Scope.CUSTOMER)
def customer_addresses(context: Context) -> Iterable[Any]:
    """Addresses in the customer's address book."""
    return context.customer.addresses if context.customer else ()


@element_list("customer.order_addresses", Scope.ORDER_ADDRESS, scope=Scope.CUSTOMER)
def customer_order_addresses(context: Context) -> Iterable[Any]:
    """Addresses to which the customer's orders were billed and shipped."""
    return context.customer.order_addresses if context.customer else ()


@element_list("customer.orders", Scope.ORDER, scope=Scope.CUSTOMER)
def customer_orders(context: Context) -> Iterable[Any]:
    """Orders the customer has placed."""
    return context.orders


@element_list("products.viewed", Scope.VIEWED, scope=Scope.SESSION)
def products_viewed(context: Context) -> Iterable[Any]:
    """Products the shopper has viewed, one entry for a product and day."""
    return context.viewed


@element_list("products.ordered", Scope.ORDERED)
def products_ordered(context: Context) -> Iterable[Any]:
    """Products the customer has ordered, one entry for a line of an order."""
    return context.ordered


def looks_into(elements: Elements, condition: Condition) -> bool:
    """Tell whether some part of *condition* looks into the list of *elements*."""
    match condition:
        case Combination(children=children):
            return any(looks_into(elements, child) for child in children)
        case Found() | Aggregate():
            return condition.elements is elements
    return False


def looks_at_behaviour(condition: Condition) -> bool:
    """Tell whether some part of *condition* looks at what needs a consent."""
    match condition:
        case Combination(children=children):
            return any(map(looks_at_behaviour, children))
        case Comparison(scope=scope) | Found(scope=scope) | Aggregate(scope=scope):
            return scope is Scope.SESSION
    return False
