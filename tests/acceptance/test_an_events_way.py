"""A visitor looks around, logs in, orders and cancels, told of by events over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.schema import uids
from tests.events import Given, a_page_view, a_product_view, an_order, of_order
from tests.rows import Shop
from tests.storefront import Storefront

RECORD = """
mutation Record($input: RecordEventsInput!) {
  recordEvents(input: $input) { recorded repeated not_consented } }"""
SEGMENTS = "{ personalization { segments { uid } } }"
HAS_ORDERED = {
    "count": "customer.orders",
    "operator": "at_least",
    "value": 1,
    "all": [{"attribute": "order.status", "operator": "is_not", "value": "canceled"}],
}
LOVES_TENTS = {
    "attribute": "session.top_category",
    "operator": "is_one_of",
    "value": ["gear/tents"],
}
CONSENT = {"X-Gateway-Consent": "granted"}


@pytest.fixture
async def named(shop: Shop) -> dict[str, str]:
    """The names of segments by uid."""
    await shop.website()
    await shop.store_view()
    for sku in ("tent-1", "tent-2", "tent-3"):
        await shop.product(sku, categories=["gear/tents"])
    ids = {
        "visitors": await shop.segment("visitors", None, applies_to="visitor"),
        "loves-tents": await shop.segment("loves-tents", {"all": [LOVES_TENTS]}),
        "ordered": await shop.segment(
            "ordered", {"all": [HAS_ORDERED]}, applies_to="registered"
        ),
    }
    return {uids.encode(id): name for name, id in ids.items()}


def without_time(event: Given) -> Given:
    return {name: value for name, value in event.items() if name != "at"}


async def tell(
    storefront: Storefront, *sent: Given, token: str | None = None, **also: Any
) -> tuple[int, int, int]:
    headers = {**CONSENT, **({"Authorization": f"Bearer {token}"} if token else {})}
    given = {"events": [without_time(one) for one in sent], **also}
    body = (await storefront.post(RECORD, headers, {"input": given})).json()
    assert "errors" not in body, body
    counts = body["data"]["recordEvents"]
    return counts["recorded"], counts["repeated"], counts["not_consented"]


async def test_a_visitor_looks_around_logs_in_orders_and_cancels(
    storefront: Storefront, shop: Shop, named: dict[str, str], server_token: str
) -> None:
    async def segments(token: str | None = None) -> list[str]:
        headers = {**CONSENT, **({"Authorization": f"Bearer {token}"} if token else {})}
        body = (await storefront.post(SEGMENTS, headers)).json()
        return [
            named[one["uid"]] for one in body["data"]["personalization"]["segments"]
        ]

    async def kept() -> list[tuple[bool, list[str]]]:
        rows = await shop.value(
            "select jsonb_agg(jsonb_build_array(of_customer, history))::text"
            " from history"
        )
        return [
            (of_customer, [sku for sku, _, _ in history["viewed"]])
            for of_customer, history in json.loads(rows)
        ]

    ada = storefront.token("ada")
    assert await segments() == ["visitors"]

    looked = await tell(
        storefront,
        a_page_view("look-0", "https://shop.example/tents"),
        *(a_product_view(f"look-{one}", f"tent-{one}") for one in (1, 2, 3)),
    )

    assert looked == (4, 0, 0)
    assert await kept() == [(False, ["tent-3", "tent-2", "tent-1"])]
    assert await segments() == ["visitors", "loves-tents"]

    assert await segments(ada) == ["loves-tents"]
    assert await kept() == [(True, ["tent-3", "tent-2", "tent-1"])]

    placed = an_order("order-1", "1000", customer_id="ada")
    assert await tell(storefront, placed, token=server_token) == (1, 0, 0)
    assert await tell(storefront, placed, token=server_token) == (0, 1, 0)
    assert await segments(ada) == ["loves-tents", "ordered"]

    cancelled = of_order("order-2", "orderCancelled", "1000")
    assert await tell(storefront, cancelled, token=server_token) == (1, 0, 0)
    assert await segments(ada) == ["loves-tents"]


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("first", ["{ __typename }", "{ no_such_field }"])
async def test_a_history_is_joined_whatever_is_asked_for_first_after_the_login(
    storefront: Storefront, shop: Shop, first: str
) -> None:
    await tell(storefront, a_product_view("1", "tent-1"))

    headers = {**CONSENT, "Authorization": f"Bearer {storefront.token('ada')}"}
    await storefront.post(first, headers)

    assert await shop.value("select array_agg(owner) from history") == ["ada"]


@pytest.mark.usefixtures("named")
async def test_what_a_page_sends_as_it_is_left_for_the_login_is_the_customers(
    storefront: Storefront, shop: Shop
) -> None:
    await tell(storefront, a_product_view("1", "tent-1"))
    visitors = dict(storefront.client.cookies)
    headers = {**CONSENT, "Authorization": f"Bearer {storefront.token('ada')}"}
    await storefront.post(SEGMENTS, headers)
    hers = dict(storefront.client.cookies)

    # It was on its way with the cookie of then.
    storefront.client.cookies.clear()
    storefront.client.cookies.update(visitors)
    told = await tell(storefront, a_product_view("2", "tent-2"))

    assert visitors != hers
    assert told == (1, 0, 0)
    (kept,) = await shop.value(
        "select array_agg(owner || ' ' || (history -> 'viewed')::text) from history"
    )
    assert [word for word in ("ada", "tent-1", "tent-2") if word in kept] == [
        "ada",
        "tent-1",
        "tent-2",
    ]
    assert await shop.value("select count(*) from event where customer_id = 'ada'") == 2


@pytest.mark.usefixtures("named")
async def test_a_shopper_can_tell_of_no_order_and_nobody_elses_behaviour(
    storefront: Storefront, shop: Shop
) -> None:
    sent = [
        an_order("1", "1000"),
        a_product_view("2", "tent-1", customer_id="ada"),
        a_product_view("3", "tent-1"),
    ]
    body = (
        await storefront.post(
            RECORD, CONSENT, {"input": {"events": [without_time(one) for one in sent]}}
        )
    ).json()

    (error,) = body["errors"]
    assert error["extensions"]["category"] == "graphql-input"
    assert [one["path"] for one in error["extensions"]["problems"]] == [
        "events.0.type",
        "events.1.customer_id",
    ]
    assert await shop.value("select count(*) from event_id") == 0


@pytest.mark.usefixtures("named")
async def test_an_id_that_comes_with_something_else_is_a_conflict(
    storefront: Storefront,
) -> None:
    await tell(storefront, a_product_view("1", "tent-1"))

    sent = [without_time(a_product_view("1", "tent-2"))]
    body = (await storefront.post(RECORD, CONSENT, {"input": {"events": sent}})).json()

    (error,) = body["errors"]
    assert error["extensions"]["category"] == "graphql-already-exists"
    assert [one["path"] for one in error["extensions"]["problems"]] == ["events.0.id"]


@pytest.mark.usefixtures("named")
async def test_behaviour_is_not_kept_of_whoever_does_not_consent(
    storefront: Storefront, shop: Shop
) -> None:
    sent = {"events": [without_time(a_product_view("1", "tent-1"))]}

    body = (await storefront.post(RECORD, None, {"input": sent})).json()

    assert body["data"]["recordEvents"] == {
        "recorded": 0,
        "repeated": 0,
        "not_consented": 1,
    }
    assert await shop.value("select count(*) from event") == 0
    assert await shop.value("select count(*) from history") == 0
