"""A document is measured exactly, and in a number of steps that is linear in it."""

from __future__ import annotations

import pytest
from graphql import Lexer, Source, TokenKind, get_introspection_query, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.schema.measure import Figures, measure
from tests.schema.doors import SCHEMA


def measured(source: str, **pages: int | None) -> Figures:
    return measure(SCHEMA.core, parse(source), pages, default_page=10)


def tokens(source: str) -> int:
    lexer = Lexer(Source(source))
    count = 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


@pytest.mark.parametrize(
    ("source", "cost"),
    [
        pytest.param("{hello}", 1, id="a field"),
        pytest.param("{hello a:hello}", 2, id="two fields"),
        pytest.param("{item{sku}}", 2, id="an object"),
        pytest.param("{items{sku}}", 1 + 10, id="a list of unknown length"),
        pytest.param("{search{sku}}", 1 + 5, id="the schema's own page size"),
        pytest.param("{search(first:3){sku}}", 1 + 3, id="a page size"),
        pytest.param("{search(first:-3){sku}}", 1 + 1, id="a negative page size"),
        pytest.param(
            "{search(first:3){sku related{sku}}}",
            1 + 3 * (1 + 1 + 10),
            id="a list in a list",
        ),
        pytest.param(
            "{products(pageSize:7){items{sku}}}",
            1 + 1 + 7,
            id="a page size named above the list",
        ),
        pytest.param(
            "{products(pageSize:7){...F}} fragment F on Items{items{sku}}",
            1 + 1 + 7,
            id="a list in a fragment",
        ),
        pytest.param(
            "{a:products(pageSize:7){...F} b:products(pageSize:8){...F}}"
            " fragment F on Items{items{sku}}",
            2 + 1 + 7 + 1 + 8,
            id="one fragment under two page sizes",
        ),
        pytest.param(
            "{products(pageSize:7){...on Items{items{sku}}}}",
            1 + 1 + 7,
            id="a list in an inline fragment",
        ),
        pytest.param("{search(first:3){...{sku}}}", 1 + 3, id="no type condition"),
        pytest.param("{search(first:3){nope{sku}}}", 1 + 3 * 2, id="unknown field"),
        pytest.param("{...on Nope{a{b}}}", 2, id="unknown type"),
        pytest.param("{...Nope}", 0, id="unknown fragment"),
        pytest.param("subscription{a}", 1, id="no such root"),
        pytest.param("query A{hello} query B{item{sku}}", 2, id="the dearer operation"),
        pytest.param(
            "{__schema{types{fields{name}}}}",
            1 + 1 + 1 * (1 + 1 * 1),
            id="the schema's lists",
        ),
    ],
)
def test_a_document_costs_its_fields_times_the_lists_around_them(
    source: str, cost: int
) -> None:
    assert measured(source).cost == cost


@pytest.mark.parametrize(
    ("pages", "cost"),
    [
        pytest.param({}, 1 + 3, id="the variable's default"),
        pytest.param({"n": 8}, 1 + 8, id="the variable's value"),
        pytest.param({"n": None}, 1 + 5, id="the schema's default for null"),
    ],
)
def test_a_page_size_may_be_a_variable(pages: dict[str, int | None], cost: int) -> None:
    figures = measured("query($n:Int=3){search(first:$n){sku}}", **pages)

    assert figures.cost == cost
    assert figures.page_size == cost - 1
    assert figures.page_variables == ("n",)


def test_fragments_count_wherever_they_are_spread() -> None:
    figures = measured(
        """
        query A { item { ...F ...F } }
        query B { item { a: sku ...G } }
        fragment F on Item { b: sku @skip(if: true) ...G }
        fragment G on Item { related { c: sku } }
        """
    )

    assert figures.depth == 3
    assert figures.fields == 1 + 2 * (1 + 2) + 1 + 1 + 2
    assert figures.aliases == 2 * (1 + 1) + 1 + 1
    assert figures.directives == 2
    assert figures.fragments == 2 * (1 + 1) + 1
    assert figures.root_fields == 1
    assert figures.operations == 2


def test_what_no_operation_reaches_counts_too() -> None:
    figures = measured(
        "{hello} fragment F on Item{sku a:sku} fragment F on Item{b:sku}"
    )

    assert figures.fields == 1 + 2 + 1
    assert figures.aliases == 2
    assert figures.fragments == 2


