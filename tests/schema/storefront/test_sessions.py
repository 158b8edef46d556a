"""Sessions: handed over once, and each its owner's alone."""

import re

import pytest

from gateway.schema import uids
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, open_storefront

GROUP = "{ customerGroup { uid } }"
COOKIE = re.compile(
    r"gateway-session=v1\.[\w-]{32}\.[\w-]{43}; Path=/; HttpOnly; SameSite=Lax"
)


async def test_a_first_answer_brings_a_cookie_and_the_next_ones_keep_it(
    storefront: Storefront,
) -> None:
    first = await storefront.post(GROUP)
    second = await storefront.post(GROUP)

    assert COOKIE.fullmatch(first.headers["set-cookie"])
    assert "set-cookie" not in second.headers
    # A script of the page could read it there.
    assert "x-gateway-session" not in first.headers


async def test_behind_https_the_cookie_is_for_this_host_alone(
    database_url: str,
) -> None:
    async with open_storefront(database_url, session_cookie_secure=True) as secure:
        answer = await secure.post(GROUP)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-gateway-session=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")
    assert "Domain" not in cookie


async def test_a_session_changes_at_login_and_at_logout(
    storefront: Storefront,
) -> None:
    token, other = storefront.token("1"), storefront.token("2")
    begun = []

    for bearer in (None, None, token, token, None, other):
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = await storefront.post(GROUP, headers)
        begun.append(answer.headers.get("set-cookie"))

    assert [one is not None for one in begun] == [True, False, True, False, True, True]
    assert len({one for one in begun if one}) == 4


async def test_a_caller_without_cookies_has_its_session_by_header(
    storefront: Storefront,
) -> None:
    first = await storefront.post(GROUP, {"X-Gateway-Session": ""})
    begun = first.headers["x-gateway-session"]

    second = await storefront.post(GROUP, {"X-Gateway-Session": begun})

    assert begun.startswith("v1.")
    assert "x-gateway-session" not in second.headers
    assert "set-cookie" not in f"{first.headers}{second.headers}"


@pytest.mark.parametrize(
    "planted",
    ["v1.planted", f"v1.{'A' * 32}.{'B' * 43}", "x" * 5000, "{}", "v1.a; Path=/"],
)
async def test_a_session_that_was_not_begun_here_is_replaced(
    storefront: Storefront, planted: str
) -> None:
    by_header = await storefront.post(GROUP, {"X-Gateway-Session": planted})
    by_cookie = await storefront.post(GROUP, {"Cookie": f"gateway-session={planted}"})

    assert by_header.headers["x-gateway-session"].startswith("v1.")
    assert planted not in by_header.headers["x-gateway-session"]
    assert COOKIE.fullmatch(by_cookie.headers["set-cookie"])
    assert planted not in by_cookie.headers["set-cookie"]


async def test_segments_follow_login_and_logout_in_the_very_next_answer(
    storefront: Storefront, shop: Shop
) -> None:
    visitors = await shop.segment("visitors", applies_to="visitor")
    ada = await shop.segment(
        "ada", a_comparison("customer.email", "is", "a@b.c"), applies_to="registered"
    )
    await shop.customer("1", email="a@b.c")
    query = "{ personalization { segments { uid } } }"
    seen = []

    for token in (None, storefront.token("1"), None, storefront.token("2"), None):
        answer = await storefront.ask(query, token=token)
        seen.append([one["uid"] for one in answer["personalization"]["segments"]])

    only_visitors, only_ada = [uids.encode(visitors)], [uids.encode(ada)]
    assert seen == [only_visitors, only_ada, only_visitors, [], only_visitors]


async def test_a_segment_that_keeps_outlasts_the_login_whatever_is_asked_there(
    storefront: Storefront, shop: Shop
) -> None:
    kept = await shop.segment("kept", applies_to="visitor", keeps_after_login=True)
    await shop.segment("ends", applies_to="visitor")
    query = "{ personalization { segments { uid } } }"
    token = storefront.token("1")
    seen = []

    async def see(bearer: str | None) -> None:
        answer = await storefront.ask(query, token=bearer)
        seen.append([one["uid"] for one in answer["personalization"]["segments"]])

    await see(None)
    # The login comes with a question about something else.
    await storefront.ask("{ storeConfig { store_code } }", token=token)
    await see(token)
    await see(None)
    await see(storefront.token("2"))

    assert len(seen[0]) == 2
    assert seen[1] == [uids.encode(kept)]
    assert len(seen[2]) == 2
    assert seen[3] == [uids.encode(kept)]
