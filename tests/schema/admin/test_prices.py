"""Catalogue price rules and explained prices at the admin door."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.identity.admins import Role
from gateway.personalize.catalogue_price_rules import PRICE_ACTIONS
from gateway.personalize.grammar import Limits
from gateway.resolvers import segments
from gateway.storage.database import Database
from tests.factories import a_comparison
from tests.rows import Shop
from tests.schema.admin.asking import REFUSED, Ask, an_input
from tests.shops import a_segment, contents

SAVE = f"""
mutation ($input: CataloguePriceRuleInput!) {{
  saveCataloguePriceRule(input: $input) {{
    ... on CataloguePriceRuleSaved {{
      cataloguePriceRule {{
        key name websites description active customerGroups segments from to priority
        conditions action amount discardsSubsequent
      }}
    }}
    {REFUSED}
  }}
}}
"""
EXPLAIN = """
query ($sku: String!, $group: Int!, $quantity: Decimal!, $day: Date, $in: [String!]) {
  productPrice(website: "base", sku: $sku, customerGroup: $group, quantity: $quantity,
      day: $day, segments: $in) {
    sku regularPrice specialPrice tierPrice rulesPrice finalPrice children
    steps { cataloguePriceRule before after }
  }
}
"""


@pytest.fixture
def rows(shop: Database) -> Shop:
    return Shop(shop)


async def explain(ask: Ask, sku: str = "mug", **also: Any) -> Any:
    limits = also.pop("limits", None)
    asked = {"sku": sku, "group": 0, "quantity": "1", **also}
    answer = await ask(EXPLAIN, asked, role=Role.VIEWER, limits=limits)
    assert "errors" not in answer, answer
    return answer["data"]["productPrice"]


async def test_a_rule_comes_back_as_it_was_sent(ask: Ask, shop: Database) -> None:
    await segments.save(shop, a_segment("vips"))
    input = {
        **an_input("sale"),
        "description": "For spring.",
        "active": False,
        "customerGroups": [0, 2],
        "segments": ["vips"],
        "from": "2026-03-01",
        "to": "2026-03-31",
        "priority": 2,
        "conditions": a_comparison("product.price", "at_least", 20),
        "action": "to_fixed",
        "amount": "7.5",
        "discardsSubsequent": True,
    }

    answer = await ask(SAVE, {"input": input}, limits=Limits(segment_prices=True))

    assert answer["data"]["saveCataloguePriceRule"] == {"cataloguePriceRule": input}


async def test_a_refused_rule_is_told_in_the_callers_words(
    ask: Ask, shop: Database
) -> None:
    before = await contents(shop)
    input = {
        **an_input("sale"),
        "customerGroups": [],
        "segments": ["vips"],
        "conditions": a_comparison("cart.lines", "is", 1),
        "action": "by_percent",
        "amount": "-1",
    }

    answer = await ask(SAVE, {"input": input})

    problems = answer["data"]["saveCataloguePriceRule"]["problems"]
    assert [(one["path"], one["message"]) for one in problems] == [
        ("amount", "-1 is too small."),
        ("customerGroups", "it is empty."),
        ("segments", "prices for segments are turned off."),
        (
            "conditions.all.0.attribute",
            "'cart.lines' cannot be asked here.",
        ),
    ]
    assert await contents(shop) == before


async def test_rules_are_listed_and_deleted(ask: Ask, rows: Shop) -> None:
    await rows.catalogue_price_rule("sale", amount="12.50")
    await rows.catalogue_price_rule("other", active=False)
    deleting = f"""mutation {{ deleteCataloguePriceRule(key: "sale") {{
        ... on Deleted {{ key }} {REFUSED} }} }}"""

    listed = await ask(
        """{ cataloguePriceRules(active: true) { totalCount items { key amount } }
             cataloguePriceRule(key: "other") { key active } }"""
    )
    deleted = await ask(deleting)
    again = await ask(deleting)

    assert listed["data"] == {
        "cataloguePriceRules": {
            "totalCount": 1,
            "items": [{"key": "sale", "amount": "12.5"}],
        },
        "cataloguePriceRule": {"key": "other", "active": False},
    }
    assert deleted["data"]["deleteCataloguePriceRule"] == {"key": "sale"}
    refused = again["data"]["deleteCataloguePriceRule"]
    assert refused["__typename"] == "NotFound"


async def test_price_actions_describe_themselves(ask: Ask) -> None:
    answer = await ask("{ priceActions { key label amount description } }")

    listed = answer["data"]["priceActions"]
    assert [one["key"] for one in listed] == list(PRICE_ACTIONS)
    assert all(one["label"] and one["amount"] and one["description"] for one in listed)


async def test_a_price_is_explained_with_every_step(ask: Ask, rows: Shop) -> None:
    await rows.product("mug", "100")
    await rows.tier_price("mug", "88.50", group_id=2)
    await rows.catalogue_price_rule("five-off", "by_fixed", "5", priority=2)
    await rows.catalogue_price_rule("ten-percent", priority=1)

    explained = await explain(ask, group=2)

    assert explained == {
        "sku": "mug",
        "regularPrice": "100",
        "specialPrice": None,
        "tierPrice": "88.5",
        "rulesPrice": "85",
        "finalPrice": "85",
        "children": [],
        "steps": [
            {"cataloguePriceRule": "ten-percent", "before": "100", "after": "90"},
            {"cataloguePriceRule": "five-off", "before": "90", "after": "85"},
        ],
    }


async def test_a_price_is_explained_for_a_day_a_quantity_and_segments(
    ask: Ask, rows: Shop
) -> None:
    await rows.product("mug", "10")
    await rows.tier_price("mug", "8", "12")
    await rows.segment("vips")
    await rows.execute(
        """insert into catalogue_price_rule (key, name, websites, action, amount,
               from_day, to_day) values ('feast', 'x', '{base}', 'by_fixed', 1,
               '2026-12-24', '2026-12-24')"""
    )
    await rows.catalogue_price_rule("vips", "by_fixed", "4", segments=["vips"])
    limits = Limits(segment_prices=True)

    async def final(**also: Any) -> Any:
        return (await explain(ask, limits=limits, **also))["finalPrice"]

    assert await final(day="2026-12-23") == "10"
    assert await final(day="2026-12-24") == "9"
    assert await final(day="2026-12-25", quantity="12") == "8"
    assert await final(day="2026-12-24", **{"in": ["vips"]}) == "5"
    assert await final(day="2026-12-24", **{"in": []}) == "9"


async def test_a_configurable_product_names_the_children_it_is_priced_by(
    ask: Ask, rows: Shop
) -> None:
    await rows.product("tee", None, type="configurable", children=["s", "m"])
    await rows.product("s", "20")
    await rows.product("m", "15")
    await rows.catalogue_price_rule("ten-percent")

    explained = await explain(ask, "tee")

    assert explained["children"] == ["s", "m"]
    assert (explained["steps"], explained["finalPrice"]) == ([], "13.5")


async def test_what_cannot_be_explained_is_said(ask: Ask, rows: Shop) -> None:
    await rows.product("mug", "10")

    nothing = await explain(ask, "gone")
    elsewhere = await ask('{ productPrice(website: "moon", sku: "mug") { sku } }')
    none = await ask(
        '{ productPrice(website: "base", sku: "mug", quantity: 0) { sku } }'
    )

    assert nothing is None
    assert elsewhere["errors"][0]["message"] == "there is no website 'moon'."
    assert none["errors"][0]["message"].startswith("quantity: 0 is too small.")


async def test_everything_that_is_unknown_is_refused_at_once(
    ask: Ask, rows: Shop
) -> None:
    await rows.product("mug", "10")
    await rows.segment("vips")
    await rows.segment("gold", active=False)
    asked = {
        "sku": "mug",
        "group": 77,
        "quantity": "0",
        "day": "0001-01-01",
        "in": ["vips", "gold", "visp"],
    }

    answer = await ask(EXPLAIN, asked, role=Role.VIEWER)

    assert answer["data"] == {"productPrice": None}
    (error,) = answer["errors"]
    assert error["extensions"]["category"] == "graphql-input"
    assert error["extensions"]["problems"] == [
        {
            "path": "quantity",
            "message": "0 is too small.",
            "remedy": "Write more than 0.",
        },
        {
            "path": "day",
            "message": "0001-01-01 cannot be looked at.",
            "remedy": "Write another day.",
        },
        {
            "path": "customerGroup",
            "message": "there is no customer group '77'.",
            "remedy": "Write one of: 0, 1, 2, 3.",
        },
        {
            "path": "segments.1",
            "message": "no segment 'gold' is active on 'base'.",
            "remedy": "Write one of: vips.",
        },
        {
            "path": "segments.2",
            "message": "no segment 'visp' is active on 'base'.",
            "remedy": "Did you mean 'vips'?",
        },
    ]
