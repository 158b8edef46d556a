"""Segments of visitors that keep whoever logs in, for the session and nobody else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway import expiry
from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.history import Client
from gateway.resolvers.remembered_segments import LONGEST
from gateway.resolvers.visits import Visit
from gateway.storage import remembered_segments
from gateway.storage.errors import Unavailable
from gateway.storage.opened import Storage
from tests.factories import NOW, a_comparison
from tests.resolvers.conftest import Visiting, segments
from tests.rows import Shop

FULL = MirroredCart(lines=(Line("mug", Decimal(3)),))
EMPTY = MirroredCart()
MOMENT = timedelta(microseconds=1)
HELD = "select jsonb_object_agg(session, segments) from remembered_segments"


@pytest.fixture(autouse=True)
async def _segments(
    shop: Shop,
    storage: Storage,  # noqa: ARG001 - It has made the website.
) -> None:
    full = a_comparison("cart.quantity", "at_least", 3)
    await shop.segment("full", full, applies_to="visitor", keeps_after_login=True)
    await shop.segment("full-now", full, applies_to="visitor")


def login(visiting: Visiting, customer_id: str = "1", **also: Any) -> Visit:
    return visiting(customer_id, "customer", visitor_session="visitor", **also)


async def test_a_login_ends_segments_of_visitors_but_those_that_keep(
    visiting: Visiting,
) -> None:
    before = await segments(visiting(session="visitor"), cart=FULL)

    at_login = await segments(login(visiting))
    later = await segments(visiting("1", "customer"))

    assert before == ["full", "full-now"]
    assert at_login == ["full"]
    assert later == ["full"]


async def test_who_has_left_a_segment_before_the_login_is_not_kept(
    visiting: Visiting, shop: Shop
) -> None:
    # The second full cart comes out of the cache, and is remembered none the less.
    for cart, held in ((FULL, ["full"]), (EMPTY, None), (FULL, ["full"])):
        await segments(visiting(session="visitor"), cart=cart)
        kept = await shop.value(HELD)
        assert (kept or {}).get("visitor") == held
    await segments(visiting(session="visitor"), cart=EMPTY)

    assert await segments(login(visiting)) == []
    assert await shop.value(HELD) is None


async def test_a_logout_ends_it(visiting: Visiting) -> None:
    await segments(visiting(session="visitor"), cart=FULL)
    await segments(login(visiting))

    out = await segments(visiting(session="another visitor"))
    back = await segments(visiting("1", "another", visitor_session="another visitor"))

    assert (out, back) == ([], [])


async def test_another_customer_inherits_nothing(visiting: Visiting) -> None:
    await segments(visiting(session="visitor"), cart=FULL)
    await segments(login(visiting))

    # With the visitor's session, which has ended, or with the customer's id.
    again = visiting("2", "other", visitor_session="visitor")
    theirs = visiting("2", "customer")

    assert await segments(again) == []
    assert await segments(theirs) == []
    assert await segments(visiting(session="customer")) == []


async def test_two_requests_of_one_login_both_keep(visiting: Visiting) -> None:
    await segments(visiting(session="visitor"), cart=FULL)

    found = [
        await segments(visiting("1", session, visitor_session="visitor"))
        for session in ("first", "second")
    ]

    assert found == [["full"], ["full"]]


async def test_it_is_kept_for_a_day_at_most(visiting: Visiting) -> None:
    await segments(visiting(session="visitor"), cart=FULL)
    decision = await login(visiting).decision()

    found = [
        await segments(visiting("1", "customer", at=at))
        for at in (NOW + LONGEST - MOMENT, NOW + LONGEST)
    ]

    assert decision.valid_until == NOW + LONGEST
    assert found == [["full"], []]


async def test_a_visitor_who_comes_back_after_a_day_is_remembered_anew(
    visiting: Visiting,
) -> None:
    for at in (NOW, NOW + LONGEST):
        await segments(visiting(session="visitor", at=at), cart=FULL)

    assert await segments(login(visiting, at=NOW + LONGEST)) == ["full"]


async def test_what_is_remembered_is_written_only_when_it_changes(
    visiting: Visiting, shop: Shop
) -> None:
    rows = "select array_agg(xmin::text) from remembered_segments"
    await segments(visiting(session="visitor"), cart=FULL)
    written = await shop.value(rows)

    for lines in (3, 4, 5):
        cart = MirroredCart(lines=(Line("mug", Decimal(lines)),))
        await segments(visiting(session="visitor"), cart=cart)

    assert len(written) == 1
    assert await shop.value(rows) == written


async def test_a_session_is_remembered_on_each_website_by_itself(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.website("other")
    await segments(visiting(session="visitor"), cart=FULL)

    elsewhere = await segments(login(visiting, website="other"))

    assert elsewhere == []
    assert await segments(login(visiting)) == ["full"]


@pytest.mark.parametrize(
    "change",
    [
        "update segment set keeps_after_login = false",
        "update segment set active = false",
        "update segment set to_day = '2026-03-09'",
        "delete from segment",
    ],
)
async def test_a_segment_that_keeps_no_longer_ends_in_the_next_answer(
    visiting: Visiting, shop: Shop, change: str
) -> None:
    await segments(visiting(session="visitor"), cart=FULL)
    assert await segments(login(visiting)) == ["full"]

    await shop.execute(change)

    assert await segments(visiting("1", "customer")) == []


@pytest.mark.parametrize("change", ["active = true", "active = false"])
async def test_what_was_seen_with_consent_keeps_nobody_without_it(
    visiting: Visiting, shop: Shop, change: str
) -> None:
    on_phones = a_comparison("session.device", "is", "mobile")
    await shop.segment("on-phones", on_phones, applies_to="visitor")
    asks = a_comparison("customer.segment", "is_one_of", ["on-phones"])
    await shop.segment("asks", asks, applies_to="visitor", keeps_after_login=True)
    phone = Client("mobile")
    await segments(visiting(session="visitor", consents=True, client=phone))

    await shop.execute(f"update segment set {change} where key = 'on-phones'")

    assert await segments(login(visiting, consents=True)) == ["asks"]
    assert await segments(visiting("1", "customer")) == []


async def test_a_cart_price_rule_can_ask_for_it_after_the_login(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.product("mug")
    await shop.cart_price_rule(
        "kept", conditions=a_comparison("customer.segment", "is_one_of", ["full"])
    )
    await segments(visiting(session="visitor"), cart=FULL)

    decision = await login(visiting).decision(cart=FULL)

    assert decision.discounts.applied_keys == {"kept"}


async def test_an_answer_is_given_though_nothing_can_be_remembered(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise Unavailable("the database is gone")

    monkeypatch.setattr(remembered_segments, "remember", gone)

    assert await segments(visiting(session="visitor"), cart=FULL) == [
        "full",
        "full-now",
    ]


async def test_what_has_expired_is_forgotten(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    for session, at in (("old", NOW), ("new", NOW + MOMENT)):
        await segments(visiting(session=session, at=at), cart=FULL)

    await expiry.forget(storage.database, NOW + LONGEST + MOMENT)

    assert await shop.value(HELD) == {"new": ["full"]}
