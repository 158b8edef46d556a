"""Where on the network a request is from, as far as it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.requests import Request

Networks = Sequence[IPv4Network | IPv6Network]


def address_of(request: Request, trusted: Networks) -> str | None:
    """Return the nearest address that is not one of the *trusted* proxies'.

    Each proxy adds whom it hears to the end of ``X-Forwarded-For``; what stands before
    the word of one that is not trusted may be anything. Some add a port, which is
    another one for each connection, and so no part of the address.
    """
    peer = request.client.host if request.client else None
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while peer is not None and told and _is_of(peer, trusted):
        last = _without_port(told.pop().strip())
        peer = last or peer
    return peer


def _without_port(told: str) -> str:
    if told.startswith("["):
        return told[1:].partition("]")[0]
    # One colon stands before a port, several are in an address of IPv6.
    return told.partition(":")[0] if told.count(":") == 1 else told


def _is_of(address: str, networks: Networks) -> bool:
    try:
        read = ip_address(address)
    except ValueError:
        return False
    return any(read in network for network in networks)
