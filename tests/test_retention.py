"""Old events go by themselves, and there is room for those to come."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway import retention
from gateway.storage.database import Database
from gateway.storage.events import Dropped
from tests.rows import Shop


async def test_there_is_room_for_this_month_and_the_next_and_the_old_ones_go(
    database: Database, shop: Shop
) -> None:
    at = datetime(2033, 12, 15, tzinfo=UTC)
    await shop.execute(
        "insert into event_id (website, from_server, id, digest, month)"
        " values ('base', true, '1', '', '2033-10-01'),"
        " ('base', true, '2', '', '2033-11-01')"
    )

    dropped = await retention.keep(database, 30, at)

    assert dropped is not None
    assert dropped.ids == 1
    assert await shop.value("select to_regclass('event_2033_12') is not null")
    assert await shop.value("select to_regclass('event_2034_01') is not null")
    assert await retention.keep(database, 30, at) == Dropped()
