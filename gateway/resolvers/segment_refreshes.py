"""Match all customers of a website anew: the ranges of a run, in several processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Protocol

from gateway.personalize.errors import GatewayError, NotFound, Problem
from gateway.resolvers import matching
from gateway.resolvers.matching import Job
from gateway.storage import segment_refreshes
from gateway.storage.connection import PATIENT, Connection
from gateway.storage.database import Database, connected
from gateway.storage.errors import StorageError
from gateway.storage.segment_refreshes import Refresh, Run

websites, last = segment_refreshes.websites, segment_refreshes.last

_LOOK_SECONDS = 0.5


class Interrupted(GatewayError):
    """Part of a refresh was killed; the next refresh goes on from there."""


class Reporter(Protocol):
    """Is told what happens while it happens."""

    def wait(self, website: str) -> None:
        """Another process refreshes the website; this one waits for it."""

    def begin(self, website: str, run: Run) -> None:
        """A run is begun, or gone on with."""

    def advance(self, now: Refresh) -> None:
        """So far has it come."""

    def finish(self, website: str, done: Refresh) -> None:
        """It is done."""


async def refresh(
    job: Job,
    website: str,
    keys: Sequence[str] | None,
    processes: int,
    report: Reporter,
) -> None:
    """Match all customers of *website* with segments *keys*, or with all (None).

    Waits while another process refreshes the same website. What was saved meanwhile is
    matched again, so that at the end every segment is as it was saved last.

    Raises:
        NotFound: there is no such website, or no such segment on it.
        Interrupted: one of the processes was killed.
    """
    async with connected(job.url, pool_size=2, timeouts=PATIENT) as database:
        await _check(database, website, keys)
        async with database.dedicated() as connection:
            await _lock(connection, website, report)
            wanted = keys
            while wanted is None or wanted:
                run = await segment_refreshes.begin(connection, website, wanted)
                report.begin(website, run)
                await _decided(job, database, connection, run, processes, report)
                done = await segment_refreshes.last(database, website)
                if done is not None:
                    report.finish(website, done)
                wanted = await segment_refreshes.outdated(connection, run, wanted)


async def _check(database: Database, website: str, keys: Sequence[str] | None) -> None:
    if website not in await segment_refreshes.websites(database):
        raise NotFound(Problem("website", f"there is no website {website!r}."))
    unknown = await segment_refreshes.unknown(database, website, keys or ())
    if unknown:
        said = f"no segment of {website!r} is called {unknown[0]!r}."
        raise NotFound(Problem("segments", said))


async def _lock(connection: Connection, website: str, report: Reporter) -> None:
    """Become the one who refreshes; whoever does ends, however that ends."""
    said = False
    while True:
        if await segment_refreshes.try_lock(connection, website):
            return
        if not said:
            report.wait(website)
            said = True
        await asyncio.sleep(_LOOK_SECONDS)


async def _decided(
    job: Job,
    database: Database,
    connection: Connection,
    run: Run,
    processes: int,
    report: Reporter,
) -> None:
    """Decide a run to its end, or note why that could not be."""
    try:
        await _decide(job, database, run, processes, report)
        await segment_refreshes.finish(connection, run)
    except BaseException as error:
        interrupted = isinstance(error, asyncio.CancelledError)
        said = "it was interrupted." if interrupted else str(error) or repr(error)
        with suppress(StorageError):
            await segment_refreshes.fail(connection, run, said)
        raise


async def _decide(
    job: Job, database: Database, run: Run, processes: int, report: Reporter
) -> None:
    """Decide the ranges that are left, and tell meanwhile how far they are."""
    processes = min(processes, len(run.ranges))
    if processes <= 1:
        here = asyncio.ensure_future(_decide_here(job, database, run))
        await _watched([here], database, run, report)
        return
    with ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), matching.prepare_process
    ) as pool:
        with deaf_to_interrupts():
            tasks: list[Future[None]] = [
                pool.submit(matching.in_process, job, replace(run, ranges=[part]))
                for part in run.ranges
            ]
        work = [asyncio.wrap_future(task) for task in tasks]
        try:
            await _watched(work, database, run, report)
        except BrokenProcessPool as broken:
            said = "a process of the refresh was killed."
            raise Interrupted(Problem("", said, "Start it again.")) from broken
        except BaseException:
            for each in work:
                each.cancel()  # Nobody asks any more what became of it.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are begun meanwhile ignore Ctrl-C until they are prepared.

    Python itself would answer it with a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def _decide_here(job: Job, database: Database, run: Run) -> None:
    held = await matching.rules(job, database, run.website)
    await matching.decide(job, database, held, run)


async def _watched(
    work: Sequence[asyncio.Future[None]],
    database: Database,
    run: Run,
    report: Reporter,
) -> None:
    waiting = set(work)
    while waiting:
        done, waiting = await asyncio.wait(
            waiting, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_EXCEPTION
        )
        for each in done:
            each.result()
        now = await segment_refreshes.last(database, run.website)
        if now is not None:
            report.advance(now)
