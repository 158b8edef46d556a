"""The index itself: made once of a website's segments, then asked of each shopper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from operator import and_, or_
from threading import Lock
from typing import NamedTuple

from gateway.personalize.batches import Batch
from gateway.personalize.context import Context
from gateway.personalize.segment_index.bits import mask_of, places
from gateway.personalize.segment_index.facts import Facts
from gateway.personalize.segment_index.members import Members
from gateway.personalize.segment_index.memory import Memory
from gateway.personalize.segment_index.rows import Answers, Rows
from gateway.personalize.segments import Segment

MOST_KEPT = 1000
"""Customers of whom an index keeps what depends on them alone."""


class OfCustomer(NamedTuple):
    """What depends on the customer alone, as they are in a *version* and on a *day*.

    *satisfied* are clauses; *considering* and *including* are rows. *answers* are noted
    as they are found.
    """

    version: int
    day: date
    satisfied: int
    considering: int
    including: int
    answers: Answers


class SegmentIndex:
    """Every segment of an immutable rule book, decided in one pass.

    The result is a mask, with a bit for each segment in an order of the index's own.
    """

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._listed = tuple(segments)
        depths = [_depth(segment) for segment in self._listed]
        conditions = [segment.condition for segment in self._listed]
        self._conditions = Rows(conditions, depths, memory=Memory())
        rows = [self._listed[at] for at in self._conditions.order]
        self._keys = [segment.key for segment in rows]
        self._members = Members(rows)
        self._by_depth = {
            depth: mask_of(row for row, one in enumerate(rows) if _depth(one) == depth)
            for depth in sorted(set(depths))
        }
        asks_for_none = self._by_depth.keys() <= {_ASKS_FOR_NONE}
        self._is_looked_up = asks_for_none and self._conditions.is_looked_up
        self._kept: dict[str | None, OfCustomer] = {}
        self._keeping = Lock()

    def mask(self, context: Context) -> int:
        """Return the segments the shopper is in.

        What depends on the customer alone is kept for their next request.
        """
        customer = self._of_customer(context)
        running = self._members.running(context.at)
        considering = customer.considering & running
        kept = self._members.keeping(context) & running
        satisfied = self._conditions.satisfied
        return self._decide(
            context,
            customer.satisfied
            | satisfied(Facts.SHOPPER, context)
            | satisfied(Facts.SEGMENTS, context, _ASKS_FOR_NONE),
            considering,
            (considering & customer.including) | kept,
            {Facts.CUSTOMER: customer.answers, Facts.SHOPPER: {}},
        )

    def masks(self, contexts: Batch) -> Sequence[int]:
        """Return the segments that each of many shoppers is in.

        They are looked up together, attribute by attribute, and nothing is kept of
        them: each is asked about once.
        """
        satisfied = self._conditions.satisfied_by_each(contexts, _ASKS_FOR_NONE)
        considering, sure = self._members.of_each(contexts)
        if self._is_looked_up:
            held = map(self._conditions.fold, satisfied)
            return list(map(or_, sure, map(and_, held, considering)))
        return [
            self._decide(*one, {Facts.CUSTOMER: {}, Facts.SHOPPER: {}})
            for one in zip(contexts.subjects, satisfied, considering, sure, strict=True)
        ]

    def _decide(
        self,
        context: Context,
        satisfied: int,
        considering: int,
        sure: int,
        answers: dict[Facts, Answers],
    ) -> int:
        """Return the rows that are *sure*, and those that hold of who they consider."""
        found = 0
        for depth, of_depth in self._by_depth.items():
            answers[Facts.SEGMENTS] = {}
            if depth != _ASKS_FOR_NONE:
                context = replace(context, segments=self.keys(found))
                satisfied |= self._conditions.satisfied(Facts.SEGMENTS, context, depth)
            found |= sure & of_depth
            found |= self._conditions.holding(
                satisfied, context, considering & of_depth, answers
            )
        return found

    def segments(self, mask: int) -> tuple[Segment, ...]:
        """Return the segments of *mask*, in the rule book's order."""
        listed, order = self._listed, self._conditions.order
        found = sorted([order[row] for row in places(mask)])
        return tuple([listed[at] for at in found])

    def keys(self, mask: int) -> frozenset[str]:
        """Return the keys of the segments of *mask*."""
        return frozenset([self._keys[row] for row in places(mask)])

    def _of_customer(self, context: Context) -> OfCustomer:
        customer = context.customer
        if customer is not None and not customer.version:
            # Nobody knows this one, or whether the next of that id is the same.
            return self._of(context)
        customer_id, version = None, 0
        if customer is not None:
            customer_id, version = customer.customer_id, customer.version
        kept = self._kept.get(customer_id)
        if kept is None or kept.version != version or kept.day != context.today:
            kept = self._of(context)
            with self._keeping:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[customer_id] = kept
        return kept

    def _of(self, context: Context) -> OfCustomer:
        customer = context.customer
        customer_id = customer.customer_id if customer else None
        return OfCustomer(
            customer.version if customer else 0,
            context.today,
            self._conditions.satisfied(Facts.CUSTOMER, context),
            self._members.considering(customer_id),
            self._members.including(customer_id),
            {},
        )


_ASKS_FOR_NONE = -1


def _depth(segment: Segment) -> int:
    return segment.depth if segment.asks_for else _ASKS_FOR_NONE
