"""What is special about cart price rules."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import cart_price_rules as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, Problem
from gateway.resolvers import cart_price_rules, segments
from gateway.storage.database import Database
from tests.shops import CART_ABOVE_50, a_rule, a_segment, contents


def _in_segments(operator: str, value: object) -> dict[str, Any]:
    return {"attribute": "customer.segment", "operator": operator, "value": value}


async def test_a_rule_survives_the_round_trip(mall: Database) -> None:
    given = a_rule(
        description="All fields.",
        websites=["us", "base"],
        active=False,
        customer_groups=[0, 2],
        coupon_code="SPRING",
        uses_per_coupon=100,
        uses_per_customer=1,
        uses_per_rule=50,
        conditions={"all": [CART_ABOVE_50]},
        item_conditions={
            "any": [{"attribute": "product.sku", "operator": "is", "value": "mug"}]
        },
        action="buy_x_get_y",
        amount="1.5",
        at_most="6",
        at_most_per="rule",
        most_discount="25.5",
        totals_of="matched_items",
        step=3,
        priority=4,
        discards_subsequent=True,
        applies_to_shipping=True,
        free_shipping="items",
        label="Spring",
        label_by_store_view={"german": "Frühling"},
        **{"from": "2026-03-01", "to": "2026-03-31"},
    )
    definition = domain.read(given)

    saved = await cart_price_rules.save(mall, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert saved.definition == definition


async def test_a_rule_keeps_its_gifts(mall: Database) -> None:
    given = a_rule(action="free_gift", amount="1", gifts=["mug", "cup", "mug"])

    saved = await cart_price_rules.save(mall, given)

    assert saved.definition.gifts == ("mug", "cup")


async def test_a_rule_can_be_hinted_at(mall: Database) -> None:
    saved = await cart_price_rules.save(mall, a_rule(hinted=True))

    assert saved.definition.hinted


async def test_a_rule_keeps_its_evaluation_group(mall: Database) -> None:
    given = a_rule(evaluation_group="sale", group_applies="best")

    saved = await cart_price_rules.save(mall, given)

    assert saved.definition.evaluation_group == "sale"
    assert saved.definition.group_applies == "best"


async def test_what_is_new_is_stored_only_where_it_is_used(mall: Database) -> None:
    await cart_price_rules.save(mall, a_rule())

    async with mall.connection() as connection:
        given = await connection.fetchval(
            "select given from cart_price_rule_definition"
        )

    assert given.keys().isdisjoint(
        {
            "at_most_per",
            "most_discount",
            "gifts",
            "totals_of",
            "hinted",
            "evaluation_group",
        }
    )


async def test_amounts_keep_their_digits(mall: Database) -> None:
    given = a_rule(amount="99999999999999.9999")

    saved = await cart_price_rules.save(mall, given)

    assert format(saved.definition.amount, "f") == "99999999999999.9999"


async def test_an_amount_is_not_rounded_unsaid(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(InvalidInput) as refused:
        await cart_price_rules.save(mall, a_rule(amount="0.00049"))

    assert refused.value.problems == (
        Problem("amount", "0.00049 is too fine.", "Write at most 4 decimals."),
    )
    assert await contents(mall) == before


@pytest.mark.parametrize("code", ["save10", "SAVE10", " Save10 "])
async def test_a_coupon_code_belongs_to_one_rule(mall: Database, code: str) -> None:
    await cart_price_rules.save(mall, a_rule("first", coupon_code="SAVE10"))
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await cart_price_rules.save(mall, a_rule("second", coupon_code=code))

    assert refused.value.problems == (
        Problem(
            "coupon_code",
            f"the coupon code {code.strip()!r} is taken by the cart price rule"
            " 'first'.",
            "Write another code.",
        ),
    )
    assert await contents(mall) == before


async def test_a_rule_keeps_its_own_coupon_code(mall: Database) -> None:
    await cart_price_rules.save(mall, a_rule(coupon_code="SAVE10"))

    saved = await cart_price_rules.save(mall, a_rule(coupon_code="Save10"))

    assert saved.definition.coupon_code == "Save10"


async def test_any_number_of_rules_have_no_coupon(mall: Database) -> None:
    await cart_price_rules.save(mall, a_rule("first"))
    await cart_price_rules.save(mall, a_rule("second", coupon_code=""))

    third = await cart_price_rules.save(mall, a_rule("third", coupon_code=" "))

    assert third.definition.coupon_code == ""


async def test_every_reference_that_leads_nowhere_is_told_at_once(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("vips"))
    before = await contents(mall)
    given = a_rule(
        websites=["bases"],
        customer_groups=[1, 9],
        label_by_store_view={"germann": "Rabatt"},
        conditions={
            "all": [
                CART_ABOVE_50,
                {"any": [_in_segments("is_one_of", ["vips", "vipps"])]},
                _in_segments("is", "vip"),
            ]
        },
    )

    with pytest.raises(InvalidInput) as refused:
        await cart_price_rules.save(mall, given)

    groups = "Write one of: 0, 1, 2, 3."
    assert refused.value.problems == (
        Problem("websites.0", "there is no website 'bases'.", "Did you mean 'base'?"),
        Problem("customer_groups.1", "there is no customer group '9'.", groups),
        Problem(
            "label_by_store_view.germann",
            "there is no store view 'germann'.",
            "Did you mean 'german'?",
        ),
        Problem(
            "conditions.all.1.any.0.value.1",
            "there is no segment 'vipps'.",
            "Did you mean 'vips'?",
        ),
        Problem(
            "conditions.all.2.value",
            "there is no segment 'vip'.",
            "Did you mean 'vips'?",
        ),
    )
    assert await contents(mall) == before


async def test_the_segments_a_rule_asks_for_cannot_vanish(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))
    await segments.save(mall, a_segment("news"))
    tree = {"all": [{"any": [_in_segments("is_not_one_of", "vips, news")]}]}
    await cart_price_rules.save(mall, a_rule(conditions=tree))

    with pytest.raises(Conflict) as refused:
        await segments.delete(mall, "news")

    message = "it is in use by the cart price rule 'ten-off'."
    assert refused.value.problems[0].message == message


async def test_both_trees_are_judged_beside_faulty_fields(mall: Database) -> None:
    lost = {"attribute": "product.lost", "operator": "is", "value": "x"}
    given = a_rule(
        amount="ten", conditions={"all": [{}]}, item_conditions={"any": [lost]}
    )

    with pytest.raises(InvalidInput) as refused:
        await cart_price_rules.save(mall, given)

    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["amount", "conditions.all.0", "item_conditions.any.0.attribute"]


async def test_an_unknown_action_is_told_once(mall: Database) -> None:
    with pytest.raises(InvalidInput) as refused:
        await cart_price_rules.save(mall, a_rule(action="by_percentage"))

    assert refused.value.problems == (
        Problem(
            "action",
            "no discount action is called 'by_percentage'.",
            "Did you mean 'by_percent'?",
        ),
    )
