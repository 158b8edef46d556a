"""What an orchestrator asks: whether the process lives, and whether it can answer."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.storage.errors import StorageError
from gateway.storage.opened import Storage

_HEADERS = {"Cache-Control": "no-store"}


async def live(_: Request) -> Response:
    """Answer as long as the process does: nothing outside it is looked at."""
    return JSONResponse({"status": "alive"}, headers=_HEADERS)


@dataclass(frozen=True)
class Ready:
    """Answers 200 while the database does, and 503 as long as it does not.

    *left_out* counts the definitions that cannot be used; the log says which.
    """

    storage: Storage

    async def answer(self, _: Request) -> Response:
        """Read the revisions, and load what has changed."""
        rulebooks = self.storage.rulebooks
        try:
            await rulebooks.refresh()
        except StorageError:
            return JSONResponse({"status": "unavailable"}, 503, headers=_HEADERS)
        held = rulebooks.held.values()
        answer = {
            "status": "ready",
            "websites": len(held),
            "left_out": sum(len(one.rulebook.faults) for one in held),
        }
        return JSONResponse(answer, headers=_HEADERS)
