"""Members of an input which may be left out."""

from __future__ import annotations

from typing import Any

import strawberry


def optional(description: str, **options: Any) -> Any:
    """Declare a member that may be left out; unlike null, that has no default."""
    return strawberry.field(
        default=strawberry.UNSET, description=description, **options
    )
