"""The application: when it lives, when it is ready, and how it starts and stops."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway import app, expiry, opening
from gateway.identity.admins import Role
from gateway.storage.database import Database
from gateway.storage.errors import Unavailable
from tests.clock import let_pass
from tests.factories import a_comparison
from tests.fault_proxy import FaultProxy
from tests.rows import Shop
from tests.serving import serving
from tests.storefront import SETTINGS, Storefront, a_token_of, open_storefront
from tests.waiting import until

SEGMENTS = "{ personalization { segments { uid } } }"


async def test_it_lives_and_is_ready(storefront: Storefront, shop: Shop) -> None:
    await shop.website()
    await shop.segment("sound")
    await shop.segment("broken", a_comparison("cart.nope", "is", 1))

    alive = await storefront.client.get("/livez")
    ready = await storefront.client.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ready", "websites": 1, "left_out": 1},
    )
    assert ready.headers["cache-control"] == "no-store"


async def test_it_is_ready_without_a_website_so_that_one_can_be_made(
    storefront: Storefront,
) -> None:
    ready = await storefront.client.get("/readyz")

    assert ready.json() == {"status": "ready", "websites": 0, "left_out": 0}


async def test_while_the_database_is_gone_it_lives_and_is_not_ready(
    proxied_url: str, postgres_proxy: FaultProxy, shop: Shop
) -> None:
    await shop.website()
    async with open_storefront(proxied_url, revision_poll_seconds=0.2) as storefront:
        assert await _status(storefront, "/readyz") == 200

        postgres_proxy.refuse()
        assert await _status(storefront, "/readyz") == 503
        assert await _status(storefront, "/livez") == 200
        masked = await storefront.answer(SEGMENTS)
        assert masked["errors"][0]["message"] == "Internal server error"

        postgres_proxy.refuse(refusing=False)
        assert await _status(storefront, "/readyz") == 200
        assert await storefront.ask(SEGMENTS)


async def test_an_answer_that_does_not_come_in_time_leaves_nothing_behind(
    proxied_url: str,
    postgres_proxy: FaultProxy,
    shop: Shop,
    reads: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing else is to be asked of the database just then.
    monkeypatch.setattr(expiry, "forget", _nothing)
    await shop.website()
    query = """{ customerGroup { uid } storeConfig { store_code }
        personalization { segments { uid } } dynamicBlocks { total_count } }"""
    # Statements may take longer than the request that waits for them.
    terms = {"request_timeout_seconds": 30, "database_command_timeout_seconds": 600}
    terms["revision_poll_seconds"] = 300
    async with open_storefront(proxied_url, **terms) as storefront:
        await storefront.ask(query)
        before = _tasks()
        reads.clear()

        postgres_proxy.block()
        asking = asyncio.create_task(storefront.answer(query))
        await until(lambda: reads)
        let_pass(30, monkeypatch)
        late = await asking
        postgres_proxy.unblock()

        assert late["errors"][0]["message"] == (
            "There was no answer within 30 seconds; ask for less."
        )
        await until(lambda: _tasks() <= before)
        assert await storefront.ask(query)


async def _nothing(*_: object, **__: object) -> None:
    """Forget nothing."""


def _tasks() -> int:
    """How many tasks there are, but for those of a proxy's connections."""
    names = [repr(one.get_coro()) for one in asyncio.all_tasks()]
    return sum("FaultProxy." not in name for name in names)


async def _status(storefront: Storefront, path: str) -> int:
    return (await storefront.client.get(path)).status_code


async def test_two_of_them_on_one_database_see_each_others_changes_at_once(
    database_url: str, shop: Shop
) -> None:
    await shop.website()
    # Neither notification nor re-read is waited for.
    async with (
        open_storefront(database_url, revision_poll_seconds=300) as one,
        open_storefront(database_url, revision_poll_seconds=300) as other,
    ):
        for number in (1, 2, 3):
            await shop.segment(f"s{number}")
            for asked in (one, other):
                answer = await asked.ask(SEGMENTS)
                assert len(answer["personalization"]["segments"]) == number


async def test_a_cart_that_one_of_them_mirrors_is_known_to_the_other(
    database_url: str, shop: Shop
) -> None:
    await shop.website()
    sync = "mutation { syncCart(input: {items: []}) { cart { id } } }"
    query = "query($id: String!) { cart(cart_id: $id) { id } }"
    async with (
        open_storefront(database_url) as one,
        open_storefront(database_url) as other,
    ):
        cart_id = (await one.ask(sync))["syncCart"]["cart"]["id"]

        assert (await other.ask(query, id=cart_id))["cart"]["id"] == cart_id


async def test_a_session_of_one_of_them_is_a_session_of_the_other(
    database_url: str, shop: Shop
) -> None:
    await shop.website()
    async with (
        open_storefront(database_url) as one,
        open_storefront(database_url) as other,
    ):
        first = await one.post(SEGMENTS, {"X-Gateway-Session": ""})
        begun = first.headers["x-gateway-session"]
        answer = await other.post(SEGMENTS, {"X-Gateway-Session": begun})

    assert "x-gateway-session" not in answer.headers


async def test_it_starts_and_stops_as_often_as_it_is_asked_to(
    database_url: str, shop: Shop
) -> None:
    await shop.website()
    built = app.build(replace(SETTINGS, database_url=database_url))
    before = asyncio.all_tasks()

    for _ in range(2):
        async with serving(built) as client:
            answer = await client.post(app.STOREFRONT, json={"query": SEGMENTS})
            assert answer.status_code == 200

    assert asyncio.all_tasks() == before


