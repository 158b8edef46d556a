"""Hands a session that was begun by a request to whoever made the request."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.identity import Session, SessionCookie, Sessions
from gateway.identity.sessions import HEADER_NAME

_NEW = "new_session"


@dataclass(frozen=True)
class Opened:
    """A session, and the id of the visitor's session which a login has just ended."""

    session: Session
    visitor_session: str | None = None


class SessionHeaders:
    """Adds to an answer the header that ``opened`` left for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the door does, with the header of a session that was begun."""
        state = scope.setdefault("state", {})

        async def send_with_session(message: Message) -> None:
            if message["type"] == "http.response.start" and _NEW in state:
                MutableHeaders(scope=message).append(*state[_NEW])
            await send(message)

        await self._app(scope, receive, send_with_session)


def opened(
    request: Request, sessions: Sessions, cookie: SessionCookie, owner: str | None
) -> Opened:
    """Open the *owner*'s session, or begin one that the answer's headers hand over.

    It comes and goes by cookie, which no script can read; and by header for those
    alone who send that header, be it empty.
    """
    by_header = request.headers.get(HEADER_NAME)
    given = request.cookies.get(cookie.name) if by_header is None else by_header
    # Also at login and logout another one begins: a session is its owner's alone.
    known = sessions.open(given, owner)
    session = known or sessions.issue(owner)
    # Whoever brings it was that visitor, and says with a token who they are now.
    visitor = (
        sessions.open(given, None) if known is None and owner is not None else None
    )
    if session.token != given:
        handed = ("Set-Cookie", cookie.header(session.token))
        setattr(
            request.state,
            _NEW,
            handed if by_header is None else (HEADER_NAME, session.token),
        )
    return Opened(session, visitor.id if visitor else None)
