"""Who stands at the storefront's door, where, and what they are given to come back."""

from dataclasses import replace
from typing import Any

import pytest

from gateway import app
from gateway.identity import Role
from gateway.storage.database import Database
from tests.rows import Shop
from tests.storefront import ORIGIN, SETTINGS, Storefront, a_token_of, open_storefront

GROUP = "{ customerGroup { uid } }"
VISITOR, GENERAL = (
    {"customerGroup": {"uid": "MA=="}},
    {"customerGroup": {"uid": "MQ=="}},
)
STORE = "{ storeConfig { store_code website_code base_currency_code locale } }"


# Who ------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, ""])
async def test_no_token_or_an_empty_header_is_a_visitor(
    storefront: Storefront, value: str | None
) -> None:
    headers = {} if value is None else {"Authorization": value}

    answer = await storefront.post(GROUP, headers)

    assert answer.json() == {"data": VISITOR}


async def test_a_good_token_is_a_customer(storefront: Storefront) -> None:
    assert await storefront.ask(GROUP, token=storefront.token("1")) == GENERAL


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("Bearer nonsense", id="nonsense"),
        pytest.param("Bearer", id="nothing after Bearer"),
        pytest.param("Basic dXNlcjpwYXNz", id="another scheme"),
        pytest.param("Bearer a.b.c", id="no token at all"),
        pytest.param("Bearer gw_server_0123456789", id="no API token at all"),
    ],
)
async def test_a_bad_token_is_401_as_json(
    storefront: Storefront, authorization: str
) -> None:
    answer = await storefront.post(GROUP, {"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    (error,) = answer.json()["errors"]
    assert error["message"].startswith("The current customer isn't authorized: ")
    assert error["extensions"] == {"category": "graphql-authentication"}


async def test_a_token_made_with_another_secret_is_401(
    storefront: Storefront,
) -> None:
    settings = replace(SETTINGS, jwt_secret="another secret that is long enough")
    forged = Storefront(storefront.client, settings).token("1")

    answer = await storefront.post(GROUP, {"Authorization": f"Bearer {forged}"})

    assert answer.status_code == 401


async def test_a_token_for_one_website_is_for_no_other(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website("other")
    await shop.store_view("french", "other")
    token = storefront.token("1", website="base")

    assert await storefront.ask(GROUP, token=token, store="english") == GENERAL
    headers = {"Authorization": f"Bearer {token}", "Store": "french"}
    refused = await storefront.post(GROUP, headers)

    assert refused.status_code == 401
    assert refused.json()["errors"][0]["message"] == (
        "The current customer isn't authorized: the token is for another website."
    )


async def test_where_there_are_several_websites_a_token_says_which_it_is_for(
    storefront: Storefront, shop: Shop
) -> None:
    token = storefront.token("1")
    alone = await storefront.ask(GROUP, token=token)
    await shop.website("other")
    await shop.store_view("french", "other")
    # Another process has made it; whoever asks for its store view has it loaded.
    assert await storefront.ask(GROUP, store="french") == VISITOR

    for store in ("english", "french"):
        headers = {"Authorization": f"Bearer {token}", "Store": store}
        refused = await storefront.post(GROUP, headers)

        assert refused.status_code == 401
        assert refused.json()["errors"][0]["message"] == (
            "The current customer isn't authorized: the token says no 'website', and"
            " there are several; let it say the code of the one that it is for."
        )
    assert alone == GENERAL


async def test_a_website_that_cannot_be_loaded_is_one_of_several(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website("other", timezone="Nowhere/Atall")
    unknown = await storefront.answer(GROUP, store="nowhere")

    refused = await storefront.refusal(GROUP, token=storefront.token("1"))

    assert unknown["errors"][0]["message"] == "Requested store is not found"
    assert "there are several" in refused[0]


async def test_customers_that_all_websites_share_need_not_say_which(
    database_url: str, shop: Shop
) -> None:
    await shop.website("other")
    await shop.store_view("french", "other")
    async with open_storefront(database_url, customers_shared=True) as shared:
        token = shared.token("1")

        for store in ("english", "french"):
            assert await shared.ask(GROUP, token=token, store=store) == GENERAL


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.ADMIN])
async def test_an_administrators_token_is_not_for_this_door(
    storefront: Storefront, database: Database, role: Role
) -> None:
    token = await a_token_of(role, database)

    answer = await storefront.post(GROUP, {"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert "only a token of the role 'server' is for this door" in answer.text


async def test_a_revoked_servers_token_is_refused_at_once(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    assert await storefront.ask(GROUP, token=server_token) == VISITOR

    await shop.execute("update admin_token set revoked_at = now()")
    answer = await storefront.post(GROUP, {"Authorization": f"Bearer {server_token}"})

    assert answer.status_code == 401


# Where ----------------------------------------------------------------------------


async def test_the_store_header_names_a_store_view_and_none_is_the_first(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.website("us", currency="USD")
    await shop.store_view("american", "us")

    async def where(store: str | None) -> list[str]:
        told = (await storefront.ask(STORE, store=store))["storeConfig"]
        return list(told.values())

    assert await where(None) == ["english", "base", "EUR", "en_US"]
    assert await where("german") == ["german", "base", "EUR", "de_DE"]
    assert await where("american") == ["american", "us", "USD", "en_US"]


async def test_a_storefront_is_told_what_is_shared(storefront: Storefront) -> None:
    query = """{ storeConfig { store_name timezone default_display_currency_code
        share_active_segments share_applied_cart_rule graphql_share_customer_group
        } }"""

    assert await storefront.ask(query) == {
        "storeConfig": {
            "store_name": "english",
            "timezone": "UTC",
            "default_display_currency_code": "EUR",
            "share_active_segments": True,
            "share_applied_cart_rule": True,
            "graphql_share_customer_group": True,
        }
    }


async def test_a_store_view_that_is_not_there_is_400_as_json(
    storefront: Storefront,
) -> None:
    answer = await storefront.post(STORE, {"Store": "klingon"})

    assert answer.status_code == 400
    assert answer.json() == {
        "errors": [
            {
                "message": "Requested store is not found",
                "extensions": {"category": "graphql-input"},
            }
        ]
    }


async def test_before_there_is_a_website_the_answer_says_what_to_do(
    database_url: str, shop: Shop
) -> None:
    await shop.execute("delete from store_view")
    await shop.execute("delete from website")

    async with open_storefront(database_url) as empty:
        answer = await empty.post(STORE)
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["message"] == (
            "There is no website yet; import one, or save it as an admin."
        )

        await shop.website("first")
        assert (await empty.ask(STORE))["storeConfig"]["website_code"] == "first"


@pytest.mark.parametrize(
    ("currency", "status"), [("EUR", 200), ("eur", 200), ("", 200), ("USD", 400)]
)
async def test_the_currency_is_the_websites_or_is_refused(
    storefront: Storefront, currency: str, status: int
) -> None:
    answer = await storefront.post(STORE, {"Content-Currency": currency})

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["message"] == (
            "Please correct the target currency: this website's is EUR."
        )


@pytest.mark.parametrize("cache_id", ["null", "", "'; drop table cart; --"])
async def test_a_cache_id_may_be_anything(
    storefront: Storefront, cache_id: str
) -> None:
    answer = await storefront.post(GROUP, {"X-Magento-Cache-Id": cache_id})

    assert answer.json() == {"data": VISITOR}


async def test_a_query_may_come_by_get_and_a_mutation_may_not(
    storefront: Storefront, shop: Shop
) -> None:
    token = storefront.token("1")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    sync = "mutation { syncCart(input: {items: []}) { cart { id } } }"

    read = await storefront.client.get(
        app.STOREFRONT, params={"query": GROUP}, headers=headers
    )
    written = await storefront.client.get(app.STOREFRONT, params={"query": sync})

    assert read.json() == {"data": GENERAL}
    assert read.headers["cache-control"] == "private, no-store"
    assert {"Authorization", "Cookie", "Store"} <= set(read.headers["vary"].split(", "))
    assert written.status_code == 405
    assert await shop.value("select count(*) from cart") == 0


# Pages of other origins -----------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_of_an_origin_that_is_set_may_ask_with_cookies(
    storefront: Storefront, method: str
) -> None:
    asked = [
        "authorization",
        "content-type",
        "store",
        "x-gateway-consent",
        "x-magento-cache-id",
    ]

    preflight = await storefront.client.options(
        app.STOREFRONT,
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": ", ".join(asked),
        },
    )
    answer = await storefront.post(GROUP, {"Origin": ORIGIN})

    assert preflight.status_code == 200
    assert method in preflight.headers["access-control-allow-methods"]
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert [one for one in asked if one not in allowed] == []
    for response in (preflight, answer):
        assert response.headers["access-control-allow-origin"] == ORIGIN
        assert response.headers["access-control-allow-credentials"] == "true"
        assert "Origin" in response.headers["vary"]
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert "X-Gateway-Session" in exposed


async def test_a_page_of_any_other_origin_may_not(storefront: Storefront) -> None:
    foreign = {"Origin": "https://evil.example.com"}

    preflight = await storefront.client.options(
        app.STOREFRONT, headers={**foreign, "Access-Control-Request-Method": "POST"}
    )
    answer = await storefront.post(GROUP, foreign)

    assert preflight.status_code == 400
    for response in (preflight, answer):
        assert "access-control-allow-origin" not in response.headers


async def test_a_refusal_can_be_read_by_the_page_that_caused_it(
    storefront: Storefront,
) -> None:
    headers: dict[str, Any] = {"Origin": ORIGIN, "Authorization": "Bearer nonsense"}

    answer = await storefront.post(GROUP, headers)

    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN
