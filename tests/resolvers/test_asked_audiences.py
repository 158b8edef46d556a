"""Audiences as definitions: what asks for them, and how long they stay."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize.errors import Conflict, InvalidInput
from gateway.resolvers import audiences, cart_price_rules, segments
from gateway.storage.database import Database
from tests.factories import a_comparison
from tests.shops import a_definition, a_rule, a_segment, contents

IN_HIKERS = a_comparison("customer.audience", "is_one_of", ["hikers"])


def refused(raised: pytest.ExceptionInfo[Any]) -> list[str]:
    return [str(problem) for problem in raised.value.problems]


async def test_an_audience_that_is_not_there_cannot_be_asked_for(
    mall: Database,
) -> None:
    before = await contents(mall)
    tree = {"any": [a_comparison("customer.audience", "is_one_of", ["hikres", "x"])]}

    for save in (
        segments.save(mall, a_segment(applies_to="registered", conditions=tree)),
        cart_price_rules.save(mall, a_rule(conditions=tree)),
    ):
        with pytest.raises(InvalidInput) as raised:
            await save
        path = "conditions.any.0.all.0.value"
        assert refused(raised) == [
            f"{path}.0: there is no audience 'hikres'. Save the audience first.",
            f"{path}.1: there is no audience 'x'. Save the audience first.",
        ]
    assert await contents(mall) == before


@pytest.mark.parametrize("applies_to", ["visitor", "both"])
async def test_a_segment_that_considers_visitors_cannot_ask_for_audiences(
    mall: Database, applies_to: str
) -> None:
    await audiences.save(mall, a_definition("hikers"))

    with pytest.raises(InvalidInput) as raised:
        await segments.save(
            mall, a_segment(applies_to=applies_to, conditions=IN_HIKERS)
        )

    (said,) = refused(raised)
    assert said == (
        "conditions.all.0.attribute: 'customer.audience' cannot be asked here. A"
        " segment that considers visitors can only look at the cart, its products, the"
        " session, products viewed and other segments; set applies_to to 'registered'"
        " to look at customers."
    )


async def test_an_audience_in_use_stays(mall: Database) -> None:
    for key in ("hikers", "campers"):
        await audiences.save(mall, a_definition(key))
    written = a_comparison("customer.audience", "is_one_of", "campers; hikers")
    await segments.save(
        mall, a_segment("fans", applies_to="registered", conditions=IN_HIKERS)
    )
    await cart_price_rules.save(
        mall, a_rule("fan-price", conditions={"any": [written]})
    )

    with pytest.raises(Conflict) as raised:
        await audiences.delete(mall, "hikers")

    assert refused(raised) == [
        "key: it is in use by the cart price rule 'fan-price'. Remove it there first.",
        "key: it is in use by the segment 'fans'. Remove it there first.",
    ]
    assert await audiences.get(mall, "hikers") is not None
