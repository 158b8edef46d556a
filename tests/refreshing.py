"""Refreshes as tests start them, and what they leave behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from gateway.personalize.grammar import Limits
from gateway.resolvers import segment_refreshes
from gateway.resolvers.matching import Job
from gateway.storage.database import Database
from gateway.storage.segment_refreshes import Refresh, Run
from gateway.storage.sql import Query

FEMALE = {"attribute": "customer.gender", "operator": "is", "value": "female"}
HAS_ORDERED = {"count": "customer.orders", "operator": "at_least", "value": 1}

# Every segment of which segment_size says something else than its customers do.
WRONG_SIZES = Query("""
select website, segment_id, joined_at, coalesce(s.customers, 0)::bigint as counted,
       coalesce(m.customers, 0)::bigint as there
  from (select website, segment_id, joined_at, sum(customers) as customers
          from segment_size
         group by website, segment_id, joined_at) s
  full join (select website, id as segment_id, at as joined_at, count(*) as customers
               from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
                       from matched_customer) u
              group by website, id, at) m using (website, segment_id, joined_at)
 where coalesce(s.customers, 0) <> coalesce(m.customers, 0)
 order by website, segment_id, joined_at""")


class Told:
    """What a refresh has told."""

    def __init__(self) -> None:
        self.waited: list[str] = []
        self.begun: list[Run] = []
        self.done: list[Refresh] = []

    def wait(self, website: str) -> None:
        self.waited.append(website)

    def begin(self, website: str, run: Run) -> None:
        del website
        self.begun.append(run)

    def advance(self, now: Refresh) -> None:
        pass

    def finish(self, website: str, done: Refresh) -> None:
        del website
        self.done.append(done)


async def refresh(
    url: str,
    keys: Sequence[str] | None = None,
    *,
    told: Told | None = None,
    processes: int = 1,
    batch: int = 2,
) -> Told:
    """Refresh the website "base"."""
    told = told or Told()
    job = Job(url, Limits(), batch=batch)
    await segment_refreshes.refresh(job, "base", keys, processes, told)
    return told


@asynccontextmanager
async def adding(database: Database, customer_id: str) -> AsyncIterator[None]:
    """Somebody else is just adding a customer's segments: a refresh waits there."""
    async with database.dedicated() as connection:
        other = connection.transaction()
        await other.start()
        try:
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(
                "insert into matched_customer (website, customer_id, segment_ids,"
                " joined_at) values ('base', $1, '{1}', '{2026-01-01}')",
                customer_id,
            )
            yield
        finally:
            await other.rollback()


async def members(database: Database) -> dict[str, list[str]]:
    """The customers of each segment that has any."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "select s.key, array_agg(m.customer_id order by m.customer_id) as ids"
            " from matched_customer m join segment s on s.id = any (m.segment_ids)"
            " group by s.key order by s.key"
        )
    return {row["key"]: row["ids"] for row in rows}
