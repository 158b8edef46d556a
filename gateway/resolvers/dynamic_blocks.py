"""Dynamic blocks at the admin door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.personalize import constants, dynamic_blocks
from gateway.personalize.dynamic_blocks import CONTENT_LENGTH, DynamicBlockDefinition
from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers import html
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.subjects import Given, Problems, Subject, each_of

MOST_REMOVED_TOLD = 10


class DynamicBlocks(Subject[DynamicBlockDefinition]):
    """Dynamic blocks, whose contents are cleaned before they are saved."""

    name = "dynamic_blocks"

    def prepare(self, given: Given) -> tuple[Given, Problems, Problems]:
        """Clean every content, and warn of what was removed from it."""
        contents = _Contents()
        prepared = dict(given)
        if "content" in given:
            prepared["content"] = contents.cleaned(given["content"], "content")
        by_view = given.get("content_by_store_view")
        if isinstance(by_view, Mapping):
            prepared["content_by_store_view"] = {
                view: contents.cleaned(content, f"content_by_store_view.{view}")
                for view, content in by_view.items()
            }
        return prepared, contents.warnings, contents.faults

    def references(self, definition: DynamicBlockDefinition) -> Iterator[Reference]:
        """Yield websites, segments, price rules of both kinds and store views."""
        yield from super().references(definition)
        yield from each_of("segments", "segments", definition.target.segments)
        rules = definition.cart_price_rules
        yield from each_of("cart_price_rules", "cart_price_rules", rules)
        rules = definition.catalogue_price_rules
        yield from each_of("catalogue_price_rules", "catalogue_price_rules", rules)
        for view in definition.content_by_store_view:
            yield Reference(f"content_by_store_view.{view}", "store_views", view)


class _Contents:
    def __init__(self) -> None:
        self.warnings: list[Problem] = []
        self.faults: list[Problem] = []

    def cleaned(self, content: Any, path: str) -> Any:
        # What is no text, too long or holds what is no character, "read" refuses.
        is_text = isinstance(content, str) and len(content) <= CONTENT_LENGTH
        if not is_text or constants.is_unstorable(content):
            return content
        try:
            checked = html.check(content, path)
        except InvalidInput as refused:
            self.faults += refused.problems
            return content
        if checked.removed:
            self.warnings.append(_warning(path, checked.removed))
        return checked.html


def _warning(path: str, removed: tuple[str, ...]) -> Problem:
    told = ", ".join(removed[:MOST_REMOVED_TOLD])
    if len(removed) > MOST_REMOVED_TOLD:
        told += f" and {len(removed) - MOST_REMOVED_TOLD} more"
    return Problem(
        path,
        f"it was saved without {told}.",
        "Content holds no programs, forms, frames or style sheets.",
    )


STORED = Definitions(DynamicBlocks(dynamic_blocks.read))
page, get = STORED.page, STORED.get
save, delete = STORED.save, STORED.delete
