"""Read a GraphQL request from HTTP, strictly: what is malformed hears what to write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from gateway.schema.errors import Refused
from gateway.schema.limits import Limits
from gateway.schema.strict_json import inspect, longest_list, read_json

MEMBERS = ("query", "variables", "operationName", "extensions")
MOST_PARAMETERS = 50


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What a caller asks: a document, and what goes with it."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    longest_list: int
    """Items of the longest list in *variables*."""


async def read_post(request: Request, limits: Limits) -> GraphQLRequest:
    """Read the JSON body of a POST.

    Raises:
        Refused: 400, 408, 413 or 415, with what to send instead.
        ClientDisconnect: when the caller went away.
    """
    _require_json(request)
    text = _text(await _body(request, limits), "body")
    body = read_json(text, "body", limits)
    if isinstance(body, list):
        raise Refused(400, "Batches are not accepted; send one JSON object a request.")
    if not isinstance(body, dict):
        raise Refused(
            400,
            f"The body is {_kind(body)}; send a JSON object, as in"
            ' {"query": "{ __typename }"}.',
        )
    return _request(body)


def read_get(request: Request, limits: Limits) -> GraphQLRequest:
    """Read the parameters of a GET.

    Raises:
        Refused: 400 or 414, with what to send instead.
    """
    query_string: bytes = request.scope["query_string"]
    if len(query_string) > limits.body_bytes:
        raise Refused(
            414,
            f"The part after ? has {len(query_string):,} bytes; the limit is"
            f" {limits.body_bytes:,}. {limits.remedy('body_bytes', 'Use POST')}",
        )
    members: dict[str, Any] = {}
    for name, text in _parameters(query_string):
        if name not in MEMBERS:
            continue
        if name in members:
            raise Refused(400, f'"{name}" is given twice; write it once.')
        members[name] = text
    for name in ("variables", "extensions"):
        if text := members.pop(name, ""):
            members[name] = read_json(text, name, limits)
    for name in ("query", "operationName"):
        inspect(members.get(name), name, limits)
    return _request(members)


def has_query(request: Request) -> bool:
    """Tell whether a GET asks anything, or is a browser that opens the address."""
    return any(
        name in {b"query", b"extensions"}
        for name, _, _ in (
            part.partition(b"=") for part in request.scope["query_string"].split(b"&")
        )
    )


def _require_json(request: Request) -> None:
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise Refused(
            415, "A compressed body is not accepted; leave out Content-Encoding."
        )
    media_types = request.headers.getlist("content-type")
    media_type, _, rest = (media_types[0] if media_types else "").partition(";")
    if len(media_types) != 1 or media_type.strip().lower() != "application/json":
        raise Refused(
            415,
            'Send the body as JSON, with the header "Content-Type: application/json".',
        )
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in {"utf-8", "utf8"}:
            raise Refused(415, "Send the body in UTF-8; leave out the charset.")


async def _body(request: Request, limits: Limits) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limits.body_bytes:
        raise _too_large(limits)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limits.body_bytes:
                    raise _too_large(limits)
    except TimeoutError:
        raise Refused(
            408,
            f"The body did not arrive within {limits.body_seconds:g} seconds; send it"
            " at once.",
            headers={"Connection": "close"},
        ) from None
    return bytes(body)


def _too_large(limits: Limits) -> Refused:
    return Refused(
        413,
        f"The body has more than {limits.body_bytes:,} bytes."
        f" {limits.remedy('body_bytes', 'Send less at once')}",
    )


def _text(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            400, f"The {what} is not UTF-8 at byte {error.start}; send it in UTF-8."
        ) from None


def _parameters(query_string: bytes) -> Iterable[tuple[str, str]]:
    try:
        return parse_qsl(
            query_string.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except UnicodeDecodeError:
        message = "The part after ? is not UTF-8; percent-encode its UTF-8 bytes."
    except ValueError:
        message = f"The part after ? has more than {MOST_PARAMETERS} parameters."
    raise Refused(400, message)


def _request(members: dict[str, Any]) -> GraphQLRequest:
    for name, kind, wanted in (
        ("query", str, "a string with a GraphQL document"),
        ("variables", dict, "an object"),
        ("operationName", str, "a string"),
        ("extensions", dict, "an object"),
    ):
        value = members.get(name)
        if value is not None and not isinstance(value, kind):
            raise Refused(400, f'"{name}" is {_kind(value)}; write {wanted}.')
    extensions = members.get("extensions") or {}
    if not members.get("query"):
        if "persistedQuery" in extensions:
            # A client that hears exactly this sends the document itself.
            raise Refused(
                200,
                "PersistedQueryNotSupported",
                extensions={"code": "PERSISTED_QUERY_NOT_SUPPORTED"},
            )
        raise Refused(400, 'Nothing is asked; write a GraphQL document as "query".')
    variables = members.get("variables") or {}
    return GraphQLRequest(
        query=members["query"],
        variables=variables,
        operation_name=members.get("operationName") or None,
        longest_list=longest_list(variables),
    )


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
