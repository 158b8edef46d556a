"""Read how many items a field asks for, from its arguments, variables and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

from gateway.schema.literals import integer

PAGE_ARGUMENTS = ("pageSize", "page_size", "first", "last", "limit")


class PageSizes:
    """The page sizes of one document.

    *largest* is the largest read so far, *variables* names the variables that were
    asked for one.
    """

    def __init__(
        self,
        operations: Iterable[OperationDefinitionNode],
        values: Mapping[str, int | None],
    ) -> None:
        self.largest = 0
        self.variables: set[str] = set()
        defaults = {
            variable.variable.name.value: integer(variable.default_value)
            for operation in operations
            for variable in operation.variable_definitions or ()
        }
        self._values = {**defaults, **values}

    def of(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """Read the page a field asks for; None where it has no such argument."""
        written = {each.name.value: each.value for each in node.arguments or ()}
        sizes = [
            self._size(written.get(name), definition.args[name])
            for name in PAGE_ARGUMENTS
            if name in definition.args
        ]
        known = [max(size, 1) for size in sizes if size is not None]
        self.largest = max(self.largest, *known, 0)
        return max(known, default=None)

    def _size(self, written: ValueNode | None, argument: GraphQLArgument) -> int | None:
        size = integer(written)
        if isinstance(written, VariableNode):
            self.variables.add(written.name.value)
            size = self._values.get(written.name.value)
        return size if size is not None else _default(argument)


def _default(argument: GraphQLArgument) -> int | None:
    default = argument.default_value
    if argument.default is not None:
        default = argument.default.value
        if argument.default.literal is not None:
            return integer(argument.default.literal)
    return default if isinstance(default, int) else None
