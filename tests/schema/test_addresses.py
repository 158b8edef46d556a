"""Where a request is from, by what proxies say that are trusted."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from gateway.schema.addresses import address_of

TRUSTED = [ip_network("10.0.0.0/8")]


def from_proxy(told: str, peer: str = "10.0.0.1") -> str | None:
    headers = [(b"x-forwarded-for", told.encode())]
    scope = {"type": "http", "headers": headers, "client": (peer, 443)}
    return address_of(Request(scope), TRUSTED)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("203.0.113.7:49152", "203.0.113.7"),
        ("203.0.113.7, 10.0.0.2:80", "203.0.113.7"),
        ("[2001:db8::7]:49152", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "10.0.0.1"),
    ],
)
def test_the_nearest_address_that_is_not_trusted_counts_without_its_port(
    told: str, address: str
) -> None:
    assert from_proxy(told) == address


def test_whoever_is_not_trusted_says_nothing_about_others() -> None:
    assert from_proxy("203.0.113.7", peer="198.51.100.1") == "198.51.100.1"
