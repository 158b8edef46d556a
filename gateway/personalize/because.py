"""Why a condition holds, or does not: the leaves that it turned on.

The condition itself is asked, again and again; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.personalize.conditions import (
    Aggregate,
    Combination,
    Comparison,
    Condition,
    Found,
    OfLine,
)
from gateway.personalize.context import CartItem
from gateway.personalize.operators import Value
from gateway.personalize.relatives import OfRelatives


@dataclass(frozen=True)
class Reason:
    """One leaf of a tree, at *path*, and what it found.

    *asked* is an attribute, or what is looked for in a list, such as "found
    cart.items", whose *actual* value is the number of elements that fit.
    """

    path: str
    asked: str
    operator: str
    actual: Value
    wanted: Value


def because(condition: Condition, subject: Any, path: str) -> Iterator[Reason]:
    """Yield the leaves of *condition*, which stands at *path*, that settled it.

    Where it fails they are what must change for it to hold, all of them, or any one
    if the combination above is of ANY.
    """
    match condition:
        case Combination():
            yield from _of_children(condition, subject, path)
        case Comparison():
            yield _compared(condition, subject, path)
        case Found():
            yield _found(condition, subject, path)
        case Aggregate():
            actual, operator = condition.value(subject), condition.operator.key
            yield Reason(path, condition.asked, operator, actual, condition.wanted)
        case OfLine():
            yield from _of_faces(condition.condition, subject.faces, path)
        case OfRelatives():
            asked = condition.relatives.of(subject)
            yield from _of_faces(condition.condition, asked, path)


def _of_children(condition: Combination, subject: Any, path: str) -> Iterator[Reason]:
    holds = condition.holds(subject)
    member = "all" if condition.every else "any"
    for position, child in enumerate(condition.children):
        if (child.holds(subject) is condition.are) is holds:
            yield from because(child, subject, f"{path}.{member}.{position}")


def _compared(condition: Comparison, subject: Any, path: str) -> Reason:
    return Reason(
        path,
        condition.attribute,
        condition.operator.key,
        condition.read(subject),
        condition.wanted,
    )


def _found(condition: Found, subject: Any, path: str) -> Reason:
    fitting = sum(
        1 for one in condition.elements(subject) if condition.condition.holds(one)
    )
    operator = "at_least" if condition.found else "is"
    return Reason(
        path,
        condition.asked,
        operator,
        Decimal(fitting),
        Decimal(1 if condition.found else 0),
    )


def _of_faces(
    condition: Condition, faces: Iterable[CartItem], path: str
) -> Iterator[Reason]:
    """Yield the reasons of the face that holds, or else comes nearest."""
    told = []
    for face in faces:
        reasons = list(because(condition, face, path))
        if condition.holds(face):
            yield from reasons
            return
        told.append(reasons)
    yield from min(told, key=len, default=[])
