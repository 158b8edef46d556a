"""What is special about dynamic blocks."""

from __future__ import annotations

import pytest

from gateway.personalize import dynamic_blocks as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, Problem
from gateway.resolvers import cart_price_rules, dynamic_blocks, segments
from gateway.storage.database import Database
from tests.shops import a_block, a_rule, a_segment, contents

NO_PROGRAMS = "Content holds no programs, forms, frames or style sheets."


async def test_a_block_survives_the_round_trip(mall: Database) -> None:
    await segments.save(mall, a_segment("vips"))
    await cart_price_rules.save(mall, a_rule())
    given = a_block(
        description="All fields.",
        websites=["us", "base"],
        active=False,
        locations=["header", "left"],
        shown_to="segments",
        segments=["vips"],
        cart_price_rules=["ten-off"],
        position=5,
        content="<p>Hello</p>",
        content_by_store_view={"german": "<p>Grüß Gott</p>"},
    )
    definition = domain.read(given)

    saved = await dynamic_blocks.save(mall, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert saved.definition == definition
    assert saved.warnings == ()


async def test_content_is_saved_cleaned_and_its_author_is_warned(
    mall: Database,
) -> None:
    given = a_block(
        content='<p onclick="x()">Hello</p><script>x()</script>',
        content_by_store_view={"german": "<form><b>Hallo</b></form>"},
    )

    saved = await dynamic_blocks.save(mall, given)

    assert saved.definition.content == "<p>Hello</p>"
    assert saved.definition.content_by_store_view == {"german": "<b>Hallo</b>"}
    assert saved.warnings == (
        Problem(
            "content", "it was saved without <script>, onclick of <p>.", NO_PROGRAMS
        ),
        Problem(
            "content_by_store_view.german", "it was saved without <form>.", NO_PROGRAMS
        ),
    )


async def test_of_very_much_that_is_removed_some_is_told(mall: Database) -> None:
    attributes = " ".join(f"on{number}=x" for number in range(13))

    saved = await dynamic_blocks.save(mall, a_block(content=f"<p {attributes}>x</p>"))

    [warning] = saved.warnings
    assert warning.message.endswith("on9 of <p> and 3 more.")


async def test_saving_unclean_content_again_changes_nothing(mall: Database) -> None:
    unclean = a_block(content="<p>Hello<script>x()</script></p>")
    first = await dynamic_blocks.save(mall, unclean)

    again = await dynamic_blocks.save(mall, unclean)

    assert again == first


async def test_directives_that_nothing_renders_are_refused_with_their_place(
    mall: Database,
) -> None:
    before = await contents(mall)
    given = a_block(
        name="",
        content='{{widget type="x"}}',
        content_by_store_view={"german": '<p>{{block id="1"}}</p>'},
    )

    with pytest.raises(InvalidInput) as refused:
        await dynamic_blocks.save(mall, given)

    kept = "Write HTML; only {{media url=PATH}} and {{store url=PATH}} are kept."
    said = "nothing here renders a directive that begins"
    assert refused.value.problems == (
        Problem("content", f"{said} '{{{{widget'.", kept),
        Problem("content_by_store_view.german", f"{said} '{{{{block'.", kept),
        Problem("name", "it is missing.", "Write a text."),
    )
    assert await contents(mall) == before


async def test_content_too_long_is_refused_before_it_is_cleaned(
    mall: Database,
) -> None:
    given = a_block(content="<p>" * 200_001)

    with pytest.raises(InvalidInput) as refused:
        await dynamic_blocks.save(mall, given)

    assert refused.value.problems == (
        Problem("content", "it has 600003 characters.", "Write at most 200000."),
    )


async def test_content_that_cleaning_makes_too_long_is_refused(
    mall: Database,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await dynamic_blocks.save(mall, a_block(content="&" * 200_000))

    assert refused.value.problems == (
        Problem("content", "it has 1000000 characters.", "Write at most 200000."),
    )


@pytest.mark.parametrize("content", [1, "\ud800", "\0"])
async def test_content_that_is_no_text_is_refused(
    mall: Database, content: object
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await dynamic_blocks.save(
            mall, a_block(content=content, content_by_store_view={"german": content})
        )

    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["content", "content_by_store_view.german"]


async def test_every_reference_that_leads_nowhere_is_told_at_once(
    mall: Database,
) -> None:
    await segments.save(mall, a_segment("vips"))
    await cart_price_rules.save(mall, a_rule())
    before = await contents(mall)
    given = a_block(
        websites=["us", "bas"],
        shown_to="segments",
        segments=["vips", "vip"],
        cart_price_rules=["tenoff"],
        content_by_store_view={"german": "<p>x</p>", "french": "<p>y</p>"},
    )

    with pytest.raises(InvalidInput) as refused:
        await dynamic_blocks.save(mall, given)

    views = "Write one of: american, english, german."
    assert refused.value.problems == (
        Problem("websites.1", "there is no website 'bas'.", "Did you mean 'base'?"),
        Problem("segments.1", "there is no segment 'vip'.", "Did you mean 'vips'?"),
        Problem(
            "cart_price_rules.0",
            "there is no cart price rule 'tenoff'.",
            "Did you mean 'ten-off'?",
        ),
        Problem(
            "content_by_store_view.french", "there is no store view 'french'.", views
        ),
    )
    assert await contents(mall) == before


async def test_a_cart_price_rule_that_a_block_waits_for_stays(mall: Database) -> None:
    await cart_price_rules.save(mall, a_rule())
    await dynamic_blocks.save(mall, a_block(cart_price_rules=["ten-off"]))

    with pytest.raises(Conflict) as refused:
        await cart_price_rules.delete(mall, "ten-off")

    assert refused.value.problems == (
        Problem(
            "key",
            "it is in use by the dynamic block 'hero'.",
            "Remove it there first.",
        ),
    )
    assert await cart_price_rules.get(mall, "ten-off") is not None
