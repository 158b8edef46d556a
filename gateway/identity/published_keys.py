"""Keys that an identity provider publishes at an address (a JWKS URL)."""

import asyncio
import ipaddress
import logging
import re
import time
from collections.abc import Callable

import httpx

from gateway.identity import keys
from gateway.identity.errors import BadSetting
from gateway.identity.keys import MAX_BYTES, Key, KeySet

logger = logging.getLogger(__name__)

_HOST = re.compile(rb"[0-9a-z_.:-]+")


class PublishedKeys:
    """A JWK set published at an address, fetched when first needed and kept.

    A name that is not in the set makes it fetched again, at most once in
    `retry_seconds`. A set older than `fresh_seconds` is fetched again in the
    background, so that a key withdrawn there stops serving here. While the address
    does not answer, the keys at hand keep serving.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: float = 2.0,
        retry_seconds: float = 10.0,
        fresh_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Check the address; nothing is fetched yet.

        Raises:
            BadSetting: it is not https, nor http on this machine.

        """
        self._url, self._is_local = _checked(url)
        self._timeout_seconds = timeout_seconds
        self._retry_seconds = retry_seconds
        self._fresh_seconds = fresh_seconds
        self._clock = clock
        self._keys = KeySet()
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._tls = httpx.create_ssl_context()

    def current(self) -> KeySet:
        """Return the keys as last fetched; none before the first success."""
        return self._keys

    async def find(self, kid: str | None) -> Key | None:
        """Return the key of that name, or the only one.

        Waits for an answer of the address only for a key that is not at hand.
        """
        if self._is_stale():
            self._refresh()
        key = self._keys.find(kid)
        if key is None and (fetching := self._refresh()):
            # Shielded: a caller who gives up must not take the answer from others.
            await asyncio.shield(fetching)
            key = self._keys.find(kid)
        return key

    def _is_stale(self) -> bool:
        return (
            self._fetched_at is not None
            and self._clock() - self._fetched_at >= self._fresh_seconds
        )

    def _refresh(self) -> asyncio.Task[None] | None:
        """Return the fetch under way, or begin one unless it is too soon."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        now = self._clock()
        if self._tried_at is not None and now - self._tried_at < self._retry_seconds:
            return None
        self._tried_at = now
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            found = keys.from_published_jwks(await self._download())
        except (httpx.HTTPError, TimeoutError, OSError, BadSetting) as error:
            logger.warning(
                "no new keys from %s, %d at hand stay: %s",
                self._address,
                len(self._keys.keys),
                str(error) or type(error).__name__,
            )
            return
        except Exception:
            # Whatever the address sends, a request must not fail for it.
            logger.exception("no new keys from %s", self._address)
            return
        if found.refused != self._keys.refused:
            for refusal in found.refused:
                logger.warning("left out of %s: %s", self._address, refusal)
        self._keys = found
        self._fetched_at = self._clock()

    async def _download(self) -> bytes:
        # The timeout of httpx is for each read; a dripping answer needs one in all.
        async with (
            asyncio.timeout(self._timeout_seconds),
            httpx.AsyncClient(
                verify=self._tls,
                timeout=self._timeout_seconds,
                follow_redirects=False,
                trust_env=not self._is_local,
            ) as client,
            client.stream(
                "GET",
                self._url,
                headers={
                    "accept": "application/jwk-set+json, application/json",
                    # A compressed answer could be small here and huge in memory.
                    "accept-encoding": "identity",
                },
            ) as response,
        ):
            if response.is_redirect:
                message = "it redirects; set the address it redirects to"
                raise BadSetting(message)
            if response.status_code != httpx.codes.OK:
                message = f"it answered {response.status_code}"
                raise BadSetting(message)
            if response.headers.get("content-encoding", "identity") != "identity":
                message = "it answered compressed, though asked not to"
                raise BadSetting(message)
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_BYTES:
                    message = f"it answered more than {MAX_BYTES} bytes"
                    raise BadSetting(message)
            return bytes(body)

    @property
    def _address(self) -> str:
        # Without the query, which may carry a key of its own.
        return f"{self._url.scheme}://{self._url.host}{self._url.path}"


def _checked(text: str) -> tuple[httpx.URL, bool]:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if not _HOST.fullmatch(url.raw_host):
        message = "the address of the key set is not a URL with a host"
        raise BadSetting(message)
    is_local = _is_loopback(url.host)
    if url.scheme != "https" and not (url.scheme == "http" and is_local):
        message = (
            "the address of the key set must begin with https://; http:// is for "
            "this machine only (localhost, 127.0.0.1, [::1])"
        )
        raise BadSetting(message)
    if url.userinfo:
        message = "the address of the key set must not hold a user name or password"
        raise BadSetting(message)
    return url, is_local


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
