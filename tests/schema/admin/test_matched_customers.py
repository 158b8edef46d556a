"""Matched customers: who they are for editors, how many they are for viewers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.identity.admins import Role
from gateway.resolvers import segments
from gateway.storage import segment_refreshes
from gateway.storage.database import Database
from tests.refreshing import FEMALE, HAS_ORDERED, refresh
from tests.rows import Shop
from tests.schema.admin.asking import REFUSED, Ask
from tests.shops import a_segment
from tests.waiting import PATIENCE_SECONDS

PAGE = """
query ($segments: [String!]!, $combine: SegmentCombination! = UNION, $page: Int! = 1,
       $since: DateTime) {
  matchedCustomers(website: "base", segments: $segments, combine: $combine,
                   joinedSince: $since, pageSize: 2, currentPage: $page) {
    items { customerId }
    totalCount
    pageInfo { currentPage totalPages }
  }
}
"""
COUNTS = """
query ($since: DateTime) {
  segmentCounts(website: "base", since: $since) {
    key customers joined left isCurrent refreshedAt
  }
}
"""
START = f"""
mutation ($keys: [String!], $website: String! = "base") {{
  refreshSegments(website: $website, keys: $keys) {{
    ... on SegmentRefreshStarted {{ website }}
    {REFUSED}
  }}
}}
"""
FORMER = """
query ($segment: String!) {
  formerCustomers(website: "base", segment: $segment) {
    items { customerId name email joinedAt leftAt }
    totalCount
  }
}
"""
OVERLAP = """{ segmentOverlap(website: "base", first: "women", second: "buyers") {
  first second both either isCurrent
} }"""
LAST = """{ segmentRefresh(website: "base") {
  state failure keys customers decided joined left
} }"""


@pytest.fixture(autouse=True)
async def rows(shop: Database) -> Shop:
    """Three customers of two segments, of which one is in both; not refreshed yet."""
    rows = Shop(shop)
    await rows.customer(
        "1",
        first_name="Ada",
        last_name="Birch",
        email="ada@example.com",
        gender="female",
        group_id=2,
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    await rows.customer("2", gender="female")
    await rows.customer("3", gender="male")
    await rows.order("2", "a")
    await rows.order("3", "b")
    for default, city, address_id in (("shipping", "DE", "1"), ("billing", "FR", "2")):
        await rows.execute(
            "insert into address (website, customer_id, address_id, telephone,"
            f" postcode, country, region, default_{default})"
            " values ('base', '1', $2, '+49 1', '89073', $1, 'BY', true)",
            city,
            address_id,
        )
    for key, conditions in (("women", FEMALE), ("buyers", HAS_ORDERED)):
        given = a_segment(key, applies_to="registered", conditions=conditions)
        await segments.save(shop, given)
    return rows


async def page(ask: Ask, *keys: str, **variables: Any) -> Any:
    answer = await ask(PAGE, {"segments": keys, **variables})
    return answer["data"]["matchedCustomers"]


async def test_a_customer_has_the_nine_columns(ask: Ask, database_url: str) -> None:
    await refresh(database_url)

    answer = await ask(
        """{ matchedCustomers(website: "base", segments: ["women"], pageSize: 1) {
             items { customerId name email group telephone postcode country region
                     customerSince } } }"""
    )

    assert answer["data"]["matchedCustomers"]["items"] == [
        {
            "customerId": "1",
            "name": "Ada Birch",
            "email": "ada@example.com",
            "group": "Wholesale",
            "telephone": "+49 1",
            "postcode": "89073",
            "country": "FR",
            "region": "BY",
            "customerSince": "2026-01-02T00:00:00+00:00",
        }
    ]


async def test_several_segments_are_united_or_intersected(
    ask: Ask, database_url: str
) -> None:
    await refresh(database_url)

    united = await page(ask, "women", "buyers")
    rest = await page(ask, "women", "buyers", page=2)
    both = await page(ask, "women", "buyers", "women", combine="INTERSECTION")

    assert united == {
        "items": [{"customerId": "1"}, {"customerId": "2"}],
        "totalCount": 3,
        "pageInfo": {"currentPage": 1, "totalPages": 2},
    }
    assert rest["items"] == [{"customerId": "3"}]
    assert both["items"] == [{"customerId": "2"}]
    assert both["totalCount"] == 1


async def test_a_viewer_counts_sees_nobody_and_starts_nothing(
    ask: Ask, database_url: str
) -> None:
    await refresh(database_url)
    count = """{ matchedCustomerCount(website: "base", segments: ["women", "buyers"],
                                      combine: INTERSECTION) }"""

    counted = await ask(count, role=Role.VIEWER)
    refused = [
        await ask(PAGE, {"segments": ["women"]}, role=Role.VIEWER),
        await ask(FORMER, {"segment": "buyers"}, role=Role.VIEWER),
        await ask(START, role=Role.VIEWER),
    ]
    listed = await ask(PAGE, {"segments": ["women"]}, role=Role.EDITOR)

    assert counted == {"data": {"matchedCustomerCount": 1}}
    assert [answer["data"] for answer in refused] == [None, None, None]
    assert {
        error["extensions"]["category"]
        for answer in refused
        for error in answer["errors"]
    } == {"graphql-authorization"}
    assert listed["data"]["matchedCustomers"]["totalCount"] == 2


async def test_counts_tell_who_came_and_went_since_a_moment(
    ask: Ask, rows: Shop, shop: Database, database_url: str
) -> None:
    never = await ask(COUNTS, role=Role.VIEWER)
    await refresh(database_url)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await rows.execute(
        "update matched_customer"
        " set joined_at = array_fill($1::timestamptz, array[cardinality(segment_ids)])",
        hour_ago,
    )
    since = (hour_ago + timedelta(minutes=1)).isoformat()
    await rows.execute("delete from sales_order where order_id = 'b'")
    await rows.order("1", "c")
    await refresh(database_url)
    changed = a_segment("women", applies_to="registered", conditions=None)
    await segments.save(shop, changed)

    answer = await ask(COUNTS, {"since": since}, role=Role.VIEWER)

    before = {"customers": 0, "joined": 0, "left": 0}
    assert never["data"]["segmentCounts"] == [
        {"key": key, **before, "isCurrent": False, "refreshedAt": None}
        for key in ("women", "buyers")
    ]
    found = answer["data"]["segmentCounts"]
    assert all(one.pop("refreshedAt") for one in found)
    assert found == [
        {"key": "women", "customers": 2, "joined": 0, "left": 0, "isCurrent": False},
        {"key": "buyers", "customers": 2, "joined": 1, "left": 1, "isCurrent": True},
    ]
    joined = await page(ask, "buyers", "women", since=since)
    assert joined["items"] == [{"customerId": "1"}]
    left = await ask(FORMER, {"segment": "buyers"}, role=Role.EDITOR)
    never_left = await ask(FORMER, {"segment": "women"}, role=Role.EDITOR)
    [former] = left["data"]["formerCustomers"].pop("items")
    assert former.pop("joinedAt") < since < former.pop("leftAt")
    assert former == {"customerId": "3", "name": "", "email": None}
    assert left["data"]["formerCustomers"] == {"totalCount": 1}
    assert never_left["data"]["formerCustomers"] == {"items": [], "totalCount": 0}


async def test_how_many_customers_segments_have_is_told_without_a_look_at_them(
    ask: Ask, database_url: str, reads: list[str]
) -> None:
    await refresh(database_url)
    document = """query ($since: DateTime, $left: Boolean! = false) {
      segmentCounts(website: "base", since: $since) {
        key customers joined left @include(if: $left) } }"""
    reads.clear()

    found = await ask(document, role=Role.VIEWER)
    unasked = [one for one in reads if "matched_customer" in one]
    later = await ask(document, {"since": "2999-01-01", "left": True})

    counts = {"customers": 2, "joined": 2}
    women, buyers = {"key": "women", **counts}, {"key": "buyers", **counts}
    assert found["data"]["segmentCounts"] == [women, buyers]
    assert unasked == []
    nobody = {"joined": 0, "left": 0}
    assert later["data"]["segmentCounts"] == [{**women, **nobody}, {**buyers, **nobody}]
    assert sum("from former_match" in one for one in reads) == 1


async def test_two_segments_tell_how_many_they_have_in_common(
    ask: Ask, rows: Shop, database_url: str
) -> None:
    await refresh(database_url)
    await rows.order("1", "c")
    await refresh(database_url)

    answer = await ask(OVERLAP, role=Role.VIEWER)

    assert answer["data"]["segmentOverlap"] == {
        "first": 2,
        "second": 3,
        "both": 2,
        "either": 3,
        "isCurrent": True,
    }


async def test_customers_are_out_of_date_once_what_a_segment_asks_for_is_saved(
    ask: Ask, shop: Database, database_url: str
) -> None:
    asks = {"attribute": "customer.segment", "operator": "is", "value": "buyers"}
    asking = a_segment("asking", applies_to="registered", conditions=asks)
    await segments.save(shop, asking)
    await refresh(database_url)
    fresh = """{ matchedCustomers(website: "base", segments: ["asking"]) {
                   isCurrent totalCount } }"""
    before = await ask(fresh)
    changed = a_segment("buyers", applies_to="registered", conditions=FEMALE)
    await segments.save(shop, changed)

    after = await ask(fresh)
    await refresh(database_url, ["buyers"])
    half = await ask(fresh)
    await refresh(database_url)

    found = {"isCurrent": True, "totalCount": 2}
    outdated = {"data": {"matchedCustomers": found | {"isCurrent": False}}}
    assert before == {"data": {"matchedCustomers": found}}
    assert [after, half] == [outdated, outdated]
    assert await ask(fresh) == before


async def test_a_refresh_that_was_killed_is_shown_as_failed(
    ask: Ask, rows: Shop
) -> None:
    await rows.execute(
        "insert into segment_refresh (website, segment_ids, versions, revision,"
        " customers) values ('base', '{}', '{}', 1, 3)"
    )

    answer = await ask(LAST, role=Role.VIEWER)

    assert answer["data"]["segmentRefresh"]["state"] == "FAILED"


async def test_a_refresh_is_started_and_tells_how_far_it_is(
    ask: Ask,
) -> None:
    nothing_yet = await ask(LAST)

    started = await ask(START, {"keys": ["women"]}, role=Role.EDITOR)

    assert nothing_yet == {"data": {"segmentRefresh": None}}
    assert started["data"]["refreshSegments"] == {"website": "base"}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            last = (await ask(LAST, role=Role.VIEWER))["data"]["segmentRefresh"]
            if last and last["state"] == "FINISHED":
                break
            await asyncio.sleep(0.1)
    assert last == {
        "state": "FINISHED",
        "failure": None,
        "keys": ["women"],
        "customers": 3,
        "decided": 3,
        "joined": 2,
        "left": 0,
    }


@pytest.mark.parametrize(
    ("variables", "path", "message"),
    [
        pytest.param(
            {"keys": ["men"]},
            "segments",
            "no segment of 'base' is called 'men'.",
            id="segment",
        ),
        pytest.param(
            {"website": "uk"}, "website", "there is no website 'uk'.", id="website"
        ),
    ],
)
async def test_what_is_unknown_is_not_refreshed(
    ask: Ask, variables: dict[str, Any], path: str, message: str
) -> None:
    answer = await ask(START, variables)

    found = answer["data"]["refreshSegments"]
    assert found["__typename"] == "NotFound"
    assert found["problems"] == [{"path": path, "message": message, "remedy": ""}]


async def test_a_second_refresh_is_not_started(ask: Ask, shop: Database) -> None:
    async with shop.dedicated() as other:
        assert await segment_refreshes.try_lock(other, "base")
        answer = await ask(START)

    found = answer["data"]["refreshSegments"]
    assert found["__typename"] == "Conflict"
    assert found["problems"] == [
        {
            "path": "website",
            "message": "a refresh of website 'base' is running.",
            "remedy": "Wait until it is finished.",
        }
    ]


@pytest.mark.parametrize("keys", [[], [f"s{n}" for n in range(21)]], ids=["0", "21"])
async def test_too_few_or_too_many_segments_are_refused(
    ask: Ask, keys: list[str]
) -> None:
    answer = await ask(PAGE, {"segments": keys})

    assert answer["data"] is None
    assert answer["errors"][0]["message"] == (
        f"segments: {len(keys)} segments are named. Name 1 to 20."
    )
