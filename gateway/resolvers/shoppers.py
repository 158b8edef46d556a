"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.personalize.history import UNKNOWN_CLIENT, Client


@dataclass(frozen=True)
class Shopper:
    """Who asks, and where: all of it from verified tokens, cookies and headers.

    *session* is None where nobody keeps one, as a server does not; *visitor_session*
    is the one that a login ended with this very request. A token ends at
    *identified_until*, and so does every answer that rests on it. Who *consents* lets
    their behaviour be kept and looked at; nobody else's is, nor what their *client* is.
    *address* is that of the network, as far as it can be trusted.
    """

    website: str
    store_view: str
    customer_id: str | None = None
    session: str | None = None
    visitor_session: str | None = None
    identified_until: datetime | None = None
    is_server: bool = False
    address: str | None = None
    consents: bool = False
    client: Client = UNKNOWN_CLIENT
