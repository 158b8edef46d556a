"""Which customers are in which segments: written in bulk, by difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from gateway.storage.connection import Connection
from gateway.storage.database import Database
from gateway.storage.segment_refreshes import SQL as REFRESHES
from gateway.storage.segment_refreshes import Range, Run
from gateway.storage.sql import queries

SQL = queries("matched_customers")

Ids = tuple[int, ...]


@dataclass(frozen=True)
class Decided:
    """The segments, in ascending order, of each customer of a batch; none is left out.

    *last* is the last customer of the batch, None at the end of all ranges. *count*
    are the customers that were decided, and *is_end* whether the range ends with them.
    """

    segments: Mapping[str, Ids]
    last: str | None
    count: int
    is_end: bool


async def write(
    connection: Connection, run: Run, part: Range, decided: Decided
) -> Range | None:
    """Write what is otherwise than it was, and put the range forward, or do neither.

    What is returned is the range as it is now; None if another process was there first
    and nothing was written. A segment that was saved or deleted meanwhile stays as it
    was, and a customer who was deleted stays out.
    """
    async with connection.transaction():
        await connection.execute(SQL.prepare)
        advanced = await connection.fetch(
            REFRESHES.advance,
            part.refresh_id,
            part.number,
            part.done_to,
            decided.last,
            decided.count,
            decided.is_end,
        )
        if not advanced:
            return None
        held = await connection.fetch(SQL.hold_segments, run.segment_ids, run.versions)
        rows = await connection.fetch(
            SQL.between, run.website, part.done_to, decided.last
        )
        changes = _Changes(_Writable(run, {row[0] for row in held}))
        changes.find({row[0]: row[1] for row in rows}, decided.segments)
        await changes.write(connection, run, (part.done_to, decided.last))
        if changes.joined or changes.departed:
            await connection.execute(
                REFRESHES.add_up,
                part.refresh_id,
                part.number,
                changes.joined,
                changes.departed,
            )
    return part.moved(decided.last)


class _Writable:
    """What a run may say of a customer's segments, and what stays as it was.

    A run for all segments also clears those away that are gone or not active.
    """

    def __init__(self, run: Run, held: Collection[int]) -> None:
        self._held = frozenset(held)
        self._saved_meanwhile = frozenset(run.segment_ids) - self._held
        self._is_for_all = run.keys is None
        self.is_whole = self._is_for_all and not self._saved_meanwhile

    def merged(self, before: Collection[int], now: Ids) -> Ids:
        """Return all that a customer is in who was in *before*, is found in *now*."""
        if self.is_whole:
            return now
        if self._is_for_all:
            kept = self._saved_meanwhile.intersection(before)
        else:
            kept = frozenset(before) - self._held
        return tuple(sorted(kept.union(self._held.intersection(now))))


class _Texts(dict[Ids, str]):
    """Ids as PostgreSQL writes an array, which compares and travels faster."""

    def __missing__(self, ids: Ids) -> str:
        text = self[ids] = f"{{{','.join(map(str, ids))}}}"
        return text


@dataclass
class _Changes:
    """The rows that are written: what segments each customer is to have.

    Those of customers who have been in some are text.
    """

    writable: _Writable
    added: dict[str, Ids] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    texts: _Texts = field(default_factory=_Texts)
    joined: int = 0
    departed: int = 0

    def find(self, before: dict[str, str], now: Mapping[str, Ids]) -> None:
        """Compare the segments that customers had, as text, with what they have now."""
        texts, is_whole = self.texts, self.writable.is_whole
        for customer, ids in now.items():
            was = before.pop(customer, None)
            if was is None or not is_whole or was != texts[ids]:
                self._note(customer, was, ids)
        for customer, was in before.items():
            self._note(customer, was, ())

    def _note(self, customer: str, was: str | None, ids: Ids) -> None:
        before = _ids(was) if was else ()
        after = self.writable.merged(before, ids)
        if after == before:
            return
        common = len(set(before).intersection(after)) if before else 0
        self.joined += len(after) - common
        self.departed += len(before) - common
        if was is None:
            self.added[customer] = after
        elif after:
            self.changed[customer] = self.texts[after]
        else:
            self.removed[customer] = self.texts[after]

    async def write(
        self, connection: Connection, run: Run, bounds: tuple[str | None, str | None]
    ) -> None:
        """Write the rows, all within *bounds*; who leaves a segment is remembered."""
        gone = {**self.changed, **self.removed}
        for query, rows in (
            (SQL.remember, gone if self.departed else {}),
            (SQL.change, self.changed),
        ):
            if rows:
                await connection.execute(
                    query, run.website, list(rows), list(rows.values()), run.at
                )
        if self.added:
            await self._add(connection, run, bounds)
        if self.removed:
            await connection.execute(SQL.remove, run.website, list(self.removed))

    async def _add(
        self, connection: Connection, run: Run, bounds: tuple[str | None, str | None]
    ) -> None:
        texts = [self.texts[ids] for ids in self.added.values()]
        deleted = await connection.fetch(
            SQL.add, run.website, list(self.added), texts, run.at, *bounds
        )
        for row in deleted:
            self.joined -= len(self.added.pop(row[0]))
        sizes = Counter(chain.from_iterable(self.added.values()))
        await connection.execute(
            SQL.count_added, run.website, run.at, list(sizes), list(sizes.values())
        )


async def purge(database: Database, before: date, most: int) -> int:
    """Forget *most* customers who left segments before a day; return how many."""
    async with database.connection() as connection:
        return len(await connection.fetch(SQL.purge, before, most))


def _ids(text: str) -> Ids:
    return tuple(map(int, text[1:-1].split(",")))
