"""Decide the segments of one range of customers after the other, batch by batch."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing.connection
import multiprocessing.process
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.personalize import affinity
from gateway.personalize.context import Context
from gateway.personalize.customer_batches import CustomerBatch
from gateway.personalize.grammar import Limits
from gateway.personalize.segment_index import SegmentIndex
from gateway.storage import matched_customers
from gateway.storage.connection import PATIENT, Connection
from gateway.storage.customers import BATCH, Reader
from gateway.storage.database import Database, connected
from gateway.storage.matched_customers import Decided, Ids
from gateway.storage.rulebooks import Held, Revisions, RuleBooks
from gateway.storage.segment_refreshes import Range, Run
from gateway.storage.unread import Unread

_MOST_MASKS = 100_000
_GARBAGE = 500_000
_ANY_REVISION = Revisions(0, 0, 0)


@dataclass(frozen=True)
class Job:
    """What every process of a refresh must know."""

    url: str
    limits: Limits
    batch: int = BATCH
    affinity_days: int = affinity.DAYS


async def rules(job: Job, database: Database, website: str) -> Held:
    """Load what customers of *website* are matched with now."""
    return await RuleBooks(database, job.limits).at_least(website, _ANY_REVISION)


async def decide(job: Job, database: Database, held: Held, run: Run) -> None:
    """Decide the ranges of customers of a run, one after the other."""
    async with database.connection() as connection:
        for part in run.ranges:
            await _Matching(job, connection, held, run).decide(part)


def prepare_process() -> None:
    """Let this process of a pool end when its parent does, which holds the lock.

    Ctrl-C, which is for both, ends it without a word.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def in_process(job: Job, run: Run) -> None:
    """Decide the ranges of a run, in a process of a pool that is there for one run."""
    asyncio.run(_decide_here(job, run))


# The rules stay as they were when the run began: what is saved meanwhile has a run of
# its own afterwards.
_held_by_run: dict[int, Held] = {}


async def _decide_here(job: Job, run: Run) -> None:
    async with connected(job.url, pool_size=1, timeouts=PATIENT) as database:
        held = _held_by_run.get(run.id)
        if held is None:
            held = _held_by_run[run.id] = await rules(job, database, run.website)
            # What is held does not go away, and customers are in no circles: looking
            # for garbage among them takes time.
            gc.freeze()
            gc.set_threshold(_GARBAGE)
        await decide(job, database, held, run)


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    multiprocessing.connection.wait([parent.sentinel])
    # The interpreter may be busy, and other threads wait for what never comes.
    os._exit(1)


class _Matching:
    """Matches the customers of a website with what is *held* of it."""

    def __init__(self, job: Job, connection: Connection, held: Held, run: Run) -> None:
        self._job = job
        self._connection = connection
        self._held = held
        self._run = run
        self._reader = Reader(run.website)
        self._ids = _IdsByMask(held.rulebook.segment_index)

    async def decide(self, part: Range) -> None:
        """Decide what is left of a range, or until another process goes on with it."""
        left: Range | None = part
        is_end = False
        while left is not None and not is_end:
            ids, segments = await self._batch(left)
            is_end = len(ids) < self._job.batch
            last = left.until if is_end else ids[-1]
            decided = Decided(segments, last, len(ids), is_end)
            left = await matched_customers.write(
                self._connection, self._run, left, decided
            )

    async def _batch(self, part: Range) -> tuple[Sequence[str], dict[str, Ids]]:
        """Read a batch and decide it; once more for each fact that was not read."""
        while True:
            customers = await self._reader.batch(
                self._connection, part.done_to, part.until, self._job.batch
            )
            try:
                return customers.ids, self._segments(customers)
            except Unread as unread:
                self._reader.wanted.add(unread.fact)

    def _segments(self, customers: CustomerBatch) -> dict[str, Ids]:
        held, ids_by_mask = self._held, self._ids
        book, index = held.rulebook, held.rulebook.segment_index
        nobody = Context(
            at=self._run.at,
            website=book.website,
            store_view=book.store_views[0].code if book.store_views else "",
            catalogue=held.catalogue,
            price_list=held.price_list,
            affinity_days=self._job.affinity_days,
        )
        masks = index.masks(customers.seen_as(nobody))
        return {
            customer_id: ids_by_mask[mask]
            for customer_id, mask in zip(customers.ids, masks, strict=True)
            if mask
        }


class _IdsByMask(dict[int, Ids]):
    """The ids of the segments of each mask, in ascending order, each made once."""

    def __init__(self, index: SegmentIndex) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, mask: int) -> Ids:
        if len(self) >= _MOST_MASKS:
            self.clear()
        segments = self._index.segments(mask)
        found = self[mask] = tuple(sorted([one.id for one in segments]))
        return found
