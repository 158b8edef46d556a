"""The table of event types: one decorated function for each.

To add one, write a function of its payload under ``@event_type``, in the module of
whoever sends it; it is then accepted, checked, stored, listed and documented. The
function says what the event means, and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from gateway.personalize.events.effects import Effect
from gateway.personalize.events.payloads import Payload
from gateway.personalize.table import Table

Read = Callable[[Payload], Effect]


class Sender(StrEnum):
    """Who may send an event."""

    STOREFRONT = "storefront"
    SERVER = "server"


@dataclass(frozen=True)
class EventType:
    """One row of the table; *xdm* is the type that Adobe's data schema gives it.

    An event of the storefront tells of a shopper's behaviour, and needs consent;
    one of a server tells of the shop's own books.
    """

    key: str
    xdm: str
    label: str
    sender: Sender
    aliases: tuple[str, ...]
    read: Read

    @property
    def is_behaviour(self) -> bool:
        """Whether it tells what a shopper does."""
        return self.sender is Sender.STOREFRONT


EVENT_TYPES: Table[EventType] = Table("event type")

_NAMES: dict[str, EventType] = {}


def event_type(
    key: str, xdm: str, sender: Sender, *, aliases: tuple[str, ...] = ()
) -> Callable[[Read], Read]:
    """Enter the decorated reader into the table under *key*.

    Raises:
        ValueError: another entry has the key, or is also called one of the names.
    """

    def enter(read: Read) -> Read:
        label = (read.__doc__ or "").split("\n", 1)[0].rstrip(".")
        row = EventType(key, xdm, label, sender, aliases, read)
        for name in (key, *aliases):
            if name in _NAMES:
                raise ValueError(f"two event types are called {name!r}")
        EVENT_TYPES.add(key, row)
        for name in (key, *aliases, xdm):
            # Of two types in one of Adobe's, the first is meant.
            _NAMES.setdefault(name, row)
        return read

    return enter


def find(name: str) -> EventType | None:
    """Find a type by its key, an alias, or the type of Adobe's data schema."""
    return _NAMES.get(name)
