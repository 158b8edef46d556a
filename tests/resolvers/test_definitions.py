"""What holds of every subject: checked with segments, which have all of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.personalize.grammar import Limits
from gateway.resolvers import cart_price_rules, dynamic_blocks, segments
from gateway.resolvers.definitions import Saved
from gateway.resolvers.pages import Paging
from gateway.storage.database import Database
from gateway.storage.definitions import Wanted
from tests.shops import CART_ABOVE_50, a_block, a_rule, a_segment, contents, revisions

ANY = Wanted()


async def _execute(database: Database, sql: str, *arguments: Any) -> None:
    async with database.connection() as connection:
        await connection.execute(sql, *arguments)


async def test_a_saved_definition_comes_back_as_it_was_given(mall: Database) -> None:
    given = a_segment(
        description="For the sale.",
        websites=["us", "base"],
        active=False,
        applies_to="registered",
        conditions={
            "any": [
                {"attribute": "customer.group", "operator": "is", "value": "2"},
                {"attribute": "cart.subtotal", "operator": "at_least", "value": 50.5},
            ],
            "are": False,
        },
    )

    saved = await segments.save(mall, given)

    assert saved.version == 1
    assert saved.definition.conditions == given["conditions"]
    assert saved.definition.websites == ("us", "base")
    assert await segments.get(mall, "big-carts") == saved


async def test_saving_raises_the_revision_of_its_websites_alone(
    mall: Database,
) -> None:
    before = await revisions(mall)

    await segments.save(mall, a_segment())

    assert await revisions(mall) == {**before, "base": before["base"] + 1}


async def test_a_website_that_is_left_hears_of_it_too(mall: Database) -> None:
    await segments.save(mall, a_segment(websites=["base"]))
    before = await revisions(mall)

    await segments.save(mall, a_segment(websites=["us"]))

    assert await revisions(mall) == {code: one + 1 for code, one in before.items()}


async def test_what_changes_nothing_is_not_written(mall: Database) -> None:
    first = await segments.save(mall, a_segment())
    before = await contents(mall)

    again = await segments.save(mall, a_segment())

    assert again == first
    assert await contents(mall) == before


async def test_a_text_is_not_taken_for_the_number_it_equals(mall: Database) -> None:
    def postcode(value: object) -> dict[str, Any]:
        leaf = {"attribute": "cart.postcode", "operator": "is", "value": value}
        return a_segment(conditions={"all": [leaf]})

    await segments.save(mall, postcode(1))

    saved = await segments.save(mall, postcode(1.0))

    assert saved.version == 2


async def test_faults_of_fields_and_conditions_come_together(mall: Database) -> None:
    before = await contents(mall)
    leaf = {"attribute": "cart.subtotl", "operator": "at_least", "value": 50}
    given = a_segment("Big Carts", name="", websites=[], conditions={"any": [leaf]})

    with pytest.raises(InvalidInput) as refused:
        await segments.save(mall, given)

    remedy = "Write 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit."
    assert refused.value.problems == (
        Problem("key", "'Big Carts' is not a key.", remedy),
        Problem("name", "it is missing.", "Write a text."),
        Problem("websites", "it is empty.", "Write at least one."),
        Problem(
            "conditions.any.0.attribute",
            "no condition attribute is called 'cart.subtotl'.",
            "Did you mean 'cart.subtotal'?",
        ),
    )
    assert await contents(mall) == before


async def test_conditions_are_not_judged_by_an_unknown_kind_of_shopper(
    mall: Database,
) -> None:
    leaf = {"attribute": "customer.email", "operator": "is", "value": "a@b.c"}
    given = a_segment(applies_to="registred", conditions={"all": [leaf]})

    with pytest.raises(InvalidInput) as refused:
        await segments.save(mall, given)

    assert refused.value.problems == (
        Problem(
            "applies_to", "'registred' is not a choice.", "Did you mean 'registered'?"
        ),
    )


async def test_an_unknown_website_is_named_with_its_neighbour(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(InvalidInput) as refused:
        await segments.save(mall, a_segment(websites=["us", "bass"]))

    assert refused.value.problems == (
        Problem("websites.1", "there is no website 'bass'.", "Did you mean 'base'?"),
    )
    assert await contents(mall) == before


async def test_without_any_website_the_first_is_asked_for(database: Database) -> None:
    with pytest.raises(InvalidInput) as refused:
        await segments.save(database, a_segment())

    assert refused.value.problems == (
        Problem("websites.0", "there is no website 'base'.", "Save the website first."),
    )


async def test_a_tree_above_the_limits_is_refused(mall: Database) -> None:
    given = a_segment(conditions={"all": [{"all": [CART_ABOVE_50]}]})

    with pytest.raises(InvalidInput) as refused:
        await segments.save(mall, given, limits=Limits(depth=2))

    assert refused.value.problems == (
        Problem(
            "conditions.all.0.all.0",
            "the tree is nested too deep.",
            "Conditions may nest 2 deep.",
        ),
    )


# Versions -------------------------------------------------------------------------


async def test_a_version_rises_with_every_change(mall: Database) -> None:
    await segments.save(mall, a_segment(), expected_version=0)
    await segments.save(mall, a_segment(name="Larger"), expected_version=1)

    saved = await segments.save(mall, a_segment(name="Largest"), expected_version=2)

    assert saved.version == 3


async def test_another_version_than_expected_is_a_conflict(mall: Database) -> None:
    await segments.save(mall, a_segment())
    await segments.save(mall, a_segment(name="Larger"))
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await segments.save(mall, a_segment(name="Mine"), expected_version=1)

    assert refused.value.problems == (
        Problem(
            "expected_version",
            "version 2 is stored, not 1.",
            "Read it again, and repeat the change.",
        ),
    )
    assert await contents(mall) == before


async def test_a_new_definition_does_not_replace_one_of_its_key(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment())

    with pytest.raises(Conflict) as refused:
        await segments.save(mall, a_segment(name="Mine"), expected_version=0)

    assert refused.value.problems[0].message == "version 1 is stored, not 0."


async def test_a_version_of_what_was_deleted_is_not_found(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(NotFound) as refused:
        await segments.save(mall, a_segment(), expected_version=3)

    assert refused.value.problems == (
        Problem(
            "expected_version",
            "there is no such segment, and version 3 was expected.",
            "Save it as new, with version 0.",
        ),
    )
    assert await contents(mall) == before


@pytest.mark.parametrize("expected", [0, 1], ids=["new", "changed"])
async def test_of_two_who_write_at_once_one_wins(mall: Database, expected: int) -> None:
    if expected:
        await segments.save(mall, a_segment())

    answers = await asyncio.gather(
        *(
            segments.save(mall, a_segment(name=f"By {who}"), expected)
            for who in ("Ada", "Bob", "Eve", "Joe")
        ),
        return_exceptions=True,
    )

    won = [one for one in answers if isinstance(one, Saved)]
    assert [type(one) for one in answers].count(Conflict) == 3
    assert await segments.get(mall, "big-carts") == won[0]
    assert won[0].version == expected + 1


# Deleting -------------------------------------------------------------------------


async def test_what_is_deleted_is_gone_and_raises_the_revision(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment())
    before = await revisions(mall)

    assert await segments.delete(mall, "big-carts") == "big-carts"

    assert await segments.get(mall, "big-carts") is None
    assert await revisions(mall) == {**before, "base": before["base"] + 1}


async def test_deleting_what_is_not_there_names_a_neighbour(mall: Database) -> None:
    await segments.save(mall, a_segment())

    with pytest.raises(NotFound) as refused:
        await segments.delete(mall, "big-cart")

    assert refused.value.problems == (
        Problem("key", "there is no segment 'big-cart'.", "Did you mean 'big-carts'?"),
    )


async def test_what_is_in_use_stays_and_says_where(mall: Database) -> None:
    await segments.save(mall, a_segment())
    await dynamic_blocks.save(
        mall, a_block(shown_to="segments", segments=["big-carts"])
    )
    leaf = {"attribute": "customer.segment", "operator": "is_one_of"}
    tree = {"all": [{**leaf, "value": ["big-carts"]}]}
    await cart_price_rules.save(mall, a_rule(conditions=tree))
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await segments.delete(mall, "big-carts")

    remedy = "Remove it there first."
    assert refused.value.problems == (
        Problem("key", "it is in use by the cart price rule 'ten-off'.", remedy),
        Problem("key", "it is in use by the dynamic block 'hero'.", remedy),
    )
    assert await contents(mall) == before


async def test_of_very_many_uses_some_are_told(mall: Database) -> None:
    await segments.save(mall, a_segment())
    for number in range(23):
        block = a_block(f"b{number}", shown_to="segments", segments=["big-carts"])
        await dynamic_blocks.save(mall, block)

    with pytest.raises(Conflict) as refused:
        await segments.delete(mall, "big-carts")

    assert len(refused.value.problems) == 21
    assert refused.value.problems[-1].message == "it is in use at 3 more places."


async def test_a_reference_and_a_deletion_at_once_leave_nothing_dangling(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment())
    block = a_block(shown_to="segments", segments=["big-carts"])

    saved, deleted = await asyncio.gather(
        dynamic_blocks.save(mall, block),
        segments.delete(mall, "big-carts"),
        return_exceptions=True,
    )

    refused = [isinstance(one, Exception) for one in (saved, deleted)]
    assert sorted(refused) == [False, True]
    left = await segments.get(mall, "big-carts")
    assert (left is not None) is isinstance(saved, Saved)


# Listing --------------------------------------------------------------------------


async def _keys(mall: Database, wanted: Wanted, paging: Paging) -> list[str]:
    page = await segments.page(mall, wanted, paging)
    return [item.definition.key for item in page.items]


async def test_a_list_is_cut_into_pages(mall: Database) -> None:
    for key in ("a", "b", "c", "d", "e"):
        await segments.save(mall, a_segment(key))

    assert await _keys(mall, ANY, Paging(2, 1)) == ["a", "b"]
    assert await _keys(mall, ANY, Paging(2, 3)) == ["e"]
    assert await _keys(mall, ANY, Paging(2, 4)) == []


async def test_the_total_is_known_behind_the_last_page(mall: Database) -> None:
    await segments.save(mall, a_segment())

    page = await segments.page(mall, ANY, Paging(20, 2_147_483_647))

    assert page.total == 1


async def test_a_list_without_anything_is_a_page_too(mall: Database) -> None:
    page = await segments.page(mall, ANY, Paging())

    assert (page.items, page.total) == ([], 0)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(ANY, ["vip", "news", "rest"], id="any"),
        pytest.param(Wanted(search="EW"), ["news"], id="a-part-of-the-key"),
        pytest.param(Wanted(search="loyal"), ["vip"], id="a-part-of-the-name"),
        pytest.param(Wanted(search="%"), [], id="a-percent-sign-is-itself"),
        pytest.param(Wanted(website="us"), ["news", "rest"], id="a-website"),
        pytest.param(Wanted(active=False), ["rest"], id="not-active"),
        pytest.param(Wanted(website="us", active=True), ["news"], id="both"),
        pytest.param(Wanted(website="no"), [], id="no-such-website"),
    ],
)
async def test_a_list_can_be_narrowed(
    mall: Database, wanted: Wanted, found: list[str]
) -> None:
    await segments.save(mall, a_segment("vip", name="Loyal ones"))
    await segments.save(mall, a_segment("news", websites=["base", "us"]))
    await segments.save(mall, a_segment("rest", websites=["us"], active=False))

    assert await _keys(mall, wanted, Paging()) == found


@pytest.mark.parametrize(
    ("size", "current", "problem"),
    [
        (0, 1, Problem("page_size", "0 is not possible.", "Write 1 to 100.")),
        (101, 1, Problem("page_size", "101 is not possible.", "Write 1 to 100.")),
        (
            20,
            0,
            Problem("current_page", "0 is not possible.", "Write 1 to 2147483647."),
        ),
    ],
    ids=["no-items", "too-many-items", "no-page"],
)
def test_a_page_that_cannot_be_is_refused(
    size: int, current: int, problem: Problem
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Paging(size, current)

    assert refused.value.problems == (problem,)


# What was written by hand ---------------------------------------------------------


async def test_a_row_that_cannot_be_read_is_listed_apart(mall: Database) -> None:
    await segments.save(mall, a_segment("fine"))
    await segments.save(mall, a_segment("broken"))
    await _execute(mall, "update segment set name = '' where key = 'broken'")

    page = await segments.page(mall, ANY, Paging())

    assert [item.definition.key for item in page.items] == ["fine"]
    [broken] = page.broken
    assert (broken.key, broken.version, page.total) == ("broken", 1, 2)
    assert broken.problems == (Problem("name", "it is missing.", "Write a text."),)


async def test_a_row_that_cannot_be_read_says_why_when_it_is_asked_for(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment())
    await _execute(mall, "update segment set name = ''")

    with pytest.raises(InvalidInput) as refused:
        await segments.get(mall, "big-carts")

    assert refused.value.problems == (
        Problem("name", "it is missing.", "Write a text."),
    )


async def test_a_row_that_cannot_be_read_is_mended_by_saving_it(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment())
    await _execute(mall, "update segment set name = ''")

    saved = await segments.save(mall, a_segment(), expected_version=1)

    assert saved.version == 2
    assert (await segments.page(mall, ANY, Paging())).broken == []


async def test_what_no_rule_book_can_have_says_why(mall: Database) -> None:
    await segments.save(mall, a_segment())
    await _execute(
        mall,
        """update segment
              set websites = '{gone}',
                  conditions = '{"all": [{"attribute": "product.lost"}]}'""",
    )

    [item] = (await segments.page(mall, ANY, Paging())).items

    paths = [problem.path for problem in item.problems]
    assert paths == ["websites.0", "conditions.all.0.attribute"]
    assert await segments.get(mall, "big-carts") == item
