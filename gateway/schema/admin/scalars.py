"""The scalars of the admin door, which are not GraphQL's own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import orjson
import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode
from graphql.language import ValueNode
from graphql.utilities import value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from gateway.personalize.grammar import Tree

ConditionTree = NewType("ConditionTree", object)
TextsByStoreView = NewType("TextsByStoreView", object)
CustomerIdsByWebsite = NewType("CustomerIdsByWebsite", object)
AsStored = NewType("AsStored", object)
CartAsMirrored = NewType("CartAsMirrored", object)

MOST_DIGITS = 40


def tree(conditions: Tree | None) -> ConditionTree | None:
    """Show conditions; None stays None."""
    return None if conditions is None else ConditionTree(conditions)


def _same(value: Any) -> Any:
    return value


def _json(value: Any) -> Any:
    """Return what is JSON of *value*, which a typed variable may stand in."""
    try:
        return orjson.loads(orjson.dumps(value, default=str))
    except TypeError as error:
        raise GraphQLError(f"This cannot be kept as JSON: {error}.") from None


def _literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
    return _json(value_from_ast_untyped(node, dict(variables or {})))


def _number(given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        raise GraphQLError("Decimal cannot be read from this; write a number or text.")
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise GraphQLError("Decimal cannot be read from this text.") from None
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
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact number, such as an amount of money in major units."
        ' Written as text ("19.90") or as a number, always answered as text.',
        serialize=lambda number: format(number, "f"),
        parse_value=_number,
        parse_literal=_number_literal,
    ),
    ConditionTree: strawberry.scalar(
        name="ConditionTree",
        description="Conditions as JSON."
        ' A combination is `{"all": [...]}` or `{"any": [...]}`; with `"are": false`'
        ' its children must be false. A comparison is `{"attribute": "cart.subtotal",'
        ' "operator": "at_least", "value": 50}`. A list is looked into with'
        ' `{"found": "cart.items", "all": [...]}` or `not_found`, and summed up with'
        ' `{"sum": "item.quantity", "operator": "at_least", "value": 3, "all": []}`,'
        " `average` or `count`. What can be named in it, `conditionAttributes`,"
        " `operators` and `conditionLists` tell.",
        serialize=_same,
        parse_value=_json,
        parse_literal=_literal,
    ),
    TextsByStoreView: strawberry.scalar(
        name="TextsByStoreView",
        description="Texts as a JSON object, by the code of the store view that each"
        ' is for: `{"german": "Hallo"}`.',
        serialize=_same,
        parse_value=_json,
        parse_literal=_literal,
    ),
    CustomerIdsByWebsite: strawberry.scalar(
        name="CustomerIdsByWebsite",
        description="Ids of customers as a JSON object of lists, by the code of the"
        ' website that each is for: `{"base": ["1001", "1002"]}`.',
        serialize=_same,
        parse_value=_json,
        parse_literal=_literal,
    ),
    CartAsMirrored: strawberry.scalar(
        name="CartAsMirrored",
        description="A cart as JSON, as a server sends it to the storefront door's"
        ' `syncCart`: `{"items": [{"sku": "mug", "quantity": 2, "price": "9.90"}],'
        ' "coupon_codes": ["SPRING"], "shipping": {"amount": "4.90"}}`.',
        serialize=_same,
        parse_value=_json,
        parse_literal=_literal,
    ),
    AsStored: strawberry.scalar(
        name="AsStored",
        description="A definition as JSON, just as it is stored.",
        serialize=_same,
        parse_value=_json,
        parse_literal=_literal,
    ),
}
