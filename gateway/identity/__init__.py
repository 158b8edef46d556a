"""Who is asking: customers' tokens, shoppers' sessions, administrators' tokens.

Knows PyJWT and httpx; nothing of GraphQL, SQL or Starlette. The doors call it.
"""

from gateway.identity.admins import NewToken, Role
from gateway.identity.customers import CustomerIdentity, CustomerTokens
from gateway.identity.errors import BadSetting, BadToken, IdentityError
from gateway.identity.sessions import Session, SessionCookie, Sessions

__all__ = [
    "BadSetting",
    "BadToken",
    "CustomerIdentity",
    "CustomerTokens",
    "IdentityError",
    "NewToken",
    "Role",
    "Session",
    "SessionCookie",
    "Sessions",
]
