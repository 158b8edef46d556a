"""Customers by signed tokens, which the shop's own backend makes at login."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import jwt

from gateway.identity import signed_tokens
from gateway.identity.errors import BadSetting, BadToken
from gateway.identity.key_sources import FixedKeys, KeySource
from gateway.identity.keys import Algorithm, Key, KeySet
from gateway.identity.signed_tokens import SignedToken

MAX_ID_LENGTH = 255
MAX_WEBSITE_LENGTH = 64


@dataclass(frozen=True)
class CustomerIdentity:
    """A customer as a verified token states it.

    `website` is the code of the only website the token is for; None where
    it does not say.
    """

    customer_id: str
    website: str | None
    expires_at: datetime

    def is_for(self, website: str) -> bool:
        """Say whether the token may be used on that website."""
        return self.website is None or self.website == website


class CustomerTokens:
    """Verifies customers' tokens against fixed expectations."""

    def __init__(
        self,
        keys: KeySource,
        issuer: str,
        audience: str,
        *,
        leeway_seconds: int = 60,
        max_age_seconds: int = 86_400,
    ) -> None:
        """State what a token must say.

        Without issuer and audience, a token made by the same keys for another
        service would pass here; so there is no way to leave them out.

        Raises:
            BadSetting: the issuer or the audience is empty, or a time is senseless.

        """
        if not issuer or not audience:
            message = (
                "customers' keys are set without an issuer and an audience; set both "
                'to what the tokens say in "iss" and "aud"'
            )
            raise BadSetting(message)
        if not 0 <= leeway_seconds <= max_age_seconds:
            message = "the leeway must be from 0 to the greatest age of a token"
            raise BadSetting(message)
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._leeway_seconds = leeway_seconds
        self._max_age_seconds = max_age_seconds

    @classmethod
    def none(cls) -> Self:
        """Return a verifier without keys, which refuses every token."""
        return cls(FixedKeys(KeySet()), issuer="nobody", audience="nobody")

    async def verify(self, token: str, now: datetime) -> CustomerIdentity:
        """Return whom a token is about, once everything about it is verified.

        Raises:
            BadToken: anything at all is wrong with it.

        """
        signed = signed_tokens.parse(token)
        key = await self._key(signed)
        if signed.algorithm != key.algorithm:
            raise BadToken("the token's algorithm is not the one of its key")
        if not key.verifies(signed.signed, signed.signature):
            raise BadToken("the token's signature is wrong")
        return self._identity(signed.claims(), now.timestamp())

    def mint(
        self,
        customer_id: str,
        now: datetime,
        *,
        lifetime_seconds: int = 3600,
        website: str | None = None,
    ) -> str:
        """Make a token for development, as a shop's backend would.

        Raises:
            BadSetting: no HS256 secret is at hand, or `verify` would refuse it.

        """
        keys = self._keys.current().keys
        key = next((k for k in keys if k.algorithm is Algorithm.HS256), None)
        if key is None:
            message = (
                "only the holder of the private key can make customers' tokens; "
                "set a shared secret (HS256) to make them here, for development"
            )
            raise BadSetting(message)
        issued_at = int(now.timestamp())
        claims: dict[str, object] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": customer_id,
            "iat": issued_at,
            "exp": issued_at + lifetime_seconds,
        }
        if website is not None:
            claims["website"] = website
        headers = {"kid": key.kid} if key.kid else {}
        try:
            self._identity(claims, issued_at)
            token = jwt.encode(claims, key.jwk, headers=headers)
            signed_tokens.parse(token)
        except BadToken as refusal:
            message = f"such a token would be refused: {refusal}"
            raise BadSetting(message) from None
        return token

    async def _key(self, signed: SignedToken) -> Key:
        key = await self._keys.find(signed.kid)
        if key is not None:
            return key
        if not self._keys.current().keys:
            raise BadToken("no key to verify customers' tokens is at hand")
        if signed.kid is None:
            raise BadToken("the token's header names no key ('kid')")
        raise BadToken("the token's header names an unknown key ('kid')")

    def _identity(self, claims: dict[str, object], now: float) -> CustomerIdentity:
        if _required(claims, "iss") != self._issuer:
            raise BadToken("the token's 'iss' is not the issuer expected here")
        # A list of audiences is refused: a token for several services can be
        # replayed by any of them.
        if _required(claims, "aud") != self._audience:
            raise BadToken("the token's 'aud' is not the audience expected here")
        expires_at = self._verified_expiry(claims, now)
        website = None
        if "website" in claims:
            website = _text(claims, "website", MAX_WEBSITE_LENGTH)
        return CustomerIdentity(
            customer_id=_text(claims, "sub", MAX_ID_LENGTH),
            website=website,
            expires_at=datetime.fromtimestamp(expires_at, UTC),
        )

    def _verified_expiry(self, claims: dict[str, object], now: float) -> int:
        issued_at = _seconds(claims, "iat")
        expires_at = _seconds(claims, "exp")
        if issued_at > now + self._leeway_seconds:
            raise BadToken("the token's 'iat' is in the future")
        if expires_at <= issued_at:
            raise BadToken("the token's 'exp' is not after its 'iat'")
        if expires_at - issued_at > self._max_age_seconds:
            reason = f"the token lives longer than {self._max_age_seconds} seconds"
            raise BadToken(reason)
        if expires_at <= now - self._leeway_seconds:
            raise BadToken("the token has expired")
        if "nbf" in claims and _seconds(claims, "nbf") > now + self._leeway_seconds:
            raise BadToken("the token is not valid yet ('nbf')")
        return expires_at


def _required(claims: dict[str, object], name: str) -> object:
    if name not in claims:
        reason = f"the token has no {name!r}"
        raise BadToken(reason)
    return claims[name]


def _seconds(claims: dict[str, object], name: str) -> int:
    value = _required(claims, name)
    # Not isinstance: True is an int. PyJWT takes "9999999999" and 1.5 for times.
    if type(value) is not int:
        reason = f"the token's {name!r} is not a whole number of seconds"
        raise BadToken(reason)
    return value


def _text(claims: dict[str, object], name: str, max_length: int) -> str:
    value = _required(claims, name)
    # Printable: neither control characters nor lone surrogates, which PostgreSQL
    # cannot hold, nor invisible ones that make two ids look alike.
    if not (
        isinstance(value, str) and 1 <= len(value) <= max_length and value.isprintable()
    ):
        reason = f"the token's {name!r} is not 1 to {max_length} printable characters"
        raise BadToken(reason)
    return value
