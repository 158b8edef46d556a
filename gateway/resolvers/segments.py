"""Segments at the admin door."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.personalize import segments
from gateway.personalize.attributes import Attributes
from gateway.personalize.errors import Problem
from gateway.personalize.grammar import Limits
from gateway.personalize.segments import SegmentDefinition
from gateway.resolvers.definitions import Definitions, Given


class Segments(Definitions[SegmentDefinition]):
    """Segments; whom one applies to is fixed once it is saved."""

    subject = "segments"
    judged = ("applies_to", "conditions")

    def read(self, given: Given) -> SegmentDefinition:
        """Read a definition."""
        return segments.read(given)

    def compile(
        self, definition: SegmentDefinition, attributes: Attributes, limits: Limits
    ) -> None:
        """Raise what is wrong with the conditions."""
        segments.compile(definition, attributes, limits=limits)

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


_segments = Segments()
page, get = _segments.page, _segments.get
save, delete = _segments.save, _segments.delete
