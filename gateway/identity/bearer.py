"""The Authorization header (RFC 6750 2.1)."""

import re

from gateway.identity.errors import BadToken
from gateway.identity.signed_tokens import MAX_LENGTH

CHALLENGE = 'Bearer error="invalid_token"'
"""The WWW-Authenticate header that goes with 401 for a `BadToken`."""

_BEARER = re.compile(r"bearer +(?P<token>[A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


def token_in(*headers: str) -> str | None:
    """Return the token of a request's Authorization headers; None is a visitor.

    Give every header of that name: of two, a proxy may trust one and we the other.

    Raises:
        BadToken: there are two, or the one is not `Bearer <token>`.

    """
    match [header for value in headers if (header := value.strip(" \t"))]:
        case []:
            return None
        case [header]:
            pass
        case _:
            raise BadToken("the request has more than one Authorization header")
    if len(header) > len("Bearer ") + MAX_LENGTH:
        reason = f"the token is longer than {MAX_LENGTH} characters"
        raise BadToken(reason)
    found = _BEARER.fullmatch(header)
    if found is None:
        raise BadToken("the Authorization header is not 'Bearer <token>'")
    return found["token"]
