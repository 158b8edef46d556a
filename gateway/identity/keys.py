"""Verification keys: each has one algorithm, which a token cannot choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

import jwt

from gateway.identity import base64url, strict_json
from gateway.identity.errors import BadSetting
from gateway.identity.shared_secrets import MIN_BYTES, secret_bytes

MAX_BYTES = 65_536
"""Of a JWK set in JSON."""
MAX_KEYS = 32
MAX_KID_LENGTH = 256
RSA_BITS = range(2048, 8193)
"""Below, a key can be factored; above, one signature keeps a core busy."""


class Algorithm(StrEnum):
    """A signature algorithm of RFC 7518."""

    HS256 = "HS256"
    RS256 = "RS256"
    ES256 = "ES256"


@dataclass(frozen=True)
class Key:
    """One verification key. `kid` is its name; a plain secret has none."""

    kid: str | None
    algorithm: Algorithm
    jwk: jwt.PyJWK = field(repr=False, compare=False)

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Say whether this key made the signature, by its own algorithm."""
        return self.jwk.Algorithm.verify(signed, self.jwk.key, signature)


@dataclass(frozen=True)
class KeySet:
    """Keys in the order given, and why others of the same source were left out."""

    keys: tuple[Key, ...] = ()
    refused: tuple[str, ...] = ()

    def find(self, kid: str | None) -> Key | None:
        """Return the key of that name; without a name, the only key there is."""
        if kid is None:
            return self.keys[0] if len(self.keys) == 1 else None
        return next((key for key in self.keys if key.kid == kid), None)


def from_secret(text: str) -> KeySet:
    """Make the HS256 key that a plain shared secret is.

    Raises:
        BadSetting: it is shorter than 32 bytes, or a key of another kind.

    """
    named = "the shared secret"
    data = secret_bytes(text, named)
    jwk = {"kty": "oct", "k": base64url.encode(data)}
    return KeySet((_build(jwk, Algorithm.HS256, None, named),))


def from_jwks(data: bytes) -> KeySet:
    """Read the operator's own JWK set (RFC 7517), where every key must be usable.

    Raises:
        BadSetting: naming each key that cannot be used, and why.

    """
    found = _parse(data, published=False)
    if found.refused:
        raise BadSetting("; ".join(found.refused))
    return found


def from_published_jwks(data: bytes) -> KeySet:
    """Read a JWK set published for anybody, leaving out what we cannot use.

    An identity provider publishes keys for other purposes beside ours (encryption,
    other algorithms), so one of them does not spoil the set.

    Raises:
        BadSetting: it is no JWK set, or none of its keys can be used.

    """
    found = _parse(data, published=True)
    if not found.keys:
        raise BadSetting("; ".join(found.refused))
    return found


def _parse(data: bytes, *, published: bool) -> KeySet:
    try:
        members = strict_json.parse_object(data)
    except ValueError as error:
        _refuse("the key set", f"cannot be read: {error}")
    jwks = members.get("keys")
    if not isinstance(jwks, list) or not 1 <= len(jwks) <= MAX_KEYS:
        _refuse("the key set", f'needs a list "keys" of 1 to {MAX_KEYS} keys')
    keys: list[Key] = []
    refused: list[str] = []
    for position, jwk in enumerate(jwks, start=1):
        try:
            key = _read(jwk, position, published=published)
            if key.kid is not None and any(key.kid == other.kid for other in keys):
                _refuse(f"key {key.kid!r}", "is given twice; give each its own kid")
            keys.append(key)
        except BadSetting as error:
            refused.append(str(error))
    return KeySet(tuple(keys), tuple(refused))


def _read(jwk: object, position: int, *, published: bool) -> Key:
    named = f"key {position} of the set"
    if not isinstance(jwk, dict):
        _refuse(named, "is not a JSON object")
    kid = jwk.get("kid")
    if kid is not None:
        if not isinstance(kid, str) or not 1 <= len(kid) <= MAX_KID_LENGTH:
            _refuse(named, f"needs a kid of 1 to {MAX_KID_LENGTH} characters, or none")
        named = f"key {kid!r}"
    kind = jwk.get("kty")
    if not isinstance(kind, str) or kind not in _KINDS:
        _refuse(named, f"is of an unknown kind (kty); use one of {', '.join(_KINDS)}")
    algorithm, needed = _KINDS[kind]
    if jwk.get("alg", algorithm) != algorithm:
        _refuse(named, f"has an alg other than {algorithm}, the one for kty {kind}")
    if jwk.get("use", "sig") != "sig":
        _refuse(named, 'is not for signatures; its use must be "sig" or left out')
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        _refuse(named, 'has key_ops without "verify"')
    _refuse_secrets(jwk, named, kind, published=published)
    if kind == "EC" and jwk.get("crv") != "P-256":
        _refuse(named, "is not on the curve (crv) P-256, the one for ES256")
    for member in needed - {"crv"}:
        _require_base64url(jwk, member, named)
    return _build({m: jwk[m] for m in {"kty", *needed}}, algorithm, kid, named)


def _refuse_secrets(
    jwk: Mapping[str, object], named: str, kind: str, *, published: bool
) -> None:
    if kind != "oct" and jwk.keys() & {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}:
        _refuse(
            named,
            "holds its private part; give the public key only, and replace this "
            "one where others may have seen it",
        )
    if kind == "oct" and published:
        _refuse(named, "is a secret, but the set is published; replace that secret")


def _require_base64url(jwk: Mapping[str, object], member: str, named: str) -> None:
    value = jwk.get(member)
    try:
        if not isinstance(value, str) or not base64url.decode(value):
            _refuse(named, f'needs "{member}" as base64url text')
    except ValueError:
        _refuse(named, f'needs "{member}" as base64url text without padding')


def _build(
    members: dict[str, str], algorithm: Algorithm, kid: str | None, named: str
) -> Key:
    try:
        jwk = jwt.PyJWK(members, algorithm.value)
        # PyJWT refuses here a PEM, an SSH key or a JWK given as if it were a secret.
        jwk.Algorithm.prepare_key(jwk.key)
    except (jwt.PyJWTError, ValueError):
        if algorithm is Algorithm.HS256:
            _refuse(named, "is a key or a certificate in text form, not a secret")
        _refuse(named, f"is not a sound {members['kty']} public key")
    match algorithm:
        case Algorithm.HS256 if len(jwk.key) < MIN_BYTES:
            _refuse(named, f"has {len(jwk.key)} bytes; HS256 needs {MIN_BYTES}")
        case Algorithm.RS256 if jwk.key.key_size not in RSA_BITS:
            _refuse(
                named,
                f"has {jwk.key.key_size} bits; RS256 needs "
                f"{RSA_BITS.start} to {RSA_BITS.stop - 1}",
            )
    return Key(kid, algorithm, jwk)


def _refuse(named: str, reason: str) -> NoReturn:
    message = f"{named} {reason}"
    raise BadSetting(message) from None


_KINDS = {
    "oct": (Algorithm.HS256, frozenset({"k"})),
    "RSA": (Algorithm.RS256, frozenset({"n", "e"})),
    "EC": (Algorithm.ES256, frozenset({"crv", "x", "y"})),
}
