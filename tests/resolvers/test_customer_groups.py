"""Customer groups at the admin door."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import customer_groups as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.resolvers import (
    cart_price_rules,
    catalogue_price_rules,
    customer_groups,
    segments,
)
from gateway.resolvers.pages import Paging
from gateway.storage.database import Database
from tests.factories import a_comparison
from tests.rows import Shop
from tests.shops import a_price_rule, a_rule, a_segment, contents, revisions

OF_VISITORS = "every visitor is in this group; it stays as it is."


async def test_a_customer_group_survives_the_round_trip(mall: Database) -> None:
    definition = domain.read({"id": 7, "name": "Clubs"})

    saved = await customer_groups.save(mall, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert saved.definition == definition
    assert await customer_groups.get(mall, 7) == saved


async def test_a_new_customer_group_gets_the_next_number(mall: Database) -> None:
    first = await customer_groups.save(mall, {"name": "Clubs"}, expected_version=0)
    second = await customer_groups.save(mall, {"name": "Press"})

    assert (first.definition.id, second.definition.id) == (4, 5)


async def test_a_renamed_customer_group_raises_every_revision(mall: Database) -> None:
    before = await revisions(mall)

    saved = await customer_groups.save(mall, {"id": 2, "name": "Trade"}, 1)

    assert (saved.definition.name, saved.version) == ("Trade", 2)
    after = await revisions(mall)
    assert all(after[website] > before[website] for website in before)


async def test_what_changes_nothing_is_not_written(mall: Database) -> None:
    before = await contents(mall)

    await customer_groups.save(mall, {"id": 2, "name": "Wholesale"})

    assert await contents(mall) == before


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        pytest.param(
            {"name": ""}, Problem("name", "it is missing.", "Write a text."), id="empty"
        ),
        pytest.param(
            {"name": "x" * 33},
            Problem("name", "it has 33 characters.", "Write at most 32."),
            id="too-long",
        ),
        pytest.param(
            {"name": "x", "id": -1},
            Problem("id", "-1 is too small.", "Write at least 0."),
            id="negative",
        ),
    ],
)
async def test_a_customer_group_at_fault_is_refused(
    mall: Database, given: dict[str, Any], problem: Problem
) -> None:
    before = await contents(mall)

    with pytest.raises(InvalidInput) as refused:
        await customer_groups.save(mall, given)

    assert refused.value.problems == (problem,)
    assert await contents(mall) == before


async def test_no_two_customer_groups_have_one_name(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await customer_groups.save(mall, {"name": "General"})

    assert refused.value.problems == (
        Problem(
            "name",
            "the customer group 1 has the name 'General'.",
            "Write another name.",
        ),
    )
    assert await contents(mall) == before


async def test_the_group_of_visitors_keeps_its_name(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await customer_groups.save(mall, {"id": 0, "name": "Visitors"})

    assert refused.value.problems == (
        Problem("id", OF_VISITORS, "Save another group."),
    )
    assert await contents(mall) == before


async def test_the_group_of_visitors_stays(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await customer_groups.delete(mall, 0)

    assert refused.value.problems == (Problem("id", OF_VISITORS),)
    assert await contents(mall) == before


async def test_a_customer_group_in_use_stays_and_says_where(mall: Database) -> None:
    await cart_price_rules.save(mall, a_rule(customer_groups=[2]))
    async with mall.connection() as connection:
        await connection.execute(
            """insert into customer (website, customer_id, group_id)
               values ('base', '17', 2), ('base', '18', 2)"""
        )
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await customer_groups.delete(mall, 2)

    assert [problem.message for problem in refused.value.problems] == [
        "it is in use by the cart price rule 'ten-off'.",
        "it is in use by the customer '17'.",
    ]
    assert await contents(mall) == before


async def test_a_customer_group_that_is_not_there_cannot_be_asked_for(
    mall: Database,
) -> None:
    before = await contents(mall)
    tree = {"any": [a_comparison("customer.group", "is_one_of", [1, "Wholesale", 99])]}

    for save in (
        segments.save(mall, a_segment(applies_to="registered", conditions=tree)),
        cart_price_rules.save(mall, a_rule(conditions=tree)),
    ):
        with pytest.raises(InvalidInput) as refused:
            await save
        path, remedy = "conditions.any.0.all.0.value", "Write one of: 0, 1, 2, 3."
        assert refused.value.problems == (
            Problem(f"{path}.1", "there is no customer group 'Wholesale'.", remedy),
            Problem(f"{path}.2", "there is no customer group '99'.", remedy),
        )
    assert await contents(mall) == before


async def test_a_customer_group_that_conditions_ask_for_stays(mall: Database) -> None:
    tree = a_comparison("customer.group", "is", 2)
    await segments.save(mall, a_segment(applies_to="registered", conditions=tree))
    listed = a_comparison("customer.group", "is_one_of", "1; 2")
    rule = a_rule(conditions={"any": [listed]}, customer_groups=[2])
    await cart_price_rules.save(mall, rule)

    with pytest.raises(Conflict) as refused:
        await customer_groups.delete(mall, 2)

    assert [problem.message for problem in refused.value.problems] == [
        "it is in use by the cart price rule 'ten-off'.",
        "it is in use by the segment 'big-carts'.",
    ]


async def test_a_customer_group_that_prices_are_for_stays(mall: Database) -> None:
    shop = Shop(mall)
    await catalogue_price_rules.save(mall, a_price_rule(customer_groups=[2]))
    await shop.product("mug")
    await shop.product("cup")
    await shop.tier_price("mug", "8", group_id=2)
    await shop.tier_price("cup", "8", "5", group_id=2)

    with pytest.raises(Conflict) as refused:
        await customer_groups.delete(mall, 2)

    assert [problem.message for problem in refused.value.problems] == [
        "it is in use by the catalogue price rule 'sale'.",
        "it is in use by the tier price 'mug'.",
    ]


async def test_a_customer_group_that_is_not_used_can_be_deleted(
    mall: Database,
) -> None:
    assert await customer_groups.delete(mall, 2) == 2

    assert await customer_groups.get(mall, 2) is None


async def test_deleting_what_is_not_there_lists_what_is(mall: Database) -> None:
    with pytest.raises(NotFound) as refused:
        await customer_groups.delete(mall, 9)

    assert refused.value.problems == (
        Problem("id", "there is no customer group '9'.", "Write one of: 0, 1, 2, 3."),
    )


async def test_customer_groups_are_listed_by_id(mall: Database) -> None:
    everyone = await customer_groups.page(mall, None, Paging())
    found = await customer_groups.page(mall, "whole", Paging())

    ids = [one.definition.id for one in everyone.items]
    assert ids == [0, 1, 2, 3]
    assert [one.definition.name for one in found.items] == ["Wholesale"]
