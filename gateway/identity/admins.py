"""Tokens of administrators and of commerce backends, stored as hashes.

A token is `gw_<role>_` with 43 random characters of base 62 (256 bits) and 6 that
sum up all before: a secret scanner finds it by its prefix and proves it by its sum,
and a slip of copying is told without asking the database.
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.identity.errors import BadToken

PREFIX = "gw_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH = 43  # 62 ** 43 > 2 ** 256
_SUM_LENGTH = 6  # 62 ** 6 > 2 ** 32
_TOKEN = re.compile(
    r"(?P<text>gw_(?P<role>viewer|editor|admin|server)_[0-9A-Za-z]{43})"
    r"(?P<sum>[0-9A-Za-z]{6})"
)


class Role(StrEnum):
    """What the holder of a token may do; each administrator's role holds the former.

    A server is a commerce backend at the storefront's door, and no administrator:
    it may state prices, and neither read nor write a rule.
    """

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    SERVER = "server"

    def permits(self, needed: "Role") -> bool:
        """Say whether this role may do what needs the other one."""
        return needed in _PERMITTED[self]


@dataclass(frozen=True)
class NewToken:
    """A token just made: the text to show once, and the hash to store."""

    text: str = field(repr=False)
    hash: bytes


def new_token(role: Role) -> NewToken:
    """Make a token of 256 random bits."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    text = f"{PREFIX}{role}_{random}"
    text += _sum(text)
    return NewToken(text, hash_token(text))


def hash_token(token: str) -> bytes:
    """Return the SHA-256 a token is stored and looked up by.

    No salt and no slow hash: those protect secrets that can be guessed. Nobody
    guesses 256 random bits, and every request pays for the hash.

    Raises:
        BadToken: this gateway never made such a token.

    """
    claimed_role(token)
    return hashlib.sha256(token.encode("ascii")).digest()


def claimed_role(token: str) -> Role:
    """Return the role a token has in its prefix; the stored one decides.

    Raises:
        BadToken: this gateway never made such a token.

    """
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BadToken("the token is not one of this gateway's API tokens")
    if found["sum"] != _sum(found["text"]):
        raise BadToken("the token is mistyped or cut: its checksum does not fit")
    return Role(found["role"])


def looks_like_api_token(token: str) -> bool:
    """Say whether a token is meant as one of ours, and not as a customer's."""
    return token.startswith(PREFIX)


def _sum(text: str) -> str:
    rest = zlib.crc32(text.encode("ascii"))
    digits = ""
    for _ in range(_SUM_LENGTH):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


_PERMITTED = {
    Role.VIEWER: {Role.VIEWER},
    Role.EDITOR: {Role.VIEWER, Role.EDITOR},
    Role.ADMIN: {Role.VIEWER, Role.EDITOR, Role.ADMIN},
    Role.SERVER: {Role.SERVER},
}
