"""Execute a document that was checked.

graphql-core asks of each field of each object what it is, how it is resolved, whether
there is something to wait for, and what becomes of the value. Where a reader knows all
of that beforehand, it answers instead, and graphql-core is left with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from inspect import isawaitable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.schema.documents import CheckedDocument


async def executed(
    schema: GraphQLSchema,
    checked: CheckedDocument,
    *,
    variables: Mapping[str, Any] | None = None,
    context: object = None,
    operation_name: str | None = None,
) -> ExecutionResult:
    """Execute an operation of a *checked* document; errors are part of the result."""
    result = execute(
        schema,
        checked.document,
        context_value=context,
        variable_values=dict(variables or {}),
        operation_name=operation_name,
        executor_class=_Executor,
        checked=checked,
    )
    return await result if isawaitable(result) else result


class _Executor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, which reads what can be read."""

    def __init__(self, *given: Any, checked: CheckedDocument, **options: Any) -> None:
        super().__init__(*given, **options)
        self._readers = checked.readers_for(self.variable_values.coerced)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        # What a root field does, it does once.
        if path.prev is not None:
            with suppress(Exception):
                read = self._readers.of_field(parent_type, field_details_list, self)
                if read is not None:
                    return read(source)
        return super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        with suppress(Exception):
            read = self._readers.of_value(return_type, field_details_list, self)
            if read is not None:
                return read(result)
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )
