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
            "A segment that considers visitors can only look at the cart, its"
            " products, the session, products viewed and other segments; set"
            " applies_to to 'registered' to look at customers.",
        ),
    )
    assert await contents(mall) == before


def asking(*keys: str) -> dict[str, Any]:
    """Conditions on other segments."""
    leaf = {"attribute": "customer.segment", "operator": "is_one_of"}
    return {"all": [{**leaf, "value": list(keys)}]}


async def refused_for(shop: Database, *arguments: str, **also: Any) -> list[Problem]:
    before = await contents(shop)
    with pytest.raises(InvalidInput) as refused:
        await segments.save(shop, a_segment(*arguments, **also))
    assert await contents(shop) == before
    return list(refused.value.problems)


async def test_segments_that_would_ask_for_themselves_are_refused_with_the_way(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("a"))
    await segments.save(mall, a_segment("b", conditions=asking("a")))
    await segments.save(mall, a_segment("c", conditions=asking("a", "b")))

    by_others = await refused_for(mall, "a", conditions=asking("a", "c"))

    assert by_others == [
        Problem(
            "conditions.all.0.value.0",
            "the segment would ask for itself: a -> a.",
            "Ask for another segment.",
        ),
        Problem(
            "conditions.all.0.value.1",
            "the segment would ask for itself: a -> c -> a.",
            "Ask for another segment, or change 'c' first.",
        ),
    ]


async def test_a_segment_that_is_not_there_cannot_be_asked_for(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("vips"))

    [problem] = await refused_for(mall, "a", conditions=asking("vips", "vipz"))

    assert problem == Problem(
        "conditions.all.0.value.1",
        "there is no segment 'vipz'.",
        "Did you mean 'vips'?",
    )


@pytest.mark.parametrize(
    ("applies_to", "other", "fits"),
    [
        ("visitor", "visitor", True),
        ("visitor", "both", True),
        ("visitor", "registered", False),
        ("both", "both", True),
        ("both", "visitor", True),
        ("both", "registered", False),
        ("registered", "registered", True),
        ("registered", "both", True),
        ("registered", "visitor", False),
    ],
)
async def test_a_segment_asks_for_those_that_consider_its_shoppers(
    mall: Database, applies_to: str, other: str, *, fits: bool
) -> None:
    await segments.save(mall, a_segment("other", applies_to=other))
    given = a_segment("a", applies_to=applies_to, conditions=asking("other"))

    if fits:
        assert (await segments.save(mall, given)).problems == ()
        return
    problems = await refused_for(mall, **given)

    assert problems == [
        Problem(
            "conditions.all.0.value.0",
            f"the segment 'other' applies to {other!r}, this one to {applies_to!r}.",
            "Ask for a segment that considers the same shoppers.",
        )
    ]


async def test_a_segment_that_another_asks_for_stays(mall: Database) -> None:
    await segments.save(mall, a_segment("a"))
    await segments.save(mall, a_segment("b", conditions=asking("a")))

    with pytest.raises(Conflict) as refused:
        await segments.delete(mall, "a")
    await segments.save(mall, a_segment("b"))

    assert refused.value.problems == (
        Problem("key", "it is in use by the segment 'b'.", "Remove it there first."),
    )
    assert await segments.delete(mall, "a") == "a"
