"""The compact form of a signed token (RFC 7515 7.1), taken apart strictly."""

from dataclasses import dataclass, field

from gateway.identity import base64url, strict_json
from gateway.identity.errors import BadToken
from gateway.identity.keys import MAX_KID_LENGTH

MAX_LENGTH = 4096
TYPES = frozenset({"jwt", "at+jwt"})
REFUSED_HEADERS = ("crit", "b64", "zip", "enc", "jwk", "jku", "x5c", "x5u")
"""Extensions nobody here understands, and keys a token brings or points to."""


@dataclass(frozen=True)
class SignedToken:
    """A token whose signature nobody has looked at yet."""

    algorithm: str
    kid: str | None
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    payload: bytes = field(repr=False)

    def claims(self) -> dict[str, object]:
        """Parse the payload; to be asked only after the signature is verified.

        Raises:
            BadToken: it is not one strict JSON object.

        """
        return _json(self.payload, "payload")


def parse(token: str) -> SignedToken:
    """Take a token apart.

    Raises:
        BadToken: its form is not that of a signed token we could verify.

    """
    if len(token) > MAX_LENGTH:
        reason = f"the token is longer than {MAX_LENGTH} characters"
        raise BadToken(reason)
    match token.split("."):
        case [header, payload, signature] if header and payload and signature:
            pass
        case _:
            raise BadToken("the token is not a signed JWT of three parts")
    payload_bytes = _bytes(payload, "payload")
    signature_bytes = _bytes(signature, "signature")
    headers = _json(_bytes(header, "header"), "header")
    for name in REFUSED_HEADERS:
        if name in headers:
            reason = f"the token's header holds {name!r}, which is not accepted"
            raise BadToken(reason)
    algorithm = headers.get("alg")
    if not isinstance(algorithm, str):
        raise BadToken("the token's header names no algorithm")
    kid = headers.get("kid")
    if "kid" in headers and not (
        isinstance(kid, str) and 1 <= len(kid) <= MAX_KID_LENGTH
    ):
        raise BadToken("the token's header has a 'kid' that is not the name of a key")
    _require_type(headers)
    return SignedToken(
        algorithm=algorithm,
        kid=kid if isinstance(kid, str) else None,
        signed=f"{header}.{payload}".encode("ascii"),
        signature=signature_bytes,
        payload=payload_bytes,
    )


def _require_type(headers: dict[str, object]) -> None:
    kind = headers.get("typ", "JWT")
    # RFC 7515 4.1.9: a media type, in any case, its "application/" left out.
    if (
        not isinstance(kind, str)
        or kind.lower().removeprefix("application/") not in TYPES
    ):
        raise BadToken("the token's 'typ' is neither JWT nor at+jwt")


def _bytes(part: str, name: str) -> bytes:
    try:
        return base64url.decode(part)
    except ValueError:
        reason = f"the token's {name} is not base64url"
        raise BadToken(reason) from None


def _json(data: bytes, name: str) -> dict[str, object]:
    try:
        return strict_json.parse_object(data)
    except ValueError as error:
        reason = f"the token's {name} is refused: {error}"
        raise BadToken(reason) from None
