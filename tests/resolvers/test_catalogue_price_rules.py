"""What is special about catalogue price rules."""

from __future__ import annotations

import pytest

from gateway.personalize import catalogue_price_rules as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput
from gateway.personalize.grammar import Limits
from gateway.resolvers import (
    catalogue_price_rules,
    customer_groups,
    dynamic_blocks,
    segments,
)
from gateway.resolvers.pages import Paging
from gateway.storage.database import Database
from gateway.storage.definitions import Wanted
from tests.factories import a_comparison
from tests.shops import a_block, a_price_rule, a_segment, contents

SEGMENT_PRICES = Limits(segment_prices=True)


async def test_a_rule_survives_the_round_trip(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))
    given = a_price_rule(
        description="All fields.",
        websites=["us", "base"],
        active=False,
        customer_groups=[0, 3],
        segments=["vips"],
        priority=3,
        conditions=a_comparison("product.price", "at_least", 20),
        action="to_fixed",
        amount="7.25",
        discards_subsequent=True,
        **{"from": "2026-03-01", "to": "2026-03-31"},
    )
    definition = domain.read(given)

    saved = await catalogue_price_rules.save(
        mall, as_given(definition), limits=SEGMENT_PRICES
    )

    assert saved.definition == definition
    assert saved.version == 1


async def test_conditions_and_segments_are_judged_beside_faulty_fields(
    mall: Database,
) -> None:
    before = await contents(mall)
    given = a_price_rule(
        action="by_percnt",
        segments=["vips"],
        conditions=a_comparison("cart.subtotal", "at_least", 5),
    )

    with pytest.raises(InvalidInput) as refused:
        await catalogue_price_rules.save(mall, given)

    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["action", "segments", "conditions.all.0.attribute"]
    assert await contents(mall) == before


async def test_unknown_names_are_told_with_what_may_be_meant(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))
    given = a_price_rule(websites=["bas"], customer_groups=[2, 8], segments=["vipp"])

    with pytest.raises(InvalidInput) as refused:
        await catalogue_price_rules.save(mall, given, limits=SEGMENT_PRICES)

    assert [(one.path, one.message) for one in refused.value.problems] == [
        ("websites.0", "there is no website 'bas'."),
        ("customer_groups.1", "there is no customer group '8'."),
        ("segments.0", "there is no segment 'vipp'."),
    ]


async def test_an_amount_with_too_many_digits_is_refused(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(InvalidInput) as refused:
        await catalogue_price_rules.save(mall, a_price_rule(amount="0.00001"))

    assert [one.path for one in refused.value.problems] == ["amount"]
    assert await contents(mall) == before


async def test_what_a_rule_refers_to_stays(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))
    given = a_price_rule(customer_groups=[3], segments=["vips"])
    await catalogue_price_rules.save(mall, given, limits=SEGMENT_PRICES)

    for deleting in (segments.delete(mall, "vips"), customer_groups.delete(mall, 3)):
        with pytest.raises(Conflict) as refused:
            await deleting
        (problem,) = refused.value.problems
        assert problem.message == "it is in use by the catalogue price rule 'sale'."

    await catalogue_price_rules.delete(mall, "sale")
    assert await segments.delete(mall, "vips") == "vips"
    assert await catalogue_price_rules.get(mall, "sale") is None


async def test_a_rule_that_a_block_waits_for_stays(mall: Database) -> None:
    await catalogue_price_rules.save(mall, a_price_rule())
    block = a_block(catalogue_price_rules=["sale"])
    saved = await dynamic_blocks.save(mall, block)

    with pytest.raises(Conflict) as refused:
        await catalogue_price_rules.delete(mall, "sale")
    with pytest.raises(InvalidInput) as unknown:
        await dynamic_blocks.save(mall, a_block(catalogue_price_rules=["sael"]))

    assert saved.definition.catalogue_price_rules == ("sale",)
    (problem,) = refused.value.problems
    assert problem.message == "it is in use by the dynamic block 'hero'."
    (problem,) = unknown.value.problems
    assert problem.path == "catalogue_price_rules.0"
    assert problem.message == "there is no catalogue price rule 'sael'."


async def test_a_list_says_that_prices_for_segments_were_turned_off(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("vips"))
    given = a_price_rule(segments=["vips"])
    await catalogue_price_rules.save(mall, given, limits=SEGMENT_PRICES)

    on = await catalogue_price_rules.page(mall, Wanted(), Paging(), SEGMENT_PRICES)
    off = await catalogue_price_rules.page(mall, Wanted(), Paging())

    assert [one.problems for one in on.items] == [()]
    assert [one.path for one in off.items[0].problems] == ["segments"]
