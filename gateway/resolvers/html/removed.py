"""Tell an author what cleaning has removed."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from html.parser import HTMLParser

from gateway.resolvers.html.styles import property_names


def removed(before: str, after: str) -> tuple[str, ...]:
    """Name what stands in *before* and no longer in *after*, once each, in order.

    It is said for people: ``<script>``, ``onclick of <a>``, ``the style position of
    <div>``. Nothing depends on it but a warning.
    """
    then, now = _Inventory.of(before), _Inventory.of(after)
    gone = then.elements - now.elements
    names = [f"<{tag}>" for tag in then.elements if tag in gone]
    for (tag, what), count in then.details.items():
        if now.elements[tag] and now.details[tag, what] + gone[tag] < count:
            names.append(f"{what} of <{tag}>")
    return tuple(names)


class _Inventory(HTMLParser):
    """How often each element, attribute and style property occurs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.details: Counter[tuple[str, str]] = Counter()

    @classmethod
    def of(cls, html: str) -> _Inventory:
        inventory = cls()
        # It gives up on some markup that browsers read: then less is told.
        with suppress(AssertionError):
            inventory.feed(html)
            inventory.close()
        return inventory

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        for name, value in attrs:
            self.details[tag, name] += 1
            if name == "style":
                for style in property_names(value or ""):
                    self.details[tag, f"the style {style}"] += 1
