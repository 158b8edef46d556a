"""Scalars that are JSON: answered as they are, and read wherever they may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from graphql.language import ValueNode
from graphql.utilities import value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition


def json_scalar(name: str, description: str) -> ScalarDefinition:
    """Return a scalar that is any JSON."""
    return strawberry.scalar(
        name=name,
        description=description,
        serialize=lambda value: value,
        parse_value=_json,
        parse_literal=_literal,
    )


def _json(value: Any) -> Any:
    """Return what is JSON of *value*, which a typed variable may stand in."""
    try:
        # A document is looked over before its variables have values.
        return orjson.loads(orjson.dumps(value, default=str))
    except TypeError as error:
        raise GraphQLError(f"This cannot be kept as JSON: {error}.") from None


def _literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
    return _json(value_from_ast_untyped(node, dict(variables or {})))
