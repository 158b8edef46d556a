"""Coupon codes at the admin door."""

from __future__ import annotations

import pytest

from gateway.resolvers import cart_price_rules
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
