"""Keys fetched over HTTP from a real server that is slow, down, wrong or hostile."""

import asyncio
import gzip
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gateway.identity import BadSetting, BadToken
from gateway.identity.customers import CustomerTokens
from gateway.identity.published_keys import PublishedKeys
from tests.identity.forge import AUDIENCE, ISSUER, NOW, Ring, jwks, rsa_jwk
from tests.identity.key_server import KeyServer
from tests.processes import free_port
from tests.waiting import PATIENCE_SECONDS, until


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def published_at(
    url: str, clock: Callable[[], float], timeout_seconds: float = PATIENCE_SECONDS
) -> PublishedKeys:
    return PublishedKeys(
        url,
        timeout_seconds=timeout_seconds,
        retry_seconds=10,
        fresh_seconds=300,
        clock=clock,
    )


async def fetched_in_background() -> None:
    """Let every task of the loop but this one come to its end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others)


@contextmanager
def nobody_at(port: int) -> Iterator[None]:
    """Keep a port from everybody, and do not listen there."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        yield


async def test_keys_are_fetched_once_and_kept(
    key_server: KeyServer, clock: Clock
) -> None:
    source = published_at(key_server.url, clock)
    assert source.current().keys == ()

    found = [await source.find(kid) for kid in ("rs-1", "ec-1", "rs-1")]

    assert [key and key.kid for key in found] == ["rs-1", "ec-1", "rs-1"]
    assert key_server.hits == 1


async def test_an_unknown_name_is_looked_for_at_most_once_in_ten_seconds(
    key_server: KeyServer, clock: Clock
) -> None:
    source = published_at(key_server.url, clock)

    hits = []
    for seconds in (0, 1, 9.9, 10, 11, 20):
        clock.seconds = seconds
        assert await source.find("rs-2") is None
        hits.append(key_server.hits)

    assert hits == [1, 1, 1, 2, 2, 3]


async def test_many_waiting_for_a_key_cause_one_fetch(
    key_server: KeyServer, clock: Clock
) -> None:
    key_server.waits_seconds = 0.05
    source = published_at(key_server.url, clock)

    found = await asyncio.gather(*(source.find("rs-1") for _ in range(50)))

    assert {key and key.kid for key in found} == {"rs-1"}
    assert key_server.hits == 1


async def test_a_caller_who_gives_up_takes_nothing_from_the_others(
    key_server: KeyServer, clock: Clock
) -> None:
    key_server.may_answer.clear()
    source = published_at(key_server.url, clock)
    first = asyncio.create_task(source.find("rs-1"))
    second = asyncio.create_task(source.find("rs-1"))
    await until(lambda: key_server.hits == 1)

    first.cancel()
    await asyncio.wait([first])
    key_server.may_answer.set()
    key = await second

    assert key is not None
    assert first.cancelled()
    assert key_server.hits == 1


async def test_tokens_of_both_keys_pass_while_the_provider_rotates(
    ring: Ring, key_server: KeyServer, clock: Clock
) -> None:
    key_server.body = jwks(ring.rsa_jwk)
    source = published_at(key_server.url, clock)
    tokens = CustomerTokens(source, ISSUER, AUDIENCE)
    await tokens.verify(ring.rs(), NOW)

    clock.seconds = 20
    key_server.body = jwks(ring.rsa_jwk, ring.ec_jwk)
    await tokens.verify(ring.es(), NOW)
    await tokens.verify(ring.rs(), NOW)

    clock.seconds = 320
    key_server.body = jwks(ring.ec_jwk)
    await source.find("ec-1")
    await fetched_in_background()
    with pytest.raises(BadToken, match="names an unknown key"):
        await tokens.verify(ring.rs(), NOW)
    await tokens.verify(ring.es(), NOW)


