"""Real keys, and tokens put together by hand, well made or forged."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gateway.identity import base64url, keys
from gateway.identity.customers import CustomerTokens
from gateway.identity.key_sources import FixedKeys

NOW: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECONDS: Final = int(NOW.timestamp())
ISSUER: Final = "https://shop.example"
AUDIENCE: Final = "personalization"
SECRET: Final = "a secret of the demo shop, 38 bytes long"

Signer = Callable[[bytes], bytes]

Json = Mapping[str, object]

NOTHING: Final[Json] = MappingProxyType({})

LEFT_OUT: Final = object()
"""As the value of a member: the token has no such member."""


@dataclass(frozen=True)
class Ring:
    """One key of each kind, and one stranger of each kind."""

    rsa_key: rsa.RSAPrivateKey = field(default_factory=lambda: _rsa(2048))
    ec_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    stranger_rsa: rsa.RSAPrivateKey = field(default_factory=lambda: _rsa(2048))
    stranger_ec: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    wider_ec: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP384R1())
    )

    @cached_property
    def secret_jwk(self) -> dict[str, object]:
        return secret_jwk(SECRET, "hs-1")

    @cached_property
    def rsa_jwk(self) -> dict[str, object]:
        return rsa_jwk(self.rsa_key, "rs-1")

    @cached_property
    def ec_jwk(self) -> dict[str, object]:
        return ec_jwk(self.ec_key, "ec-1")

    @cached_property
    def jwks(self) -> bytes:
        return jwks(self.secret_jwk, self.rsa_jwk, self.ec_jwk)

    @property
    def rsa_pem(self) -> bytes:
        return self.rsa_key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )

    def tokens(self, data: bytes | None = None) -> CustomerTokens:
        source = FixedKeys(keys.from_jwks(self.jwks if data is None else data))
        return CustomerTokens(source, ISSUER, AUDIENCE)

    def hs(self, claims: Json = NOTHING, headers: Json = NOTHING) -> str:
        return token(
            {"alg": "HS256", "kid": "hs-1"} | dict(headers),
            claims,
            by_secret(SECRET.encode()),
        )

    def rs(self, claims: Json = NOTHING, headers: Json = NOTHING) -> str:
        return token(
            {"alg": "RS256", "kid": "rs-1"} | dict(headers),
            claims,
            by_rsa(self.rsa_key),
        )

    def es(self, claims: Json = NOTHING, headers: Json = NOTHING) -> str:
        return token(
            {"alg": "ES256", "kid": "ec-1"} | dict(headers),
            claims,
            by_ec(self.ec_key),
        )

    def hs_of(self, payload: bytes) -> str:
        header = {"alg": "HS256", "kid": "hs-1", "typ": "JWT"}
        return compact(as_json(header), payload, by_secret(SECRET.encode()))


def token(headers: Json, claims: Json, signer: Signer) -> str:
    """Sign the usual header and claims with some of them changed or left out."""
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "iat": SECONDS,
        "exp": SECONDS + 600,
    }
    return compact(
        as_json(_present({"typ": "JWT"} | dict(headers))),
        as_json(_present(usual | dict(claims))),
        signer,
    )


def compact(header: bytes, payload: bytes, signer: Signer) -> str:
    signed = f"{base64url.encode(header)}.{base64url.encode(payload)}"
    return f"{signed}.{base64url.encode(signer(signed.encode()))}"


def by_secret(secret: bytes, digest: str = "sha256") -> Signer:
    return lambda signed: hmac.digest(secret, signed, digest)


def by_rsa(key: rsa.RSAPrivateKey) -> Signer:
    return lambda signed: key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def by_rsa_pss(key: rsa.RSAPrivateKey) -> Signer:
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashlib.sha256().digest_size)
    return lambda signed: key.sign(signed, pss, hashes.SHA256())


def by_ec_der(key: ec.EllipticCurvePrivateKey) -> Signer:
    return lambda signed: key.sign(signed, ec.ECDSA(hashes.SHA256()))


def by_ec(key: ec.EllipticCurvePrivateKey) -> Signer:
    width = (key.curve.key_size + 7) // 8

    def sign(signed: bytes) -> bytes:
        r, s = decode_dss_signature(by_ec_der(key)(signed))
        return r.to_bytes(width, "big") + s.to_bytes(width, "big")

    return sign


def nobody(_: bytes) -> bytes:
    return b""


def as_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def jwks(*members: Json) -> bytes:
    return as_json({"keys": list(members)})


def secret_jwk(secret: str, kid: str) -> dict[str, object]:
    return {"kty": "oct", "kid": kid, "k": base64url.encode(secret.encode())}


def rsa_jwk(key: rsa.RSAPrivateKey, kid: str | None) -> dict[str, object]:
    numbers = key.public_key().public_numbers()
    return _present(
        {
            "kty": "RSA",
            "kid": kid or LEFT_OUT,
            "n": base64url.encode(_unsigned(numbers.n)),
            "e": base64url.encode(_unsigned(numbers.e)),
        }
    )


def ec_jwk(key: ec.EllipticCurvePrivateKey, kid: str | None) -> dict[str, object]:
    numbers = key.public_key().public_numbers()
    width = (key.curve.key_size + 7) // 8
    return _present(
        {
            "kty": "EC",
            "kid": kid or LEFT_OUT,
            "crv": {256: "P-256", 384: "P-384"}[key.curve.key_size],
            "x": base64url.encode(numbers.x.to_bytes(width, "big")),
            "y": base64url.encode(numbers.y.to_bytes(width, "big")),
        }
    )


def short_rsa_jwk(kid: str) -> dict[str, object]:
    return rsa_jwk(_rsa(1024), kid)


def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _unsigned(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _present(members: Json) -> dict[str, object]:
    return {k: v for k, v in members.items() if v is not LEFT_OUT}
