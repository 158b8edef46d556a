"""Hands a session that was begun by a request to whoever made the request."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.identity import SessionCookie
from gateway.identity.sessions import HEADER_NAME


class SessionHeaders:
    """Adds the cookie and the header of a new session to its first answer."""

    def __init__(self, app: ASGIApp, cookie: SessionCookie) -> None:
        self._app = app
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the door does, with the session's headers."""
        state = scope.setdefault("state", {})

        async def send_with_session(message: Message) -> None:
            token = state.get("session_token")
            if token is not None and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("Set-Cookie", self._cookie.header(token))
                headers[HEADER_NAME] = token
            await send(message)

        await self._app(scope, receive, send_with_session)
