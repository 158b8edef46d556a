"""What a condition can look at in products that were viewed or ordered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.history import OrderedProduct, ViewedProduct
from gateway.personalize.operators import Kind, Value


@attribute("viewed.on", Kind.DATE, Scope.VIEWED)
def viewed_on(viewed: ViewedProduct) -> Value:
    """The day it was viewed, in the website's time zone."""
    return viewed.day


@attribute("viewed.days_ago", Kind.NUMBER, Scope.VIEWED, moves_with_day=True)
def viewed_days_ago(viewed: ViewedProduct, today: date) -> Value:
    """Days since it was viewed, 0 on the day itself."""
    return Decimal((today - viewed.day).days)


@attribute("viewed.views", Kind.NUMBER, Scope.VIEWED)
def views(viewed: ViewedProduct) -> Value:
    """How often it was viewed on that day."""
    return Decimal(viewed.views)


@attribute("ordered.on", Kind.DATE, Scope.ORDERED)
def ordered_on(ordered: OrderedProduct) -> Value:
    """The day it was ordered, in the website's time zone."""
    return ordered.day


@attribute("ordered.days_ago", Kind.NUMBER, Scope.ORDERED, moves_with_day=True)
def ordered_days_ago(ordered: OrderedProduct, today: date) -> Value:
    """Days since it was ordered, 0 on the day itself."""
    return Decimal((today - ordered.day).days)


@attribute("ordered.quantity", Kind.NUMBER, Scope.ORDERED)
def ordered_quantity(ordered: OrderedProduct) -> Value:
    """Quantity of that line of the order."""
    return ordered.quantity


@attribute("ordered.status", Kind.SELECT, Scope.ORDERED)
def ordered_status(ordered: OrderedProduct) -> Value:
    """Status of the order."""
    return ordered.status
