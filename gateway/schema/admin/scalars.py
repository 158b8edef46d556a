"""The scalars of the admin door, which are not GraphQL's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode
from graphql.language import ValueNode
from strawberry.types.scalar import ScalarDefinition

from gateway.personalize import constants
from gateway.personalize.grammar import Tree
from gateway.schema.json_scalars import json_scalar

ConditionTree = NewType("ConditionTree", object)
TextsByStoreView = NewType("TextsByStoreView", object)
CustomerIdsByWebsite = NewType("CustomerIdsByWebsite", object)
AsStored = NewType("AsStored", object)
CartAsMirrored = NewType("CartAsMirrored", object)

MOST_DIGITS = 40


def tree(conditions: Tree | None) -> ConditionTree | None:
    """Show conditions; None stays None."""
    return None if conditions is None else ConditionTree(conditions)


def _day(given: Any) -> date:
    day = constants.read_day(given)
    if isinstance(day, tuple):
        raise GraphQLError(" ".join(day))
    return day


def _moment(given: Any) -> datetime:
    try:
        at = datetime.fromisoformat(given if isinstance(given, str) else "")
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        shown = constants.shown(given)
        raise GraphQLError(
            f"{shown} is not a moment. Write it as ISO 8601, such as"
            " 2026-12-24T18:30:00Z."
        ) from None


def _number(given: Any) -> Decimal:
    plain = not isinstance(given, bool | list | dict)
    try:
        number = Decimal(str(given)) if plain else None
    except InvalidOperation:
        number = None
    if number is None:
        shown = constants.shown(given)
        raise GraphQLError(
            f"Decimal cannot be read from {shown}. Write a number such as 12 or 12.5."
        )
    # An exponent could make a few characters into millions of digits.
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MOST_DIGITS:
        raise GraphQLError(f"Decimal is finite, with at most {MOST_DIGITS} digits.")
    return number


def _number_literal(node: ValueNode, _: Mapping[str, Any] | None = None) -> Decimal:
    if isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
        return _number(node.value)
    raise GraphQLError("Decimal cannot be read from this; write a number or text.")


SCALARS: Mapping[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A day of a calendar, such as `2026-12-24`.",
        serialize=date.isoformat,
        parse_value=_day,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="Date with time (isoformat)",
        serialize=datetime.isoformat,
        parse_value=_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact number, such as an amount of money in major units."
        ' Written as text ("19.90") or as a number, always answered as text.',
        serialize=lambda number: format(number, "f"),
        parse_value=_number,
        parse_literal=_number_literal,
    ),
    ConditionTree: json_scalar(
        "ConditionTree",
        "Conditions as JSON."
        ' A combination is `{"all": [...]}` or `{"any": [...]}`; with `"are": false`'
        ' its children must be false. A comparison is `{"attribute": "cart.subtotal",'
        ' "operator": "at_least", "value": 50}`. A list is looked into with'
        ' `{"found": "cart.items", "all": [...]}` or `not_found`, and summed up with'
        ' `{"sum": "item.quantity", "operator": "at_least", "value": 3, "all": []}`,'
        " `average` or `count`. What can be named in it, `conditionAttributes`,"
        " `operators` and `conditionLists` tell.",
    ),
    TextsByStoreView: json_scalar(
        "TextsByStoreView",
        "Texts as a JSON object, by the code of the store view that each"
        ' is for: `{"german": "Hallo"}`.',
    ),
    CustomerIdsByWebsite: json_scalar(
        "CustomerIdsByWebsite",
        "Ids of customers as a JSON object of lists, by the code of the"
        ' website that each is for: `{"base": ["1001", "1002"]}`.',
    ),
    CartAsMirrored: json_scalar(
        "CartAsMirrored",
        "A cart as JSON, as a server sends it to the storefront door's"
        ' `syncCart`: `{"items": [{"sku": "mug", "quantity": 2, "price": "9.90"}],'
        ' "coupon_codes": ["SPRING"], "shipping": {"amount": "4.90"}}`.',
    ),
    AsStored: json_scalar(
        "AsStored",
        "A definition as JSON, just as it is stored.",
    ),
}
