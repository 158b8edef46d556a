"""Make the HTTP answer to a GraphQL request: its status, its headers, its JSON.

To an Accept of ``application/json`` or ``*/*`` every GraphQL answer is 200, errors
too, because storefronts send a request again, up to five times, after any other
status. Only malformed HTTP has a status of its own there. A caller who names
``application/graphql-response+json`` gets the statuses of its specification.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.schema.errors import Refused, internal

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HEADERS = {
    "Cache-Control": "private, no-store",
    "Vary": "Accept, Store, Content-Currency, Authorization, Cookie",
    "X-Content-Type-Options": "nosniff",
}
MOST_MEDIA_RANGES = 50

_quality = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def answer(
    request: Request, body: Mapping[str, Any], graphql_status: int = 200
) -> Response:
    """Answer with *body*; *graphql_status* is for those who name GraphQL's own type.

    Raises:
        TypeError: if *body* holds what is not JSON, which is a fault of ours.
    """
    media_type = negotiated(request.headers.getlist("accept"))
    status = graphql_status if media_type == GRAPHQL_JSON else 200
    return _response(body, status, media_type)


def refusal(request: Request, refused: Refused) -> Response:
    """Answer a request that ends before GraphQL does."""
    extensions = {"category": refused.category, **refused.extensions}
    body = {"errors": [{"message": str(refused), "extensions": extensions}]}
    media_type = negotiated(request.headers.getlist("accept"))
    return _response(body, refused.status, media_type, refused.headers)


def failure(request: Request, message: str, request_id: str, status: int) -> Response:
    """Answer that it went wrong with us, and give the id to ask about."""
    entry = {"message": message, "extensions": internal(request_id)}
    return answer(request, {"errors": [entry]}, status)


def negotiated(accepts: Sequence[str]) -> str:
    """Choose the media type of an answer; JSON unless GraphQL's own is preferred."""
    accept = ",".join(accepts)
    if GRAPHQL_JSON not in accept.lower():
        return JSON
    plain = graphql = 0.0
    for media_range in accept.lower().split(",")[:MOST_MEDIA_RANGES]:
        media_type = media_range.partition(";")[0].strip()
        found = _quality.search(media_range)
        quality = float(found[1]) if found else 1.0
        if media_type == GRAPHQL_JSON:
            graphql = quality
        elif media_type in {JSON, "application/*", "*/*"}:
            plain = max(plain, quality)
    return GRAPHQL_JSON if graphql and graphql >= plain else JSON


def _response(
    body: Mapping[str, Any],
    status: int,
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    content_type = f"{media_type}; charset=utf-8"
    return Response(
        orjson.dumps(body), status, {**(headers or {}), "Content-Type": content_type}
    )
