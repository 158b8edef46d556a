"""Coupon codes at the admin door."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.resolvers import cart_price_rules, coupon_codes
from gateway.storage.database import Database
from tests.schema.admin.asking import REFUSED, Ask
from tests.shops import a_rule

GENERATE = f"""
mutation ($input: GenerateCouponsInput!) {{ generateCoupons(input: $input) {{
  __typename
  ... on CouponsGenerated {{ quantity length warnings {{ path message }} }}
  {REFUSED} }} }}"""

LIST = """
query ($rule: String!, $size: Int!) { coupons(rule: $rule, pageSize: $size) {
  totalCount pageInfo { totalPages } items { code uses } } }"""

DELETE = f"""
mutation ($rule: String!, $codes: [String!]!) {{
  deleteCoupons(rule: $rule, codes: $codes) {{
    ... on CouponsDeleted {{ codes }} {REFUSED} }} }}"""

STATUS = """
query ($code: String!) { couponStatus(code: $code, website: "base") {
  status rule isGenerated uses usesOfRule } }"""


@pytest.fixture(autouse=True)
async def _rule(shop: Database) -> None:
    await cart_price_rules.save(shop, a_rule("gifts", generated_coupons=True))


async def test_codes_are_generated_listed_looked_up_and_deleted(ask: Ask) -> None:
    given = {"rule": "gifts", "quantity": 3, "prefix": "G-", "format": "NUMERIC"}

    made = await ask(GENERATE, {"input": given})
    listed = (await ask(LIST, {"rule": "gifts", "size": 2}))["data"]["coupons"]
    code = listed["items"][0]["code"]
    status = await ask(STATUS, {"code": code.lower()})
    deleted = await ask(DELETE, {"rule": "gifts", "codes": [code]})
    unknown = await ask(STATUS, {"code": code})

    assert made["data"]["generateCoupons"] == {
        "__typename": "CouponsGenerated",
        "quantity": 3,
        "length": 19,
        "warnings": [
            {
                "path": "length",
                "message": "it was raised to 19, so that no code can be guessed.",
            }
        ],
    }
    assert listed["totalCount"] == 3
    assert listed["pageInfo"] == {"totalPages": 2}
    assert len(code) == len("G-") + 19
    assert status["data"]["couponStatus"] == {
        "status": "USABLE",
        "rule": "gifts",
        "isGenerated": True,
        "uses": 0,
        "usesOfRule": 0,
    }
    assert deleted["data"]["deleteCoupons"] == {"codes": [code]}
    assert unknown["data"]["couponStatus"]["status"] == "UNKNOWN"
    assert unknown["data"]["couponStatus"]["rule"] is None


LIST_ON = """
query ($after: ID) { coupons(rule: "gifts", pageSize: 2, after: $after) {
  totalCount pageInfo { currentPage totalPages } items { uid code } } }"""


async def test_codes_are_listed_on_from_the_last_of_a_page(ask: Ask) -> None:
    await ask(GENERATE, {"input": {"rule": "gifts", "quantity": 5}})
    all_of_them = """{ coupons(rule: "gifts") { items { code } broken { key } } }"""

    pages: list[Any] = []
    after = None
    for _ in range(4):
        answer = await ask(LIST_ON, {"after": after})
        page = answer["data"]["coupons"]
        pages.append(page)
        after = page["items"][-1]["uid"] if page["items"] else None
    listed = (await ask(all_of_them))["data"]["coupons"]

    assert listed["broken"] == []
    codes = [one["code"] for page in pages for one in page["items"]]
    assert codes == [one["code"] for one in listed["items"]]
    assert [(page["totalCount"], page["pageInfo"]) for page in pages] == [
        (5, {"currentPage": 1, "totalPages": 3}),
        (3, {"currentPage": 1, "totalPages": 2}),
        (1, {"currentPage": 1, "totalPages": 1}),
        (0, {"currentPage": 1, "totalPages": 0}),
    ]


@pytest.mark.parametrize(
    "after", ["5", "", "bm9uZQ==", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="]
)
async def test_what_is_no_uid_of_a_coupon_is_refused(ask: Ask, after: str) -> None:
    answer = await ask(LIST_ON, {"after": after})

    (error,) = answer["errors"]
    assert error["extensions"]["problems"] == [
        {
            "path": "after",
            "message": f"{after!r} is no uid of a coupon.",
            "remedy": "Write the uid of the last coupon that was listed.",
        }
    ]


async def test_codes_are_counted_once_and_only_where_somebody_asks(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    count = coupon_codes.count

    async def noting(database: Database, key: str, after: int = 0) -> int:
        counted.append(key)
        return await count(database, key, after)

    monkeypatch.setattr(coupon_codes, "count", noting)
    await ask('{ coupons(rule: "gifts") { items { code } } }')
    unasked = [*counted]
    await ask(LIST, {"rule": "gifts", "size": 2})

    assert (unasked, counted) == ([], ["gifts"])


async def test_more_codes_than_a_request_has_time_for_are_refused(ask: Ask) -> None:
    answer = await ask(GENERATE, {"input": {"rule": "gifts", "quantity": 10_001}})

    assert answer["data"]["generateCoupons"] == {
        "__typename": "InvalidInput",
        "problems": [
            {
                "path": "quantity",
                "message": "10001 is too large.",
                "remedy": "Write at most 10000.",
            }
        ],
    }
