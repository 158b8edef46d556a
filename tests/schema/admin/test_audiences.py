"""Audiences at the admin door."""

from __future__ import annotations

from typing import Any

from gateway.resolvers import segments
from gateway.storage.database import Database
from tests.factories import a_comparison
from tests.schema.admin.asking import REFUSED, Ask
from tests.shops import a_segment

SAVE = f"""
mutation ($input: AudienceInput!, $expected: Int) {{
  saveAudience(input: $input, expectedVersion: $expected) {{
    ... on AudienceSaved {{ audience {{ key ttlSeconds version }} }}
    {REFUSED}
  }}
}}
"""
HIKERS: dict[str, Any] = {
    "key": "hikers",
    "name": "Hikers",
    "websites": ["base"],
    "source": "CDP",
    "ttlSeconds": 3600,
}


async def save(ask: Ask, expected: int | None = None, **also: Any) -> Any:
    answer = await ask(SAVE, {"input": {**HIKERS, **also}, "expected": expected})
    return answer["data"]["saveAudience"]


async def test_an_audience_is_saved_listed_and_deleted(
    ask: Ask, shop: Database
) -> None:
    saved = [await save(ask), await save(ask), await save(ask, ttlSeconds=None)]
    async with shop.connection() as connection:
        await connection.execute(
            "insert into customer (website, customer_id) values ('base', '1'),"
            " ('base', '2'), ('base', '3')"
        )
        await connection.execute(
            "insert into audience_member (website, customer_id, audience, expires_at)"
            " values ('base', '1', 'hikers', '2020-01-01T00:00:00Z'),"
            " ('base', '2', 'hikers', null), ('base', '3', 'hikers', null)"
        )
    in_hikers = a_comparison("customer.audience", "is_one_of", ["hikers"])
    fans = a_segment("fans", applies_to="registered", conditions=in_hikers)
    await segments.save(shop, fans)

    listed = await ask(
        """{
          audiences(search: "HIK", website: "base") {
            totalCount items {
              key name description source websites ttlSeconds version
              counts { website members expired } usedBy { subject key }
            }
          }
          none: audiences(website: "us") { totalCount }
          audienceMembers(key: "hikers", pageSize: 1) {
            totalCount pageInfo { totalPages } items { website customerId expiresAt }
          }
        }"""
    )
    refused = await ask(
        f'mutation {{ deleteAudience(key: "hikers") {{ ... on Deleted {{ key }}'
        f" {REFUSED} }} }}"
    )

    assert [one["audience"] for one in saved] == [
        {"key": "hikers", "ttlSeconds": 3600, "version": 1},
        {"key": "hikers", "ttlSeconds": 3600, "version": 1},
        {"key": "hikers", "ttlSeconds": None, "version": 2},
    ]
    assert listed["data"] == {
        "audiences": {
            "totalCount": 1,
            "items": [
                {
                    "key": "hikers",
                    "name": "Hikers",
                    "description": "",
                    "source": "CDP",
                    "websites": ["base"],
                    "ttlSeconds": None,
                    "version": 2,
                    "counts": [{"website": "base", "members": 2, "expired": 1}],
                    "usedBy": [{"subject": "segment", "key": "fans"}],
                }
            ],
        },
        "none": {"totalCount": 0},
        "audienceMembers": {
            "totalCount": 3,
            "pageInfo": {"totalPages": 3},
            "items": [
                {
                    "website": "base",
                    "customerId": "1",
                    "expiresAt": "2020-01-01T00:00:00+00:00",
                }
            ],
        },
    }
    assert refused["data"]["deleteAudience"] == {
        "__typename": "Conflict",
        "problems": [
            {
                "path": "key",
                "message": "it is in use by the segment 'fans'.",
                "remedy": "Remove it there first.",
            }
        ],
    }


async def test_faults_of_an_audience_are_told_in_the_callers_words(ask: Ask) -> None:
    refused = await save(ask, ttlSeconds=0, websites=["moon"])
    unknown = await save(ask, websites=["moon"])
    stale = await save(ask, expected=3)

    assert refused["problems"] == [
        {
            "path": "ttlSeconds",
            "message": "0 is too small.",
            "remedy": "Write at least 1.",
        }
    ]
    assert [one["path"] for one in unknown["problems"]] == ["websites.0"]
    assert stale["__typename"] == "NotFound"


async def test_an_audience_that_is_not_there_is_null_and_has_no_members(
    ask: Ask,
) -> None:
    answer = await ask('{ audience(key: "none") { key } }')
    members = await ask('{ audienceMembers(key: "none") { totalCount } }')

    assert answer["data"] == {"audience": None}
    assert members["errors"][0]["message"] == "key: there is no audience 'none'."
