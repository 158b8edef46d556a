"""Segments at the admin door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway.personalize import segment_references, segments
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.segments import AppliesTo, SegmentDefinition
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.subjects import Given, Subject, asked_by
from gateway.storage import definitions
from gateway.storage.database import Connection
from gateway.storage.definitions import SegmentReferences


class Segments(Subject[SegmentDefinition]):
    """Segments; whom one applies to is fixed once it is saved."""

    name = "segments"
    judged = ("applies_to", "conditions")

    def references(self, definition: SegmentDefinition) -> Iterator[Reference]:
        """Yield websites, and what conditions ask for."""
        yield from super().references(definition)
        yield from asked_by(definition.conditions)

    async def require(
        self, connection: Connection, definition: SegmentDefinition
    ) -> None:
        """Refuse circles, and segments that have nobody of its kind of shopper."""
        asked = tuple(segment_references.asked(definition.conditions))
        if asked:
            stored = await definitions.segment_references(connection)
            problems = tuple(_refused(definition, asked, stored))
            if problems:
                raise InvalidInput(*problems)

    def row(self, definition: SegmentDefinition) -> dict[str, Any]:
        """Return the columns, with the segments that the conditions ask for."""
        row = super().row(definition)
        row["segments"] = sorted(segment_references.keys(definition.conditions))
        return row

    def fixed(self, definition: SegmentDefinition, stored: Given) -> Iterable[Problem]:
        """Tell when it would apply to others than before."""
        before = stored["applies_to"]
        if definition.applies_to != before:
            # Adobe Commerce, customer segments: "Apply to" stays after the first save.
            yield Problem(
                "applies_to",
                f"it is {before!r} and stays so, once the segment is saved.",
                "Save another segment, under a key of its own.",
            )


def _refused(
    definition: SegmentDefinition,
    asked: Iterable[tuple[str, str]],
    stored: Mapping[str, SegmentReferences],
) -> Iterator[Problem]:
    graph = {key: one.segments for key, one in stored.items()}
    for path, key in asked:
        circle = segment_references.circle(graph, definition.key, key)
        if circle:
            yield Problem(
                path,
                f"the segment would ask for itself: {' -> '.join(circle)}.",
                f"Ask for another segment, or change {circle[-2]!r} first."
                if len(circle) > 2  # noqa: PLR2004 - More than itself twice.
                else "Ask for another segment.",
            )
        elif not definition.applies_to.can_ask_for(AppliesTo(stored[key].applies_to)):
            yield Problem(
                path,
                f"the segment {key!r} applies to {stored[key].applies_to!r}, this one"
                f" to {definition.applies_to.value!r}.",
                "Ask for a segment that considers the same shoppers.",
            )


STORED = Definitions(Segments(segments.read, segments.compile))
page, get = STORED.page, STORED.get
save, delete = STORED.save, STORED.delete
