"""Where verification keys come from: fixed at start, a file, or an address."""

import logging
from pathlib import Path
from typing import Protocol

from gateway.identity import keys
from gateway.identity.errors import BadSetting
from gateway.identity.keys import MAX_BYTES, Key, KeySet
from gateway.identity.published_keys import PublishedKeys

logger = logging.getLogger(__name__)


class KeySource(Protocol):
    """Something that knows verification keys."""

    def current(self) -> KeySet:
        """Return the keys at hand, without looking for newer ones."""
        ...

    async def find(self, kid: str | None) -> Key | None:
        """Return the key of that name, or the only one, looking for newer ones."""
        ...


class FixedKeys:
    """Keys that do not change while the process lives."""

    def __init__(self, keys: KeySet) -> None:
        """Hold a set."""
        self._keys = keys

    def current(self) -> KeySet:
        """Return the set."""
        return self._keys

    async def find(self, kid: str | None) -> Key | None:
        """Return the key of that name, or the only one."""
        return self._keys.find(kid)


class FileKeys:
    """A JWK set in a file, read again when the file changes.

    A change that cannot be read is logged, and the keys before it stay.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            BadSetting: there is no such file, or a key in it cannot be used.

        """
        self._path = path
        self._seen = self._stamp()
        self._keys = self._read()

    def current(self) -> KeySet:
        """Return the keys as last read."""
        return self._keys

    async def find(self, kid: str | None) -> Key | None:
        """Return the key of that name, or the only one, as the file now says."""
        # One stat of a local file costs about a microsecond.
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._keys = self._read()
                logger.info("read the keys of %s again", self._path)
            except BadSetting as error:
                logger.warning("kept the former keys: %s", error)
        return self._keys.find(kid)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> KeySet:
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            message = f"the key set {self._path} cannot be read: {error.strerror}"
            raise BadSetting(message) from None
        if len(data) > MAX_BYTES:
            message = f"the key set {self._path} is larger than {MAX_BYTES} bytes"
            raise BadSetting(message)
        try:
            return keys.from_jwks(data)
        except BadSetting as error:
            message = f"in {self._path}: {error}"
            raise BadSetting(message) from None


def choose(
    *,
    secret: str | None = None,
    jwks: str | None = None,
    jwks_file: Path | None = None,
    jwks_url: str | None = None,
) -> KeySource | None:
    """Build the one source that is configured; None when none is.

    Raises:
        BadSetting: two are configured, or the one cannot be used.

    """
    given = [value for value in (secret, jwks, jwks_file, jwks_url) if value]
    if len(given) > 1:
        message = (
            "the customers' keys are set twice; keep one of the shared secret, the "
            "inline key set, its file and its address"
        )
        raise BadSetting(message)
    if secret:
        return FixedKeys(keys.from_secret(secret))
    if jwks:
        return FixedKeys(keys.from_jwks(jwks.encode("utf-8", "surrogateescape")))
    if jwks_file:
        return FileKeys(jwks_file)
    return PublishedKeys(jwks_url) if jwks_url else None
