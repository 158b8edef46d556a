"""What changes with the calendar, by moving the clock over it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import rulebook
from gateway.personalize.attributes import ATTRIBUTES, Attributes
from gateway.personalize.context import Order, Website
from gateway.personalize.decide import Decision
from gateway.personalize.operators import Value
from gateway.personalize.rulebook import Row, Rows, RuleBook
from tests.factories import (
    a_comparison,
    a_context,
    a_customer,
    a_segment,
)

MOMENT = timedelta(microseconds=1)


def days(written: str) -> date:
    return date.fromisoformat(written)


def of(key: str, today: str, **customer: Any) -> Value:
    """What the attribute *key* of a customer is *today*."""
    row = ATTRIBUTES[key]
    return row.read(a_customer(**customer), *([days(today)] * row.moves_with_day))


def an_order(placed: str, status: str = "complete") -> Order:
    return Order(status, days(placed), Decimal(10), Decimal(1))


def a_book(
    *trees: Any, timezone: str = "UTC", rules: tuple[dict[str, Any], ...] = ()
) -> RuleBook:
    """A rule book of registered customers' segments, one for each of *trees*."""
    named = {"name": "Any", "websites": ["base"]}
    segments = [
        Row(
            at,
            {**named, "key": f"s{at}", "applies_to": "registered", "conditions": tree},
        )
        for at, tree in enumerate(trees)
    ]
    cart_price_rules = [Row(at, {**named, **rule}) for at, rule in enumerate(rules)]
    book = rulebook.compile(
        Website("base", timezone),
        Rows(segments=segments, cart_price_rules=cart_price_rules),
        Attributes(),
    )
    assert not book.faults
    return book


@pytest.mark.parametrize(
    ("born", "today", "until", "age"),
    [
        ("1990-05-01", "2026-04-30", 1, 35),
        ("1990-05-01", "2026-05-01", 0, 36),
        ("1990-05-01", "2026-05-02", 364, 36),
        ("1990-01-01", "2026-12-31", 1, 36),
        ("2000-02-29", "2027-02-28", 1, 26),
        ("2000-02-29", "2027-03-01", 0, 27),
        ("2000-02-29", "2027-03-02", 364, 27),
        ("2000-02-29", "2028-02-28", 1, 27),
        ("2000-02-29", "2028-02-29", 0, 28),
        ("2000-02-29", "2028-03-01", 365, 28),
        ("2000-03-01", "2027-02-28", 1, 26),
        ("2026-03-10", "2026-03-10", 0, 0),
    ],
)
def test_a_birthday_comes_once_a_year(
    born: str, today: str, until: int, age: int
) -> None:
    birth = days(born)

    assert of("customer.days_until_birthday", today, date_of_birth=birth) == until
    assert of("customer.age", today, date_of_birth=birth) == age


def test_nobody_has_an_age_before_birth() -> None:
    assert of("customer.age", "2026-03-10", date_of_birth=days("2026-03-11")) is None


@pytest.mark.parametrize(
    "key",
    [
        "customer.days_until_birthday",
        "customer.age",
        "customer.days_since_registration",
        "customer.days_since_last_order",
        "customer.days_between_orders",
    ],
)
def test_of_an_account_that_says_nothing_every_number_of_days_is_missing(
    key: str,
) -> None:
    assert of(key, "2026-03-10") is None


def test_days_between_orders_need_two_orders() -> None:
    first, second, third = map(an_order, ("2026-01-01", "2026-01-02", "2026-01-11"))
    key = "customer.days_between_orders"

    assert of(key, "2026-03-10", orders=(first,)) is None
    assert of(key, "2026-03-10", orders=(first, first)) == 0
    assert of(key, "2026-03-10", orders=(third, first, second)) == 5


UP_TO_30_DAYS_AGO = {
    "count": "customer.orders",
    "operator": "at_least",
    "value": 1,
    "all": [
        {"attribute": "order.days_ago", "operator": "at_most", "value": 30},
        {"attribute": "order.status", "operator": "is", "value": "complete"},
    ],
}


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(UP_TO_30_DAYS_AGO, id="count"),
        pytest.param(
            {
                "found": "customer.orders",
                **a_comparison("order.days_ago", "at_most", 30),
            },
            id="found",
        ),
        pytest.param(
            {
                "sum": "order.grand_total",
                "operator": "at_least",
                "value": 10,
                **a_comparison("order.days_ago", "at_most", 30),
            },
            id="sum",
        ),
        pytest.param(
            {"average": "order.days_ago", "operator": "at_most", "value": 30},
            id="average",
        ),
        pytest.param(
            a_comparison("customer.days_since_last_order", "at_most", 30), id="last"
        ),
    ],
)
@pytest.mark.parametrize(
    ("timezone", "last"),
    [
        ("UTC", datetime(2026, 4, 9, 0, 0, tzinfo=UTC)),
        # 29 March 2026 has 23 hours in Berlin; it is counted as a day all the same.
        ("Europe/Berlin", datetime(2026, 4, 8, 22, 0, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 4, 8, 12, 0, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 4, 9, 7, 0, tzinfo=UTC)),
    ],
)
def test_up_to_30_days_ago_ends_with_the_websites_thirtieth_day(
    tree: dict[str, Any], timezone: str, last: datetime
) -> None:
    book = a_book(tree, timezone=timezone)
    customer = a_customer(orders=(an_order("2026-03-09"),))

    def decision(at: datetime) -> Decision:
        return Decision(a_context(at=at, website=book.website, customer=customer), book)

    before, after = decision(last - MOMENT), decision(last)
    assert [one.key for one in before.segments] == ["s0"]
    assert before.valid_until == last
    assert after.segments == ()


