"""Who is in a segment, or is not, whatever its conditions say."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from gateway.personalize.context import Context, Customer
from gateway.personalize.segment_index.bits import mask_of
from gateway.personalize.segments import Segment


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

    def considering(self, customer: Customer | None) -> int:
        """Return the rows that consider the shopper, and do not exclude them."""
        rows = self._considering[customer is not None]
        excluding = customer and self._excluded.get(customer.customer_id)
        return rows & ~mask_of(excluding) if excluding else rows

    def including(self, customer: Customer | None) -> int:
        """Return the rows that include the customer."""
        including = customer and self._included.get(customer.customer_id)
        return mask_of(including) if including else 0

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
