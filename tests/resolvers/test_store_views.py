"""Store views at the admin door."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import store_views as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.resolvers import (
    cart_price_rules,
    dynamic_blocks,
    segments,
    store_views,
)
from gateway.resolvers.pages import Paging
from gateway.storage.database import Database
from tests.factories import a_comparison
from tests.rows import Shop
from tests.shops import a_block, a_rule, a_segment, contents, revisions


def a_view(code: str = "french", **also: Any) -> dict[str, Any]:
    given = {"code": code, "website": "base", "name": "Français", "locale": "fr-FR"}
    return {**given, **also}


async def test_a_store_view_survives_the_round_trip(mall: Database) -> None:
    definition = domain.read(a_view())

    saved = await store_views.save(mall, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert (saved.definition, saved.version) == (definition, 1)
    assert await store_views.get(mall, "french") == saved


@pytest.mark.parametrize("locale", ["de", "gsw", "de-AT", "zh-Hant-TW", "es-419"])
def test_a_locale_is_a_language_tag(locale: str) -> None:
    assert domain.read(a_view(locale=locale)).locale == locale


@pytest.mark.parametrize(
    ("locale", "remedy"),
    [
        ("de_DE", "Did you mean 'de-DE'?"),
        (
            "German",
            "Write a language, or one with a country, such as 'de' or 'de-AT'.",
        ),
        ("DE", "Write a language, or one with a country, such as 'de' or 'de-AT'."),
    ],
    ids=["underscore", "name", "country"],
)
async def test_a_locale_that_is_none_is_refused(
    mall: Database, locale: str, remedy: str
) -> None:
    before = await contents(mall)

    with pytest.raises(InvalidInput) as refused:
        await store_views.save(mall, a_view(locale=locale))

    assert refused.value.problems == (
        Problem("locale", f"{locale!r} is not a locale.", remedy),
    )
    assert await contents(mall) == before


async def test_a_store_view_needs_a_website_that_exists(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(InvalidInput) as refused:
        await store_views.save(mall, a_view(website="bass"))

    assert refused.value.problems == (
        Problem("website", "there is no website 'bass'.", "Did you mean 'base'?"),
    )
    assert await contents(mall) == before


async def test_a_store_view_stays_with_its_website(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await store_views.save(mall, a_view("german", website="us"))

    assert refused.value.problems == (
        Problem(
            "website",
            "it belongs to the website 'base' and stays there.",
            "Save another store view, under a code of its own.",
        ),
    )
    assert await contents(mall) == before


async def test_a_changed_store_view_raises_every_revision(mall: Database) -> None:
    before = await revisions(mall)

    saved = await store_views.save(mall, a_view("german", locale="de-AT"), 1)

    assert saved.version == 2
    after = await revisions(mall)
    assert all(after[website] > before[website] for website in before)


async def test_what_changes_nothing_is_not_written(mall: Database) -> None:
    await store_views.save(mall, a_view())
    before = await contents(mall)

    await store_views.save(mall, a_view())

    assert await contents(mall) == before


async def test_a_store_view_with_texts_of_its_own_stays(mall: Database) -> None:
    block = a_block(content_by_store_view={"german": "<p>Hallo</p>"})
    await dynamic_blocks.save(mall, block)
    rule = a_rule(label_by_store_view={"german": "Rabatt"})
    await cart_price_rules.save(mall, rule)
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await store_views.delete(mall, "german")

    remedy = "Remove it there first."
    assert refused.value.problems == (
        Problem("code", "it is in use by the cart price rule 'ten-off'.", remedy),
        Problem("code", "it is in use by the dynamic block 'hero'.", remedy),
    )
    assert await contents(mall) == before


async def test_a_store_view_that_is_not_there_cannot_be_asked_for(
    mall: Database,
) -> None:
    before = await contents(mall)
    listed = a_comparison("customer.store_view", "is_one_of", ["german", "germany"])
    tree = {"any": [listed]}

    for save in (
        segments.save(mall, a_segment(applies_to="registered", conditions=tree)),
        cart_price_rules.save(mall, a_rule(conditions=tree)),
    ):
        with pytest.raises(InvalidInput) as refused:
            await save
        assert refused.value.problems == (
            Problem(
                "conditions.any.0.all.0.value.1",
                "there is no store view 'germany'.",
                "Did you mean 'german'?",
            ),
        )
    assert await contents(mall) == before


async def test_a_store_view_that_conditions_ask_for_stays(mall: Database) -> None:
    tree = a_comparison("customer.store_view", "is", "german")
    await segments.save(mall, a_segment(applies_to="registered", conditions=tree))
    listed = a_comparison("customer.store_view", "is_one_of", "english; german")
    rule = a_rule(
        conditions={"any": [listed]}, label_by_store_view={"german": "Rabatt"}
    )
    await cart_price_rules.save(mall, rule)

    with pytest.raises(Conflict) as refused:
        await store_views.delete(mall, "german")

    assert [problem.message for problem in refused.value.problems] == [
        "it is in use by the cart price rule 'ten-off'.",
        "it is in use by the segment 'big-carts'.",
    ]


async def test_a_store_view_of_customers_stays(mall: Database) -> None:
    shop = Shop(mall)
    for id in ("1", "2"):
        await shop.customer(id, store_view="german")

    with pytest.raises(Conflict) as refused:
        await store_views.delete(mall, "german")

    (problem,) = refused.value.problems
    assert problem.message.startswith("it is in use by the customer '")


async def test_a_store_view_that_is_not_used_can_be_deleted(mall: Database) -> None:
    assert await store_views.delete(mall, "german") == "german"

    assert await store_views.get(mall, "german") is None


async def test_deleting_what_is_not_there_names_a_neighbour(mall: Database) -> None:
    with pytest.raises(NotFound) as refused:
        await store_views.delete(mall, "germany")

    assert refused.value.problems == (
        Problem("code", "there is no store view 'germany'.", "Did you mean 'german'?"),
    )


async def test_a_list_of_store_views_can_be_narrowed(mall: Database) -> None:
    of_us = await store_views.page(mall, None, "us", Paging())
    found = await store_views.page(mall, "ENGL", None, Paging())

    assert [one.definition.code for one in of_us.items] == ["american"]
    assert [one.definition.code for one in found.items] == ["english"]
