"""Clean HTML by the allow list, and refuse what nothing here could render."""

from __future__ import annotations

from dataclasses import dataclass

import nh3

from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers.html import allowed, directives
from gateway.resolvers.html.removed import removed

MOST_TAGS = 10_000
"""How many tags one content may have; nesting many more of them keeps a worker busy."""

_CLEANER = nh3.Cleaner(
    tags=allowed.ELEMENTS,
    clean_content_tags=allowed.DROPPED_WITH_CONTENT,
    attributes=allowed.ATTRIBUTES,
    attribute_filter=allowed.cleaned_value,
    generic_attribute_prefixes=allowed.ATTRIBUTE_PREFIXES,
    tag_attribute_values=allowed.ATTRIBUTE_VALUES,
    set_tag_attribute_values=allowed.ATTRIBUTES_SET,
    url_schemes=allowed.SCHEMES,
    # Browsers keep a new window apart by themselves; "rel" stays as it was written.
    link_rel=None,
)


@dataclass(frozen=True)
class Checked:
    """Content that may be saved, and what was *removed* from it, said for people."""

    html: str
    removed: tuple[str, ...] = ()


def check(content: str, path: str = "content") -> Checked:
    """Clean *content*, which stands at *path* of an author's input.

    What is clean already stays as it is.

    Raises:
        InvalidInput: it holds template directives that cannot be rendered, or more
            tags than can be cleaned in good time.
    """
    tags = content.count("<")
    if tags > MOST_TAGS:
        message = f"it has {tags} tags."
        raise InvalidInput(Problem(path, message, f"Write at most {MOST_TAGS}."))
    normalised = directives.normalised(content)
    html = _CLEANER.clean(normalised)
    # Looked for twice: taking something out may bring two braces together.
    unknown = directives.refused(normalised) or directives.refused(html)
    if unknown:
        listed = ", ".join(map(repr, unknown[:5]))
        raise InvalidInput(
            Problem(
                path,
                f"nothing here renders a directive that begins {listed}.",
                "Write HTML; only {{media url=PATH}} and {{store url=PATH}} are kept.",
            )
        )
    return Checked(html, removed(normalised, html))


def clean(content: str) -> str:
    """Clean what stands in a row; of what could not have been saved, nothing is left.

    A row may be written by hand, past every check, and is still shown to shoppers.
    """
    try:
        return check(content).html
    except InvalidInput:
        return ""
