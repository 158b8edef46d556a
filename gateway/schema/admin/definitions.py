"""What segments, dynamic blocks and both kinds of rules have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from gateway.personalize.segments import SegmentDefinition
from gateway.resolvers.definitions import Saved
from gateway.schema import uids
from gateway.schema.admin.inputs import described_by
from gateway.schema.admin.problems import Problem

KEY = "The name by which others refer to it: 1 to 64 of a-z, 0-9, - and _."
NAME = "What it is called, for administrators."
DESCRIPTION = "What it is for, for administrators."
WEBSITES = "The codes of the websites it is for, at least one."
FROM = "The first day, of each website's own calendar; null is an open end."
TO = "The last day, which is included; null is an open end."

Key = Annotated[str, strawberry.argument(description="Its key.")]


@strawberry.interface(description="What a rule book is made of.")
class Definition:
    """A definition with what the database adds to it."""

    uid: strawberry.ID = strawberry.field(
        description="The id by which storefronts know it."
    )
    key: str = strawberry.field(description=KEY + " It stays once it is saved.")
    name: str = strawberry.field(description=NAME)
    description: str = strawberry.field(description=DESCRIPTION)
    websites: list[str] = strawberry.field(description=WEBSITES)
    active: bool = strawberry.field(description="Whether it takes part in decisions.")
    version: int = strawberry.field(description="Rises by one with every change.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    problems: list[Problem] = strawberry.field(
        description="Why it is left out of rule books, or can never apply; empty when"
        " all is well. What asks for something that is not in use on all its websites"
        " has some, and what was written by hand or lost an attribute."
    )


@described_by(Definition)
@strawberry.input(description="What every definition is saved with.")
class DefinitionInput:
    """What every definition is saved with; each field left out gets its default."""

    key: str = strawberry.field(
        description=KEY + " What is stored under it is replaced whole."
    )
    name: str
    websites: list[str]
    description: str = SegmentDefinition.description
    active: bool = SegmentDefinition.active


def shown(saved: Saved[Any]) -> dict[str, Any]:
    """Return the fields of the interface, and those that need no conversion."""
    definition = saved.definition
    return {
        "uid": strawberry.ID(uids.encode(saved.id)),
        "key": definition.key,
        "name": definition.name,
        "description": definition.description,
        "websites": [*definition.websites],
        "active": definition.active,
        "version": saved.version,
        "updated_at": saved.updated_at,
        "problems": Problem.list_of(saved.problems),
    }
