"""What is wrong with a write, as values: each error is a member of the answer's union.

Paths and remedies leave this door in its own words: ``appliesTo``, where the floors
below say ``applies_to``. Within condition trees nothing is renamed; they are JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, Self, TypeVar

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from gateway.personalize import errors
from gateway.personalize.errors import GatewayError
from gateway.personalize.operators import OPERATORS

Raised = TypeVar("Raised", bound=GatewayError)
Member = TypeVar("Member", bound="Refusal")


@strawberry.type(description="One thing that is wrong, and what to write instead.")
class Problem:
    """A problem as the caller reads it."""

    path: str = strawberry.field(
        description="Where it stands in what was sent: names and list positions joined"
        " by dots, such as `conditions.any.0.value`. Empty when all of it is meant."
    )
    message: str = strawberry.field(description="What is wrong.")
    remedy: str = strawberry.field(
        description="What to write instead; empty where there is nothing to suggest."
    )

    @classmethod
    def of(cls, problem: errors.Problem) -> Self:
        """Show a problem that is in the caller's words already."""
        return cls(path=problem.path, message=problem.message, remedy=problem.remedy)

    @classmethod
    def list_of(cls, problems: Iterable[errors.Problem]) -> list[Self]:
        """Show problems of the floors below in the caller's words."""
        return [cls.of(_renamed(one)) for one in problems]


@strawberry.interface(description="A write that was refused; nothing was written.")
class Refusal:
    """A write that was refused."""

    problems: list[Problem] = strawberry.field(description="Everything that is wrong.")

    @classmethod
    def of(cls, error: GatewayError) -> Self:
        """Show an error."""
        return cls(problems=[Problem.of(one) for one in error.problems])


@strawberry.type(description="What was sent cannot be accepted.")
class InvalidInput(Refusal):
    """What was sent cannot be accepted."""


@strawberry.type(
    description="What is stored stands against it: it is in use, was changed"
    " meanwhile, is fixed, or the name is taken."
)
class Conflict(Refusal):
    """What is stored stands against it."""


@strawberry.type(description="Nothing is called that.")
class NotFound(Refusal):
    """Nothing is called that."""


class _Handler(Generic[Raised, Member]):
    def __init__(self, exception: type[Raised], member: type[Member]) -> None:
        self.exception_type = exception
        self.error_type = member

    def handle(
        self,
        exception: Raised,
        *,
        field: StrawberryField,  # noqa: ARG002
        info: strawberry.Info,  # noqa: ARG002
    ) -> Member:
        return self.error_type.of(exception)


HANDLERS = (
    _Handler(errors.InvalidInput, InvalidInput),
    _Handler(errors.Conflict, Conflict),
    _Handler(errors.NotFound, NotFound),
)


def in_callers_words(error: GatewayError) -> GatewayError:
    """Return the same error with paths and remedies in the words of this door."""
    return type(error)(*(_renamed(problem) for problem in error.problems))


def _renamed(problem: errors.Problem) -> errors.Problem:
    name, dot, rest = problem.path.partition(".")
    path = f"{to_camel_case(name)}{dot}{rest}"
    remedy = _FIELD.sub(lambda found: to_camel_case(found[0]), problem.remedy)
    return errors.Problem(path, problem.message, remedy)


# Names of fields that a remedy may tell, and that mean nothing else in a tree.
_FIELDS = {
    "applies_to",
    "at_most",
    "cart_price_rules",
    "coupon_code",
    "customer_groups",
    "generated_coupons",
    "group_applies",
    "item_conditions",
    "products_to_display",
    "products_to_match",
    "shown_to",
} - OPERATORS.keys()
# A path goes on after a dot, a sentence ends with one.
_FIELD = re.compile(rf"(?<![\w.])({'|'.join(sorted(_FIELDS))})(?!\.?\w)")