def test_directives_count_wherever_they_stand() -> None:
    figures = measured(
        "query($a:Int @a) @b{hello @c ...F @d ...@e{hello}}"
        " fragment F on Query @f{hello @g}"
    )

    assert figures.directives == 7


@pytest.mark.parametrize(
    "source",
    [
        "{...F} fragment F on Query{...F}",
        "{...F} fragment F on Query{...G} fragment G on Query{...F hello}",
        "{hello} fragment F on Query{...G} fragment G on Query{...F hello}",
    ],
    ids=["itself", "each other", "out of reach"],
)
def test_a_cycle_of_fragments_ends(source: str) -> None:
    assert measured(source).fields <= 3


def test_a_chain_of_fragments_may_be_longer_than_the_stack() -> None:
    length = 5_000
    chain = "".join(f"fragment F{n} on Query{{...F{n + 1}}}" for n in range(length))

    figures = measured(f"{{...F0}}{chain}fragment F{length} on Query{{hello}}")

    assert figures.fields == 1
    assert figures.fragments == length + 1


@pytest.mark.parametrize(
    ("source", "longest"),
    [
        ("{count(ids:[1 2 3])}", 3),
        ("{count(ids:[[1 2 3 4] 5])}", 4),
        ("{count(ids:{a:[1 2]})}", 2),
        ("query($i:[Int!]=[1 2 3]){count(ids:$i)}", 3),
        ("{hello @include(if:[1 2])}", 2),
        ("{hello} fragment F on Query{count(ids:[1 2 3])}", 3),
    ],
)
def test_the_longest_list_is_found_wherever_it_stands(
    source: str, longest: int
) -> None:
    assert measured(source).list_items == longest


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (
            r'{hello(name:"a\u0000")}',
            "A string holds the character U+0000; leave it out.",
        ),
        (
            "{count(ids:[" + "9" * 10_000 + "])}",
            "An integer has more than 20 digits; write it as a string.",
        ),
        (
            "{ratio(of:-1e999)}",
            "A number is too large for a Float; write it as a string.",
        ),
        (
            "query($f:Float=1e999){ratio(of:$f)}",
            "A number is too large for a Float; write it as a string.",
        ),
    ],
)
def test_a_literal_that_nobody_can_keep_is_a_fault(source: str, fault: str) -> None:
    assert measured(source).faults == (fault,)


def test_the_schema_may_be_asked_for_once_in_the_usual_limits() -> None:
    everything = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )

    figures = measured(everything)

    assert figures.introspects
    assert figures.depth == 15
    assert figures.fields == 229
    assert figures.cost == 229


def test_doubling_fragments_are_counted_without_being_walked() -> None:
    doubling = "".join(
        f"fragment F{n} on Query{{...F{n + 1} ...F{n + 1}}}" for n in range(100)
    )
    source = f"{{...F0}}{doubling}fragment F100 on Query{{hello}}"

    figures = measured(source)

    assert figures.fields == 2**100
    assert figures.steps <= 2 * tokens(source)


NAMES = st.sampled_from(["hello", "item", "items", "search", "products", "related"])
SPREADS = st.integers(0, 7).map("...F{}".format)
SELECTIONS = st.recursive(
    st.lists(NAMES | SPREADS | st.just("count(ids:[1 [2 3] {a:4}]) @skip"), min_size=1),
    lambda inner: st.lists(
        st.builds(
            lambda name, selections: f"{name}{{{' '.join(selections)}}}",
            NAMES | st.just("...") | st.just("...on Item"),
            inner,
        )
        | SPREADS,
        min_size=1,
    ),
    max_leaves=40,
)


@settings(deadline=None)
@given(operation=SELECTIONS, fragments=st.lists(SELECTIONS, max_size=8))
def test_no_document_takes_more_than_two_steps_a_token(
    operation: list[str], fragments: list[list[str]]
) -> None:
    source = f"{{{' '.join(operation)}}}" + "".join(
        f" fragment F{n} on Query{{{' '.join(selections)}}}"
        for n, selections in enumerate(fragments)
    )

    figures = measured(source)

    assert figures.steps <= 2 * tokens(source)
