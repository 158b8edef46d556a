"""Audiences: customers whom another system has chosen, each until some instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.personalize.constants import shown
from gateway.personalize.fields import Fields

MOST_MEMBERS = 1000
"""Members that one change may add and remove, each."""

LONGEST_TTL_SECONDS = 100 * 366 * 86_400


@dataclass(frozen=True)
class AudienceDefinition:
    """An audience as an admin writes it.

    Where nobody says until when, a member stays for *ttl_seconds*; None is for good.
    *source* is the system that chooses its members.
    """

    key: str
    name: str
    websites: tuple[str, ...]
    description: str = ""
    source: str = ""
    ttl_seconds: int | None = None


@dataclass(frozen=True)
class NewMember:
    """A customer who comes into an audience, or comes in once more.

    None of *qualified_at* is now, and of *expires_at* as long as the audience says.
    """

    customer_id: str
    qualified_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class MembersChange:
    """Who comes into an audience, and who goes out of it."""

    audience: str
    members: tuple[NewMember, ...] = ()
    removed: tuple[str, ...] = ()


def read(given: Mapping[str, Any]) -> AudienceDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    definition = AudienceDefinition(
        key=fields.key(),
        name=fields.text("name"),
        websites=fields.keys("websites", required=True),
        description=fields.text("description", longest=2000, required=False),
        source=fields.text("source", required=False),
        ttl_seconds=fields.whole("ttl_seconds", 0, least=1, most=LONGEST_TTL_SECONDS)
        if fields.raw("ttl_seconds") is not None
        else None,
    )
    fields.finish()
    return definition


def read_change(given: Mapping[str, Any]) -> MembersChange:
    """Read a change of members from what a server sent.

    Raises:
        InvalidInput: with every field at fault; a customer can be there but once.
    """
    fields = Fields(given)
    change = MembersChange(
        audience=fields.key("audience"),
        members=fields.many("members", _member, most=MOST_MEMBERS),
        removed=fields.texts("removed", most=MOST_MEMBERS),
    )
    seen: set[str] = set()
    named = (
        *(
            (f"members.{at}.customer_id", one.customer_id)
            for at, one in enumerate(change.members)
        ),
        *((f"removed.{at}", one) for at, one in enumerate(change.removed)),
    )
    for path, customer_id in named:
        if customer_id and customer_id in seen:
            said = f"{shown(customer_id)} stands there twice."
            fields.fault(path, said, "Keep one.")
        seen.add(customer_id)
    fields.finish()
    return change


def _member(fields: Fields) -> NewMember:
    return NewMember(
        fields.text("customer_id"),
        fields.instant("qualified_at"),
        fields.instant("expires_at"),
    )
