"""Customer groups: every shopper is in exactly one, visitors in NOT LOGGED IN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.personalize.fields import Fields

NAME_LENGTH = 32


@dataclass(frozen=True)
class CustomerGroupDefinition:
    """A customer group as an admin writes it; a new one has no *id* yet."""

    name: str
    id: int | None = None


def read(given: Mapping[str, Any]) -> CustomerGroupDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    is_new = fields.raw("id") is None
    definition = CustomerGroupDefinition(
        name=fields.text("name", longest=NAME_LENGTH),
        id=None if is_new else fields.whole("id", 0),
    )
    fields.finish()
    return definition
