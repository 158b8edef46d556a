"""Each limit is what it says, seen from outside, and is told when it is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from gateway.schema.limits import Limits
from tests.schema.doors import Noted, Serve

Asked = tuple[str, dict[str, Any]]


def nested(depth: int) -> str:
    return "{item" + "{related" * (depth - 2) + "{sku}" + "}" * (depth - 1)


# For each limit, a request that measures so much.
REQUESTS: dict[str, Callable[[int], Asked]] = {
    "tokens": lambda n: ("{" + "a " * (n - 2) + "}", {}),
    "operations": lambda n: (" ".join(f"query Q{i}{{hello}}" for i in range(n)), {}),
    "depth": lambda n: (nested(n), {}),
    "fields": lambda n: ("{item{" + "sku " * (n - 1) + "}}", {}),
    "root_fields": lambda n: ("{" + "hello " * n + "}", {}),
    "aliases": lambda n: ("{item{" + "a:sku " * n + "}}", {}),
    "directives": lambda n: ("{hello" + "@skip(if:false)" * n + "}", {}),
    "fragments": lambda n: (
        "{item{" + "...F " * n + "}}fragment F on Item{sku}",
        {},
    ),
    "list_items": lambda n: ("{count(ids:[" + "1 " * n + "])}", {}),
    "page_size": lambda n: (f"{{search(first:{n}){{sku}}}}", {}),
    "cost": lambda n: (f"{{search(first:{n - 1}){{sku}}}}", {}),
}
BY_VARIABLE: dict[str, Callable[[int], Asked]] = {
    "list_items": lambda n: (
        "query($i:[Int!]!){count(ids:$i)}",
        {"i": [1] * n},
    ),
    "page_size": lambda n: ("query($n:Int!){search(first:$n){sku}}", {"n": n}),
    "cost": lambda n: ("query($n:Int!){search(first:$n){sku}}", {"n": n - 1}),
}
SAID = {
    "tokens": "The document has more than 4 tokens; the limit is 4.",
    "operations": "The document holds 5 operations; the limit is 4.",
    "depth": "The document nests fields 5 deep; the limit is 4.",
    "fields": (
        "The document asks for 5 fields, counting a fragment's wherever it is spread;"
        " the limit is 4."
    ),
    "root_fields": (
        "The document asks for 5 root fields in one operation; the limit is 4."
    ),
    "aliases": "The document uses 5 aliases; the limit is 4.",
    "directives": "The document uses 5 directives; the limit is 4.",
    "fragments": (
        "The document spreads fragments 5 times, counting those inside fragments; the"
        " limit is 4."
    ),
    "list_items": "The document holds a list of 5 items; the limit is 4.",
    "page_size": "The document asks for a page of 5; the limit is 4.",
    "cost": (
        "The document costs 5, which is its fields times the sizes of the lists around"
        " them; the limit is 4."
    ),
}


async def ask(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any] | None = None
) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    response = await client.post("/graphql", json=body)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


async def is_over(client: httpx.AsyncClient, limit: str, asked: Asked) -> bool:
    answer = await ask(client, *asked)
    errors = answer.get("errors", [])
    return any(error["extensions"].get("limit") == limit for error in errors)


@pytest.mark.parametrize(
    ("limit", "request_for"),
    [
        *(pytest.param(*each, id=each[0]) for each in REQUESTS.items()),
        *(
            pytest.param(*each, id=f"{each[0]} by variable")
            for each in BY_VARIABLE.items()
        ),
    ],
)
async def test_a_limit_found_by_bisection_is_the_limit_that_was_set(
    client: httpx.AsyncClient, limit: str, request_for: Callable[[int], Asked]
) -> None:
    accepted = getattr(Limits(), limit)
    within, beyond = accepted // 2, accepted * 2

    while beyond - within > 1:
        middle = (within + beyond) // 2
        if await is_over(client, limit, request_for(middle)):
            beyond = middle
        else:
            within = middle

    assert within == accepted


@pytest.mark.parametrize("limit", REQUESTS)
async def test_a_refusal_names_the_limit_the_figure_and_the_setting(
    serve: Serve, noted: Noted, limit: str
) -> None:
    changed: dict[str, Any] = {limit: 4}
    client = await serve(Limits(**changed, setting="STOREFRONT_MAX_{}"))

    answer = await ask(client, *REQUESTS[limit](5))

    setting = f"STOREFRONT_MAX_{limit.upper()}"
    assert answer == {
        "errors": [
            {
                "message": f"{SAID[limit]} Ask for less at once, or raise {setting}.",
                "extensions": {
                    "category": "graphql-input",
                    "limit": limit,
                    "measured": 4 if limit == "tokens" else 5,
                    "accepted": 4,
                    "setting": setting,
                },
            }
        ]
    }
    assert noted.done == []


async def test_a_limit_that_nobody_can_set_names_no_setting(serve: Serve) -> None:
    client = await serve(Limits(operations=4, settings={"operations": ""}))

    answer = await ask(client, *REQUESTS["operations"](5))

    (error,) = answer["errors"]
    assert error["message"] == (
        "The document holds 5 operations; the limit is 4. Ask for less at once."
    )


async def test_a_long_list_in_a_variable_is_refused_however_deep_it_stands(
    client: httpx.AsyncClient,
) -> None:
    variables = {"i": {"a": [{"b": [1] * 251}]}}

    answer = await ask(client, "query($i:[Int!]!){count(ids:$i)}", variables)

    (error,) = answer["errors"]
    assert error["message"] == (
        "A variable holds a list of 251 items; the limit is 250. Ask for less at once,"
        " or raise MAX_LIST_ITEMS."
    )


async def test_a_document_seen_before_is_priced_by_its_new_variables(
    client: httpx.AsyncClient,
) -> None:
    query = "query($n:Int!){search(first:$n){sku}}"

    first = await ask(client, query, {"n": 2})
    second = await ask(client, query, {"n": 101})
    third = await ask(client, query, {"n": 2})

    assert len(first["data"]["search"]) == 2
    assert [error["extensions"]["limit"] for error in second["errors"]] == ["page_size"]
    assert third == first


async def test_a_page_size_that_is_no_number_is_refused_by_the_schema(
    client: httpx.AsyncClient,
) -> None:
    answer = await ask(client, "query($n:Int!){search(first:$n){sku}}", {"n": "9999"})

    (error,) = answer["errors"]
    assert error["extensions"] == {"category": "graphql"}


async def test_a_page_size_of_a_whole_float_is_priced(
    client: httpx.AsyncClient,
) -> None:
    answer = await ask(client, "query($n:Int!){search(first:$n){sku}}", {"n": 101.0})

    (error,) = answer["errors"]
    assert error["extensions"]["limit"] == "page_size"


async def test_nested_pages_are_refused_before_anything_is_resolved(
    client: httpx.AsyncClient, noted: Noted
) -> None:
    answer = await ask(
        client, "{hello search(first:100){related{related{related{sku}}}}}"
    )

    (error,) = answer["errors"]
    assert error["extensions"]["limit"] == "cost"
    assert error["extensions"]["measured"] == 1 + 1 + 100 * (1 + 10 * (1 + 10 * 11))
    assert noted.done == []


async def test_doubling_fragments_are_refused_with_their_figure(
    client: httpx.AsyncClient,
) -> None:
    doubling = "".join(
        f"fragment F{n} on Query{{...F{n + 1} ...F{n + 1}}}" for n in range(60)
    )

    answer = await ask(client, f"{{...F0}}{doubling}fragment F60 on Query{{hello}}")

    assert [error["extensions"]["limit"] for error in answer["errors"]] == [
        "fields",
        "root_fields",
        "fragments",
    ]
    assert answer["errors"][0]["message"] == (
        "The document asks for more than 1,000,000,000 fields, counting a fragment's"
        " wherever it is spread; the limit is 500. Ask for less at once, or raise"
        " MAX_FIELDS."
    )
    assert answer["errors"][0]["extensions"]["measured"] == 1_000_000_000


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("{hello" + "@skip(if:false)" * 4_000 + "}", "tokens"),
        ("{item{" + "related{sku} " * 1_000 + "}}", "tokens"),
        ("#\n" * 20_000 + "{hello}", "tokens"),
        ("{" + " ".join(f"a{n}:hello" for n in range(200)) + "}", "root_fields"),
        ("{item{" + " ".join(f"a{n}:sku" for n in range(200)) + "}}", "aliases"),
        (" ".join("query Q{hello}" for _ in range(200)), "operations"),
        (
            "{hello}" + " ".join(f"fragment F{n} on Item{{sku}}" for n in range(120)),
            "fragments",
        ),
        ("{...F}" + "fragment F on Item{sku} " * 120, "fragments"),
    ],
    ids=[
        "directive flood",
        "overlapping selections",
        "comment flood",
        "root flood",
        "alias flood",
        "operation flood",
        "unused fragments",
        "fragments of one name",
    ],
)
async def test_a_flood_is_refused_before_any_rule_reads_it(
    client: httpx.AsyncClient, query: str, limit: str
) -> None:
    answer = await ask(client, query)

    assert limit in [error["extensions"].get("limit") for error in answer["errors"]]


@pytest.mark.parametrize(
    "selections",
    ["sku " * 400, "related{sku} " * 200, "related{related{related{sku}}} " * 80],
    ids=["flat", "nested", "deep"],
)
async def test_comparing_fields_of_one_name_is_given_up(
    client: httpx.AsyncClient, selections: str
) -> None:
    answer = await ask(client, f"{{item{{{selections}}}}}")

    (error,) = answer["errors"]
    assert error == {
        "message": "The document names the same fields too often, or nests its"
        " fragments too deeply; ask for each field once.",
        "extensions": {"category": "graphql-input"},
    }


async def test_many_components_may_ask_for_the_same_fields(
    client: httpx.AsyncClient,
) -> None:
    spreads = " ".join(f"...F{n}" for n in range(20))
    fragments = " ".join(
        f"fragment F{n} on Item{{sku __typename related{{sku __typename}}}}"
        for n in range(20)
    )

    answer = await ask(client, f"{{item{{{spreads}}}}}{fragments}")

    related = {"sku": "related", "__typename": "Item"}
    assert answer["data"] == {
        "item": {"sku": "one", "__typename": "Item", "related": [related]}
    }


async def test_the_whole_schema_may_be_asked_for(client: httpx.AsyncClient) -> None:
    everything = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )

    answer = await ask(client, everything)

    assert "errors" not in answer
    assert answer["data"]["__schema"]["queryType"]["name"] == "Query"


async def test_the_whole_schema_may_not_be_asked_for_three_times_at_once(
    client: httpx.AsyncClient,
) -> None:
    once = get_introspection_query()
    root = once.index("__schema")
    end = once.index("fragment FullType")
    selections = once[root : once.rindex("}", 0, end)]
    thrice = " ".join(f"a{n}: {selections}" for n in range(3))

    answer = await ask(client, f"query {{{thrice}}} {once[end:]}")

    assert {error["extensions"].get("limit") for error in answer["errors"]} >= {
        "fields"
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{...Nope}", "Unknown fragment 'Nope'."),
        (
            "{...F} fragment F on Query{...F}",
            "Cannot spread fragment 'F' within itself.",
        ),
        (
            "{...F} fragment F on Query{...G} fragment G on Query{...F}",
            "Cannot spread fragment 'F' within itself via 'G'.",
        ),
        ("fragment F on Query{hello}", "Fragment 'F' is never used."),
        ("{...on Nope{a}}", "Unknown type 'Nope'."),
        ("type Query{a:Int}", "The 'Query' definition is not executable."),
    ],
)
async def test_what_the_measure_steps_over_the_rules_refuse(
    client: httpx.AsyncClient, query: str, message: str
) -> None:
    answer = await ask(client, query)

    assert answer["errors"][0]["message"] == message


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            r'{hello(name:"\u0000")}',
            "A string holds the character U+0000; leave it out.",
        ),
        (
            "{ratio(of:1e999)}",
            "A number is too large for a Float; write it as a string.",
        ),
        (
            f"{{count(ids:[{'9' * 10_000}])}}",
            "An integer has more than 20 digits; write it as a string.",
        ),
    ],
)
async def test_a_literal_that_nobody_can_keep_is_refused(
    client: httpx.AsyncClient, query: str, message: str
) -> None:
    answer = await ask(client, query)

    assert answer == {
        "errors": [{"message": message, "extensions": {"category": "graphql-input"}}]
    }


async def test_no_more_than_a_few_errors_are_reported(
    client: httpx.AsyncClient,
) -> None:
    answer = await ask(client, "{item{" + " ".join(f"x{n}" for n in range(100)) + "}}")

    assert len(answer["errors"]) == 4
    assert answer["errors"][3]["message"] == (
        "Too many validation errors, error limit reached. Validation aborted."
    )
