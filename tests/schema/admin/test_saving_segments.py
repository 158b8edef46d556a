"""Saving through the admin door: what holds of every subject."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize.grammar import Limits as TreeLimits
from gateway.resolvers import segments
from gateway.storage.database import Database
from tests.schema.admin.asking import REFUSED, SAVE_SEGMENT, Ask, an_input, save_segment
from tests.shops import CART_ABOVE_50, a_segment, contents


async def test_a_segment_is_saved_and_answered(ask: Ask) -> None:
    tree = {"all": [CART_ABOVE_50]}

    saved = await save_segment(ask, an_input(appliesTo="VISITOR", conditions=tree))

    assert saved == {
        "segment": {
            "key": "big-carts",
            "version": 1,
            "appliesTo": "VISITOR",
            "conditions": tree,
            "problems": [],
        },
        "warnings": [],
    }


async def test_a_segment_is_saved_with_its_days(ask: Ask) -> None:
    days = {"from": "2026-03-01", "to": "2026-03-31"}
    first = await save_segment(ask, an_input(**days))
    again = await save_segment(ask, an_input(**days))
    ended = await save_segment(ask, an_input(to="2026-03-30"))

    answer = await ask('{ segment(key: "big-carts") { from to version } }')

    versions = [one["segment"]["version"] for one in (first, again, ended)]
    assert versions == [1, 1, 2]
    assert answer["data"]["segment"] == {
        "from": None,
        "to": "2026-03-30",
        "version": 2,
    }


async def test_a_segment_is_saved_with_members_by_hand(ask: Ask) -> None:
    members: dict[str, Any] = {
        "include": {"base": ["1", "2"]},
        "exclude": {"base": ["3"]},
    }
    await save_segment(ask, an_input("plain"))
    await save_segment(ask, an_input(**members))
    again = await save_segment(ask, an_input(**members))

    answer = await ask("{ segments { items { key include exclude } } }")

    assert again["segment"]["version"] == 1
    assert answer["data"]["segments"]["items"] == [
        {"key": "plain", "include": {}, "exclude": {}},
        {"key": "big-carts", **members},
    ]


async def test_conditions_can_be_written_in_the_document(ask: Ask) -> None:
    answer = await ask(
        f"""mutation ($fifty: Int!) {{ saveSegment(input: {{
              key: "big-carts", name: "Big", websites: ["base"], conditions: {{
                any: [{{attribute: "cart.subtotal", operator: "at_least",
                        value: $fifty}}], are: false
              }}
            }}) {{
              ... on SegmentSaved {{ segment {{ conditions }} }}
              {REFUSED}
            }} }}""",
        {"fifty": 50},
    )

    conditions = answer["data"]["saveSegment"]["segment"]["conditions"]
    assert conditions == {"any": [CART_ABOVE_50], "are": False}


@pytest.mark.parametrize(
    ("kind", "value"), [("Decimal", "50.10"), ("Date", "2026-03-01")]
)
async def test_a_typed_variable_in_conditions_is_kept_as_text(
    ask: Ask, kind: str, value: str
) -> None:
    answer = await ask(
        f"""mutation ($value: {kind}!) {{ saveSegment(input: {{
              key: "x", name: "X", websites: ["base"], conditions: {{
                all: [{{attribute: "cart.postcode", operator: "is", value: $value}}]
              }}
            }}) {{ ... on SegmentSaved {{ segment {{ conditions }} }} {REFUSED}
            }} }}""",
        {"value": value},
    )

    [leaf] = answer["data"]["saveSegment"]["segment"]["conditions"]["all"]
    assert leaf["value"] == value


async def test_a_number_that_json_cannot_keep_is_refused(ask: Ask) -> None:
    answer = await ask(
        """mutation { saveSegment(input: {
             key: "x", name: "X", websites: ["base"], conditions: {
               all: [{attribute: "cart.postcode", operator: "is",
                      value: 99999999999999999999}]
             }
           }) { __typename } }"""
    )

    assert "Integer exceeds 64-bit range" in answer["errors"][0]["message"]


async def test_every_fault_is_answered_with_its_path(ask: Ask, shop: Database) -> None:
    before = await contents(shop)
    leaf = {"attribute": "customer.group", "operator": "is", "value": "1"}

    refused = await save_segment(
        ask, an_input("Big", name="", conditions={"any": [leaf]})
    )

    assert refused == {
        "__typename": "InvalidInput",
        "problems": [
            {
                "path": "key",
                "message": "'Big' is not a key.",
                "remedy": "Write 1 to 64 of a-z, 0-9, '-' and '_', beginning with a"
                " letter or digit.",
            },
            {
                "path": "name",
                "message": "it is missing.",
                "remedy": "Write a text.",
            },
            {
                "path": "conditions.any.0.attribute",
                "message": "'customer.group' cannot be asked here.",
                "remedy": "A segment that considers visitors can only look at the cart,"
                " its products, the session, products viewed and other segments; set"
                " appliesTo to 'registered' to look at customers.",
            },
        ],
    }
    assert await contents(shop) == before


async def test_what_is_fixed_is_a_conflict_in_the_callers_words(
    ask: Ask, shop: Database
) -> None:
    await segments.save(shop, a_segment(applies_to="visitor"))

    refused = await save_segment(ask, an_input(appliesTo="BOTH"))

    assert refused["__typename"] == "Conflict"
    assert [one["path"] for one in refused["problems"]] == ["appliesTo"]


async def test_another_version_is_a_conflict(ask: Ask, shop: Database) -> None:
    await segments.save(shop, a_segment())

    refused = await save_segment(ask, an_input(), expected=7)

    assert refused == {
        "__typename": "Conflict",
        "problems": [
            {
                "path": "expectedVersion",
                "message": "version 1 is stored, not 7.",
                "remedy": "Read it again, and repeat the change.",
            }
        ],
    }


async def test_a_version_of_nothing_is_not_found(ask: Ask) -> None:
    refused = await save_segment(ask, an_input(), expected=7)

    assert refused["__typename"] == "NotFound"


async def test_the_limits_of_trees_are_the_doors(ask: Ask) -> None:
    answer = await ask(
        SAVE_SEGMENT,
        {"input": an_input(conditions={"all": [{"all": []}]})},
        limits=TreeLimits(depth=1),
    )

    [problem] = answer["data"]["saveSegment"]["problems"]
    assert problem["path"] == "conditions.all.0"


async def test_a_tree_that_is_no_object_is_refused_with_its_path(ask: Ask) -> None:
    refused = await save_segment(ask, an_input(conditions=[1]))

    assert refused["problems"] == [
        {
            "path": "conditions",
            "message": "a condition tree is an object.",
            "remedy": 'Write {"all": [...]}.',
        }
    ]
