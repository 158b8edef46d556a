"""Read the events of one call: all of them, or all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from json import dumps
from typing import Any

from gateway.personalize.constants import read_instant, shown
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.events.effects import CustomerChanged, CustomerDeleted, Effect
from gateway.personalize.events.payloads import Payload
from gateway.personalize.events.table import EVENT_TYPES, EventType, find
from gateway.personalize.fields import Fields
from gateway.personalize.table import suggest

EVENTS = 100
CLOCK_SKEW = timedelta(minutes=5)
DIGEST_BYTES = 16

_ID = re.compile(r"[\x21-\x7e]{1,128}")
_SERVERS_ONLY = "Leave it out: whose it is comes from the customer's token."
_EMAIL = ("personalEmail.address", "person.personalEmailID", "email")


@dataclass(frozen=True)
class Event:
    """One event that can be recorded.

    *path* is where it stands in the call. *digest* is of what was sent, so that the
    same event is known when it comes again. *customer_id* and *email* say whose it is
    where a server sends it, and else nothing; *consents* is None where it says nothing
    of that.
    """

    path: str
    id: str
    type: EventType
    at: datetime
    payload: Mapping[str, Any]
    effect: Effect
    digest: bytes
    customer_id: str | None = None
    email: str | None = None
    consents: bool | None = None

    @property
    def month(self) -> date:
        """The first day of its month, of UTC."""
        return self.at.date().replace(day=1)

    def may_be_kept(self, *, consents: bool) -> bool:
        """Whether it tells nothing of behaviour, or the shopper consents to that.

        What was said of this very event is what counts, if anything was.
        """
        said = consents if self.consents is None else self.consents
        return said or not self.type.is_behaviour


@dataclass(frozen=True)
class Told:
    """An event and whose it is, as far as that is known.

    *session* is where it happened, if that was in one. Of what tells of a customer who
    was deleted since, nothing *counts*.
    """

    event: Event
    customer_id: str | None = None
    session: str | None = None
    email: str | None = None
    counts: bool = True

    @property
    def is_kept_whole(self) -> bool:
        """Whether what it says may be kept, and not only that there was something."""
        return self.counts and not isinstance(self.event.effect, CustomerDeleted)

    @property
    def owner(self) -> str | None:
        """Whose history it belongs to: the customer, or else the visitor's session."""
        return self.customer_id or self.session


def read(
    given: Sequence[Mapping[str, Any]],
    at: datetime,
    *,
    from_server: bool,
    keeps_days: int,
) -> tuple[Event, ...]:
    """Read the events that a shopper, or a server, sent *at* this moment.

    Raises:
        InvalidInput: with everything that is wrong with any of them.
    """
    if not 1 <= len(given) <= EVENTS:
        said = f"{len(given)} events are not 1 to {EVENTS}."
        raise InvalidInput(Problem("events", said, "Send them in several calls."))
    problems: list[Problem] = []
    events = [
        _event(one, f"events.{position}", at, problems, from_server=from_server)
        for position, one in enumerate(given)
    ]
    oldest = at - timedelta(days=keeps_days)
    for event in events:
        if event is not None:
            problems += _of_time(event, at, oldest)
    if problems:
        raise InvalidInput(*problems)
    return tuple(event for event in events if event is not None)


def _event(
    given: Mapping[str, Any],
    path: str,
    at: datetime,
    problems: list[Problem],
    *,
    from_server: bool,
) -> Event | None:
    fields = Fields(given, path)
    id = fields.text("id", longest=128)
    if id and not _ID.fullmatch(id):
        said = f"{shown(id)} is no id of an event."
        fields.fault(
            "id", said, "Write up to 128 characters without spaces, as a UUID."
        )
    kind = _type(fields, from_server=from_server)
    customer_id = fields.text("customer_id", required=False) or None
    email = fields.text("email", required=False) or None
    consents = fields.flag("consents", default=False)
    for name in ("customer_id", "email", "consents"):
        if given.get(name) is not None and not from_server:
            fields.fault(name, "a shopper cannot state it.", _SERVERS_ONLY)
    happened = _instant(fields, at)
    sent = fields.raw("payload")
    payload = {} if sent is None else sent
    if not isinstance(payload, Mapping):
        fields.fault("payload", f"{shown(sent)} is not an object.", "Write {...}.")
        payload = {}
    fields.refuse_unknown()
    effect = None
    if kind is not None:
        whole = Payload(payload, f"{path}.payload", fields.problems)
        effect = kind.read(whole)
        email = email or whole.text(*_EMAIL)
        if from_server:
            _check_subject(fields, kind, effect, customer_id, email)
    problems += fields.problems
    if kind is None or effect is None or fields.problems:
        return None
    whole_event = (kind.key, given.get("at"), payload, customer_id, given.get("email"))
    return Event(
        path=path,
        id=id,
        type=kind,
        at=happened,
        payload=payload,
        effect=effect,
        digest=_digest(whole_event),
        customer_id=customer_id,
        email=email.lower() if email else None,
        consents=None if given.get("consents") is None else consents,
    )


def _type(fields: Fields, *, from_server: bool) -> EventType | None:
    name = fields.text("type")
    kind = find(name)
    if name and kind is None:
        remedy = suggest(name, EVENT_TYPES)
        fields.fault("type", f"there is no event type {shown(name)}.", remedy)
    if kind is not None and not kind.is_behaviour and not from_server:
        said = f"{shown(name)} is for the shop's servers."
        fields.fault("type", said, "Send it with a server token.")
    return kind


def _check_subject(
    fields: Fields,
    kind: EventType,
    effect: Effect,
    customer_id: str | None,
    email: str | None,
) -> None:
    about_customers = isinstance(effect, CustomerChanged | CustomerDeleted)
    if about_customers and customer_id is None and email is None:
        said = "whose it is is missing."
        fields.fault("customer_id", said, "Write the customer's id, or 'email'.")
    if kind.is_behaviour and customer_id is None and email is None:
        said = "whose behaviour it is is missing."
        remedy = "Write the customer's id; a visitor's storefront sends its own events."
        fields.fault("customer_id", said, remedy)


def _instant(fields: Fields, at: datetime) -> datetime:
    given = fields.raw("at")
    if given is None:
        return at
    found = read_instant(given)
    if isinstance(found, tuple):
        fields.fault("at", *found)
        return at
    return found


def _of_time(event: Event, at: datetime, oldest: datetime) -> Sequence[Problem]:
    path = f"{event.path}.at"
    if event.at > at + CLOCK_SKEW:
        said = "it is in the future."
        return [Problem(path, said, "Set the clock, or leave it out: then it is now.")]
    if event.at < oldest:
        said = "it is older than events are kept."
        return [Problem(path, said, "Leave the event out.")]
    return []


def _digest(whole_event: object) -> bytes:
    written = dumps(whole_event, sort_keys=True, separators=(",", ":"), default=str)
    return blake2b(written.encode(), digest_size=DIGEST_BYTES).digest()
