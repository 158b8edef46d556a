"""Make a shopper's history of what they do, one event after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from gateway.personalize import schedule
from gateway.personalize.events.effects import Behaviour, Searched, Seen, Visited
from gateway.personalize.history import History, ViewedProduct

_CAMPAIGN = "utm_"
_NAMED = {"campaign": "name"}
_CAMPAIGN_LENGTH = 255


@dataclass(frozen=True)
class Bounds:
    """What of a shopper is kept.

    A visit ends with a *pause* without events. Of products that were viewed and of
    searches the latest are kept, and none of before *keeps_days* ago. What a visitor's
    session tells is *late* for so long after its login, and then a visitor's again.
    """

    pause: timedelta = timedelta(minutes=30)
    viewed: int = 500
    searches: int = 50
    keeps_days: int = 395
    late: timedelta = timedelta(minutes=5)


class Step(NamedTuple):
    """What a shopper did, and when."""

    at: datetime
    effect: Behaviour


def after(
    history: History, steps: Iterable[Step], timezone: str, bounds: Bounds
) -> History:
    """Give the history after *steps*, whatever their order.

    What arrives late is counted on its own day, and begins no visit; of the pages of
    the latest visit, the one that was loaded first is where it landed.
    """
    seen: list[ViewedProduct] = []
    for step in sorted(steps, key=lambda step: step.at):
        history = _arrived(history, step.at, bounds.pause)
        match step.effect:
            case Visited(url, referrer):
                history = _landed(history, step.at, url, referrer)
            case Searched(phrase):
                history = _searched(history, (phrase.casefold(),))
            case Seen(skus):
                day = schedule.day_of(step.at, timezone)
                seen[:0] = [ViewedProduct(sku, day) for sku in skus]
            case _:
                pass
    return _bounded(replace(history, viewed=_summed(seen, history.viewed)), bounds)


def joined(customer: History, visitor: History, bounds: Bounds) -> History:
    """Give the customer's history with that of the visitor they were until now.

    The latest visit is whichever of the two was seen last.
    """
    latest = visitor if _is_later(visitor, customer) else customer
    together = replace(
        latest,
        visits=customer.visits + visitor.visits,
        page_views=customer.page_views + visitor.page_views,
        viewed=_summed(visitor.viewed, customer.viewed),
    )
    first, second = (visitor, customer) if latest is visitor else (customer, visitor)
    searched = replace(together, searches=second.searches)
    return _bounded(_searched(searched, first.searches), bounds)


def _is_later(one: History, other: History) -> bool:
    if one.last_at is None or other.last_at is None:
        return one.last_at is not None
    return one.last_at >= other.last_at


def _arrived(history: History, at: datetime, pause: timedelta) -> History:
    last = history.last_at
    if last is None or at > last + pause:
        return replace(
            history,
            visits=history.visits + 1,
            landing_page=None,
            referrer=None,
            campaign=(),
            last_at=at,
            began_at=at,
            landed_at=None,
        )
    began = history.began_at
    if began is not None and began - pause <= at < began:
        history = replace(history, began_at=at)
    return replace(history, last_at=max(last, at))


def _landed(
    history: History, at: datetime, url: str | None, referrer: str | None
) -> History:
    history = replace(history, page_views=history.page_views + 1)
    if url is None or not _is_first(history, at):
        return history
    return replace(
        history,
        landing_page=url,
        referrer=referrer,
        campaign=_campaign_in(url),
        landed_at=at,
    )


def _is_first(history: History, at: datetime) -> bool:
    """Whether a page that was loaded *at* an instant is the latest visit's first."""
    if history.began_at is not None and at < history.began_at:
        return False
    if history.landing_page is None:
        return True
    return history.landed_at is not None and at < history.landed_at


def _campaign_in(url: str) -> tuple[tuple[str, str], ...]:
    try:
        parameters = parse_qsl(urlsplit(url).query)
    except ValueError:
        return ()
    found: dict[str, str] = {}
    for name, value in parameters:
        word = name.lower().removeprefix(_CAMPAIGN)
        if name.lower().startswith(_CAMPAIGN) and word:
            found.setdefault(_NAMED.get(word, word), value[:_CAMPAIGN_LENGTH])
    return tuple(found.items())


def _searched(history: History, phrases: Sequence[str]) -> History:
    return replace(
        history, searches=tuple(dict.fromkeys((*phrases, *history.searches)))
    )


def _summed(
    one: Iterable[ViewedProduct], other: Iterable[ViewedProduct]
) -> tuple[ViewedProduct, ...]:
    """Add up views by product and day; the latest day first, and then as in *one*."""
    views: dict[tuple[date, str], int] = {}
    for viewed in (*one, *other):
        key = viewed.day, viewed.sku
        views[key] = views.get(key, 0) + viewed.views
    days = sorted(views.items(), key=lambda item: item[0][0], reverse=True)
    return tuple(ViewedProduct(sku, day, count) for (day, sku), count in days)


def _bounded(history: History, bounds: Bounds) -> History:
    if history.last_at is None:
        return history
    oldest = history.last_at.date() - timedelta(days=bounds.keeps_days)
    viewed = tuple(one for one in history.viewed if one.day >= oldest)
    return replace(
        history,
        searches=history.searches[: bounds.searches],
        viewed=viewed[: bounds.viewed],
    )
