"""What the admin door says of itself."""

from __future__ import annotations

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_specified_scalar_type,
)

from gateway.schema import admin


def _own_types() -> list[GraphQLNamedType]:
    return [
        one
        for one in admin.schema.core.type_map.values()
        if not one.name.startswith("__") and not is_specified_scalar_type(one)
    ]


def test_every_type_and_every_field_is_described() -> None:
    bare = []
    for one in _own_types():
        if not one.description:
            bare.append(one.name)
        if isinstance(
            one, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType
        ):
            for name, field in one.fields.items():
                bare += [] if field.description else [f"{one.name}.{name}"]
                for argument, its in getattr(field, "args", {}).items():
                    where = f"{one.name}.{name}({argument})"
                    bare += [] if its.description else [where]

    assert bare == []


def test_every_name_is_in_camel_case() -> None:
    names = [
        name
        for one in _own_types()
        if isinstance(one, GraphQLObjectType | GraphQLInputObjectType)
        for name in one.fields
    ]

    assert [name for name in names if "_" in name] == []


def test_every_enum_says_its_values_in_capitals() -> None:
    enums = [one for one in _own_types() if isinstance(one, GraphQLEnumType)]

    values = [value for one in enums for value in one.values]
    assert len(enums) == 18
    assert [value for value in values if value != value.upper()] == []
