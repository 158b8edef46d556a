"""Secrets given by the operator as text, for HMAC-SHA256."""

import secrets

from gateway.identity.errors import BadSetting

MIN_BYTES = 32
"""RFC 7518 3.2: an HMAC key is at least as long as its digest."""


def new_secret() -> str:
    """Make a secret of 256 random bits, as 43 characters."""
    return secrets.token_urlsafe(MIN_BYTES)


def secret_bytes(text: str, named: str) -> bytes:
    """Encode a secret as UTF-8, `named` in the message when it is refused.

    Raises:
        BadSetting: the secret is shorter than 32 bytes.

    """
    data = text.encode("utf-8", "surrogateescape")
    if len(data) < MIN_BYTES:
        message = (
            f"{named} has {len(data)} bytes, but needs at least {MIN_BYTES}; "
            "make one with: openssl rand -base64 32"
        )
        raise BadSetting(message)
    return data
