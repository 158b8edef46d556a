"""What a request tells of its shopper beside who they are: consent, device, country."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from starlette.requests import Request

from gateway.personalize import affinity
from gateway.personalize.history import Client
from gateway.schema.errors import Refused

CONSENT_HEADER = "X-Gateway-Consent"
"""Whether the shopper lets their behaviour be kept and looked at."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CONSENT = {"granted": True, "denied": False}

# In this order: a tablet also says that it is mobile, and a bot that it is anything.
# CUBOT makes telephones; the Tablet PC is Windows for any computer.
_DEVICES = {
    "bot": r"(?<!cu)bot\b|crawler|spider|slurp|headless",
    "tablet": r"ipad|tablet(?! pc)|kindle|silk/(?!.*mobile)|android(?!.*mobile)",
    "mobile": r"mobi|iphone|ipod|android|opera mini",
    "desktop": r"^(mozilla|opera)/",
}
_KINDS = {
    kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _DEVICES.items()
}
# No browser's name is longer; of one that is, looking to its end takes its square.
_AGENT_LENGTH = 1024

_COUNTRY = re.compile(r"[A-Z]{2}")

# What networks in front of shops write where they do not know the country.
_NO_COUNTRIES = frozenset({"XX", "ZZ"})


@dataclass(frozen=True)
class BehaviourTerms:
    """What the operator decided about looking at behaviour.

    Who says nothing consents only where *consent_is_assumed*. The *country_header* is
    believed of *trusted_proxies* alone.
    """

    consent_is_assumed: bool = False
    country_header: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    affinity_days: int = affinity.DAYS

    def consents(self, request: Request) -> bool:
        """Tell whether the shopper consents.

        Raises:
            Refused: the header says neither the one nor the other.
        """
        said = {one.strip() for one in request.headers.getlist(CONSENT_HEADER)} - {""}
        if not said:
            return self.consent_is_assumed
        if not said <= _CONSENT.keys():
            raise Refused(400, f'{CONSENT_HEADER} is "granted" or "denied".')
        return all(_CONSENT[one] for one in said)

    def client(self, request: Request) -> Client:
        """Tell with what device, and from where, the shopper asks."""
        return Client(_device(request), self._country(request))

    def _country(self, request: Request) -> str | None:
        if self.country_header is None or not self._is_trusted(request):
            return None
        said = [
            one.strip().upper() for one in request.headers.getlist(self.country_header)
        ]
        # Of two, one may be the shopper's own.
        if len(said) != 1 or not _COUNTRY.fullmatch(said[0]):
            return None
        return None if said[0] in _NO_COUNTRIES else said[0]

    def _is_trusted(self, request: Request) -> bool:
        try:
            peer = ipaddress.ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return any(peer in network for network in self.trusted_proxies)


def _device(request: Request) -> str | None:
    """Tell the kind of device, None of a program that is no browser."""
    agent = request.headers.get("user-agent", "")[:_AGENT_LENGTH]
    kind = next((one for one, words in _KINDS.items() if words.search(agent)), None)
    if kind == "desktop" and request.headers.get("sec-ch-ua-mobile") == "?1":
        # Browsers that no longer tell more in the name they give.
        return "mobile"
    return kind
