"""Sessions: ids that only this gateway can issue, each for one owner.

A token is `v1.<id>.<tag>`: 192 random bits, and an HMAC-SHA256 over the version, the
id and the owner. The owner is not readable in it; it must be named again to open it.
So logging in, logging out or becoming another customer ends a session by itself:
nobody can bring an id that was fixed before the login.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.identity import base64url
from gateway.identity.errors import BadSetting
from gateway.identity.shared_secrets import secret_bytes

HEADER_NAME = "X-Gateway-Session"
"""For callers without cookies: the token, in the request and in the answer."""

ID_BYTES = 24
_TOKEN = re.compile(r"v1\.(?P<id>[A-Za-z0-9_-]{32})\.(?P<tag>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Session:
    """An id to keep things under, and the token that lets its owner come back."""

    id: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class SessionCookie:
    """The cookie that carries a session's token.

    `secure` is for https: browsers then accept the name's `__Host-` prefix, which
    keeps neighbouring subdomains from planting a session.
    """

    secure: bool

    @property
    def name(self) -> str:
        """Return the name of the cookie."""
        return "__Host-gateway-session" if self.secure else "gateway-session"

    def header(self, token: str) -> str:
        """Write the value of a Set-Cookie header, for the browser's session."""
        terms = "; Path=/; HttpOnly; SameSite=Lax"
        return f"{self.name}={token}{terms}{'; Secure' if self.secure else ''}"


class Sessions:
    """Issues and opens sessions; keeps none of them."""

    def __init__(self, session_secrets: Sequence[str]) -> None:
        """Take the secrets: the first signs, all open.

        To change the secret, put the new one first, and drop the old one later.

        Raises:
            BadSetting: there is none, or one is shorter than 32 bytes.

        """
        if not session_secrets:
            message = "there is no session secret; set at least one"
            raise BadSetting(message)
        self._secrets = [secret_bytes(s, "a session secret") for s in session_secrets]

    def issue(self, owner: str | None) -> Session:
        """Begin a session for a customer's id, or for a visitor (None)."""
        return self._signed(secrets.token_urlsafe(ID_BYTES), owner)

    def open(self, token: str | None, owner: str | None) -> Session | None:
        """Return the session if this gateway issued it for that very owner.

        None for all else: then issue a new one. The token returned differs from the
        one given when a former secret had signed it: send it to the shopper again.
        """
        found = _TOKEN.fullmatch(token) if token else None
        if found is None:
            return None
        session_id, tag = found["id"], found["tag"]
        for secret in self._secrets:
            if hmac.compare_digest(tag, _tag(secret, session_id, owner)):
                return self._signed(session_id, owner)
        return None

    def _signed(self, session_id: str, owner: str | None) -> Session:
        tag = _tag(self._secrets[0], session_id, owner)
        return Session(session_id, f"v1.{session_id}.{tag}")


def _tag(secret: bytes, session_id: str, owner: str | None) -> str:
    # The first words keep these tags apart from any other use of the same secret;
    # the id has a fixed length, so no two owners share a message.
    whose = b"visitor" if owner is None else b"customer " + _encoded(owner)
    message = b"gateway session v1 " + session_id.encode("ascii") + b" " + whose
    return base64url.encode(hmac.digest(secret, message, "sha256"))


def _encoded(owner: str) -> bytes:
    return owner.encode("utf-8", "surrogatepass")
