"""What every resolver of the storefront door finds in ``info.context``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from gateway.resolvers.visits import Visit


@dataclass(frozen=True)
class StorefrontContext:
    """One request of one shopper."""

    visit: Visit


Info: TypeAlias = strawberry.Info[StorefrontContext, None]
