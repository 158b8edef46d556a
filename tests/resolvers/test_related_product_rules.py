"""What is special about related-product rules."""

from __future__ import annotations

import pytest

from gateway.personalize import related_product_rules as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers import related_product_rules, segments
from gateway.storage.database import Database
from tests.shops import a_related_rule, a_segment, contents

SAME_TYPE = {"attribute": "product.type", "operator": "is", "same_as_matched": True}


async def test_a_rule_survives_the_round_trip(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))
    given = a_related_rule(
        description="All fields.",
        websites=["us", "base"],
        active=False,
        list="crosssell",
        priority=3,
        limit=7,
        shown_to="segments",
        segments=["vips"],
        products_to_match={"all": []},
        products_to_display={"all": [SAME_TYPE]},
        **{"from": "2026-03-01", "to": "2026-03-31"},
    )
    definition = domain.read(given)

    saved = await related_product_rules.save(mall, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert saved.definition == definition


async def test_both_trees_are_judged_beside_faulty_fields(mall: Database) -> None:
    before = await contents(mall)
    given = a_related_rule(
        list="sideways",
        shown_to="segments",
        products_to_match={"all": [SAME_TYPE]},
        products_to_display={"all": [{}]},
    )

    with pytest.raises(InvalidInput) as refused:
        await related_product_rules.save(mall, given)

    paths = [problem.path for problem in refused.value.problems]
    assert paths == [
        "list",
        "segments",
        "products_to_match.all.0",
        "products_to_display.all.0",
    ]
    assert await contents(mall) == before


async def test_an_unknown_segment_is_named_with_its_neighbour(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))

    with pytest.raises(InvalidInput) as refused:
        await related_product_rules.save(
            mall, a_related_rule(shown_to="segments", segments=["vipp"])
        )

    assert refused.value.problems == (
        Problem("segments.0", "there is no segment 'vipp'.", "Did you mean 'vips'?"),
    )


async def test_a_rule_can_be_deleted(mall: Database) -> None:
    await related_product_rules.save(mall, a_related_rule())

    await related_product_rules.delete(mall, "tents-and-beds")

    assert await related_product_rules.get(mall, "tents-and-beds") is None
