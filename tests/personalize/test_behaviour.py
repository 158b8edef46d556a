"""Behaviour: gated by consent, and ended by time to the instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import rulebook
from gateway.personalize.attributes import ATTRIBUTES, Attributes, Scope
from gateway.personalize.clocks import earliest
from gateway.personalize.context import Cart, Context, Website
from gateway.personalize.decide import Decision
from gateway.personalize.history import History, OrderedProduct, ViewedProduct
from gateway.personalize.operators import OPERATORS
from gateway.personalize.products import Catalogue
from gateway.personalize.rulebook import Row, Rows, RuleBook
from tests.factories import (
    NOW,
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    a_customer,
    a_product,
    a_segment,
    an_item,
)
from tests.personalize.test_attributes import SESSION

MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
BEHAVIOUR = [row for row in ATTRIBUTES.values() if row.scope is Scope.SESSION]


def a_book(
    tree: Any, timezone: str = "UTC", applies_to: str = "registered"
) -> RuleBook:
    """A rule book of one segment, on a website of that time zone."""
    named = {"key": "s", "name": "S", "websites": ["base"], "applies_to": applies_to}
    book = rulebook.compile(
        Website("base", timezone),
        Rows(segments=[Row(1, {**named, "conditions": tree})]),
        Attributes(),
    )
    assert not book.faults
    return book


def is_in(book: RuleBook, context: Context) -> bool:
    return bool(Decision(context, book).segments)


# Consent --------------------------------------------------------------------------


def test_without_consent_every_attribute_of_a_session_is_missing() -> None:
    for row in BEHAVIOUR:
        code = "DE" if row.is_country else "x"
        wanted: Any = [code] if row.kind.takes_list else code
        is_not = "does_not_contain" if row.kind.takes_list else "is_not"
        if "number" in row.kind:
            wanted = 99
        segment = a_segment(conditions=a_comparison(row.key, is_not, wanted))
        at_all = [
            a_segment(conditions=a_comparison(row.key, operator, wanted))
            for operator in ("is", "at_least", "at_most", "contains", "is_one_of")
            if row.kind in OPERATORS[operator].kinds
        ]

        unknown = a_context(SESSION.cart, history=SESSION.history)

        assert segment.matches(unknown), row.key
        assert not any(one.matches(unknown) for one in at_all), row.key


def test_with_consent_every_attribute_of_a_session_is_there() -> None:
    assert len(BEHAVIOUR) == 14
    for row in BEHAVIOUR:
        assert row.read(SESSION) not in {None, ()}, row.key


def test_what_was_viewed_is_looked_into_with_consent_only() -> None:
    history = History(viewed=(ViewedProduct("mug", date(2026, 3, 9)),))
    segment = a_segment(conditions={"found": "products.viewed"})

    assert segment.matches(a_context(history=history, consents=True))
    assert not segment.matches(a_context(history=history))


def test_what_was_ordered_needs_no_consent() -> None:
    line = OrderedProduct("mug", date(2026, 3, 9), Decimal(1), "complete")
    customer = a_customer(ordered=(line,))
    segment = a_segment(
        applies_to="registered", conditions={"found": "products.ordered"}
    )

    assert segment.matches(a_context(customer=customer))
    assert segment.matches(a_context(customer=customer, consents=True))


def test_a_customer_keeps_to_what_their_own_session_tells() -> None:
    segment = a_segment(
        applies_to="registered", conditions=a_comparison("session.visits", "is", 3)
    )
    customer = a_customer()

    assert segment.matches(
        a_context(customer=customer, history=SESSION.history, consents=True)
    )
    assert not segment.matches(a_context(customer=customer, consents=True))


def test_a_cart_price_rule_can_look_at_behaviour() -> None:
    rule = a_cart_price_rule(
        conditions={
            "all": [
                {"attribute": "session.utm_source", "operator": "is", "value": "news"},
                {"found": "products.viewed", **a_comparison("viewed.views", "is", 1)},
            ]
        }
    )

    assert rule.condition.holds(SESSION)
    assert not rule.condition.holds(a_context(history=SESSION.history))


# Time -----------------------------------------------------------------------------

VIEWED_30 = {
    "found": "products.viewed",
    **a_comparison("viewed.days_ago", "at_most", 30),
}
ORDERED_30 = {
    "found": "products.ordered",
    **a_comparison("ordered.days_ago", "at_most", 30),
}
TOP = a_comparison("session.top_category", "is_one_of", ["gear"])
MUGS = Catalogue.of([a_product("mug", categories=("gear/cups",))])

# The last instant of the 30th day after a day, where it ends as it does anywhere; after
# a night that loses an hour, or a day that wins one; where a clock change skips the
# midnight, and where it brings the hour before midnight twice.
ENDS = [
    ("UTC", "2026-03-09", "2026-04-09T00:00:00"),
    ("Europe/Berlin", "2026-02-27", "2026-03-29T22:00:00"),
    ("Europe/Berlin", "2026-09-25", "2026-10-25T23:00:00"),
    ("Asia/Beirut", "2026-02-26", "2026-03-28T22:00:00"),
    ("America/Sao_Paulo", "2018-10-04", "2018-11-04T03:00:00"),
    ("America/Sao_Paulo", "2018-01-18", "2018-02-18T03:00:00"),
]


@pytest.mark.parametrize("tree", [VIEWED_30, ORDERED_30, TOP])
@pytest.mark.parametrize(("timezone", "day", "ends"), ENDS)
def test_30_days_ago_ends_with_the_websites_day(
    tree: dict[str, Any], timezone: str, day: str, ends: str
) -> None:
    book = a_book(tree, timezone)
    done, end = date.fromisoformat(day), datetime.fromisoformat(ends + "Z")
    context = a_context(
        website=book.website,
        catalogue=MUGS,
        consents=True,
        history=History(viewed=(ViewedProduct("mug", done),)),
        customer=a_customer(
            ordered=(OrderedProduct("mug", done, Decimal(1), "complete"),)
        ),
    )

    at = end - timedelta(hours=30)
    looked = []
    while at < end + HOUR:
        decision = Decision(_at(context, at), book)
        looked.append((at, bool(decision.segments)))
        assert decision.valid_until is not None
        # What was true at first is true up to the very instant that was told.
        last = _at(context, decision.valid_until - MOMENT)
        assert is_in(book, last) is bool(decision.segments)
        at = decision.valid_until

    assert end in {at for at, _ in looked}
    assert all(found is (at < end) for at, found in looked)


def test_a_view_ends_no_answer_where_no_condition_looks_at_the_day() -> None:
    book = a_book({"found": "products.viewed"}, applies_to="both")
    history = History(viewed=(ViewedProduct("mug", date(2026, 3, 9)),))

    assert Decision(a_context(history=history), book).valid_until is None


def test_an_abandoned_cart_ends_answers_with_each_full_hour() -> None:
    book = a_book(a_comparison("cart.hours_since_change", "at_least", 2), "UTC", "both")
    changed_at = NOW - timedelta(minutes=90)
    cart = a_cart(an_item("mug"), changed_at=changed_at)
    context = a_context(cart, consents=True)
    full = changed_at + 2 * HOUR

    before = Decision(context, book)

    assert before.segments == ()
    assert before.valid_until == full
    assert not is_in(book, _at(context, full - MOMENT))
    after = Decision(_at(context, full), book)
    assert [one.key for one in after.segments] == ["s"]
    assert after.valid_until == full + HOUR


@pytest.mark.parametrize(
    "cart",
    [
        pytest.param(Cart(), id="none"),
        pytest.param(a_cart(changed_at=NOW), id="empty"),
        pytest.param(a_cart(an_item("mug")), id="not kept"),
    ],
)
def test_what_is_not_abandoned_ends_no_answer(cart: Cart) -> None:
    book = a_book(a_comparison("cart.hours_since_change", "at_most", 9), "UTC", "both")

    decision = Decision(a_context(cart, consents=True), book)

    assert decision.segments == ()
    assert decision.valid_until is None


def test_a_cart_that_was_changed_in_our_future_was_changed_just_now() -> None:
    ahead = NOW + timedelta(seconds=5)
    row = ATTRIBUTES["cart.hours_since_change"]
    context = a_context(a_cart(an_item("mug"), changed_at=ahead))

    assert row.read(context) == 0
    assert earliest(clock(context) for clock in row.clocks) == ahead + HOUR


def test_only_what_asks_for_it_makes_a_rule_book_ask_what_was_ordered() -> None:
    asks = [
        a_book(tree).asks_what_was_ordered
        for tree in (
            None,
            VIEWED_30,
            {"found": "customer.orders"},
            ORDERED_30,
            {"any": [TOP, {"all": [{"not_found": "products.ordered"}]}]},
            {"sum": "ordered.quantity", "operator": "at_least", "value": 3},
        )
    ]

    assert asks == [False, False, False, True, True, True]


def _at(context: Context, at: datetime) -> Context:
    return Context(
        at=at.astimezone(UTC),
        website=context.website,
        customer=context.customer,
        cart=context.cart,
        catalogue=context.catalogue,
        history=context.history,
        consents=context.consents,
    )
