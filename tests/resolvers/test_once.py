"""Each thing is loaded once, by somebody who still wants it."""

import asyncio

import pytest

from gateway.resolvers.once import Once


class Counted:
    """Loads a number, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.loads = 0
        self.release = asyncio.Event()

    async def load(self) -> int:
        self.loads += 1
        await self.release.wait()
        return self.loads


async def test_those_who_ask_side_by_side_share_what_is_loaded() -> None:
    once, counted = Once(), Counted()
    asking = [asyncio.create_task(once.get("key", counted.load)) for _ in range(5)]
    await asyncio.sleep(0)

    counted.release.set()

    assert await asyncio.gather(*asking) == [1] * 5
    assert await once.get("key", counted.load) == 1


async def test_another_key_is_another_thing() -> None:
    once, counted = Once(), Counted()
    counted.release.set()

    assert await once.get("one", counted.load) == 1
    assert await once.get("other", counted.load) == 2


async def test_a_failure_is_shared_too() -> None:
    once = Once()
    tried = 0

    async def fail() -> None:
        nonlocal tried
        tried += 1
        raise LookupError("gone")

    for _ in range(2):
        with pytest.raises(LookupError, match="gone"):
            await once.get("key", fail)

    assert tried == 1


async def test_when_the_one_who_loads_is_cancelled_the_next_begins_anew() -> None:
    once, counted = Once(), Counted()
    first = asyncio.create_task(once.get("key", counted.load))
    second = asyncio.create_task(once.get("key", counted.load))
    await asyncio.sleep(0)

    first.cancel()
    await asyncio.sleep(0)
    counted.release.set()

    assert await second == 2
    assert first.cancelled()


async def test_nothing_goes_on_when_all_who_asked_are_cancelled() -> None:
    once, counted = Once(), Counted()
    before = asyncio.all_tasks()
    asking = [asyncio.create_task(once.get("key", counted.load)) for _ in range(3)]
    await asyncio.sleep(0)

    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)

    assert asyncio.all_tasks() == before
    assert counted.loads == 1
