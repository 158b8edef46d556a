"""What the reference says of events: which there are, and who may tell of them."""

from __future__ import annotations

from gateway.personalize.events import EVENT_TYPES, EVENTS, Sender
from gateway.snapshots.markdown import code, codes, join, prose, table

_INTRODUCTION = """\
`recordEvents` takes them, at most {most} in one call. A payload is spelled as in
Adobe's data schema; what its type does not ask for is kept as it is. An event type is
also understood by the type that Adobe's data schema gives it."""

_SENDERS = {
    Sender.STOREFRONT: (
        "### What shoppers do",
        "A storefront tells of it, and a server may. It is kept of those who consent.",
    ),
    Sender.SERVER: (
        "### What becomes of orders and customers",
        "Only servers tell of it, with a server token.",
    ),
}


def events() -> str:
    """Write every event type, by who may tell of it."""
    parts = [
        part
        for sender, (title, about) in _SENDERS.items()
        for part in (title, prose(about), _types(sender))
    ]
    introduction = prose(_INTRODUCTION.format(most=EVENTS))
    return join("## Events", introduction, *parts)


def _types(sender: Sender) -> str:
    head = ("event type", "what has happened", "Adobe's type", "also called")
    rows = [
        (code(row.key), row.label, code(row.xdm), codes(row.aliases))
        for row in EVENT_TYPES.values()
        if row.sender is sender
    ]
    return table(head, rows)
