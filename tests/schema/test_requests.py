"""Whatever arrives over HTTP is read strictly, and hears what to write instead."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.schema.limits import Limits
from tests.schema.doors import Noted, Serve

DOOR = "/graphql"
QUERY = b'{"query":"{hello}"}'


async def post(
    client: httpx.AsyncClient, body: bytes, content_type: str = "application/json"
) -> httpx.Response:
    headers = {"Content-Type": content_type}
    return await client.post(DOOR, content=body, headers=headers)


def the_message(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"category": "graphql-input"}
    message: str = error["message"]
    return message


def with_variable(value: bytes) -> bytes:
    return b'{"query":"{hello}","variables":{"x":' + value + b"}}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            b"",
            "The body is not JSON: Expecting value at line 1, column 1.",
            id="empty",
        ),
        pytest.param(
            b'{"query":',
            "The body is not JSON: Expecting value at line 1, column 10.",
            id="cut short",
        ),
        pytest.param(
            b'{"query":"{hello}"} x',
            "The body is not JSON: Extra data at line 1, column 21.",
            id="extra data",
        ),
        pytest.param(
            b"\xef\xbb\xbf" + QUERY,
            "The body is not JSON: Expecting value at line 1, column 1.",
            id="byte order mark",
        ),
        pytest.param(
            b'{"query":"\xff"}',
            "The body is not UTF-8 at byte 10; send it in UTF-8.",
            id="invalid UTF-8",
        ),
        pytest.param(
            b'{"query":"\xc0\xaf"}',
            "The body is not UTF-8 at byte 10; send it in UTF-8.",
            id="overlong UTF-8",
        ),
        pytest.param(
            b'{"query":"\xed\xa0\x80"}',
            "The body is not UTF-8 at byte 10; send it in UTF-8.",
            id="surrogate in UTF-8",
        ),
        pytest.param(
            QUERY.decode().encode("utf-16"),
            "The body is not UTF-8 at byte 0; send it in UTF-8.",
            id="UTF-16",
        ),
        pytest.param(
            b"null",
            'The body is null; send a JSON object, as in {"query": "{ __typename }"}.',
            id="null",
        ),
        pytest.param(
            b"7",
            "The body is a number; send a JSON object, as in"
            ' {"query": "{ __typename }"}.',
            id="number",
        ),
        pytest.param(
            b'"{hello}"',
            "The body is a string; send a JSON object, as in"
            ' {"query": "{ __typename }"}.',
            id="string",
        ),
        pytest.param(
            b"[" + QUERY + b"]",
            "Batches are not accepted; send one JSON object a request.",
            id="batch",
        ),
        pytest.param(
            b"{}",
            'Nothing is asked; write a GraphQL document as "query".',
            id="nothing asked",
        ),
        pytest.param(
            b'{"query":null}',
            'Nothing is asked; write a GraphQL document as "query".',
            id="null query",
        ),
        pytest.param(
            b'{"query":""}',
            'Nothing is asked; write a GraphQL document as "query".',
            id="empty query",
        ),
        pytest.param(
            b'{"query":7}',
            '"query" is a number; write a string with a GraphQL document.',
            id="query of a number",
        ),
        pytest.param(
            b'{"query":"{hello}","variables":"{}"}',
            '"variables" is a string; write an object.',
            id="variables of a string",
        ),
        pytest.param(
            b'{"query":"{hello}","variables":[]}',
            '"variables" is a list; write an object.',
            id="variables of a list",
        ),
        pytest.param(
            b'{"query":"{hello}","operationName":false}',
            '"operationName" is a boolean; write a string.',
            id="operation name of a boolean",
        ),
        pytest.param(
            b'{"query":"{hello}","extensions":[]}',
            '"extensions" is a list; write an object.',
            id="extensions of a list",
        ),
        pytest.param(
            b'{"query":"{hello}","query":"mutation{save}"}',
            '"query" is given twice; write it once.',
            id="query twice",
        ),
        pytest.param(
            with_variable(b'{"a":1,"b":2,"a":3}'),
            '"a" is given twice; write it once.',
            id="variable twice",
        ),
        pytest.param(
            with_variable(b"NaN"),
            "NaN is not JSON; write a number or null.",
            id="not a number",
        ),
        pytest.param(
            with_variable(b"-Infinity"),
            "-Infinity is not JSON; write a number or null.",
            id="infinity",
        ),
        pytest.param(
            with_variable(b"1e999"),
            "A number is too large for a Float; write it as a string.",
            id="infinite exponent",
        ),
        pytest.param(
            with_variable(b"9" * 10_000),
            "An integer of 10,000 digits is beyond 64 bits; write it as a string.",
            id="integer of 10,000 digits",
        ),
        pytest.param(
            with_variable(b"18446744073709551616"),
            "An integer of 20 digits is beyond 64 bits; write it as a string.",
            id="integer beyond 64 bits",
        ),
        pytest.param(
            with_variable(b'"\\u0000"'),
            "A string in the body holds U+0000; leave it out.",
            id="NUL",
        ),
        pytest.param(
            b'{"query":"{hello}","\\u0000":1}',
            "A string in the body holds U+0000; leave it out.",
            id="NUL in a name",
        ),
        pytest.param(
            with_variable(b'[{"a":"\\ud83d"}]'),
            "A string in the body holds half a surrogate pair; write both.",
            id="half a surrogate pair",
        ),
        pytest.param(
            with_variable(b"[" * 31 + b"]" * 31),
            "The body nests more than 32 deep. Flatten it, or raise MAX_JSON_DEPTH.",
            id="33 deep",
        ),
        pytest.param(
            with_variable(b"[" * 30_000 + b"]" * 30_000),
            "The body nests more than 32 deep. Flatten it, or raise MAX_JSON_DEPTH.",
            id="30,000 deep",
        ),
        pytest.param(
            b'{"a":' * 10_000,
            "The body nests more than 32 deep. Flatten it, or raise MAX_JSON_DEPTH.",
            id="10,000 deep and open",
        ),
    ],
)
async def test_a_malformed_body_is_400_and_hears_what_to_write(
    client: httpx.AsyncClient,
    noted: Noted,
    caplog: pytest.LogCaptureFixture,
    body: bytes,
    message: str,
) -> None:
    response = await post(client, body)

    assert response.status_code == 400
    assert the_message(response) == message
    assert noted.done == []
    assert not [each for each in caplog.records if each.levelno > logging.INFO]


@pytest.mark.parametrize(
    "value",
    [
        b"18446744073709551615",
        b"-9223372036854775808",
        b"1e308",
        b'"\\ud83d\\ude00"',
        b"[" * 30 + b"]" * 30,
        b'{"a":{"a":1}}',
    ],
    ids=["largest", "smallest", "large", "surrogate pair", "32 deep", "not twice"],
)
async def test_what_can_be_stored_and_sent_back_is_accepted(
    client: httpx.AsyncClient, value: bytes
) -> None:
    response = await post(client, with_variable(value))

    assert response.json() == {"data": {"hello": "hello you"}}


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        ("query={hello}&query={hello}", '"query" is given twice; write it once.'),
        (
            "query={hello}&variables=[]",
            '"variables" is a list; write an object.',
        ),
        (
            "query={hello}&variables={",
            (
                "The variables is not JSON: Expecting property name enclosed in double"
                " quotes at line 1, column 2."
            ),
        ),
        (
            "query={hello%00}",
            "A string in the query holds U+0000; leave it out.",
        ),
        (
            "query=%FF",
            "The part after ? is not UTF-8; percent-encode its UTF-8 bytes.",
        ),
        (
            "&".join(f"a{n}=1" for n in range(51)),
            "The part after ? has more than 50 parameters.",
        ),
    ],
)
async def test_a_malformed_address_is_400_and_hears_what_to_write(
    client: httpx.AsyncClient, query_string: str, message: str
) -> None:
    response = await client.get(f"{DOOR}?{query_string}")

    assert response.status_code == 400
    assert the_message(response) == message


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain;charset=utf-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonfoo",
        "application/json, text/plain",
        "application/graphql",
        "text/plain; application/json",
        "*/*",
        "",
    ],
)
async def test_a_foreign_page_cannot_send_what_needs_no_preflight(
    client: httpx.AsyncClient, noted: Noted, content_type: str
) -> None:
    response = await post(client, b'{"query":"mutation{save}"}', content_type)

    assert response.status_code == 415
    assert the_message(response) == (
        'Send the body as JSON, with the header "Content-Type: application/json".'
    )
    assert noted.done == []


async def test_a_body_without_a_content_type_is_refused(
    client: httpx.AsyncClient, noted: Noted
) -> None:
    response = await client.post(DOOR, content=b'{"query":"mutation{save}"}')

    assert response.status_code == 415
    assert noted.done == []


async def test_two_content_types_are_refused(
    client: httpx.AsyncClient, noted: Noted
) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Type", "text/plain")]

    response = await client.post(
        DOOR, content=b'{"query":"mutation{save}"}', headers=headers
    )

    assert response.status_code == 415
    assert noted.done == []


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON ; Charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; profile=x",
    ],
)
async def test_json_in_utf_8_is_read(
    client: httpx.AsyncClient, content_type: str
) -> None:
    response = await post(client, QUERY, content_type)

    assert response.json() == {"data": {"hello": "hello you"}}


async def test_another_charset_is_refused(client: httpx.AsyncClient) -> None:
    response = await post(client, QUERY, "application/json; charset=utf-16")

    assert response.status_code == 415
    assert the_message(response) == "Send the body in UTF-8; leave out the charset."


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    response = await client.post(DOOR, content=QUERY, headers=headers)

    assert response.status_code == 415
    assert the_message(response) == (
        "A compressed body is not accepted; leave out Content-Encoding."
    )


@pytest.mark.parametrize("chunked", [False, True], ids=["with length", "in chunks"])
async def test_a_body_may_be_as_long_as_the_limit_and_not_a_byte_longer(
    serve: Serve, *, chunked: bool
) -> None:
    client = await serve(Limits(body_bytes=1_000))

    async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    async def send(size: int) -> httpx.Response:
        body = QUERY + b" " * (size - len(QUERY))
        content = in_chunks(body) if chunked else body
        headers = {"Content-Type": "application/json"}
        return await client.post(DOOR, content=content, headers=headers)

    within, beyond = await send(1_000), await send(1_001)

    assert within.json() == {"data": {"hello": "hello you"}}
    assert beyond.status_code == 413
    assert the_message(beyond) == (
        "The body has more than 1,000 bytes. Send less at once, or raise"
        " MAX_BODY_BYTES."
    )


async def test_an_address_may_not_be_longer_than_a_body(serve: Serve) -> None:
    client = await serve(Limits(body_bytes=1_000))

    response = await client.get(f"{DOOR}?query={{hello}}{'+' * 988}")

    assert response.status_code == 414
    assert the_message(response) == (
        "The part after ? has 1,001 bytes; the limit is 1,000. Use POST, or raise"
        " MAX_BODY_BYTES."
    )


async def exchange(client: httpx.AsyncClient, *parts: bytes) -> bytes:
    """Send raw bytes, keep the connection open, and read what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
    for part in parts:
        writer.write(part)
    head = await reader.readuntil(b"\r\n\r\n")
    (length,) = (
        int(line.partition(b":")[2])
        for line in head.lower().splitlines()
        if line.startswith(b"content-length:")
    )
    body = await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()
    return head + body


HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


async def test_a_body_without_an_end_is_refused_as_soon_as_it_is_too_long(
    serve: Serve,
) -> None:
    client = await serve(Limits(body_bytes=1_000))

    answer = await exchange(client, HEAD, b"3e9\r\n" + b" " * 1_001 + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_that_says_it_is_too_long_need_not_be_sent(
    client: httpx.AsyncClient,
) -> None:
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: 65537\r\nExpect: 100-continue\r\n\r\n"
    )

    answer = await exchange(client, head)

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_that_does_not_arrive_is_given_up(serve: Serve) -> None:
    client = await serve(Limits(body_seconds=0.05))

    answer = await exchange(client, HEAD, b"1\r\n{\r\n")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer.lower()
    assert b"The body did not arrive within 0.05 seconds; send it at once." in answer


async def test_a_caller_who_goes_away_leaves_no_trace(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
    writer.write(HEAD + b"1\r\n{\r\n")
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    response = await post(client, QUERY)

    assert response.json() == {"data": {"hello": "hello you"}}
    assert not [each for each in caplog.records if each.levelno > logging.INFO]


UNBOUNDED = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def assert_is_no_fault_of_ours(response: httpx.Response) -> None:
    assert response.status_code < 500
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    for error in response.json().get("errors", []):
        assert error["extensions"]["category"] != "internal"


@UNBOUNDED
@given(body=st.binary() | st.binary().map(lambda inner: b'{"query":"' + inner + b'"}'))
async def test_no_bytes_are_answered_with_a_fault_of_ours(
    client: httpx.AsyncClient, body: bytes
) -> None:
    response = await post(client, body)

    assert_is_no_fault_of_ours(response)


@UNBOUNDED
@given(
    members=st.fixed_dictionaries(
        {},
        optional={
            "query": st.sampled_from(
                [
                    "query A($x:String!){hello(name:$x)}",
                    "query A($x:[Int!]!){count(ids:$x)}",
                    "query A($x:Int!){search(first:$x){sku}}",
                    "query A($x:Date!){day(of:$x)}",
                    "query A($x:Float!){ratio(of:$x)}",
                ]
            )
            | st.text()
            | ANY_JSON,
            "variables": st.dictionaries(st.just("x"), ANY_JSON) | ANY_JSON,
            "operationName": st.just("A") | ANY_JSON,
            "extensions": ANY_JSON,
        },
    )
)
async def test_no_json_is_answered_with_a_fault_of_ours(
    client: httpx.AsyncClient, members: dict[str, object]
) -> None:
    response = await post(client, json.dumps(members).encode())

    assert_is_no_fault_of_ours(response)


@UNBOUNDED
@given(query_string=st.text(st.characters(min_codepoint=33, max_codepoint=126)))
async def test_no_address_is_answered_with_a_fault_of_ours(
    client: httpx.AsyncClient, query_string: str
) -> None:
    target = query_string.replace("#", "%23")

    response = await client.get(f"{DOOR}?query={target}")

    assert_is_no_fault_of_ours(response)
