"""Matched customers as a file over HTTP, beside the admin door and for its editors.

``GET /admin/segments/<key>/matched-customers.csv?website=<code>``, or ``.jsonl``, or
``.parquet``. It is streamed: no more than a batch of customers is held at once.
"""

from __future__ import annotations

import logging
import secrets

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.exporting import FORMATS, begun
from gateway.identity.admins import Role
from gateway.personalize.errors import InvalidInput, NotFound
from gateway.resolvers.matched_customers import Wanted
from gateway.schema import answers
from gateway.schema.admin.door import AdminDoor
from gateway.schema.errors import Category, Refused
from gateway.storage.errors import StorageError

PATH = "/admin/segments/{key}/matched-customers.{format}"

logger = logging.getLogger(__name__)


class Downloads:
    """Answers those at the admin *door* who may see customers."""

    def __init__(self, door: AdminDoor) -> None:
        self._door = door

    async def answer(self, request: Request) -> Response:
        """Stream the customers of a segment."""
        request_id = secrets.token_hex(8)
        try:
            response = await self._answer(request)
        except Refused as refused:
            response = answers.refusal(request, refused)
        except StorageError:
            logger.exception("request %s: no download", request_id)
            said = "The database is not there; try again in a few seconds."
            unavailable = Refused(503, said, Category.INTERNAL)
            response = answers.refusal(request, unavailable)
        response.headers["X-Request-Id"] = request_id
        for name, value in answers.HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    async def _answer(self, request: Request) -> Response:
        context = await self._door(request)
        if not context.role.permits(Role.EDITOR):
            raise Refused(
                403,
                f"A download needs the role '{Role.EDITOR}', and the token"
                f" {context.name!r} has the role '{context.role}'. Use another token;"
                " `gateway token create` makes one.",
                Category.AUTHORIZATION,
            )
        key, name = request.path_params["key"], request.path_params["format"]
        if name not in FORMATS:
            said = f"There are {', '.join(FORMATS)}; not {name!r}."
            raise Refused(404, said, Category.NO_SUCH_ENTITY)
        wanted = Wanted(request.query_params.get("website", ""), (key,))
        try:
            export = await begun(context.database, wanted)
        except (InvalidInput, NotFound) as error:
            raise Refused(404, str(error), Category.NO_SUCH_ENTITY) from error
        format = FORMATS[name]()
        return StreamingResponse(
            export.written(context.database, format),
            media_type=format.media_type,
            headers={"Content-Disposition": f'attachment; filename="{key}.{name}"'},
        )
