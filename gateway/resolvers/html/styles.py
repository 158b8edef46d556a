"""What may stay of a style attribute: how content looks, not where it lies.

Nothing that takes content out of its place (position, transform, negative margins)
may stay: it could cover the page's own buttons.
"""

from __future__ import annotations

import re

_PROPERTIES = """
    align-content align-items align-self aspect-ratio background-color
    background-image background-position background-repeat background-size border
    border-bottom border-collapse border-color border-left border-radius border-right
    border-spacing border-style border-top border-width box-sizing clear color
    column-count column-gap display flex flex-basis flex-direction flex-grow
    flex-shrink flex-wrap float font-family font-size font-style font-variant
    font-weight gap grid-auto-flow grid-column grid-row grid-template-areas
    grid-template-columns grid-template-rows height justify-content justify-items
    justify-self letter-spacing line-height list-style-position list-style-type
    margin margin-bottom margin-left margin-right margin-top max-height max-width
    min-height min-width object-fit object-position opacity order overflow padding
    padding-bottom padding-left padding-right padding-top row-gap text-align
    text-decoration text-indent text-transform vertical-align white-space width
    word-break word-spacing
"""
_FUNCTIONS = """
    calc clamp fit-content hsl hsla linear-gradient max min minmax repeat rgb rgba
"""
_MAY_BE_SET = frozenset(_PROPERTIES.split())
_MAY_BE_CALLED = frozenset(_FUNCTIONS.split())
_VALUE = re.compile(r"[\w\s#%.,()+*/!'\"-]+")
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_NEGATIVE = re.compile(r"-\s*[\d.]|\(")
_URL = re.compile(
    r"url\(\s*(['\"]?)"
    r"(https?://|/(?!/)|\{\{media url=[\w.~%/+,=?#@-]*\}\})[\w.~%/+,=?#@:&-]*"
    r"\1\s*\)"
)


def cleaned_style(style: str) -> str | None:
    """Return the declarations of *style* that may stay; None when none may."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if _may_stay(name.lower(), value):
            kept.append(f"{name.lower()}: {value}")
    return "; ".join(kept) or None


def property_names(style: str) -> list[str]:
    """Return the names of the properties that *style* sets, in its order."""
    names = (each.partition(":")[0].strip().lower() for each in style.split(";"))
    return [name for name in names if name]


def _may_stay(name: str, value: str) -> bool:
    if name not in _MAY_BE_SET:
        return False
    if name == "background-image" and _URL.fullmatch(value):
        return True
    if not _VALUE.fullmatch(value):
        return False
    if name.startswith(("margin", "text-indent")) and _NEGATIVE.search(value):
        return False
    return all(found.lower() in _MAY_BE_CALLED for found in _FUNCTION.findall(value))
