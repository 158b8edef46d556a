"""What a condition looks at, and when two conditions are the same."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum, auto

from gateway.personalize.attributes import Scope
from gateway.personalize.clocks import end_of_day
from gateway.personalize.conditions import (
    Aggregate,
    Combination,
    Comparison,
    Condition,
    Found,
    OfLine,
)
from gateway.personalize.relatives import OfRelatives
from gateway.personalize.segment_index.columns import identity


class Facts(Enum):
    """What a condition looks at, and so how long its answer is good for."""

    CUSTOMER = auto()
    """The customer alone, on one day: good for the customer's version."""
    SHOPPER = auto()
    """Whatever is settled before segments are: good for the context."""
    SEGMENTS = auto()
    """It may look at segments decided before: good for those that are as deep."""

    # There is one of each: an Enum would hash its name, which takes four times as long.
    __hash__ = object.__hash__


def facts_of(condition: Condition) -> Facts:
    """Return what *condition* looks at; at segments where it does not say."""
    if isinstance(condition, Combination):
        found = {facts_of(child) for child in condition.children}
        if not found:
            return Facts.CUSTOMER
        if Facts.SEGMENTS in found:
            return Facts.SEGMENTS
        return found.pop() if len(found) == 1 else Facts.SHOPPER
    scope = Scope.CONTEXT
    if isinstance(condition, Comparison | Found | Aggregate):
        scope = condition.scope
    if scope is Scope.CONTEXT:
        return Facts.SEGMENTS
    stays = condition.clocks <= {end_of_day}
    return Facts.CUSTOMER if scope is Scope.CUSTOMER and stays else Facts.SHOPPER


def shape_of(condition: Condition) -> Hashable:
    """Return what two conditions have in common that ask for the same.

    Constants are told apart as they are written: beside a text, 1 is not 1.0.
    """
    match condition:
        case Combination(every, children, are):
            return Combination, every, are, tuple(map(shape_of, children))
        case Comparison():
            return (
                identity(condition.read),
                condition.operator.key,
                repr(condition.wanted),
            )
        case Found(elements, inner, found):
            return Found, elements, found, shape_of(inner)
        case OfLine(inner):
            return OfLine, shape_of(inner)
        case OfRelatives(relatives, inner):
            return OfRelatives, relatives, shape_of(inner)
        case Aggregate():
            return (
                condition.elements,
                shape_of(condition.condition),
                identity(condition.measure),
                condition.fold,
                condition.operator.key,
                repr(condition.wanted),
            )
    return id(condition)
