"""A definition that a rule book leaves out says so, in the rule book's own words."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from gateway.personalize.errors import Problem
from gateway.personalize.grammar import Limits
from gateway.resolvers import (
    audiences,
    cart_price_rules,
    catalogue_price_rules,
    dynamic_blocks,
    related_product_rules,
    segments,
)
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.pages import Paging
from gateway.storage.database import Database
from gateway.storage.definitions import Wanted
from gateway.storage.rulebooks import RuleBooks
from tests.shops import (
    a_block,
    a_definition,
    a_price_rule,
    a_related_rule,
    a_rule,
    a_segment,
)

LIMITS = Limits(segment_prices=True)
BOTH = ["base", "us"]
SEE = "See that it is active, for that website and without problems, or name another."

Subject: TypeAlias = tuple[Definitions[Any], dict[str, Any], str]


def _in_segment(*keys: str) -> dict[str, Any]:
    leaf = {
        "attribute": "customer.segment",
        "operator": "is_one_of",
        "value": [*keys],
    }
    return {"all": [leaf]}


SUBJECTS: dict[str, Subject] = {
    "cart price rule": (
        cart_price_rules.STORED,
        a_rule(conditions=_in_segment("loyal"), websites=BOTH),
        "conditions.all.0.value.0",
    ),
    "catalogue price rule": (
        catalogue_price_rules.STORED,
        a_price_rule(segments=["loyal"], websites=BOTH),
        "segments",
    ),
    "dynamic block": (
        dynamic_blocks.STORED,
        a_block(shown_to="segments", segments=["loyal"], websites=BOTH),
        "segments",
    ),
    "related-product rule": (
        related_product_rules.STORED,
        a_related_rule(shown_to="segments", segments=["loyal"], websites=BOTH),
        "segments",
    ),
}


def _unused(
    path: str, website: str, named: str = "the segment 'loyal' is not"
) -> Problem:
    return Problem(path, f"{named} in use on the website {website!r}.", SEE)


async def _faults(database: Database) -> dict[str, list[str]]:
    """What the rule books leave out, by website."""
    books = RuleBooks(database, LIMITS)
    await books.refresh()
    return {
        code: [fault.key for fault in held.rulebook.faults]
        for code, held in books.held.items()
    }


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
async def test_saving_what_a_rule_book_leaves_out_warns(
    mall: Database, subject: Subject
) -> None:
    stored, given, path = subject
    await segments.save(mall, a_segment("loyal", websites=["base"]))

    saved = await stored.save(mall, given, limits=LIMITS)

    told = (_unused(path, "us"),)
    assert saved.warnings == told
    assert saved.problems == told
    assert await _faults(mall) == {"base": [], "us": [given["key"]]}


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
async def test_what_it_asks_for_may_go_out_of_use_later(
    mall: Database, subject: Subject
) -> None:
    stored, given, path = subject
    await segments.save(mall, a_segment("loyal", websites=BOTH))
    saved = await stored.save(mall, given, limits=LIMITS)

    await segments.save(mall, a_segment("loyal", websites=BOTH, active=False))

    told = (_unused(path, "base"), _unused(path, "us"))
    got = await stored.get(mall, given["key"], LIMITS)
    page = await stored.page(mall, Wanted(), Paging(), LIMITS)
    assert (saved.problems, saved.warnings) == ((), ())
    assert got is not None
    assert got.problems == told
    assert [one.problems for one in page.items] == [told]
    assert await _faults(mall) == {"base": [given["key"]], "us": [given["key"]]}


async def test_what_is_not_active_is_asked_nothing(mall: Database) -> None:
    await segments.save(mall, a_segment("loyal", active=False))
    given = a_rule(conditions=_in_segment("loyal"), active=False)

    saved = await cart_price_rules.save(mall, given)

    assert (saved.problems, saved.warnings) == ((), ())
    assert await _faults(mall) == {"base": [], "us": []}


async def test_of_several_segments_of_a_block_one_is_enough(mall: Database) -> None:
    await segments.save(mall, a_segment("loyal", active=False))
    await segments.save(mall, a_segment("new", active=False))
    shown: dict[str, Any] = {"shown_to": "segments", "segments": ["new", "loyal"]}
    await dynamic_blocks.save(mall, a_block(**shown))

    none = await dynamic_blocks.get(mall, "hero")
    await segments.save(mall, a_segment("new"))
    one = await dynamic_blocks.get(mall, "hero")

    assert none is not None
    assert one is not None
    named = "no segment of 'loyal', 'new' is"
    assert none.problems == (_unused("segments", "base", named),)
    assert one.problems == ()


async def test_a_block_tells_of_rules_that_are_left_out_themselves(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("loyal", active=False))
    rule = a_rule(conditions=_in_segment("loyal"))
    await cart_price_rules.save(mall, rule)

    saved = await dynamic_blocks.save(mall, a_block(cart_price_rules=["ten-off"]))

    named = "the cart price rule 'ten-off' is not"
    assert saved.problems == (_unused("cart_price_rules", "base", named),)
    assert await _faults(mall) == {"base": ["ten-off", "hero"], "us": []}


async def test_a_segment_tells_of_an_audience_of_other_websites(
    mall: Database,
) -> None:
    await audiences.save(mall, a_definition("hikers", websites=["us"]))
    leaf = {"attribute": "customer.audience", "operator": "is", "value": "hikers"}
    given = a_segment("outdoor", applies_to="registered", conditions=leaf)

    saved = await segments.save(mall, given)

    assert saved.warnings == (
        Problem(
            "conditions.value",
            "the audience 'hikers' is not in use on the website 'base'.",
            "Save it for that website, or name another.",
        ),
    )


async def test_segments_that_were_written_into_a_circle_tell_so(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("a"))
    await segments.save(mall, a_segment("b", conditions=_in_segment("a")))
    async with mall.connection() as connection:
        await connection.execute(
            "update segment a set conditions = b.conditions, segments = '{a}'"
            " from segment b where a.key = 'a' and b.key = 'b'"
        )

    found = await segments.get(mall, "a")

    assert found is not None
    assert found.problems == (Problem("", "it asks for itself: a -> a."),)


async def test_a_reference_that_leads_nowhere_is_told_once(mall: Database) -> None:
    await segments.save(mall, a_segment("loyal"))
    await cart_price_rules.save(mall, a_rule(conditions=_in_segment("loyal")))
    async with mall.connection() as connection:
        await connection.execute("delete from segment")

    found = await cart_price_rules.get(mall, "ten-off")

    assert found is not None
    assert found.problems == (
        Problem(
            "conditions.all.0.value.0",
            "there is no segment 'loyal'.",
            "Save the segment first.",
        ),
    )
