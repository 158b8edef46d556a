"""What a condition can look at in an order of a customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.context import Order
from gateway.personalize.operators import Kind, Value


@attribute("order.status", Kind.SELECT, Scope.ORDER)
def status(order: Order) -> Value:
    """Order status."""
    return order.status


@attribute("order.created_at", Kind.DATE, Scope.ORDER)
def created_at(order: Order) -> Value:
    """The day it was placed, in the website's time zone."""
    return order.created_on


@attribute("order.grand_total", Kind.NUMBER, Scope.ORDER)
def grand_total(order: Order) -> Value:
    """Grand total, in the website's currency."""
    return order.grand_total


@attribute("order.quantity", Kind.NUMBER, Scope.ORDER)
def quantity(order: Order) -> Value:
    """Total quantity ordered."""
    return order.quantity


@attribute("order.country", Kind.SELECT, Scope.ORDER, is_country=True)
def country(order: Order) -> Value:
    """Shipping country (ISO 3166 alpha-2)."""
    return order.country


@attribute("order.days_ago", Kind.NUMBER, Scope.ORDER, moves_with_day=True)
def days_ago(order: Order, today: date) -> Value:
    """Days since it was placed, 0 on the day itself."""
    return Decimal((today - order.created_on).days)
