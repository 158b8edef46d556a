"""What a condition can look at in a session and in what was done before.

Only who consents has a session here: of everybody else each of these is missing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.clocks import end_of_day
from gateway.personalize.context import Context
from gateway.personalize.operators import Kind, Value

_HOUR = timedelta(hours=1)


@attribute("session.landing_page", Kind.TEXT, Scope.SESSION)
def landing_page(context: Context) -> Value:
    """URL at which the latest visit began."""
    return context.history.landing_page


@attribute("session.referrer", Kind.TEXT, Scope.SESSION)
def referrer(context: Context) -> Value:
    """URL from which the latest visit came."""
    return context.history.referrer


@attribute("session.utm_source", Kind.TEXT, Scope.SESSION)
def utm_source(context: Context) -> Value:
    """UTM source of the latest visit."""
    return _utm(context, "source")


@attribute("session.utm_medium", Kind.TEXT, Scope.SESSION)
def utm_medium(context: Context) -> Value:
    """UTM medium of the latest visit."""
    return _utm(context, "medium")


@attribute("session.utm_campaign", Kind.TEXT, Scope.SESSION)
def utm_campaign(context: Context) -> Value:
    """UTM campaign of the latest visit."""
    return _utm(context, "name")


@attribute("session.utm_term", Kind.TEXT, Scope.SESSION)
def utm_term(context: Context) -> Value:
    """UTM term of the latest visit."""
    return _utm(context, "term")


@attribute("session.utm_content", Kind.TEXT, Scope.SESSION)
def utm_content(context: Context) -> Value:
    """UTM content of the latest visit."""
    return _utm(context, "content")


@attribute("session.device", Kind.SELECT, Scope.SESSION)
def device(context: Context) -> Value:
    """Device of this request: desktop, mobile, tablet or bot."""
    return context.client.device


@attribute("session.country", Kind.SELECT, Scope.SESSION, is_country=True)
def country(context: Context) -> Value:
    """Country this request comes from (ISO 3166 alpha-2), as a trusted proxy says."""
    return context.client.country


@attribute("session.visits", Kind.NUMBER, Scope.SESSION)
def visits(context: Context) -> Value:
    """Number of visits."""
    return Decimal(context.history.visits)


@attribute("session.page_views", Kind.NUMBER, Scope.SESSION)
def page_views(context: Context) -> Value:
    """Number of pages viewed."""
    return Decimal(context.history.page_views)


@attribute("session.searches", Kind.MULTISELECT, Scope.SESSION)
def searches(context: Context) -> Value:
    """What was searched for: whole searches, and each of their words."""
    whole = context.history.searches
    words = (word for search in whole for word in search.split())
    return tuple(dict.fromkeys((*whole, *words)))


# It is a category of the last days, whatever else happens.
@attribute("session.top_category", Kind.CATEGORY, Scope.SESSION, clock=end_of_day)
def top_category(context: Context) -> Value:
    """The most viewed category of the last days, and those above it."""
    return context.top_category


def next_hour_of_cart(context: Context) -> datetime | None:
    """Strike when one more hour is full since the cart was changed."""
    hours = _hours_since_change(context)
    changed_at = context.cart.changed_at
    if hours is None or changed_at is None:
        return None
    return changed_at + (hours + 1) * _HOUR


@attribute(
    "cart.hours_since_change", Kind.NUMBER, Scope.SESSION, clock=next_hour_of_cart
)
def hours_since_change(context: Context) -> Value:
    """Full hours since the kept cart was changed; missing while it is empty."""
    hours = _hours_since_change(context)
    return None if hours is None else Decimal(hours)


def _hours_since_change(context: Context) -> int | None:
    changed_at = context.cart.changed_at
    if changed_at is None or not context.cart.items:
        return None
    # The clock that noted the change may be ahead of ours.
    return max(0, (context.at - changed_at) // _HOUR)


def _utm(context: Context, name: str) -> Value:
    return dict(context.history.campaign).get(name)
