"""Where on the network a request is from, as far as it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.requests import Request

Networks = Sequence[IPv4Network | IPv6Network]


def address_of(request: Request, trusted: Networks) -> str | None:
    """Return the nearest address that is not one of the *trusted* proxies'.

    Each proxy adds whom it hears to the end of ``X-Forwarded-For``; what stands before
    the word of one that is not trusted may be anything.
    """
    peer = request.client.host if request.client else None
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while peer is not None and told and _is_of(peer, trusted):
        last = told.pop().strip()
        peer = last or peer
    return peer


def _is_of(address: str, networks: Networks) -> bool:
    try:
        read = ip_address(address)
    except ValueError:
        return False
    return any(read in network for network in networks)
