"""Base64url without padding, read strictly: one text for every value."""

import base64


def encode(data: bytes) -> str:
    """Write bytes as unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read unpadded base64url.

    Raises:
        ValueError: the text is anything but what `encode` writes.

    """
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # The standard decoder drops foreign characters and spare bits. Writing the
    # value again finds them all: padding, whitespace, "+" and "/" included.
    if encode(data) != text:
        message = "it is not canonical base64url"
        raise ValueError(message)
    return data
