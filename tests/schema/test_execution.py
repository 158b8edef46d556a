"""A checked document is executed as Strawberry would, only with less to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import ExecutionResult, parse

from gateway.schema.documents import CheckedDocument
from gateway.schema.execution import executed
from tests.schema.doors import SCHEMA, Noted
from tests.schema.things import ALL, BROKEN, DONE, THINGS, a_document

DOCUMENTS = [
    pytest.param("{ things { __typename n: name title sizes } }", id="fields"),
    pytest.param("{ toy { colour beside { ... on Toy { colour } } } }", id="enums"),
    pytest.param("{ things { name ...F } } fragment F on Toy { colour }", id="types"),
    pytest.param("{ things { beside { name } beside { title } } }", id="merged"),
    pytest.param("{ later { name ... on Tool { weight } } }", id="waiting"),
    pytest.param("{ things { repeated awaited { sizes } name } }", id="in between"),
    pytest.param("{ things { name guarded } }", id="guarded"),
    pytest.param("{ page { ... on ToolPage { items { weight } } } }", id="generic"),
    pytest.param("{ oneKind { items { __typename weight } } }", id="of one kind"),
    pytest.param("{ generated { name } }", id="generated"),
    pytest.param(f"{{ things {{ {ALL} }} later {{ {ALL} }} }}", id="everything"),
    pytest.param(f"{{ allBroken {{ {ALL} }} }}", id="broken together"),
    pytest.param("{ allBroken { beside { name } sizes } }", id="half broken"),
    pytest.param("{ __schema { queryType { name } } __typename }", id="the schema"),
    pytest.param("{ __schema { __typename } }", id="the schema's type"),
]


async def both(
    source: str, variables: Mapping[str, Any] | None = None
) -> tuple[Any, Any]:
    """Execute twice, with the readers of the first time; then as Strawberry does."""
    checked = a_document(source)
    for _ in range(2):
        ours = await executed(THINGS.core, checked, variables=variables)
    theirs = await THINGS.execute(source, dict(variables or {}))
    return _written(ours), _written(theirs)


def _written(result: Any) -> tuple[Any, list[Any]]:
    return result.data, [error.formatted for error in result.errors or ()]


@pytest.mark.parametrize("source", DOCUMENTS)
async def test_an_answer_is_what_strawberry_would_give(source: str) -> None:
    ours, theirs = await both(source)

    assert ours == theirs


@pytest.mark.parametrize("which", range(len(BROKEN)))
async def test_what_is_wrong_is_said_as_strawberry_says_it(which: int) -> None:
    ours, theirs = await both(f"{{ broken(which: {which}) {{ {ALL} }} }}")

    assert ours == theirs


@pytest.mark.parametrize("shown", [True, False])
async def test_directives_select_by_what_variables_say(shown: bool) -> None:  # noqa: FBT001
    source = """query($shown: Boolean!) {
        things { name @include(if: $shown) title @skip(if: $shown) }
    }"""
    checked = a_document(source)

    first = await executed(THINGS.core, checked, variables={"shown": not shown})
    then = await executed(THINGS.core, checked, variables={"shown": shown})

    asked = "name" if shown else "title"
    assert [list(thing) for thing in (then.data or {})["things"]] == [[asked]] * 2
    assert first.data != then.data


async def test_a_directive_without_a_choice_is_an_error_of_its_field() -> None:
    source = """query($shown: Boolean = true) {
        things { beside { name beside { title @include(if: $shown) } } }
    }"""

    ours, theirs = await both(source, {"shown": None})

    assert ours == theirs
    assert [error["path"] for error in ours[1]] == [
        ["things", 0, "beside", "beside"],
        ["things", 1, "beside", "beside"],
    ]


async def test_a_root_field_that_fails_is_not_tried_again() -> None:
    DONE.clear()

    result = await executed(THINGS.core, a_document("mutation { spoil { name } }"))

    assert result.data is None
    assert [error.message for error in result.errors or ()] == ["it broke"]
    assert DONE == ["spoil"]


async def test_the_operation_that_is_named_is_executed() -> None:
    checked = a_document("query A { toy { name } } query B { toy { title } }")

    result = await executed(THINGS.core, checked, operation_name="B")

    assert result == ExecutionResult({"toy": {"title": "Kite"}}, None)


async def test_what_was_checked_is_neither_parsed_nor_validated_again(
    noted: Noted,
) -> None:
    figures = a_document("{hello}", SCHEMA).figures
    unused_fragment = parse("{hello} fragment F on Item{sku}")
    checked = CheckedDocument("no document", unused_fragment, figures)

    result = await executed(SCHEMA.core, checked, context=noted)

    assert result == ExecutionResult({"hello": "hello you"}, None)
