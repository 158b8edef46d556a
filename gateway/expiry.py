"""Forgets what has expired: what sessions remembered, members of audiences, and carts.

Nothing depends on when: whoever looks at what has an end looks at the time, too, and a
cart is found until it goes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from gateway.background import beside
from gateway.storage import audience_members, carts, remembered_segments
from gateway.storage.database import Database
from gateway.storage.errors import StorageError

SECONDS_BETWEEN = 3600.0
MOST = 5000  # Rows of one statement, so that none takes long.
KEPT = timedelta(days=1)
"""How long administrators still see who has left an audience."""

logger = logging.getLogger("gateway.expiry")


@asynccontextmanager
async def forgotten(
    database: Database, cart_days: int, seconds: float = SECONDS_BETWEEN
) -> AsyncIterator[None]:
    """Forget what has expired, at once and then every so many *seconds*.

    Carts are kept for so many days after their last change; 0 is for ever.
    """
    async with beside(_forget(database, cart_days, seconds), "forget what expired"):
        yield


async def forget(database: Database, at: datetime, *, cart_days: int = 0) -> None:
    """Forget what has expired at an instant, as `forgotten` does."""
    while await remembered_segments.purge(database, at, MOST) == MOST:
        pass
    while await audience_members.purge(database, at - KEPT, MOST) == MOST:
        pass
    changed_before = at - timedelta(days=cart_days)
    while cart_days and await carts.purge(database, changed_before, MOST) == MOST:
        pass


async def _forget(database: Database, cart_days: int, seconds: float) -> None:
    while True:
        try:
            await forget(database, datetime.now(UTC), cart_days=cart_days)
        except StorageError as error:
            logger.warning("what has expired is not forgotten yet: %s", error)
        except Exception:
            # Whatever it was, it must not be the last time that anybody tries.
            logger.exception("what has expired is not forgotten yet")
        await asyncio.sleep(seconds)
