"""The kinds of settings: what each accepts, and makes of it."""

import json
import re
from datetime import time
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from gateway.setting import Kind

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def text() -> Kind[str]:
    """Accept any text."""
    return Kind("text", str)


def header() -> Kind[str]:
    """Accept the name of a header."""

    def parse(given: str) -> str:
        if not _HEADER.fullmatch(given):
            raise ValueError("write its name only, as CF-IPCountry")
        return given

    return Kind("the name of a header", parse)


def whole(lowest: int, highest: int) -> Kind[int]:
    """Accept whole numbers between two, which count."""

    def parse(given: str) -> int:
        # int() would take '1_000' and digits of other scripts too.
        if not (given.isascii() and given.isdecimal()):
            raise ValueError
        if not lowest <= (number := int(given)) <= highest:
            raise ValueError
        return number

    return Kind(f"a whole number from {lowest} to {highest}", parse)


def seconds(shortest: float, longest: float) -> Kind[float]:
    """Accept a number of seconds, with or without a fraction."""

    def parse(given: str) -> float:
        try:
            number = float(given)
        except ValueError:
            number = -1.0
        # A comparison with nan is false, so nan is refused here too.
        if not shortest <= number <= longest:
            raise ValueError
        return number

    return Kind(f"seconds from {shortest:g} to {longest:g}", parse)


def boolean() -> Kind[bool]:
    """Accept the usual words for yes and no."""

    def parse(given: str) -> bool:
        if (word := given.lower()) not in _TRUE | _FALSE:
            raise ValueError
        return word in _TRUE

    return Kind("`true` or `false`", parse)


def choice(*words: str) -> Kind[str]:
    """Accept one of a few words."""

    def parse(given: str) -> str:
        if (word := given.lower()) not in words:
            raise ValueError
        return word

    return Kind(" or ".join(f"`{word}`" for word in words), parse)


def folder() -> Kind[Path]:
    """Accept a folder, there or still to be made."""

    def parse(given: str) -> Path:
        path = _path(given)
        if path.exists() and not path.is_dir():
            raise ValueError("that is a file: write the path of a folder")
        return path

    return Kind("a folder", parse)


def _path(given: str) -> Path:
    """Return the absolute path that is meant, once it can be looked at."""
    try:
        path = Path(given).expanduser().absolute()
        path.exists()
    except RuntimeError:
        raise ValueError("nobody's home is known by that name: write it out") from None
    except OSError as error:
        said = f"it cannot be looked at ({error.strerror}): write another path"
        raise ValueError(said) from None
    return path


def url(*schemes: str) -> Kind[str]:
    """Accept a URL of one of a few schemes."""

    def parse(given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in schemes:
            raise ValueError(f"write a URL that starts with {schemes[0]}://")
        # Of several hosts each has a port, and no one is the URL's.
        if "," not in parts.netloc:
            _require_port(parts)
        return given

    return Kind("a URL: " + ", ".join(f"`{scheme}://`" for scheme in schemes), parse)


def _require_port(parts: SplitResult) -> None:
    try:
        _ = parts.port
    except ValueError:
        raise ValueError(
            "its port is no number from 0 to 65535; a sign such as '/' in a password is"
            " written as %2F"
        ) from None


def origins() -> Kind[tuple[str, ...]]:
    """Accept origins, separated by commas."""

    def parse(given: str) -> tuple[str, ...]:
        found = tuple(item.strip().lower() for item in given.split(",") if item.strip())
        for item in found:
            parts = urlsplit(item)
            origin = f"{parts.scheme}://{parts.netloc}"
            if parts.scheme not in {"http", "https"} or item != origin:
                raise ValueError(
                    f"{item!r} is no origin: write scheme, host and port only, as"
                    " https://shop.example; '*' cannot go with cookies"
                )
        return found

    return Kind("origins, separated by commas", parse)


def networks() -> Kind[tuple[IPv4Network | IPv6Network, ...]]:
    """Accept addresses and networks of them, separated by commas."""

    def parse(given: str) -> tuple[IPv4Network | IPv6Network, ...]:
        items = (item.strip() for item in given.split(","))
        return tuple(_network(item) for item in items if item)

    return Kind("IP addresses or networks, separated by commas", parse)


def _network(item: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(item)
    except ValueError:
        said = f"{item!r} is no IP address or network: write one, as in 10.0.0.0/8"
        raise ValueError(said) from None


def times_of_day() -> Kind[tuple[time, ...]]:
    """Accept times of day, separated by commas."""

    def parse(given: str) -> tuple[time, ...]:
        listed = [item.strip() for item in given.split(",") if item.strip()]
        if not all(_TIME_OF_DAY.fullmatch(item) for item in listed):
            raise ValueError("write hours and minutes, as 03:30 or 00:15,12:15")
        return tuple(sorted(map(time.fromisoformat, listed)))

    return Kind("times of day, separated by commas", parse)


def secret(bytes_at_least: int) -> Kind[str]:
    """Accept text that is long enough to be a key."""

    def parse(given: str) -> str:
        if (length := len(given.encode())) < bytes_at_least:
            raise ValueError(
                f"it is too short, {length} of at least {bytes_at_least} bytes: write"
                " for instance what `openssl rand -base64 48` prints"
            )
        return given

    return Kind(f"{bytes_at_least} bytes or more", parse)


def jwk_set() -> Kind[str]:
    """Accept the JSON of a key set."""

    def parse(given: str) -> str:
        try:
            keys = json.loads(given).get("keys")
        except (ValueError, AttributeError, RecursionError):
            keys = None
        if not isinstance(keys, list) or not keys:
            raise ValueError('write JSON of the form {"keys": [{"kty": ...}]}')
        return given

    return Kind('JSON: `{"keys": [...]}`', parse)


def jwk_source() -> Kind[str]:
    """Accept a file that is there, or a URL that nobody can listen in on."""

    def parse(given: str) -> str:
        if "://" in given:
            parts = urlsplit(given)
            local = parts.scheme == "http" and parts.hostname in _LOOPBACK
            if parts.scheme == "https" or local:
                return given
            raise ValueError(
                "write an https:// URL: keys must not be forged on the way"
            )
        if not (path := _path(given)).is_file():
            raise ValueError("no such file: write the path of a JSON Web Key Set")
        return str(path)

    return Kind("a file, or an `https://` URL", parse)
