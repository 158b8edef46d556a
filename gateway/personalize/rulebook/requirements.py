"""What a definition asks for must be in the rule book too, or it is left out of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gateway.personalize import segment_references
from gateway.personalize.errors import InvalidInput, Problem

_ATTRIBUTES = {"segment": "customer.segment", "audience": "customer.audience"}
_PATHS = {
    "segment": "segments",
    "cart price rule": "cart_price_rules",
    "catalogue price rule": "catalogue_price_rules",
}


def require_asked(
    website: str, tree: Any, known: Mapping[str, Collection[str] | None]
) -> None:
    """Refuse conditions that ask for what is not among the *known* of its subject.

    Of a subject without known ones, None, anything may be asked for.

    Raises:
        InvalidInput: with every place that does.
    """
    problems = [
        Problem(path, *_unused(subject, [key], website))
        for subject, keys in known.items()
        if keys is not None
        for path, key in segment_references.asked(tree, attribute=_ATTRIBUTES[subject])
        if key not in keys
    ]
    if problems:
        raise InvalidInput(*problems)


def require_any(
    website: str, subject: str, keys: Collection[str], known: Collection[str]
) -> None:
    """Refuse to be for *keys* of which none is known; to be for none at all is fine.

    Raises:
        InvalidInput: none of them is known.
    """
    if keys and not any(key in known for key in keys):
        said = _unused(subject, sorted(keys), website)
        raise InvalidInput(Problem(_PATHS[subject], *said))


def _unused(subject: str, keys: Collection[str], website: str) -> tuple[str, str]:
    listed = ", ".join(repr(key) for key in keys)
    one = len(keys) == 1
    said = f"the {subject} {listed} is not" if one else f"no {subject} of {listed} is"
    remedy = (
        "Save it for that website, or name another."
        if subject == "audience"
        else "See that it is active, for that website and without problems,"
        " or name another."
    )
    return f"{said} in use on the website {website!r}.", remedy
