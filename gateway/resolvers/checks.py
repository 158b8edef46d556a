"""What a write is checked against, whatever is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.personalize.rulebook import RuleBook
from gateway.personalize.table import suggest
from gateway.storage.definitions import Names, Use

MOST_USES_TOLD = 20

NOUNS = {
    "websites": "website",
    "store_views": "store view",
    "customer_groups": "customer group",
    "audiences": "audience",
    "segments": "segment",
    "cart_price_rules": "cart price rule",
    "dynamic_blocks": "dynamic block",
    "related_product_rules": "related-product rule",
    "catalogue_price_rules": "catalogue price rule",
}


@dataclass(frozen=True)
class Reference:
    """A place in a definition, at *path*, that names something of *subject*."""

    path: str
    subject: str
    name: str


def unknown(references: Iterable[Reference], names: Names) -> list[Problem]:
    """Tell which of the *references* lead nowhere."""
    known = {subject: frozenset(found) for subject, found in names.items()}
    return [
        Problem(one.path, *_missing(one.subject, one.name, names))
        for one in references
        if one.name not in known[one.subject]
    ]


def require(references: Iterable[Reference], names: Names) -> None:
    """Refuse references that lead nowhere.

    Raises:
        InvalidInput: with every one of them, and what may be meant.
    """
    problems = unknown(references, names)
    if problems:
        raise InvalidInput(*problems)


def unknown_segments(keys: Iterable[str], rulebook: RuleBook) -> list[Problem]:
    """Tell which of the segments with *keys* are none that the website decides."""
    known, website = rulebook.segments_by_key, rulebook.website.code
    return [
        Problem(
            f"segments.{position}",
            f"no segment {key!r} is active on {website!r}.",
            suggest(key, known) if known else "Leave it out.",
        )
        for position, key in enumerate(keys)
        if key not in known
    ]


def missing(subject: str, name: str, names: Names, path: str = "key") -> NotFound:
    """Say that nothing of *subject* is called *name*, and what may be meant."""
    return NotFound(Problem(path, *_missing(subject, name, names)))


def require_version(noun: str, stored: int | None, expected: int | None) -> None:
    """Refuse to write over what the caller has not seen.

    *expected* is the version the caller began with, 0 for something new, and None
    for whatever is there.

    Raises:
        Conflict: another version is stored.
        NotFound: nothing is stored, but something was expected.
    """
    if expected is None or expected == (stored or 0):
        return
    path = "expected_version"
    if stored is None:
        message = f"there is no such {noun}, and version {expected} was expected."
        raise NotFound(Problem(path, message, "Save it as new, with version 0."))
    message = f"version {stored} is stored, not {expected}."
    raise Conflict(Problem(path, message, "Read it again, and repeat the change."))


def require_unused(uses: Sequence[Use], path: str = "key") -> None:
    """Refuse to delete what is in use.

    Raises:
        Conflict: with every use, up to a limit.
    """
    _require_none(
        uses,
        path,
        lambda use: f"it is in use by the {use.subject} {use.key!r}.",
        "Remove it there first.",
        "it is in use at {} more places.",
    )


def require_no_amounts(uses: Sequence[Use], currency: str) -> None:
    """Refuse another currency than that in which something counts.

    Nobody would convert what is there.

    Raises:
        Conflict: with everything that does, up to a limit.
    """
    _require_none(
        uses,
        "currency",
        lambda use: f"the {use.subject} {use.key!r} counts in {currency}.",
        "Save another website for the other currency, or remove it first.",
        "{} more do so.",
    )


def _require_none(
    uses: Sequence[Use], path: str, tell: Callable[[Use], str], remedy: str, rest: str
) -> None:
    problems = [Problem(path, tell(use), remedy) for use in uses[:MOST_USES_TOLD]]
    more = len(uses) - MOST_USES_TOLD
    if more > 0:
        problems.append(Problem(path, rest.format(more)))
    if problems:
        raise Conflict(*problems)


def _missing(subject: str, name: str, names: Names) -> tuple[str, str]:
    noun, known = NOUNS[subject], names[subject]
    remedy = suggest(name, known) if known else f"Save the {noun} first."
    return f"there is no {noun} {name!r}.", remedy