def test_a_birthday_is_the_websites_own_day() -> None:
    segment = a_segment(
        applies_to="registered",
        conditions=a_comparison("customer.days_until_birthday", "is", 0),
    )
    customer = a_customer(date_of_birth=days("1990-03-11"))
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)

    assert not segment.matches(a_context(at=late, customer=customer))
    assert segment.matches(
        a_context(at=late, website=Website("base", "Europe/Berlin"), customer=customer)
    )


def test_a_visitor_has_no_age() -> None:
    rule = {
        "key": "young",
        "amount": 10,
        "action": "by_percent",
        "conditions": a_comparison("customer.age", "less_than", 30),
    }
    book = a_book(rules=(rule,))

    condition = book.cart_price_rules[0].condition

    assert not condition.holds(a_context())
    young = a_customer(date_of_birth=days("2000-01-01"))
    assert condition.holds(a_context(customer=young))


MOVING = {
    "comparison": a_comparison("customer.age", "at_least", 18),
    "deep": {"any": [{"all": [a_comparison("customer.age", "at_least", 18)]}]},
    "found": {
        "found": "customer.orders",
        **a_comparison("order.days_ago", "at_most", 3),
    },
    "not found": {
        "not_found": "customer.orders",
        **a_comparison("order.days_ago", "at_most", 3),
    },
    "count": UP_TO_30_DAYS_AGO,
    "measure": {"average": "order.days_ago", "operator": "at_most", "value": 9},
}
STILL = {
    "comparison": a_comparison("customer.days_between_orders", "at_most", 9),
    "a day": a_comparison("customer.date_of_birth", "at_most", "2000-01-01"),
    "found": {
        "found": "customer.orders",
        **a_comparison("order.created_at", "at_least", "2026-01-01"),
    },
    "measure": {"average": "order.grand_total", "operator": "at_most", "value": 9},
    "an item": {
        "found": "cart.items",
        **a_comparison("item.quantity", "at_least", 3),
    },
    "nothing": None,
}


@pytest.mark.parametrize("tree", MOVING.values(), ids=MOVING)
def test_an_answer_ends_with_the_day_where_a_condition_looks_at_it(
    tree: dict[str, Any],
) -> None:
    book = a_book(tree)

    decision = Decision(a_context(), book)

    assert decision.valid_until == datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize("tree", STILL.values(), ids=STILL)
def test_an_answer_holds_on_where_no_condition_looks_at_the_day(
    tree: dict[str, Any] | None,
) -> None:
    book = a_book(tree)

    assert Decision(a_context(), book).valid_until is None


def test_a_cart_price_rule_that_looks_at_the_day_ends_answers_with_it() -> None:
    rule = {"key": "rule", "action": "by_percent", "amount": 10, "from": "2026-03-10"}
    looking = {**rule, "conditions": a_comparison("customer.age", "at_least", 18)}
    earlier = {**rule, "key": "brief", "to": "2026-03-10"}

    book = a_book(rules=(looking,), timezone="Europe/Berlin")
    both = a_book(rules=(looking, earlier))

    in_berlin = Decision(a_context(website=book.website), book)
    assert in_berlin.valid_until == datetime(2026, 3, 10, 23, tzinfo=UTC)
    in_utc = Decision(a_context(website=both.website), both)
    assert in_utc.valid_until == datetime(2026, 3, 11, tzinfo=UTC)


def test_a_day_that_begins_without_a_midnight_ends_an_answer_all_the_same() -> None:
    book = a_book(MOVING["comparison"], timezone="America/Santiago")
    at = datetime(2026, 9, 6, 3, 59, 59, tzinfo=UTC)

    decision = Decision(a_context(at=at, website=book.website), book)

    assert decision.valid_until == datetime(2026, 9, 6, 4, tzinfo=UTC)
