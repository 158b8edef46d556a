"""What goes on beside something else ends with it."""

from __future__ import annotations

import asyncio

from gateway.background import beside


async def test_work_goes_on_while_the_block_runs_and_no_longer() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with beside(work(), "work"):
        await begun.wait()
        assert not ended.is_set()

    assert ended.is_set()


async def test_a_task_has_the_name_of_its_work() -> None:
    names: list[str] = []

    async def work() -> None:
        task = asyncio.current_task()
        names.append(task.get_name() if task else "")

    async with beside(work(), "count mugs"):
        await asyncio.sleep(0)

    assert names == ["count mugs"]


async def test_work_that_failed_does_not_fail_the_block() -> None:
    async def work() -> None:
        raise ValueError

    async with beside(work(), "fail"):
        await asyncio.sleep(0)