async def test_it_does_not_start_without_its_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "STARTING_TRIES", 1)
    nowhere = "postgresql://gateway@/none?host=/nowhere"
    built = app.build(replace(SETTINGS, database_url=nowhere))

    with pytest.raises(Unavailable, match="PostgreSQL cannot be reached"):
        async with built.router.lifespan_context(built):
            pass


async def test_graphiql_is_served_to_browsers_unless_it_is_switched_off(
    database_url: str, shop: Shop
) -> None:
    await shop.website()
    browser = {"Accept": "text/html"}
    pages: dict[bool, list[httpx.Response]] = {}

    for graphiql in (True, False):
        async with open_storefront(database_url, graphiql=graphiql) as storefront:
            pages[graphiql] = [
                await storefront.client.get(path, headers=browser)
                for path in ("/", app.STOREFRONT, app.ADMIN)
            ]

    assert [one.status_code for one in pages[True]] == [307, 200, 200]
    assert [one.headers["content-type"] for one in pages[True][1:]] == [
        "text/html; charset=utf-8"
    ] * 2
    assert [one.status_code for one in pages[False]] == [404, 400, 400]
    assert {one.headers["content-type"].split(";")[0] for one in pages[False]} == {
        "application/json"
    }


async def test_without_graphiql_the_schema_cannot_be_asked_for(
    database_url: str, shop: Shop
) -> None:
    await shop.website()
    async with open_storefront(database_url, graphiql=False) as storefront:
        hidden = await storefront.answer("{ __schema { types { name } } }")
        wrong = await storefront.answer("{ personalisation { segments { uid } } }")

    assert hidden["errors"][0]["message"] == (
        "Introspection is switched off at this door."
    )
    assert "personalization" not in str(wrong)


async def test_what_is_not_served_is_said_in_json(storefront: Storefront) -> None:
    answer = await storefront.client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.json() == {
        "errors": [{"message": "Not Found: GraphQL is served at /graphql."}]
    }


@pytest.mark.parametrize(
    ("limit", "query", "setting"),
    [
        ({"graphql_tokens": 10}, "{ " + "__typename " * 20 + "}", "GRAPHQL_TOKENS"),
        ({"graphql_cost": 10}, "{ products { items { sku } } }", "GRAPHQL_COST"),
        (
            {"storefront_body_bytes": 1024},
            "{ __typename } #" + "x" * 2000,
            "STOREFRONT_BODY_BYTES",
        ),
    ],
)
async def test_whoever_asks_for_too_much_hears_which_setting_is_in_the_way(
    database_url: str, shop: Shop, limit: dict[str, Any], query: str, setting: str
) -> None:
    await shop.website()
    async with open_storefront(database_url, **limit) as storefront:
        (error,) = (await storefront.answer(query))["errors"]

    assert error["message"].endswith(f"or raise GATEWAY_{setting}.")


async def test_a_limit_that_nobody_can_set_names_no_setting(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website()
    query = f"{{ {' '.join(f'a{one}: __typename' for one in range(20))} }}"

    (error,) = (await storefront.answer(query))["errors"]

    assert error["extensions"]["limit"] == "root_fields"
    assert "GATEWAY" not in error["message"]


async def test_a_new_website_is_served_without_a_restart(
    storefront: Storefront, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    before = await storefront.post(SEGMENTS)
    await shop.website()

    after = await storefront.post(SEGMENTS)

    assert (before.status_code, after.status_code) == (503, 200)
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


SAVE = """
mutation ($input: SegmentInput!) {
  saveSegment(input: $input) {
    ... on SegmentSaved { segment { key version } }
    ... on Refusal { problems { path message } }
  }
}"""
A_POSTCODE = {"attribute": "cart.postcode", "operator": "is", "value": "10115"}


@pytest.mark.parametrize(
    "largest",
    [
        pytest.param(
            {
                "conditions": a_comparison(
                    "cart.postcode", "is_one_of", [f"{n:05}" for n in range(1000)]
                )
            },
            id="1,000 values",
        ),
        pytest.param({"conditions": {"all": [A_POSTCODE] * 499}}, id="500 conditions"),
        pytest.param(
            {
                "appliesTo": "REGISTERED",
                "include": {"base": [f"customer-{n}" for n in range(10_000)]},
            },
            id="10,000 customers",
        ),
    ],
)
async def test_the_admin_door_takes_the_largest_segment(
    storefront: Storefront, shop: Shop, database: Database, largest: dict[str, Any]
) -> None:
    await shop.website()
    token = await a_token_of(Role.EDITOR, database)
    segment = {"key": "large", "name": "Large", "websites": ["base"], **largest}

    saved = await storefront.ask_admin(SAVE, token=token, input=segment)

    assert saved == {"saveSegment": {"segment": {"key": "large", "version": 1}}}


async def test_a_list_that_long_is_refused_at_the_storefront_door(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website()
    items = [{"sku": "mug", "quantity": 1}] * 251

    said, category = await storefront.refusal(
        "mutation ($items: [CartLineInput!]!) {"
        " syncCart(input: {items: $items}) { cart { id } } }",
        items=items,
    )

    assert category == "graphql-input"
    assert said == (
        "A variable holds a list of 251 items; the limit is 250. Ask for less at once,"
        " or raise GATEWAY_GRAPHQL_LIST_ITEMS."
    )
