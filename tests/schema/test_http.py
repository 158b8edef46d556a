"""Both doors speak GraphQL over HTTP as published clients expect it."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.schema.errors import Category, Refused
from gateway.schema.limits import Limits
from tests.clock import let_pass
from tests.schema.doors import Noted, Serve
from tests.waiting import until

DOOR = "/graphql"
GRAPHQL_JSON = "application/graphql-response+json"


def messages(response: httpx.Response) -> list[str]:
    return [error["message"] for error in response.json()["errors"]]


async def ask(
    client: httpx.AsyncClient,
    query: str,
    variables: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    body = {"query": query, "variables": variables}
    return await client.post(DOOR, json=body, headers=headers)


async def test_a_post_answers_data_that_nobody_may_keep(
    client: httpx.AsyncClient,
) -> None:
    response = await ask(client, "{ hello }")

    assert response.status_code == 200
    assert response.content == b'{"data":{"hello":"hello you"}}'
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["vary"] == (
        "Accept, Store, Content-Currency, Authorization, Cookie"
    )


async def test_a_progressive_web_storefront_asks_by_get(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get(
        DOOR,
        params={
            "query": "query A($name:String!){hello(name:$name)}query B{hello}",
            "operationName": "A",
            "variables": '{"name":"Ödön"}',
            "extensions": "{}",
            "_": "1699999999",
        },
        headers={
            "Accept": "*/*",
            "Content-Type": "application/json",
            "Authorization": "",
            "Store": "default",
            "X-Magento-Cache-Id": "null",
        },
    )

    assert response.status_code == 200
    assert response.json() == {"data": {"hello": "hello Ödön"}}


async def test_a_get_may_leave_its_parameters_empty(client: httpx.AsyncClient) -> None:
    params = {
        "query": "{hello}",
        "variables": "",
        "operationName": "",
        "extensions": "",
    }

    response = await client.get(DOOR, params=params)

    assert response.json() == {"data": {"hello": "hello you"}}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_mutation_is_not_carried_out_by(
    client: httpx.AsyncClient, noted: Noted, method: str
) -> None:
    response = await client.request(method, DOOR, params={"query": "mutation{save}"})

    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert noted.done == []


async def test_a_mutation_hidden_behind_a_query_is_not_carried_out_by_get(
    client: httpx.AsyncClient, noted: Noted
) -> None:
    query = "query A{hello} mutation B{save}"

    response = await client.get(DOOR, params={"query": query, "operationName": "B"})

    assert response.status_code == 405
    assert messages(response) == ["A mutation is sent by POST."]
    assert noted.done == []


async def test_a_head_has_the_headers_of_a_get_and_no_body(
    client: httpx.AsyncClient,
) -> None:
    response = await client.head(DOOR, params={"query": "{hello}"})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.content == b""


async def test_options_name_the_methods(client: httpx.AsyncClient) -> None:
    response = await client.options(DOOR)

    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PURGE"])
async def test_another_method_is_refused_in_json(
    client: httpx.AsyncClient, method: str
) -> None:
    response = await client.request(method, DOOR)

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert messages(response) == [f"{method} is not served; use GET or POST."]


async def test_several_operations_without_a_name_are_not_guessed_at(
    client: httpx.AsyncClient, noted: Noted
) -> None:
    query = "query A { hello } mutation B { save }"

    response = await ask(client, query)

    assert response.status_code == 200
    assert response.json() == {
        "errors": [
            {
                "message": "The document holds 2 operations; say in"
                ' "operationName" which one to execute.',
                "extensions": {"category": "graphql-input"},
            }
        ]
    }
    assert noted.done == []


async def test_one_of_several_operations_is_executed_by_its_name(
    client: httpx.AsyncClient, noted: Noted
) -> None:
    body = {"query": "query A { hello } mutation B { save }", "operationName": "B"}

    response = await client.post(DOOR, json=body)

    assert response.json() == {"data": {"save": "saved"}}
    assert noted.done == ["save"]


async def test_an_operation_that_is_not_there_is_refused(
    client: httpx.AsyncClient,
) -> None:
    body = {"query": "query A { hello }", "operationName": "B"}

    response = await client.post(DOOR, json=body)

    assert messages(response) == ["The document holds no operation B"]


@pytest.mark.parametrize(
    ("accept", "media_type", "status"),
    [
        ("*/*", "application/json", 200),
        ("application/json", "application/json", 200),
        ("text/html", "application/json", 200),
        (GRAPHQL_JSON, GRAPHQL_JSON, 400),
        (f"{GRAPHQL_JSON}, application/json;q=0.9", GRAPHQL_JSON, 400),
        (f"application/json, {GRAPHQL_JSON}", GRAPHQL_JSON, 400),
        (f"{GRAPHQL_JSON};q=0.5, */*", "application/json", 200),
        (f"{GRAPHQL_JSON};q=0", "application/json", 200),
        (f"{GRAPHQL_JSON};q=x", GRAPHQL_JSON, 400),
    ],
)
async def test_only_who_names_graphql_json_gets_a_status_for_a_bad_document(
    client: httpx.AsyncClient, accept: str, media_type: str, status: int
) -> None:
    response = await ask(client, "{ missing }", headers={"Accept": accept})

    assert response.status_code == status
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json() == {
        "errors": [
            {
                "message": "Cannot query field 'missing' on type 'Query'.",
                "locations": [{"line": 1, "column": 3}],
                "extensions": {"category": "graphql"},
            }
        ]
    }


async def test_a_field_that_fails_is_no_failed_request(
    client: httpx.AsyncClient,
) -> None:
    query = '{ fail(kind: "NotFound") hello }'

    response = await ask(client, query, headers={"Accept": GRAPHQL_JSON})

    assert response.status_code == 200
    assert response.json()["data"] == {"fail": None, "hello": "hello you"}


@pytest.mark.parametrize(
    ("kind", "message", "category"),
    [
        ("NotFound", "No segment is called 'x'.", "graphql-no-such-entity"),
        ("Conflict", "It is in use.", "graphql-already-exists"),
        ("Forbidden", "Only an admin may.", "graphql-authorization"),
        (
            "StorefrontError",
            'Could not find a cart with ID "X"',
            "graphql-no-such-entity",
        ),
    ],
)
async def test_an_error_the_caller_can_mend_is_shown_with_its_category(
    client: httpx.AsyncClient, kind: str, message: str, category: str
) -> None:
    response = await ask(client, "query($k:String!){fail(kind:$k)}", {"k": kind})

    assert response.status_code == 200
    assert response.json() == {
        "data": {"fail": None},
        "errors": [
            {
                "message": message,
                "locations": [{"line": 1, "column": 19}],
                "path": ["fail"],
                "extensions": {"category": category},
            }
        ],
    }


async def test_invalid_input_names_the_spot_and_the_remedy(
    client: httpx.AsyncClient,
) -> None:
    response = await ask(client, '{fail(kind:"InvalidInput")}')

    assert response.json()["errors"][0]["extensions"] == {
        "category": "graphql-input",
        "problems": [
            {
                "path": "conditions.any.0",
                "message": "nothing is called 'x'.",
                "remedy": "Write 'y'.",
            }
        ],
    }


@pytest.mark.parametrize(
    "query",
    ['{fail(kind:"ValueError")}', '{fail(kind:"GraphQLError")}', "{number}"],
)
async def test_an_unexpected_error_is_logged_once_and_masked_behind_the_request_id(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    response = await ask(client, query)

    request_id = response.headers["x-request-id"]
    assert response.status_code == 200
    assert response.json()["errors"] == [
        {
            "message": "Internal server error",
            "locations": [{"line": 1, "column": 2}],
            "path": [query[1:].partition("(")[0].rstrip("}")],
            "extensions": {"category": "internal", "request_id": request_id},
        }
    ]
    assert "secret" not in response.text
    (record,) = (each for each in caplog.records if each.levelno == logging.ERROR)
    assert record.name == "gateway.schema.http"
    assert request_id in record.getMessage()
    assert record.exc_info is not None


async def test_many_unexpected_errors_log_three_tracebacks(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    fields = " ".join(f'f{n}: fail(kind:"ValueError")' for n in range(8))

    response = await ask(client, f"{{{fields}}}")

    assert messages(response) == ["Internal server error"] * 8
    errors = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len([each for each in errors if each.exc_info]) == 3
    assert errors[-1].getMessage().endswith("failed at 5 more places")


@pytest.mark.parametrize(
    ("query", "variables", "message"),
    [
        (
            "query($i:[Int!]!){count(ids:$i)}",
            {"i": "x"},
            (
                "Variable '$i' has invalid value:"
                " Int cannot represent non-integer value: 'x'"
            ),
        ),
        (
            "query($d:Date!){day(of:$d)}",
            {"d": "never"},
            (
                "Variable '$d' has invalid value: Value cannot represent a Date:"
                " \"never\". Invalid isoformat string: 'never'"
            ),
        ),
        (
            '{day(of:"never")}',
            {},
            (
                'Value cannot represent a Date: "never".'
                " Invalid isoformat string: 'never'"
            ),
        ),
        (
            "query($e:Even!){half(of:$e)}",
            {"e": 3},
            (
                "Variable '$e' has invalid value: Expected value of type 'Even', but"
                " encountered error 'it is odd'; found: 3."
            ),
        ),
        (
            "query($n:Int=5){search(first:$n){sku}}",
            {"n": None},
            (
                "Argument 'first' has invalid value: Expected variable '$n'"
                " provided to non-null type 'Int!' not to be None."
            ),
        ),
    ],
)
async def test_a_value_of_the_wrong_shape_is_the_callers_to_mend(
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    query: str,
    variables: dict[str, Any],
    message: str,
) -> None:
    caplog.set_level(logging.INFO, "gateway")

    response = await ask(client, query, variables)

    assert response.status_code == 200
    assert messages(response) == [message]
    assert response.json()["errors"][0]["extensions"] == {"category": "graphql"}
    assert not [each for each in caplog.records if each.levelno > logging.INFO]


async def test_an_answer_that_is_not_json_is_masked(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await ask(client, "{ anything }")

    assert response.status_code == 200
    assert messages(response) == ["Internal server error"]
    assert len(caplog.records) == 1


async def test_a_refused_caller_hears_so_before_the_document_is_read(
    serve: Serve,
) -> None:
    async def context(_: Request) -> object:
        raise Refused(
            401,
            "The token has expired.",
            Category.AUTHENTICATION,
            headers={"WWW-Authenticate": "Bearer"},
        )

    client = await serve(context=context)

    response = await ask(client, "{ missing }")

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json() == {
        "errors": [
            {
                "message": "The token has expired.",
                "extensions": {"category": "graphql-authentication"},
            }
        ]
    }


@pytest.mark.parametrize(
    ("accept", "status"), [("*/*", 200), ("application/json", 200), (GRAPHQL_JSON, 500)]
)
async def test_a_context_that_cannot_be_made_is_masked(
    serve: Serve, caplog: pytest.LogCaptureFixture, accept: str, status: int
) -> None:
    async def context(_: Request) -> object:
        raise ConnectionRefusedError("secret")

    client = await serve(context=context)

    response = await ask(client, "{ hello }", headers={"Accept": accept})

    assert response.status_code == status
    assert messages(response) == ["Internal server error"]
    assert len(caplog.records) == 1


async def test_a_timeout_of_a_dependency_is_not_called_the_requests_own(
    serve: Serve,
) -> None:
    async def context(_: Request) -> object:
        raise TimeoutError("secret")

    client = await serve(context=context)

    response = await ask(client, "{ hello }")

    assert messages(response) == ["Internal server error"]


@pytest.mark.parametrize(
    "given", ["a", "9f86d081-884c.7d65:9a_2", "x" * 64], ids=["short", "signs", "long"]
)
async def test_a_well_formed_request_id_is_kept(
    client: httpx.AsyncClient, given: str
) -> None:
    response = await ask(client, "{ hello }", headers={"X-Request-Id": given})

    assert response.headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", "-a", "x" * 65, "a b", "<script>", "a,b"], ids=str
)
async def test_any_other_request_id_is_replaced(
    client: httpx.AsyncClient, given: str
) -> None:
    response = await ask(client, "{ hello }", headers={"X-Request-Id": given})

    made = response.headers["x-request-id"]
    assert len(made) == 16
    assert int(made, 16) >= 0


@pytest.mark.parametrize(
    ("method", "content"),
    [("POST", b"{"), ("PUT", b""), ("OPTIONS", b""), ("GET", b"")],
    ids=["malformed", "method", "options", "nothing asked"],
)
async def test_every_answer_has_a_request_id_and_may_not_be_kept(
    client: httpx.AsyncClient, method: str, content: bytes
) -> None:
    headers = {"Content-Type": "application/json"}

    response = await client.request(method, DOOR, content=content, headers=headers)

    assert len(response.headers["x-request-id"]) == 16
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_an_answer_in_time_or_an_error_in_time_and_the_work_ends(
    serve: Serve,
    noted: Noted,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = await serve(Limits(request_seconds=30))
    asking = asyncio.create_task(ask(client, "{ one: wait two: wait }"))
    await until(noted.begun.is_set)

    let_pass(30, monkeypatch)
    response = await asking

    request_id = response.headers["x-request-id"]
    assert response.status_code == 200
    assert response.json() == {
        "errors": [
            {
                "message": "There was no answer within 30 seconds; ask for less.",
                "extensions": {"category": "internal", "request_id": request_id},
            }
        ]
    }
    assert noted.done == ["cancelled", "cancelled"]
    assert [each.getMessage() for each in caplog.records] == [
        f"request {request_id}: no answer in 30 seconds"
    ]


async def test_a_late_answer_is_503_to_who_names_graphql_json(serve: Serve) -> None:
    client = await serve(Limits(request_seconds=0.05))

    response = await ask(client, "{ wait }", headers={"Accept": GRAPHQL_JSON})

    assert response.status_code == 503


async def test_one_request_too_many_is_turned_away_at_once_and_not_executed(
    serve: Serve, noted: Noted
) -> None:
    client = await serve(Limits(in_flight=1))
    first = asyncio.create_task(ask(client, "{ wait }"))
    await until(noted.begun.is_set)

    second = await ask(client, "{ hello }")
    noted.release.set()
    third = await first
    fourth = await ask(client, "{ hello }")

    assert second.status_code == 503
    assert second.headers["retry-after"] == "1"
    assert messages(second) == [
        "Too many requests are being answered; try again in a second."
    ]
    assert third.json() == {"data": {"wait": "released"}}
    assert fourth.json() == {"data": {"hello": "hello you"}}
    assert noted.done == ["hello"]


async def test_a_late_answer_makes_room_for_the_next(
    serve: Serve, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await serve(Limits(in_flight=1, request_seconds=30))
    late = asyncio.create_task(ask(client, "{ wait }"))
    await until(noted.begun.is_set)
    let_pass(30, monkeypatch)
    await late

    response = await ask(client, "{ hello }")

    assert response.json() == {"data": {"hello": "hello you"}}


def a_page(_: Request) -> Response:
    return HTMLResponse("<title>GraphiQL</title>")


async def test_a_browser_that_opens_the_address_gets_the_page(serve: Serve) -> None:
    client = await serve(page=a_page)
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    response = await client.get(DOOR, headers={"Accept": accept})

    assert response.text == "<title>GraphiQL</title>"
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("accept", "params", "status"),
    [
        ("text/html", {"query": "{hello}"}, 200),
        ("*/*", {}, 400),
        ("application/json", {}, 400),
    ],
)
async def test_who_is_no_browser_gets_json_from_the_same_address(
    serve: Serve, accept: str, params: dict[str, str], status: int
) -> None:
    client = await serve(page=a_page)

    response = await client.get(DOOR, params=params, headers={"Accept": accept})

    assert response.status_code == status
    assert response.headers["content-type"] == "application/json; charset=utf-8"


async def test_without_a_page_a_browser_hears_what_to_send(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get(DOOR, headers={"Accept": "text/html"})

    assert response.status_code == 400
    assert messages(response) == [
        'Nothing is asked; write a GraphQL document as "query".'
    ]


async def test_a_client_of_persisted_queries_is_told_to_send_the_document(
    client: httpx.AsyncClient,
) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}

    response = await client.get(DOOR, params={"extensions": json.dumps(extensions)})

    assert response.status_code == 200
    assert response.json() == {
        "errors": [
            {
                "message": "PersistedQueryNotSupported",
                "extensions": {
                    "category": "graphql-input",
                    "code": "PERSISTED_QUERY_NOT_SUPPORTED",
                },
            }
        ]
    }


async def test_introspection_answers_while_it_is_on(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ __schema { queryType { name } } }")

    assert response.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ item { __typename } __type(name: "Item") { name } }',
        "{ ...F } fragment F on Query { __schema { types { name } } }",
        "{ a: __schema { types { name } } }",
    ],
)
async def test_introspection_is_refused_when_it_is_off(
    serve: Serve, query: str
) -> None:
    client = await serve(Limits(introspection=False))

    response = await ask(client, query)

    assert messages(response) == ["Introspection is switched off at this door."]


async def test_the_name_of_a_type_may_always_be_asked_for(serve: Serve) -> None:
    client = await serve(Limits(introspection=False))

    response = await ask(client, "{ item { __typename } }")

    assert response.json() == {"data": {"item": {"__typename": "Item"}}}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ helo }", {}),
        ("{ item }", {}),
        ("{ hello(nam: 1) }", {}),
        ("query($n: Int!) { search(first: $n) { sku } }", {"n": "x"}),
    ],
)
async def test_with_introspection_off_an_error_names_nothing_of_the_schema(
    serve: Serve,
    caplog: pytest.LogCaptureFixture,
    query: str,
    variables: dict[str, Any],
) -> None:
    caplog.set_level(logging.INFO, "gateway")
    client = await serve(Limits(introspection=False))

    response = await ask(client, query, variables)

    assert set(messages(response)) == {
        "This does not fit the schema; switch introspection on to read why."
    }
    assert "line" in response.json()["errors"][0]["locations"][0]
    (record,) = caplog.records
    assert "does not fit the schema" not in record.getMessage()


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "a" * 60_000 + " }",
        "{ hello\nFAKE request 1: all is well }",
        "{ é }",
        "{ hello(" + " ".join(f"x{n}: 1" for n in range(600)) + ") }",
    ],
    ids=["a long name", "a line break", "a strange letter", "many errors"],
)
async def test_a_refused_document_leaves_one_short_line_in_the_log(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    caplog.set_level(logging.DEBUG, "gateway")
    caplog.set_level(logging.DEBUG, "strawberry")

    response = await ask(client, query)

    assert len(response.content) <= 4_096
    (record,) = caplog.records
    said = record.getMessage()
    assert record.levelno == logging.INFO
    assert record.exc_info is None
    assert said.isascii()
    assert said.isprintable()
    assert len(said) <= 1_000


async def test_a_subscription_is_refused(client: httpx.AsyncClient) -> None:
    response = await ask(client, "subscription { hello }")

    assert messages(response) == [
        "The subscription operation is not supported by the schema."
    ]