async def test_keys_at_hand_serve_while_the_address_is_down(
    ring: Ring, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with KeyServer(jwks(ring.rsa_jwk)) as server:
        source = published_at(server.url, clock)
        tokens = CustomerTokens(source, ISSUER, AUDIENCE)
        await tokens.verify(ring.rs(), NOW)

    clock.seconds = 1000
    with nobody_at(server.port):
        await tokens.verify(ring.rs(), NOW)
        await fetched_in_background()
        identity = await tokens.verify(ring.rs(), NOW)

    assert identity.customer_id == "ada"
    assert [r.getMessage() for r in caplog.records if r.levelno > logging.INFO] == [
        (
            "no new keys from http://127.0.0.1/jwks.json, 1 at hand stay: "
            "All connection attempts failed"
        )
    ]


async def test_without_an_answer_ever_every_token_is_refused_until_there_is_one(
    ring: Ring, clock: Clock
) -> None:
    port = free_port()
    with KeyServer(jwks(ring.rsa_jwk), port) as server:
        pass
    source = published_at(server.url, clock)
    tokens = CustomerTokens(source, ISSUER, AUDIENCE)

    with nobody_at(port):
        for seconds in (0, 5):
            clock.seconds = seconds
            with pytest.raises(BadToken) as refusal:
                await tokens.verify(ring.rs(), NOW)
            said = "no key to verify customers' tokens is at hand"
            assert refusal.value.reason == said

    clock.seconds = 10
    with KeyServer(jwks(ring.rsa_jwk), port):
        identity = await tokens.verify(ring.rs(), NOW)
    assert identity.customer_id == "ada"


@pytest.mark.parametrize("drips", [False, True], ids=["silent", "dripping"])
async def test_a_slow_answer_is_not_waited_for(
    key_server: KeyServer, clock: Clock, *, drips: bool
) -> None:
    key_server.waits_seconds = 0.1 if drips else 30
    key_server.drips = drips
    source = published_at(key_server.url, clock, timeout_seconds=0.3)

    began = time.monotonic()
    key = await source.find("rs-1")

    assert key is None
    assert 0.25 < time.monotonic() - began < 20


async def test_a_slow_answer_holds_up_nobody_whose_key_is_at_hand(
    key_server: KeyServer, clock: Clock
) -> None:
    source = published_at(key_server.url, clock)
    await source.find("rs-1")
    key_server.may_answer.clear()
    clock.seconds = 400
    stranger = asyncio.create_task(source.find("rs-2"))
    await until(lambda: key_server.hits == 2)

    key = await source.find("rs-1")

    assert key is not None
    assert not stranger.done()
    key_server.may_answer.set()
    assert await stranger is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param((200, {}, b" " * 65_537), "more than 65536 bytes", id="huge"),
        pytest.param((200, {}, b"<html>"), "it is not JSON", id="html"),
        pytest.param((200, {}, b""), "it is not JSON", id="empty"),
        pytest.param(
            (200, {}, b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
            "nested too deeply",
            id="deep",
        ),
        pytest.param((200, {}, b'{"keys":[]}'), 'a list "keys"', id="no_keys"),
        pytest.param((500, {}, b"oh"), "it answered 500", id="failing"),
        pytest.param((404, {}, b"{}"), "it answered 404", id="not_found"),
        pytest.param(
            (200, {"content-encoding": "gzip"}, gzip.compress(b" " * 10_000_000)),
            "it answered compressed",
            id="compressed",
        ),
        pytest.param(
            (200, {"content-length": "9999"}, b"{}"),
            "peer closed connection",
            id="cut_short",
        ),
    ],
)
async def test_an_answer_that_is_no_key_set_leaves_the_former_keys(
    key_server: KeyServer,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    answer: tuple[int, dict[str, str], bytes],
    reason: str,
) -> None:
    source = published_at(key_server.url, clock)
    await source.find("rs-1")
    key_server.status, headers, key_server.body = answer
    key_server.headers |= headers

    clock.seconds = 20
    unknown = await source.find("rs-2")

    assert unknown is None
    assert await source.find("rs-1") is not None
    assert [r.levelname for r in caplog.records if reason in r.getMessage()] == [
        "WARNING"
    ]


async def test_a_redirect_is_not_followed(
    ring: Ring, key_server: KeyServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    source = published_at(key_server.url, clock)
    with KeyServer(jwks(rsa_jwk(ring.stranger_rsa, "rs-1"))) as elsewhere:
        key_server.status = 302
        key_server.headers |= {"location": elsewhere.url}

        key = await source.find("rs-1")

    assert key is None
    assert elsewhere.hits == 0
    assert "it redirects; set the address it redirects to" in caplog.text


async def test_a_secret_in_a_published_set_verifies_nothing(
    ring: Ring, key_server: KeyServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    key_server.body = ring.jwks
    tokens = CustomerTokens(published_at(key_server.url, clock), ISSUER, AUDIENCE)

    with pytest.raises(BadToken, match="names an unknown key"):
        await tokens.verify(ring.hs(), NOW)

    assert (await tokens.verify(ring.rs(), NOW)).customer_id == "ada"
    assert "key 'hs-1' is a secret, but the set is published" in caplog.text


async def test_what_is_left_out_is_logged_once(
    ring: Ring, key_server: KeyServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    key_server.body = ring.jwks
    source = published_at(key_server.url, clock)

    for seconds in (0, 10, 20):
        clock.seconds = seconds
        await source.find("rs-2")

    assert key_server.hits == 3
    assert caplog.text.count("key 'hs-1' is a secret") == 1


async def test_the_query_of_the_address_is_not_logged(
    key_server: KeyServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    key_server.status = 500
    caplog.set_level(logging.DEBUG, logger="gateway")
    source = published_at(f"{key_server.url}?code=CANARY", clock)

    await source.find("rs-1")

    assert "it answered 500" in caplog.text
    assert "CANARY" not in caplog.text


async def test_a_proxy_of_the_environment_is_not_asked_about_this_machine(
    key_server: KeyServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    source = published_at(key_server.url, clock)

    key = await source.find("rs-1")

    assert key is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/jwks.json",
        "http://10.0.0.1/jwks.json",
        "http://localhost.evil.example/jwks.json",
        "http://127.0.0.1.evil.example/jwks.json",
        "ftp://127.0.0.1/jwks.json",
    ],
)
def test_an_address_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        PublishedKeys(url)

    assert str(refusal.value) == (
        "the address of the key set must begin with https://; http:// is for this "
        "machine only (localhost, 127.0.0.1, [::1])"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://[",
        "https://a b/",
        "https://a\n",
        "https:///jwks.json",
        "http://127.0.0.1:port/",
        "file:///etc/passwd",
        "/jwks.json",
        "",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        PublishedKeys(url)

    assert str(refusal.value) == "the address of the key set is not a URL with a host"


def test_an_address_with_a_password_is_refused() -> None:
    with pytest.raises(BadSetting) as refusal:
        PublishedKeys("https://me:CANARY@shop.example/jwks.json")

    assert str(refusal.value) == (
        "the address of the key set must not hold a user name or password"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/jwks.json?tenant=1",
        "HTTPS://shop.example/jwks.json",
        "http://localhost:8080/jwks.json",
        "http://127.8.9.1/jwks.json",
        "http://[::1]:8080/jwks.json",
    ],
)
def test_an_address_over_tls_or_on_this_machine_is_taken(url: str) -> None:
    assert PublishedKeys(url).current().keys == ()
