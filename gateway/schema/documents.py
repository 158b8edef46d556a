"""Check each document once: its size before its meaning, its meaning before its cost.

Strawberry's own parser and validation caches stay unused: they count documents rather
than memory, and would validate a document before anyone measured it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Self

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged as overlaps
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from gateway.schema.errors import Category
from gateway.schema.limits import BEFORE_RULES, WITH_VARIABLES, Limits
from gateway.schema.measure import Figures, measure
from gateway.schema.readers import Readers
from gateway.schema.requests import GraphQLRequest

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
# Comparing fields of one name is quadratic in them. The library's own bound of
# 500,000 units lets 2 KB of document keep a worker busy for most of a second.
overlaps.MAX_COMPLEXITY_BUDGET = 5_000

BYTES_PER_TOKEN = 500
BYTES_READING_TOKEN = 800
PRICES_REMEMBERED = 32
READERS_REMEMBERED = 4


class Unacceptable(Exception):
    """A document that will not be executed, and why.

    Its text is for the log, its *errors* are for the caller.
    """

    def __init__(self, *errors: GraphQLError, because: str = "") -> None:
        super().__init__(because or "; ".join(error.message for error in errors))
        self.errors: Sequence[GraphQLError] = errors


class CheckedDocument(str):
    """A document that passed every check, still readable as its source."""

    __slots__ = ("document", "figures", "prices", "readers", "weight")

    document: DocumentNode
    figures: Figures
    prices: dict[tuple[tuple[str, int | None], ...], Figures]
    readers: dict[tuple[tuple[str, bool], ...], Readers]
    weight: int

    def __new__(cls, source: str, document: DocumentNode, figures: Figures) -> Self:
        """Keep what checking *source* has found."""
        checked = super().__new__(cls, source)
        checked.document = document
        checked.figures = figures
        checked.prices = {}
        checked.readers = {}
        sets = READERS_REMEMBERED if figures.directives else 1
        per_token = BYTES_PER_TOKEN + sets * BYTES_READING_TOKEN
        checked.weight = len(source) + per_token * _tokens(document)
        return checked

    def readers_for(self, variables: Mapping[str, Any]) -> Readers:
        """Return what reads the selections, which directives make by *variables*."""
        flags: tuple[tuple[str, bool], ...] = ()
        if self.figures.directives:
            flags = tuple(
                (name, value)
                for name, value in variables.items()
                if isinstance(value, bool)
            )
        if flags not in self.readers:
            if len(self.readers) == READERS_REMEMBERED:
                self.readers.clear()
            self.readers[flags] = Readers()
        return self.readers[flags]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Choose the operation to execute.

        Raises:
            Unacceptable: if there is none of that name, or no name and several.
        """
        operations = {
            node.name.value if node.name else None: node
            for node in self.document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        if name is None and len(operations) > 1:
            raise Unacceptable(
                _complaint(
                    f"The document holds {len(operations)} operations; say in"
                    ' "operationName" which one to execute.'
                )
            )
        chosen = operations.get(name) if name else next(iter(operations.values()), None)
        if chosen is None:
            raise Unacceptable(
                _complaint(f"The document holds no operation {name or ''}".rstrip())
            )
        if chosen.operation is OperationType.SUBSCRIPTION:
            raise Unacceptable(_complaint("Subscriptions are not served at this door."))
        return chosen


class DoorSchema(strawberry.Schema):
    """A schema behind a door, which checks and executes documents itself."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as GraphQL's own rules read it."""
        return self._schema


class Documents:
    """The documents of one door, each checked once and remembered while in use."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._remembered: OrderedDict[str, CheckedDocument] = OrderedDict()
        self._weight = 0

    def admit(
        self, asked: GraphQLRequest
    ) -> tuple[CheckedDocument, OperationDefinitionNode]:
        """Decide that *asked* may be executed, and which operation of it.

        Raises:
            Unacceptable: with the first few reasons against it.
        """
        if asked.longest_list > self._limits.list_items:
            raise Unacceptable(
                self._limits.excess("list_items", asked.longest_list, "A variable")
            )
        document = self.check(asked.query)
        operation = document.operation(asked.operation_name)
        self.price(document, asked.variables)
        return document, operation

    def check(self, source: str) -> CheckedDocument:
        """Parse, measure and validate *source*.

        Raises:
            Unacceptable: with the first few reasons.
        """
        checked = self._remembered.get(source)
        if checked is not None:
            self._remembered.move_to_end(source)
            return checked
        document = self._parse(source)
        figures = self._measure(document, {})
        self._admit(figures)
        self._validate(document)
        checked = CheckedDocument(source, document, figures)
        self._remember(checked)
        return checked

    def price(self, checked: CheckedDocument, variables: Mapping[str, Any]) -> None:
        """Price a document by the page sizes that *variables* give.

        Raises:
            Unacceptable: if it costs too much.
        """
        names = checked.figures.page_variables
        pages = {name: _size(variables[name]) for name in names if name in variables}
        figures = checked.figures
        if pages:
            key = tuple(pages.items())
            if key not in checked.prices:
                if len(checked.prices) == PRICES_REMEMBERED:
                    checked.prices.clear()
                checked.prices[key] = self._measure(checked.document, pages)
            figures = checked.prices[key]
        if errors := self._limits.excesses(figures, WITH_VARIABLES):
            raise Unacceptable(*errors)

    def _parse(self, source: str) -> DocumentNode:
        most = self._limits.tokens
        try:
            return parse(source, max_lexical_tokens=most, max_comments=most)
        except GraphQLError as error:
            # The parser stops there, so the true number stays unknown.
            if "Document contains more than" in error.message:
                raise Unacceptable(self._limits.excess("tokens", most)) from None
            raise Unacceptable(error) from None

    def _measure(
        self, document: DocumentNode, pages: Mapping[str, int | None]
    ) -> Figures:
        default_page = self._limits.default_page
        return measure(self._schema, document, pages, default_page=default_page)

    def _admit(self, figures: Figures) -> None:
        errors = self._limits.excesses(figures, BEFORE_RULES)
        errors += [_complaint(fault) for fault in figures.faults]
        if figures.introspects and not self._limits.introspection:
            errors.append(_complaint("Introspection is switched off at this door."))
        if errors:
            raise Unacceptable(*errors[: self._limits.errors])

    def _validate(self, document: DocumentNode) -> None:
        most = self._limits.errors
        errors = validate(self._schema, document, RULES, max_errors=most)
        if not errors:
            return
        errors = [_plain(error) for error in errors]
        because = "; ".join(error.message for error in errors)
        if not self._limits.introspection:
            errors = [without_the_schema(error) for error in errors]
        raise Unacceptable(*errors, because=because)

    def _remember(self, checked: CheckedDocument) -> None:
        self._remembered[checked] = checked
        self._weight += checked.weight
        while self._weight > self._limits.remembered_bytes:
            _, forgotten = self._remembered.popitem(last=False)
            self._weight -= forgotten.weight


def without_the_schema(error: GraphQLError) -> GraphQLError:
    """Keep where *error* is, and drop the names of types and fields it tells."""
    return GraphQLError(
        "This does not fit the schema; switch introspection on to read why.",
        error.nodes,
        error.source,
        error.positions,
    )


def _complaint(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"category": Category.INPUT})


def _plain(error: GraphQLError) -> GraphQLError:
    if isinstance(error, ValidationAbortedError) and "limit" not in error.message:
        return _complaint(
            "The document names the same fields too often, or nests its fragments"
            " too deeply; ask for each field once."
        )
    return error


def _size(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def _tokens(document: DocumentNode) -> int:
    count = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        count += 1
        token = token.next
    return count
