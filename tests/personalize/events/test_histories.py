"""What is made of behaviour: visits, views by day, searches, and two made one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from gateway.personalize.events import Bounds, Step, histories
from gateway.personalize.events.effects import (
    Acted,
    Behaviour,
    Searched,
    Seen,
    Visited,
)
from gateway.personalize.history import NO_HISTORY, History, ViewedProduct
from tests.factories import NOW

DAY = date(2026, 3, 10)


def step(minutes: float, effect: Behaviour | None = None) -> Step:
    return Step(NOW + timedelta(minutes=minutes), effect or Acted())


def after(*steps: Step, before: History = NO_HISTORY, **bounds: Any) -> History:
    return histories.after(before, steps, "Europe/Berlin", Bounds(**bounds))


def test_a_visit_ends_with_a_pause_of_more_than_half_an_hour() -> None:
    assert after(step(0), step(30)).visits == 1
    assert after(step(0), step(30.1)).visits == 2


def test_a_visit_begins_with_the_page_that_was_loaded_first() -> None:
    first = Visited("https://shop/?UTM_Source=mail&utm_campaign=may&x=1", "https://a/")

    found = after(step(0), step(1, first), step(2, Visited("https://shop/cart")))

    assert found.landing_page == first.url
    assert found.referrer == "https://a/"
    assert found.campaign == (("source", "mail"), ("name", "may"))
    assert found.page_views == 2


def test_the_next_visit_has_nothing_of_the_one_before_but_its_counts() -> None:
    first = step(0, Visited("https://shop/?utm_source=mail", "https://a/"))

    found = after(first, step(31))

    assert (found.landing_page, found.referrer, found.campaign) == (None, None, ())
    assert (found.visits, found.page_views) == (2, 1)


@pytest.mark.parametrize("url", ["https://[", "", "//", "https://shop/?utm_=1&utm_a"])
def test_a_landing_page_may_be_anything(url: str) -> None:
    found = after(step(0, Visited(url)))

    assert (found.landing_page, found.campaign) == (url, ())


def test_views_are_counted_by_product_and_day_of_the_website() -> None:
    late = datetime.fromisoformat("2026-03-10T23:30:00+00:00")

    found = after(
        step(0, Seen(("mug", "pot"))),
        step(1, Seen(("mug",))),
        Step(late, Seen(("mug",))),
    )

    assert found.viewed == (
        ViewedProduct("mug", date(2026, 3, 11), 1),
        ViewedProduct("mug", DAY, 2),
        ViewedProduct("pot", DAY, 1),
    )


def test_searches_are_distinct_and_the_latest_is_first() -> None:
    phrases = ("Mug", "pot", "MUG")

    found = after(*(step(at, Searched(text)) for at, text in enumerate(phrases)))

    assert found.searches == ("mug", "pot")


def test_the_latest_is_kept_of_what_is_too_much() -> None:
    viewed = [step(at, Seen((f"sku-{at}",))) for at in range(3)]
    searched = [step(at, Searched(str(at))) for at in range(3)]

    found = after(*viewed, *searched, viewed=2, searches=1)

    assert [one.sku for one in found.viewed] == ["sku-2", "sku-1"]
    assert found.searches == ("2",)


def test_what_is_too_old_is_left_out() -> None:
    before = replace(NO_HISTORY, viewed=(ViewedProduct("old", date(2026, 3, 7)),))

    assert after(step(0), before=before, keeps_days=2).viewed == ()
    assert after(step(0), before=before, keeps_days=3).viewed == before.viewed


def test_it_does_not_matter_in_which_order_a_visits_events_arrive() -> None:
    steps = [
        step(0, Seen(("mug",))),
        step(5, Visited("/?utm_source=mail", "https://a/")),
        step(10, Visited("/cart", "/")),
        step(20, Searched("mug")),
    ]

    found = set()
    for one_after_the_other in permutations(steps):
        history = NO_HISTORY
        for each in one_after_the_other:
            history = after(each, before=history)
        found.add(history)

    assert found == {after(*steps)}
    assert {each.landing_page for each in found} == {"/?utm_source=mail"}


def test_a_page_of_a_visit_before_is_not_where_the_latest_has_landed() -> None:
    before = after(step(0), step(100, Seen(("mug",))))
    late = step(10, Visited("/?utm_source=mail", "https://a/"))

    found = after(late, before=before)

    assert (found.landing_page, found.campaign, found.page_views) == (None, (), 1)
    assert after(step(101, Visited("/b")), before=found).landing_page == "/b"


def test_of_a_history_without_its_beginning_the_landing_page_stays() -> None:
    before = replace(
        after(step(0, Visited("/a"))), began_at=None, landed_at=None, visits=7
    )

    found = after(step(-1, Visited("/b")), before=before)

    assert (found.landing_page, found.visits, found.last_at) == ("/a", 7, NOW)


def test_what_is_late_is_counted_and_begins_no_visit() -> None:
    found = after(step(-600, Seen(("mug",))), before=after(step(0)))

    assert (found.visits, found.last_at) == (1, NOW)
    assert found.viewed == (ViewedProduct("mug", DAY, 1),)


def test_a_visitors_history_is_added_to_the_customers() -> None:
    customer = after(step(-999, Visited("/a")), step(-998, Seen(("mug",))))
    customer = after(step(-997, Searched("mug")), before=customer)
    visitor = after(step(0, Visited("/b", "/c")), step(1, Seen(("mug", "pot"))))
    visitor = after(step(2, Searched("pot")), before=visitor)

    found = histories.joined(customer, visitor, Bounds())

    assert found == History(
        landing_page="/b",
        referrer="/c",
        visits=2,
        page_views=2,
        searches=("pot", "mug"),
        viewed=(
            ViewedProduct("mug", DAY, 1),
            ViewedProduct("pot", DAY, 1),
            ViewedProduct("mug", date(2026, 3, 9), 1),
        ),
        last_at=NOW + timedelta(minutes=2),
        began_at=NOW,
        landed_at=NOW,
    )


def test_a_customer_who_was_here_later_stays_in_their_own_visit() -> None:
    customer, visitor = after(step(9, Visited("/a"))), after(step(0, Visited("/b")))

    assert histories.joined(customer, visitor, Bounds()).landing_page == "/a"
    assert histories.joined(NO_HISTORY, visitor, Bounds()) == visitor
