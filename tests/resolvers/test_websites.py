"""Websites at the admin door."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import websites as domain
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.resolvers import (
    cart_price_rules,
    catalogue_price_rules,
    related_product_rules,
    segments,
    store_views,
    websites,
)
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.pages import Paging
from gateway.resolvers.websites import Website
from gateway.storage.database import Database
from tests.shops import (
    a_price_rule,
    a_related_rule,
    a_rule,
    a_segment,
    contents,
    revisions,
)
from tests.waiting import until_waiting


def a_website(code: str = "uk", **also: Any) -> dict[str, Any]:
    given = {"code": code, "name": "UK", "timezone": "Europe/London", "currency": "GBP"}
    return {**given, **also}


async def test_a_website_survives_the_round_trip(database: Database) -> None:
    definition = domain.read(a_website())

    saved = await websites.save(database, as_given(definition))

    assert domain.read(as_given(definition)) == definition
    assert saved == Website(definition, 1, [])
    assert await websites.get(database, "uk") == saved


async def test_a_website_keeps_the_most_that_rules_take_off(
    database: Database,
) -> None:
    saved = await websites.save(database, a_website(most_discount="50.50"))
    again = await websites.save(database, a_website(most_discount="50.5"))

    assert saved.definition.most_discount == Decimal("50.5")
    assert again.version == saved.version


async def test_a_cap_is_in_the_very_next_rule_book(mall: Database) -> None:
    before = await revisions(mall)
    given = a_website("base", timezone="Europe/Berlin", currency="EUR", name="Base")

    await websites.save(mall, {**given, "most_discount": "5"})

    after = await revisions(mall)
    assert {code: after[code] - before[code] for code in after} == {"base": 1, "us": 0}


async def test_a_website_comes_with_its_store_views(mall: Database) -> None:
    website = await websites.get(mall, "base")

    assert website is not None
    codes = [view.definition.code for view in website.store_views]
    assert codes == ["english", "german"]


async def test_there_is_no_website_that_was_never_saved(mall: Database) -> None:
    assert await websites.get(mall, "uk") is None


@pytest.mark.parametrize(
    ("also", "problem"),
    [
        pytest.param(
            {"timezone": "Europe/Berlen"},
            Problem(
                "timezone",
                "'Europe/Berlen' is not an IANA time zone.",
                "Did you mean 'Europe/Berlin'?",
            ),
            id="mistyped-time-zone",
        ),
        pytest.param(
            {"timezone": "europe/berlin"},
            Problem(
                "timezone",
                "'europe/berlin' is not an IANA time zone.",
                "Did you mean 'Europe/Berlin'?",
            ),
            id="time-zone-in-lower-case",
        ),
        pytest.param(
            {"timezone": "../../etc/passwd"},
            Problem(
                "timezone",
                "'../../etc/passwd' is not an IANA time zone.",
                "Write 'Europe/Berlin', say.",
            ),
            id="path",
        ),
        pytest.param(
            {"timezone": ""},
            Problem("timezone", "it is missing.", "Write a text."),
            id="no-time-zone",
        ),
        pytest.param(
            {"currency": "eur"},
            Problem(
                "currency", "'eur' is not an ISO 4217 code.", "Did you mean 'EUR'?"
            ),
            id="currency-in-lower-case",
        ),
        pytest.param(
            {"currency": "EURO"},
            Problem(
                "currency", "'EURO' is not an ISO 4217 code.", "Did you mean 'EUR'?"
            ),
            id="currency-by-name",
        ),
        pytest.param(
            {"most_discount": "0.001"},
            Problem(
                "most_discount",
                "0.001 is no amount of GBP.",
                "Write at most 2 decimals.",
            ),
            id="cap-finer-than-a-coin",
        ),
        pytest.param(
            {"most_discount": "-1"},
            Problem("most_discount", "-1 is too small.", "Write at least 0."),
            id="negative-cap",
        ),
        pytest.param(
            {"most_discount": "0"},
            Problem("most_discount", "it is zero.", "Leave it out for no limit."),
            id="cap-of-nothing",
        ),
    ],
)
async def test_a_website_at_fault_is_refused(
    database: Database, also: dict[str, str], problem: Problem
) -> None:
    before = await contents(database)

    with pytest.raises(InvalidInput) as refused:
        await websites.save(database, a_website(**also))

    assert refused.value.problems == (problem,)
    assert await contents(database) == before


async def test_a_changed_time_zone_raises_the_revision(mall: Database) -> None:
    before = await revisions(mall)
    given = a_website("base", timezone="Europe/Vienna", currency="EUR")

    saved = await websites.save(mall, given, expected_version=1)

    assert saved.version == 2
    assert await revisions(mall) == {**before, "base": before["base"] + 1}


CHEAP = {"all": [{"attribute": "product.price", "operator": "at_most", "value": 9}]}
DEFINITIONS: dict[str, tuple[Definitions[Any], dict[str, Any]]] = {
    "the segment 'big-carts'": (segments.STORED, a_segment()),
    "the cart price rule 'ten-off'": (cart_price_rules.STORED, a_rule()),
    "the catalogue price rule 'sale'": (catalogue_price_rules.STORED, a_price_rule()),
    "the related-product rule 'tents-and-beds'": (
        related_product_rules.STORED,
        a_related_rule(products_to_display=CHEAP),
    ),
}
ROWS = {
    "the customer 'with store credit'": (
        "insert into customer (website, customer_id, store_credit)"
        " values ('base', '1', 5)"
    ),
    "the product 'mug'": (
        "insert into product (website, sku, price, revision)"
        " values ('base', 'mug', 10, 1)"
    ),
    "the order '1'": (
        "insert into sales_order (website, order_id, created_at, status, grand_total)"
        " values ('base', '1', now(), 'new', 10)"
    ),
    "the cart 'of a shopper'": (
        "insert into cart (id, website) values (repeat('x', 32), 'base')"
    ),
}


@pytest.mark.parametrize("named", [*DEFINITIONS, *ROWS])
async def test_where_something_counts_in_it_the_currency_stays(
    mall: Database, named: str
) -> None:
    if named in ROWS:
        async with mall.connection() as connection:
            await connection.execute(ROWS[named])
    else:
        stored, given = DEFINITIONS[named]
        await stored.save(mall, given)
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await websites.save(mall, a_website("base", currency="USD"))

    assert refused.value.problems == (
        Problem(
            "currency",
            f"{named} counts in EUR.",
            "Save another website for the other currency, or remove it first.",
        ),
    )
    assert await contents(mall) == before


async def test_where_nothing_counts_in_it_the_currency_changes(mall: Database) -> None:
    await segments.save(mall, a_segment(conditions=None))
    async with mall.connection() as connection:
        await connection.execute(
            "insert into customer (website, customer_id) values ('base', '1')"
        )

    saved = await websites.save(mall, a_website("base", currency="USD"))

    assert saved.definition.currency == "USD"


async def test_what_is_added_meanwhile_is_seen_by_whoever_changes_the_currency(
    mall: Database,
) -> None:
    async with mall.transaction() as connection:
        await connection.execute(
            "insert into product (website, sku, price, revision)"
            " values ('base', 'mug', 10, 1)"
        )
        change = asyncio.create_task(
            websites.save(mall, a_website("base", currency="USD"))
        )
        await until_waiting(mall, 1)

    with pytest.raises(Conflict):
        await change


async def test_what_changes_nothing_is_not_written(mall: Database) -> None:
    await websites.save(mall, a_website())
    before = await contents(mall)

    saved = await websites.save(mall, a_website())

    assert saved.version == 1
    assert await contents(mall) == before


async def test_another_version_than_expected_is_a_conflict(mall: Database) -> None:
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await websites.save(mall, a_website("base"), expected_version=0)

    assert refused.value.problems[0].message == "version 1 is stored, not 0."
    assert await contents(mall) == before


async def test_of_two_who_write_at_once_one_wins(database: Database) -> None:
    answers = await asyncio.gather(
        websites.save(database, a_website(name="One"), 0),
        websites.save(database, a_website(name="Two"), 0),
        return_exceptions=True,
    )

    kinds = sorted(type(one).__name__ for one in answers)
    assert kinds == ["Conflict", "Website"]


async def test_a_website_in_use_stays_and_says_where(mall: Database) -> None:
    await segments.save(mall, a_segment())
    async with mall.connection() as connection:
        await connection.execute(
            "insert into customer (website, customer_id) values ('base', '1')"
        )
    before = await contents(mall)

    with pytest.raises(Conflict) as refused:
        await websites.delete(mall, "base")

    assert [problem.message for problem in refused.value.problems] == [
        "it is in use by the store view 'english'.",
        "it is in use by the store view 'german'.",
        "it is in use by the segment 'big-carts'.",
        "it is in use by the customer '1'.",
    ]
    assert await contents(mall) == before


async def test_a_website_that_is_not_used_can_be_deleted(mall: Database) -> None:
    await store_views.delete(mall, "american")

    assert await websites.delete(mall, "us") == "us"

    assert await websites.get(mall, "us") is None


async def test_deleting_what_is_not_there_names_a_neighbour(mall: Database) -> None:
    with pytest.raises(NotFound) as refused:
        await websites.delete(mall, "bas")

    assert refused.value.problems == (
        Problem("code", "there is no website 'bas'.", "Did you mean 'base'?"),
    )


async def test_a_list_of_websites_can_be_searched_and_cut(mall: Database) -> None:
    found = await websites.page(mall, "BAS", Paging())
    second = await websites.page(mall, None, Paging(1, 2))

    assert [one.definition.code for one in found.items] == ["base"]
    assert [one.definition.code for one in second.items] == ["us"]
    assert (found.total, second.total) == (1, 2)
