"""What a request tells beside who asks: consent, device and country."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from starlette.requests import Request

from gateway.personalize.history import Client
from gateway.schema.storefront.behaviour import BehaviourTerms
from tests.events import a_page_view, a_product_view
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, open_storefront

SEGMENTS = "{ personalization { segments { uid } } }"
RECORD = """mutation Record($input: RecordEventsInput!) {
  recordEvents(input: $input) { recorded } }"""
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


def a_request(*headers: tuple[str, str], peer: str | None = "10.1.2.3") -> Request:
    return Request(
        {
            "type": "http",
            "headers": [(name.lower().encode(), v.encode()) for name, v in headers],
            "client": None if peer is None else (peer, 40_000),
        }
    )


# Consent --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assumed", "said", "consents"),
    [
        (False, [], False),
        (False, [""], False),
        (False, ["granted"], True),
        (False, [" granted "], True),
        (False, ["denied"], False),
        (True, [], True),
        (True, [""], True),
        (True, ["granted"], True),
        (True, ["denied"], False),
        # Whoever denies it anywhere has denied it.
        (False, ["granted", "denied"], False),
        (True, ["granted", "denied"], False),
    ],
)
def test_who_consents(assumed: bool, said: list[str], consents: bool) -> None:  # noqa: FBT001
    request = a_request(*(("X-Gateway-Consent", one) for one in said))

    assert BehaviourTerms(assumed).consents(request) is consents


@pytest.mark.parametrize("said", ["yes", "true", "GRANTED", "granted, denied", "1"])
async def test_consent_in_other_words_is_refused(
    storefront: Storefront, said: str
) -> None:
    answer = await storefront.post(SEGMENTS, {"X-Gateway-Consent": said})

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["message"] == 'X-Gateway-Consent is "granted" or "denied".'


async def test_behaviour_is_looked_at_with_consent_only(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.segment("mobile", a_comparison("session.device", "is", "mobile"))

    found = [
        await _segments(storefront, {"X-Gateway-Consent": said, "User-Agent": agent})
        for said, agent in (
            ("granted", PHONE),
            ("denied", PHONE),
            ("", PHONE),
            ("granted", DESKTOP),
            ("granted", PHONE),
        )
    ]

    assert found == [1, 0, 0, 0, 1]


async def test_what_events_tell_is_in_the_next_answer_with_consent(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.product("mug", categories=["cups/large"])
    await shop.product("pot", categories=["pots"])
    viewed = {"found": "products.viewed", **a_comparison("product.sku", "is", "mug")}
    await shop.segment("viewed", viewed)
    drawn = a_comparison("session.top_category", "is_one_of", ["cups"])
    await shop.segment("drawn", drawn)
    for parameter in ("source", "medium", "campaign", "term", "content"):
        utm = a_comparison(f"session.utm_{parameter}", "is", f"a {parameter}")
        await shop.segment(parameter, utm)
    await shop.segment("visited", a_comparison("session.visits", "is", 1))
    landed = a_comparison("session.landing_page", "contains", "shop.example/cups")
    await shop.segment("landed", landed)
    came = a_comparison("session.referrer", "is", "https://search.example/")
    await shop.segment("came", came)
    url = "https://shop.example/cups?" + "&".join(
        f"utm_{one}=a+{one}"
        for one in ("source", "medium", "campaign", "term", "content")
    )
    happened = [
        a_page_view("1", url, "https://search.example/", at=None),
        a_product_view("2", "mug", at=None),
    ]
    granted = {"X-Gateway-Consent": "granted"}

    before = await _segments(storefront, granted)
    told = await storefront.post(RECORD, granted, {"input": {"events": happened}})
    after = await _segments(storefront, granted)
    denied = await _segments(storefront, {"X-Gateway-Consent": "denied"})
    again = await _segments(storefront, granted)

    assert told.json() == {"data": {"recordEvents": {"recorded": 2}}}
    assert (before, after, denied, again) == (0, 10, 0, 10)


async def test_consent_can_be_assumed_and_then_denied(
    database_url: str, shop: Shop
) -> None:
    await shop.segment("mobile", a_comparison("session.device", "is", "mobile"))

    async with open_storefront(database_url, consent="assumed") as storefront:
        assumed = await _segments(storefront, {"User-Agent": PHONE})
        denied = await _segments(
            storefront, {"User-Agent": PHONE, "X-Gateway-Consent": "denied"}
        )

    assert (assumed, denied) == (1, 0)


async def test_a_cart_and_its_products_need_no_consent(
    storefront: Storefront, shop: Shop
) -> None:
    await shop.segment("empty", a_comparison("cart.lines", "is", 0))

    assert await _segments(storefront, {"X-Gateway-Consent": "denied"}) == 1


async def test_the_country_comes_from_a_header_of_a_trusted_proxy(
    database_url: str, shop: Shop
) -> None:
    await shop.segment("swiss", a_comparison("session.country", "is", "CH"))
    headers = {"X-Gateway-Consent": "granted", "CF-IPCountry": "CH"}
    found = []
    for also in (
        {},
        {"country_header": "CF-IPCountry"},
        {"trusted_proxies": (ip_network("127.0.0.1"),)},
        {
            "country_header": "CF-IPCountry",
            "trusted_proxies": (ip_network("127.0.0.1"),),
        },
    ):
        async with open_storefront(database_url, **also) as storefront:
            found.append(await _segments(storefront, headers))

    assert found == [0, 0, 0, 1]


async def _segments(storefront: Storefront, headers: dict[str, Any]) -> int:
    answer = await storefront.post(SEGMENTS, headers)
    return len(answer.json()["data"]["personalization"]["segments"])


# Country --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "peer", "country"),
    [
        (["CH"], "10.1.2.3", "CH"),
        (["ch"], "10.1.2.3", "CH"),
        (["CH"], "2001:db8::7", "CH"),
        (["CH"], "11.1.2.3", None),
        (["CH"], "2001:db9::7", None),
        (["CH"], "nobody", None),
        (["CH"], None, None),
        ([], "10.1.2.3", None),
        # The shopper's own, and the one that the proxy has added.
        (["CH", "DE"], "10.1.2.3", None),
        (["CHE"], "10.1.2.3", None),
        (["T1"], "10.1.2.3", None),
        (["XX"], "10.1.2.3", None),
        (["\u017f\u017f"], "10.1.2.3", None),
    ],
)
def test_a_country_is_believed_of_trusted_proxies_alone(
    said: list[str], peer: str | None, country: str | None
) -> None:
    behaviour = BehaviourTerms(country_header="X-Country", trusted_proxies=PROXIES)
    request = a_request(*(("X-Country", one) for one in said), peer=peer)

    assert behaviour.client(request) == Client(country=country)
    assert BehaviourTerms(trusted_proxies=PROXIES).client(request) == Client()
    assert BehaviourTerms(country_header="X-Country").client(request) == Client()


# Device ---------------------------------------------------------------------------

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (DESKTOP, "desktop"),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36",
            "desktop",
        ),
        ("Mozilla/5.0 (Windows NT 6.1; Tablet PC 2.0; rv:11.0) like Gecko", "desktop"),
        ("Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18", "desktop"),
        (PHONE, "mobile"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) {CHROME} Mobile", "mobile"),
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            "mobile",
        ),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80/191.2; U; en) Presto", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Safari/537.36", "tablet"),
        (
            "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Mobile",
            "tablet",
        ),
        (
            "Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0",
            "tablet",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 11; KFTRWI) {CHROME} Silk/141.4 Safari",
            "tablet",
        ),
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "bot",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 6.0.1) {CHROME} Mobile (like Googlebot/2.1)",
            "bot",
        ),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "bot"),
        (
            f"Mozilla/5.0 (X11; Linux) {CHROME.replace('Chrome', 'HeadlessChrome')}",
            "bot",
        ),
        # Nobody reads a name to its end that is longer than any.
        (f"Mozilla/5.0 (Linux; {'Android ' * 10_000}) Mobile", "tablet"),
        # A shop's own server, unless it hands on what the browser said.
        ("node", None),
        ("python-httpx/0.28.1", None),
        ("", None),
    ],
)
def test_a_device_is_what_the_browser_says_it_is(
    agent: str, device: str | None
) -> None:
    assert BehaviourTerms().client(a_request(("User-Agent", agent))) == Client(device)


@pytest.mark.parametrize(("hint", "device"), [("?1", "mobile"), ("?0", "desktop")])
def test_a_browser_that_tells_less_in_its_name_gives_a_hint(
    hint: str, device: str
) -> None:
    request = a_request(("User-Agent", DESKTOP), ("Sec-CH-UA-Mobile", hint))

    assert BehaviourTerms().client(request) == Client(device)
