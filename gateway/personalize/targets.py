"""To whom something is shown: to everyone, or to shoppers in some segments."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from gateway.personalize.fields import Fields


class ShownTo(StrEnum):
    """Whether segments matter at all."""

    EVERYONE = "everyone"
    SEGMENTS = "segments"


@dataclass(frozen=True)
class Target:
    """Whom a dynamic block or a related-product rule is for.

    *segments* are keys; to be in any one of them is enough. Shown to segments, of
    which there are none, means shown to nobody.
    """

    shown_to: ShownTo = ShownTo.EVERYONE
    segments: tuple[str, ...] = ()

    def reaches(self, context_segments: AbstractSet[str]) -> bool:
        """Whether a shopper who is in *context_segments* is meant."""
        if self.shown_to is ShownTo.EVERYONE:
            return True
        return not context_segments.isdisjoint(self.segments)


EVERYBODY = Target()
"""The target of what is restricted to nobody in particular."""


def read(fields: Fields) -> Target:
    """Read ``shown_to`` and ``segments``; the two must agree."""
    shown_to = fields.choice("shown_to", ShownTo, ShownTo.EVERYONE)
    restricted = shown_to is ShownTo.SEGMENTS
    target = Target(shown_to, fields.keys("segments", required=restricted))
    if target.segments and not restricted:
        fields.fault(
            "segments",
            "segments are listed, but it is shown to everyone.",
            "Write 'segments' as shown_to, or remove the list.",
        )
    return target
