"""Who is in a segment, or is not, whatever its conditions say."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import and_, or_

from gateway.personalize.batches import Batch
from gateway.personalize.context import Context
from gateway.personalize.segment_index.bits import mask_of
from gateway.personalize.segments import Segment
from gateway.personalize.ways import (
    customer_id_of,
    customer_of,
    moment_of,
    remembered_of,
)


class Members:
    """The rows that consider a shopper, run at a moment, and list a customer."""

    def __init__(self, rows: Sequence[Segment]) -> None:
        self._rows = rows
        self._considering = {
            registered: mask_of(
                row
                for row, segment in enumerate(rows)
                if segment.applies_to.considers(registered=registered)
            )
            for registered in (False, True)
        }
        self._keeping = {
            segment.key: 1 << row
            for row, segment in enumerate(rows)
            if segment.keeps_after_login
        }
        self._needing_consent = mask_of(
            row for row, segment in enumerate(rows) if segment.needs_consent
        )
        self._included = _by_customer(segment.included for segment in rows)
        self._excluded = _by_customer(segment.excluded for segment in rows)
        schedules = {segment.schedule for segment in rows}
        self._boundaries = sorted(
            {instant for schedule in schedules for instant in schedule.boundaries}
        )
        self._running: dict[int, int] = {}

    def considering(self, customer_id: str | None) -> int:
        """Return the rows that consider the shopper, and do not exclude them."""
        if customer_id is None:
            return self._considering[False]
        return self._considering[True] & ~mask_of(self._excluded.get(customer_id, ()))

    def including(self, customer_id: str | None) -> int:
        """Return the rows that include the customer."""
        if customer_id is None:
            return 0
        return mask_of(self._included.get(customer_id, ()))

    def of_each(self, contexts: Batch) -> tuple[Sequence[int], Sequence[int]]:
        """Return the rows that consider each shopper, and those that they are in."""
        ids = contexts.go(customer_of).read(customer_id_of)
        running = list(map(self.running, contexts.read(moment_of)))
        considering = list(map(and_, map(self.considering, ids), running))
        sure: Sequence[int] = [0] * len(ids)
        if self._included:
            sure = list(map(and_, map(self.including, ids), considering))
        remembered = contexts.read(remembered_of)
        if self._keeping and any(one.segments for one in remembered):
            kept = map(self.keeping, contexts.subjects)
            sure = list(map(or_, sure, map(and_, kept, running)))
        return considering, sure

    def keeping(self, context: Context) -> int:
        """Return the rows that keep a customer who was in them as a visitor."""
        if context.customer is None or not self._keeping:
            return 0
        rows = 0
        for key in context.remembered.segments:
            rows |= self._keeping.get(key, 0)
        return rows if context.consents else rows & ~self._needing_consent

    def running(self, at: datetime) -> int:
        """Return the rows whose schedule runs at *at*."""
        period = bisect_right(self._boundaries, at)
        rows = self._running.get(period)
        if rows is None:
            rows = self._running[period] = mask_of(
                row
                for row, segment in enumerate(self._rows)
                if segment.schedule.runs(at)
            )
        return rows


def _by_customer(lists: Iterable[frozenset[str]]) -> Mapping[str, Sequence[int]]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, customer_ids in enumerate(lists):
        for customer_id in customer_ids:
            rows[customer_id].append(row)
    return rows
