"""A condition as clauses: it holds where every clause has something that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from gateway.personalize.conditions import Combination, Condition

MOST_CLAUSES = 32
"""How many clauses an ANY may become; a larger one is asked as it is."""


@dataclass(frozen=True, eq=False)
class Literal:
    """A condition that is no combination, or one too large, or that it fails.

    It is only ever equal to itself: two of one condition stand in two places.
    """

    condition: Condition
    positive: bool = True


Clause = tuple[Literal, ...]

_HOLDS: list[Clause] = []
_FAILS: list[Clause] = [()]


def clauses_of(condition: Condition, *, positive: bool = True) -> Sequence[Clause]:
    """Return the clauses of *condition*, or of its failing if not *positive*.

    No clause at all is what always holds, and a clause of nothing never does.
    """
    if not isinstance(condition, Combination):
        return [(Literal(condition, positive),)]
    if not condition.children:
        return _HOLDS if positive else _FAILS
    children = [
        clauses_of(child, positive=condition.are is positive)
        for child in condition.children
    ]
    if condition.every is positive:
        return list(chain.from_iterable(children))
    if prod(map(len, children)) > MOST_CLAUSES:
        return [(Literal(condition, positive),)]
    return [tuple(dict.fromkeys(chain(*choice))) for choice in product(*children)]
