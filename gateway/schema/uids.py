"""The opaque ids of the storefront dialect: base64 of a decimal number.

Storefronts keep what they were told under type and uid, so that no two things of one
answer may share a uid, and one thing must keep its own.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from hashlib import blake2b

import strawberry

from gateway.schema.errors import StorefrontError

LONGEST_UID = 64


def encode(id: int) -> strawberry.ID:
    """Write an id as a uid: 1 is ``MQ==``."""
    return _base64(str(id))


def of_line(cart_id: str | None, *names: str | None) -> strawberry.ID:
    """Make the uid of a line of a cart from what tells it from the others."""
    told = repr((cart_id, *names)).encode()
    return encode(int.from_bytes(blake2b(told, digest_size=7).digest()))


def of_unknown(sku: str) -> strawberry.ID:
    """Make the uid of a product of which nothing but the SKU is known."""
    return _base64(f"sku {sku}")


def decode(uid: str) -> int:
    """Read a uid.

    Raises:
        StorefrontError: it is not base64 of a decimal number.
    """
    try:
        text = b64decode(uid, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    if not text.isdecimal() or len(uid) > LONGEST_UID:
        raise StorefrontError(f'Value of uid "{uid}" is incorrect.')
    return int(text)


def _base64(text: str) -> strawberry.ID:
    return strawberry.ID(b64encode(text.encode()).decode())
