"""Who is asking: customers' tokens, shoppers' sessions, administrators' tokens.

Knows PyJWT and httpx; nothing of GraphQL, SQL or Starlette. The doors call it.
``customers`` is asked for by name: PyJWT and httpx come with it, and take their time.
"""

from gateway.identity.admins import NewToken, Role
from gateway.identity.errors import BadSetting, BadToken, IdentityError
from gateway.identity.sessions import Session, SessionCookie, Sessions

__all__ = [
    "BadSetting",
    "BadToken",
    "IdentityError",
    "NewToken",
    "Role",
    "Session",
    "SessionCookie",
    "Sessions",
]
