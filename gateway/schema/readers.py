"""Read from values what a document selects of them, by functions made once.

Most of what is selected is settled by the document: an attribute, or a method without
arguments, and fields of what it returns. A reader is one function for all of that, from
a value to what stands in the answer. It neither waits nor explains: of whatever it was
not made for it raises, and graphql-core, asked instead, finds out what that is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import signature
from operator import attrgetter
from types import FunctionType
from typing import Any, TypeAlias

from graphql import (
    Executor,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLUnionType,
    TypeNameMetaFieldDef,
    Undefined,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

Read: TypeAlias = Callable[[Any], Any]


class Unreadable(Exception):
    """A value that is not what its type says, or an error in place of one."""


class Readers:
    """The readers of one document, each made when it is first asked for.

    None stands for what cannot be read: a field with arguments, one that waits, or one
    that not everybody may see.
    """

    def __init__(self) -> None:
        self._of_fields: dict[tuple[object, ...], Read | None] = {}
        self._of_values: dict[tuple[object, ...], Read | None] = {}

    def of_field(
        self,
        parent: GraphQLObjectType,
        field: FieldDetailsList,
        executor: Executor[Any],
    ) -> Read | None:
        """Return what reads *field* from an object of type *parent*."""
        key = (parent, *_nodes(field))
        if key not in self._of_fields:
            self._of_fields[key] = self._field(parent, field, executor)
        return self._of_fields[key]

    def of_value(
        self,
        type_: GraphQLOutputType,
        field: FieldDetailsList,
        executor: Executor[Any],
    ) -> Read | None:
        """Return what reads the value of *field*, which is of *type_*."""
        # Of a leaf nothing is selected: fields of its type share a reader.
        is_leaf = is_leaf_type(get_named_type(type_))
        key = (type_,) if is_leaf else (type_, *_nodes(field))
        if key not in self._of_values:
            self._of_values[key] = self._value(type_, field, executor)
        return self._of_values[key]

    def _field(
        self,
        parent: GraphQLObjectType,
        field: FieldDetailsList,
        executor: Executor[Any],
    ) -> Read | None:
        definition = executor.schema.get_field(parent, field[0].node.name.value)
        if definition is TypeNameMetaFieldDef:
            return lambda _: parent.name
        get = _getter(definition) if definition else None
        if definition is None or get is None:
            return None
        read = self.of_value(definition.type, field, executor)
        return None if read is None else lambda source: read(get(source))

    def _value(
        self,
        type_: GraphQLOutputType,
        field: FieldDetailsList,
        executor: Executor[Any],
    ) -> Read | None:
        match type_:
            case GraphQLNonNull():
                read = self.of_value(type_.of_type, field, executor)
                return read and _never_null(read)
            case GraphQLList():
                read = self.of_value(type_.of_type, field, executor)
                return read and _each(read)
            case GraphQLInterfaceType() | GraphQLUnionType():
                return self._any(type_, field, executor)
            case GraphQLObjectType():
                return self._object(type_, field, executor)
            case GraphQLEnumType():
                # Strawberry looks through all members for one.
                return _leaf(cache(type_.coerce_output_value))
            case GraphQLScalarType():
                return _leaf(type_.coerce_output_value)

    def _object(
        self,
        type_: GraphQLObjectType,
        field: FieldDetailsList,
        executor: Executor[Any],
    ) -> Read | None:
        readers: dict[str, Read] = {}
        selected = executor.collect_subfields(type_, field).grouped_field_set
        for name, one in selected.items():
            read = self.of_field(type_, one, executor)
            if read is None:
                return None
            readers[name] = read
        kind, fields = _class_of(type_), tuple(readers.items())
        if kind is None:
            return None

        def read_object(value: Any) -> Any:
            if type(value) is not kind:
                return _null(value)
            return {name: read(value) for name, read in fields}

        return read_object

    def _any(
        self,
        type_: GraphQLAbstractType,
        field: FieldDetailsList,
        executor: Executor[Any],
    ) -> Read | None:
        readers: dict[type, Read] = {}
        for possible in executor.schema.get_possible_types(type_):
            kind = _class_of(possible)
            read = self.of_value(possible, field, executor)
            # Of one generic class several types may be made.
            if read is None or kind is None or kind in readers:
                return None
            readers[kind] = read

        def read_any(value: Any) -> Any:
            read: Read = readers.get(type(value), _null)
            return read(value)

        return read_any


def _nodes(field: FieldDetailsList) -> tuple[int, ...]:
    # A document outlives its readers, and so do its nodes.
    return tuple([id(one.node) for one in field])


def _getter(definition: GraphQLField) -> Read | None:
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    # An extension may look at who asks.
    if not isinstance(field, StrawberryField) or field.extensions or definition.args:
        return None
    if field.base_resolver is None:
        return attrgetter(field.python_name)
    method = field.base_resolver.wrapped_func
    if field.is_async or not isinstance(method, FunctionType):
        return None
    return method if [*signature(method).parameters] == ["self"] else None


def _class_of(type_: GraphQLObjectType) -> type | None:
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(definition, StrawberryObjectDefinition):
        return None
    # What is returned for a page of products is a page.
    return (definition.concrete_of or definition).origin


def _null(value: Any) -> None:
    if value is not None:
        raise Unreadable


def _never_null(read: Read) -> Read:
    def read_one(value: Any) -> Any:
        written = read(value)
        if written is None:
            raise Unreadable
        return written

    return read_one


def _each(read: Read) -> Read:
    def read_each(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [read(one) for one in value]
        return _null(value)

    return read_each


def _leaf(write: Read) -> Read:
    def read_leaf(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, Exception):
            raise Unreadable
        written = write(value)
        if written is None or written is Undefined:
            raise Unreadable
        return written

    return read_leaf
