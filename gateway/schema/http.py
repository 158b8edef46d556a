"""Speak GraphQL over HTTP: always in JSON, always in time, never of our insides."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.schema import answers
from gateway.schema.documents import (
    Documents,
    DoorSchema,
    Unacceptable,
    without_the_schema,
)
from gateway.schema.errors import (
    Category,
    Refused,
    cause,
    described,
    one_line,
    visible,
)
from gateway.schema.execution import executed
from gateway.schema.limits import Limits
from gateway.schema.requests import GraphQLRequest, has_query, read_get, read_post
from gateway.storage.errors import StorageError

METHODS = "GET, HEAD, OPTIONS, POST"
TRACEBACKS_LOGGED = 3

logger = logging.getLogger(__name__)
_request_id = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")

_UNAVAILABLE = Refused(
    503,
    "The database is not there; try again in a few seconds.",
    Category.INTERNAL,
    headers={"Retry-After": "2"},
)

ContextFactory = Callable[[Request], Awaitable[object]]
Page = Callable[[Request], Response]


class InFlight:
    """How many requests one worker works on at once; doors may share one."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.now = 0

    def __enter__(self) -> None:
        if self.now >= self.most:
            raise Refused(
                503,
                "Too many requests are being answered; try again in a second.",
                Category.INTERNAL,
                headers={"Retry-After": "1"},
            )
        self.now += 1

    def __exit__(self, *_: object) -> None:
        self.now -= 1


class Door:
    """An ASGI endpoint that speaks GraphQL.

    *context* makes what resolvers find in ``info.context``; it may raise Refused.
    *page* answers a browser that opens the address.
    """

    def __init__(
        self,
        schema: DoorSchema,
        context: ContextFactory,
        *,
        limits: Limits | None = None,
        page: Page | None = None,
        in_flight: InFlight | None = None,
    ) -> None:
        self._schema = schema
        self._context = context
        self._limits = limits or Limits()
        self._page = page
        self._in_flight = in_flight or InFlight(self._limits.in_flight)
        self._documents = Documents(schema.core, self._limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, whatever happens."""
        request = Request(scope, receive)
        request_id = request.state.request_id = _id_for(request)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Refused as refused:
            logger.info("request %s: refused with %d", request_id, refused.status)
            response = answers.refusal(request, refused)
        except StorageError as gone:
            logger.error("request %s: %s", request_id, one_line(str(gone)))  # noqa: TRY400
            response = answers.refusal(request, _UNAVAILABLE)
        except Exception:
            logger.exception("request %s: could not be answered", request_id)
            response = answers.failure(
                request, "Internal server error", request_id, 500
            )
        response.headers["X-Request-Id"] = request_id
        for name, value in answers.HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        match request.method:
            case "POST":
                asked = await read_post(request, self._limits)
            case "GET" | "HEAD":
                if self._page is not None and _opens_page(request):
                    return self._page(request)
                asked = read_get(request, self._limits)
            case "OPTIONS":
                return Response(status_code=204, headers={"Allow": METHODS})
            case method:
                raise Refused(
                    405,
                    f"{one_line(method, 20)} is not served; use GET or POST.",
                    headers={"Allow": METHODS},
                )
        with self._in_flight:
            try:
                async with asyncio.timeout(self._limits.request_seconds) as deadline:
                    return await self._execute(request, asked)
            except TimeoutError:
                if not deadline.expired():
                    raise
                return self._too_late(request)

    async def _execute(self, request: Request, asked: GraphQLRequest) -> Response:
        # Who asks comes first: a stranger learns nothing of an admin's schema.
        context = await self._context(request)
        try:
            document, operation = self._documents.admit(asked)
        except Unacceptable as unacceptable:
            return _unacceptable(request, unacceptable.errors)
        _require_post(request, operation)
        result = await executed(
            self._schema.core,
            document,
            variables=asked.variables,
            context=context,
            operation_name=asked.operation_name,
        )
        return self._result(request, result)

    def _result(self, request: Request, result: ExecutionResult) -> Response:
        errors = result.errors or []
        if result.data is None and errors and not any(map(_is_of_execution, errors)):
            if not self._limits.introspection:
                errors = [without_the_schema(error) for error in errors]
            return _unacceptable(request, errors[: self._limits.errors])
        request_id = request.state.request_id
        _log_masked(request_id, errors)
        body: dict[str, object] = {"data": result.data}
        if errors:
            body["errors"] = [described(error, request_id) for error in errors]
        if result.extensions:
            body["extensions"] = result.extensions
        return answers.answer(request, body)

    def _too_late(self, request: Request) -> Response:
        # Not 503 to everyone: a storefront would send a mutation again, which may
        # have been carried out, and a slow server would be asked five times over.
        request_id = request.state.request_id
        seconds = self._limits.request_seconds
        logger.warning("request %s: no answer in %g seconds", request_id, seconds)
        message = f"There was no answer within {seconds:g} seconds; ask for less."
        return answers.failure(request, message, request_id, 503)


def _unacceptable(request: Request, errors: Sequence[GraphQLError]) -> Response:
    request_id = request.state.request_id
    # Not their messages: those quote what the caller sent.
    kinds = {str((error.extensions or {}).get("limit", "rules")) for error in errors}
    logger.info("request %s: refused by %s", request_id, ", ".join(sorted(kinds)))
    entries = [described(error, request_id) for error in errors]
    return answers.answer(request, {"errors": entries}, 400)


def _require_post(request: Request, operation: OperationDefinitionNode) -> None:
    if operation.operation is not OperationType.QUERY and request.method != "POST":
        kind = operation.operation.value
        raise Refused(405, f"A {kind} is sent by POST.", headers={"Allow": "POST"})


def _log_masked(request_id: str, errors: Sequence[GraphQLError]) -> None:
    masked = [error for error in errors if visible(error) is None]
    for error in masked[:TRACEBACKS_LOGGED]:
        path = one_line(".".join(map(str, error.path or ())), 200)
        logger.error(
            "request %s: failed at %s", request_id, path, exc_info=cause(error)
        )
    if len(masked) > TRACEBACKS_LOGGED:
        more = len(masked) - TRACEBACKS_LOGGED
        logger.error("request %s: failed at %d more places", request_id, more)


def _is_of_execution(error: GraphQLError) -> bool:
    return error.path is not None or visible(error) is None


def _opens_page(request: Request) -> bool:
    accept = ",".join(request.headers.getlist("accept"))
    return "text/html" in accept.lower() and not has_query(request)


def _id_for(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _request_id.fullmatch(given) else secrets.token_hex(8)
