"""What can be read is settled by the document, once."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import Executor, GraphQLList, GraphQLNonNull
from graphql.execution.collect_fields import FieldDetails

from gateway.schema.execution import executed
from gateway.schema.readers import Read, Readers, Unreadable
from tests.schema.things import A_TOOL, A_TOY, THINGS, a_document


def reading(selected: str) -> Read | None:
    """Make what reads a list of things, of each of which something is selected."""
    document = a_document(f"{{ things {{ {selected} }} }}").document
    executor = Executor.build(THINGS.core, document)
    assert isinstance(executor, Executor)
    things: Any = executor.operation.selection_set.selections[0]
    thing: Any = executor.schema.get_type("Thing")
    type_ = GraphQLNonNull(GraphQLList(thing))
    return Readers().of_value(type_, [FieldDetails(things, None)], executor)


def test_attributes_and_methods_without_arguments_are_read() -> None:
    read = reading("name title beside { colour: __typename } sizes")

    assert read is not None
    assert read([A_TOY, A_TOOL]) == [
        {
            "name": "kite",
            "title": "Kite",
            "beside": {"colour": "Toy"},
            "sizes": [[1, None], []],
        },
        {
            "name": "saw",
            "title": "Saw",
            "beside": {"colour": "Toy"},
            "sizes": None,
        },
    ]


@pytest.mark.parametrize(
    "selected",
    [
        pytest.param("repeated", id="it has arguments, though none are given"),
        pytest.param("awaited { name }", id="it waits"),
        pytest.param("guarded", id="somebody looks at who asks"),
        pytest.param("beside { guarded }", id="somebody looks further down"),
        pytest.param("... on Tool { guarded }", id="somebody looks in one of them"),
    ],
)
def test_other_fields_are_not_read(selected: str) -> None:
    assert reading(f"name {selected}") is None


def test_what_must_not_be_null_is_not_read_as_null() -> None:
    read = reading("name")

    assert read is not None
    assert read([A_TOY, None]) == [{"name": "kite"}, None]
    with pytest.raises(Unreadable):
        read(None)


def test_what_is_of_no_type_of_the_schema_is_not_read() -> None:
    read = reading("name")

    assert read is not None
    with pytest.raises(Unreadable):
        read([A_TOY, "kite"])


async def test_readers_are_made_once_and_kept_with_the_document() -> None:
    checked = a_document("{ things { name } }")
    await executed(THINGS.core, checked)
    readers = checked.readers_for({})
    made = dict(readers._of_values)

    await executed(THINGS.core, checked)

    assert made
    assert readers._of_values == made


def test_readers_are_kept_for_each_choice_of_directives_within_a_bound() -> None:
    checked = a_document("""query($a: Boolean!, $b: Int) {
        things { name @skip(if: $a) repeated(times: $b) }
    }""")

    first = checked.readers_for({"a": True, "b": 1})

    assert checked.readers_for({"a": True, "b": 2}) is first
    assert checked.readers_for({"a": False, "b": 1}) is not first
    for number in range(100):
        checked.readers_for({f"a{number}": True})
    assert 1 <= len(checked.readers) <= 4


def test_without_directives_it_does_not_matter_what_variables_say() -> None:
    checked = a_document("{ things { name } }")

    assert checked.readers_for({"a": True}) is checked.readers_for({"a": False})
