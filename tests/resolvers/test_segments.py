"""What is special about segments."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import segments as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, Problem
from gateway.resolvers import segments
from gateway.storage.database import Database
from tests.shops import a_segment, contents


async def test_a_segment_survives_the_round_trip(mall: Database) -> None:
    definition = domain.read(
        a_segment(
            description="All fields.",
            websites=["us", "base"],
            active=False,
            applies_to="registered",
        )
    )

    saved = await segments.save(mall, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert saved.definition == definition


@pytest.mark.parametrize("also", [{}, {"applies_to": None}], ids=["absent", "null"])
async def test_a_segment_applies_to_both_unless_it_says(
    mall: Database, also: dict[str, Any]
) -> None:
    saved = await segments.save(mall, a_segment(**also))

    assert saved.definition.applies_to is domain.AppliesTo.BOTH


async def test_whom_a_segment_applies_to_never_changes(mall: Database) -> None:
    await segments.save(mall, a_segment(applies_to="visitor"))
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await segments.save(mall, a_segment(applies_to="registered", name="Other"))

    assert refused.value.problems == (
        Problem(
            "applies_to",
            "it is 'visitor' and stays so, once the segment is saved.",
            "Save another segment, under a key of its own.",
        ),
    )
    assert await contents(mall) == before


async def test_a_segment_for_visitors_cannot_look_at_customers(
    mall: Database,
) -> None:
    before = await contents(mall)
    leaf = {"attribute": "customer.email", "operator": "contains", "value": "@"}

    with pytest.raises(InvalidInput) as refused:
        await segments.save(mall, a_segment(conditions={"all": [leaf]}))

    assert refused.value.problems == (
        Problem(
            "conditions.all.0.attribute",
            "'customer.email' cannot be asked here.",
            "A segment that considers visitors can only look at the cart and its"
            " products; set applies_to to 'registered' to look at customers.",
        ),
    )
    assert await contents(mall) == before
