"""An export from the database to bytes, of which only a batch is held at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.exporting.formats import Format
from gateway.resolvers import matched_customers
from gateway.resolvers.matched_customers import Freshness, Wanted
from gateway.storage import matches
from gateway.storage.database import Database
from gateway.storage.matches import MatchedCustomer, Selection

COLUMNS: dict[str, type] = {
    "customer_id": str,
    "name": str,
    "email": str,
    "group": str,
    "telephone": str,
    "postcode": str,
    "country": str,
    "region": str,
    "customer_since": datetime,
    "joined_at": datetime,
}


@dataclass(frozen=True)
class Export:
    """Matched customers that are about to be written."""

    selection: Selection
    freshness: Freshness
    total: int

    async def written(
        self,
        database: Database,
        format: Format,
        advance: Callable[[int], None] | None = None,
    ) -> AsyncIterator[bytes]:
        """Yield the bytes; *advance* is told how many more customers are in them."""
        yield format.begin(COLUMNS)
        async for batch in matches.every(database, self.selection):
            yield format.rows([_row(one) for one in batch])
            if advance is not None:
                advance(len(batch))
        yield format.end()


async def begun(database: Database, wanted: Wanted) -> Export:
    """Find what is to be written.

    Raises:
        InvalidInput: no segments are named, or too many.
        NotFound: there is no such website, or no such segment on it.
    """
    selection, freshness = await matched_customers.selection(database, wanted)
    return Export(selection, freshness, await matches.count(database, selection))


def _row(one: MatchedCustomer) -> tuple[str | datetime | None, ...]:
    return (
        one.customer_id,
        one.name,
        one.email,
        one.group,
        one.telephone,
        one.postcode,
        one.country,
        one.region,
        one.created_at,
        one.joined_at,
    )
