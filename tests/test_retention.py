"""Old events go by themselves, and there is room for those to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway import retention
from gateway.storage.database import Database
from gateway.storage.events import Dropped
from tests.events import a_product_view
from tests.rows import Shop
from tests.storefront import Storefront


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


RECORD = """mutation Record($input: RecordEventsInput!) {
  recordEvents(input: $input) { recorded } }"""


async def test_a_server_that_keeps_events_for_longer_goes_on_after_a_purge(
    storefront: Storefront, database: Database, shop: Shop
) -> None:
    await shop.website()
    await shop.store_view()
    now = datetime.now(UTC)
    # Too old for who purges, and not for who serves.
    at = (now - timedelta(days=100)).isoformat()

    async def record(id: str) -> object:
        sent = {"events": [a_product_view(id, "mug", at=at)]}
        consent = {"X-Gateway-Consent": "granted"}
        answer = await storefront.post(RECORD, consent, {"input": sent})
        return answer.json()

    # Other tests have made months, which nothing but a purge drops.
    await retention.keep(database, 1, now)
    await record("1")
    dropped = await retention.keep(database, 1, now)
    told = await record("2")

    assert dropped == Dropped(months=1, ids=1, histories=1)
    assert told == {"data": {"recordEvents": {"recorded": 1}}}
    assert await shop.value("select array_agg(id) from event") == ["2"]
    viewed = await shop.value("select history -> 'viewed' from history")
    assert [views for _, _, views in viewed] == [1]


async def test_who_left_segments_long_ago_is_forgotten_and_so_are_old_refreshes(
    database: Database, shop: Shop
) -> None:
    await shop.website()
    id = await shop.segment("s", None)
    await shop.execute(
        "insert into former_match"
        " (segment_id, website, customer_id, joined_at, left_at)"
        f" values ({id}, 'base', 'long-ago', '2026-01-01', '2026-02-27T23:59:59Z'),"
        f" ({id}, 'base', 'lately', '2026-01-01', '2026-03-01')"
    )
    for key, begun, finished in (
        ("'{a}'", "2026-01-01", "null"),
        ("null", "2026-01-02", "now()"),
        ("null", "2026-01-03", "now()"),
        ("'{b}'", "2026-01-04", "now()"),
        ("null", "2026-01-05", "null"),
    ):
        await shop.execute(
            "insert into segment_refresh (website, keys, segment_ids, versions,"
            " revision, started_at, finished_at, customers)"
            f" values ('base', {key}, '{{}}', '{{}}', 1, '{begun}', {finished}, 0)"
        )

    await retention.keep(database, 30, datetime(2026, 3, 30, tzinfo=UTC))

    assert await shop.value("select array_agg(customer_id) from former_match") == [
        "lately"
    ]
    left = "select array_agg(extract(day from started_at)::integer order by id)"
    # The last one for all, and what came after it, is still looked at.
    assert await shop.value(f"{left} from segment_refresh") == [3, 4, 5]
