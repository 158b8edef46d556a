"""Tier prices and catalogue price rules in files."""

from __future__ import annotations

import pytest

from tests.importing.given import (
    PRODUCTS,
    TWO_WEBSITES,
    WEBSITES,
    BringIn,
    Files,
    Refuses,
    refused,
)
from tests.rows import Shop

BEFORE = {"websites.csv": WEBSITES, "products.csv": PRODUCTS}
TIERS = "sku,group_id,quantity,type,amount\nMUG,,10,,8.50\nMUG,2,,discount,20\n"
_TIERS = """
select array_agg(concat_ws(' ', sku, coalesce(group_id::text, 'all'), quantity, type,
                           amount) order by group_id, quantity) from tier_price
"""
_REVISIONS = "select array[revision, catalogue_revision] from website"
_CHANGED = """
select array_agg(sku order by sku) from product
 where revision = (select catalogue_revision from website)
"""


async def test_tier_prices_are_written_and_change_their_products(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in(BEFORE)
    rules, catalogue = await shop.value(_REVISIONS)

    report = await bring_in({"tier_prices.csv": TIERS})

    assert report.succeeded, str(report)
    assert await shop.value(_TIERS) == [
        "MUG 2 1.0000 discount 20.0000",
        "MUG all 10.0000 fixed 8.5000",
    ]
    assert await shop.value(_REVISIONS) == [rules, catalogue + 1]
    assert await shop.value(_CHANGED) == ["MUG"]


async def test_the_same_file_once_more_changes_nothing(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in({**BEFORE, "tier_prices.csv": TIERS})
    revisions = await shop.value(_REVISIONS)

    report = await bring_in({"tier_prices.csv": TIERS})

    (file,) = report.files
    assert (file.added, file.changed, file.unchanged) == (0, 0, 2)
    assert await shop.value(_REVISIONS) == revisions


async def test_a_tier_price_is_replaced_and_keeps_what_the_file_leaves_out(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in({**BEFORE, "tier_prices.csv": TIERS})

    changed = "sku,group_id,quantity,amount\nMUG,2,1,0\nCUP,0,3,9\n"
    report = await bring_in({"tier_prices.csv": changed})

    (file,) = report.files
    assert (file.added, file.changed) == (1, 1)
    assert await shop.value(_TIERS) == [
        "CUP 0 3.0000 fixed 9.0000",
        "MUG 2 1.0000 discount 0.0000",
        "MUG all 10.0000 fixed 8.5000",
    ]


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        refused(
            "tier_prices.csv",
            "sku,group_id,quantity,type,amount\nMUG,9,1,,8\nPOT,,1,,8\n",
            ", line 2, group_id: there is no customer group '9'."
            " Import it first, or correct this one.",
            ", line 3, sku: there is no product 'POT' on its website."
            " Import it first, or correct this one.",
            before={"products.csv": PRODUCTS},
            id="references",
        ),
        refused(
            "tier_prices.csv",
            "sku,group_id,quantity,type,amount\nMUG,-1,0,percent,-3\nMUG,,1,,\n",
            ", line 2, group_id: -1 is too small. Write at least 0.",
            ", line 2, quantity: 0 is too small. Write at least 1.",
            ", line 2, type: 'percent' is not a choice. Write one of: discount, fixed.",
            ", line 2, amount: -3 is too small. Write at least 0.",
            ", line 3, amount: it is missing. Write a value.",
            before={"products.csv": PRODUCTS},
            id="values",
        ),
        refused(
            "tier_prices.csv",
            "sku,group_id,quantity,amount\nMUG,,1,8\nMUG,0,1,8\nMUG,,,7\n",
            ", line 4, quantity: line 2 has the same website and sku and group_id and"
            " quantity. Keep one of the two.",
            before={"products.csv": PRODUCTS},
            id="twice for all groups",
        ),
        refused(
            "catalogue_price_rules.yaml",
            "- key: sale\n  name: Sale\n  websites: [main]\n  customer_groups: [7]\n"
            "  action: by_percent\n  amount: 10\n"
            "- key: other\n  name: Other\n  websites: [main]\n  action: by_percnt\n"
            "  amount: 5\n"
            "  conditions: {attribute: cart.lines, operator: is, value: 1}\n",
            ", line 4, customer_groups.0: there is no customer group '7'."
            " Write one of: 0, 1, 2, 3.",
            ", line 10, action: no price action is called 'by_percnt'."
            " Did you mean 'by_percent'?",
            ", line 12, conditions.attribute: 'cart.lines' cannot be asked here."
            " A catalogue price rule can look at products only.",
            id="rules",
        ),
    ],
)
async def test_it_is_refused_and_nothing_of_it_is_written(
    refuses: Refuses, files: Files, faults: list[str]
) -> None:
    await refuses(files, faults)


async def test_rules_are_saved_as_an_admin_would_save_them(
    bring_in: BringIn, shop: Shop
) -> None:
    rule = (
        "- {key: sale, name: Sale, websites: [main, us], customer_groups: [0, 2],\n"
        "   action: to_percent, amount: 80, from: 2026-03-01}\n"
    )

    report = await bring_in(
        {"websites.csv": TWO_WEBSITES, "catalogue_price_rules.yaml": rule}
    )

    assert report.succeeded, str(report)
    assert (
        await shop.value(
            "select given ->> 'amount' from catalogue_price_rule_definition"
        )
        == "80"
    )
