"""What every write of this door is asked with, and answered by."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry
from strawberry.types.union import StrawberryUnion

from gateway.schema.admin.problems import Conflict, InvalidInput, NotFound

ExpectedVersion = Annotated[
    int | None,
    strawberry.argument(
        description="The version that is replaced; 0 if it must be new. A conflict,"
        " when another is stored. Left out, whatever is stored is replaced."
    ),
]


@strawberry.type(description="What was deleted.")
class Deleted:
    """What was deleted."""

    key: str = strawberry.field(description="The key, code or id it had.")


Unsaved: TypeAlias = InvalidInput | Conflict | NotFound
DeletedOrNot: TypeAlias = Deleted | Conflict | NotFound


def save_result(noun: str) -> StrawberryUnion:
    """Return the union that answers whoever saves a *noun*."""
    said = f"The saved {noun}, or why it was refused."
    return strawberry.union(f"Save{_type(noun)}Result", description=said)


def delete_result(noun: str) -> StrawberryUnion:
    """Return the union that answers whoever deletes a *noun*."""
    said = "What was deleted, or why it was refused."
    return strawberry.union(f"Delete{_type(noun)}Result", description=said)


def _type(noun: str) -> str:
    """Return ``RelatedProductRule`` for a related-product rule."""
    return noun.title().replace("-", "").replace(" ", "")
