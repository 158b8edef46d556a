"""Websites, store views, groups and rules are saved as an admin would save them."""

from __future__ import annotations

import json

import pytest

from tests.importing.given import TWO_WEBSITES, WEBSITES, BringIn
from tests.rows import Shop

SEGMENTS = """\
- key: big-carts
  name: Big carts
  websites: [main]
  conditions: {all: [{attribute: cart.subtotal, operator: at_least, value: 50}]}
- key: small-carts
  name: Small carts
  websites: [main]
  conditions: {all: [{attribute: cart.subtotal, operator: less_than, value: 50}]}
"""
_REVISION = "select revision from website where code = 'main'"


def refused(name: str, content: str, *faults: str, id: str) -> object:
    """A case: a file, and how it is refused."""
    return pytest.param(name, content, [f"{name}, {one}" for one in faults], id=id)


@pytest.mark.parametrize(
    ("name", "content", "faults"),
    [
        refused(
            "websites.csv",
            "code,name,timezone,currency\nmain,Main,Europe/Berlyn,EUR\n",
            "line 2, timezone: 'Europe/Berlyn' is not an IANA time zone."
            " Did you mean 'Europe/Berlin'?",
            id="time-zone",
        ),
        refused(
            "store_views.csv",
            "code,name,locale\nde,Deutsch,de_DE\n",
            "line 2, locale: 'de_DE' is not a locale. Did you mean 'de-DE'?",
            id="locale",
        ),
        refused(
            "customer_groups.csv",
            "id,name\n4,Wholesale\n0,Visitors\n",
            "line 2, name: the customer group 2 has the name 'Wholesale'."
            " Write another name.",
            "line 3, id: every visitor is in this group; it stays as it is."
            " Save another group.",
            id="groups",
        ),
        refused(
            "segments.yaml",
            SEGMENTS.replace("subtotal", "subtotl", 1).replace("[main]", "[]"),
            "line 3, websites: it is empty. Write at least one.",
            "line 4, conditions.all.0.attribute: no condition attribute is called"
            " 'cart.subtotl'. Did you mean 'cart.subtotal'?",
            "line 7, websites: it is empty. Write at least one.",
            id="every-fault-of-every-segment",
        ),
        refused(
            "segments.yaml",
            SEGMENTS.replace("small-carts", "big-carts"),
            "line 5, key: line 1 has the same key. Keep one of the two.",
            id="key-twice",
        ),
        refused(
            "segments.json",
            '[{"key": "a", "nmae": "A", "websites": ["main"]}, {"key": 5}]',
            "line 1, name: it is missing. Write a text.",
            "line 1, nmae: there is no such field. Did you mean 'name'?",
            "line 1, key: 5 is not text. Write a text in quotes.",
            "line 1, name: it is missing. Write a text.",
            "line 1, websites: it is empty. Write at least one.",
            id="json",
        ),
        refused(
            "dynamic_blocks.yaml",
            "- {key: a, name: A, websites: [mian], content: Hello}\n",
            "line 1, websites.0: there is no website 'mian'. Did you mean 'main'?",
            id="unknown-website",
        ),
        refused(
            "dynamic_blocks.yaml",
            "- {key: a, name: A, websites: [main], shown_to: segments,\n"
            "   segments: [big-cart]}\n",
            "line 2, segments.0: there is no segment 'big-cart'."
            " Save the segment first.",
            id="unknown-segment",
        ),
        refused(
            "cart_price_rules.yaml",
            "- {key: a, name: A, websites: [main], action: by_percent, amount: ten}\n",
            "line 1, amount: 'ten' is not a number. Write a number such as 12 or 12.5.",
            id="amount",
        ),
    ],
)
async def test_what_the_admin_door_refuses_is_refused_with_its_line(
    bring_in: BringIn, name: str, content: str, faults: list[str]
) -> None:
    report = await bring_in({"websites.csv": WEBSITES, name: content})

    assert [str(fault) for fault in report.faults] == faults


async def test_a_store_view_stays_with_its_website(
    bring_in: BringIn, shop: Shop
) -> None:
    views = "website,code,name,locale\nmain,de,Deutsch,de-DE\n"
    await bring_in({"websites.csv": TWO_WEBSITES, "store_views.csv": views})

    report = await bring_in({"store_views.csv": views.replace("main", "us")})

    (fault,) = report.faults
    assert str(fault) == (
        "store_views.csv, line 2, website: it belongs to the website 'main' and stays"
        " there. Save another store view, under a code of its own."
    )
    assert await shop.value("select website from store_view") == "main"


async def test_only_the_definition_that_differs_is_saved(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in({"websites.csv": WEBSITES, "segments.yaml": SEGMENTS})
    revision = await shop.value(_REVISION)

    same = await bring_in({"segments.yaml": SEGMENTS})
    changed = await bring_in({"segments.yaml": SEGMENTS.replace("Big carts", "Big")})

    assert (same.files[0].unchanged, changed.files[0].unchanged) == (2, 1)
    assert (changed.files[0].added, changed.files[0].changed) == (0, 1)
    assert await shop.value(_REVISION) == revision + 1
    versions = "select array_agg(version order by key) from segment"
    assert await shop.value(versions) == [2, 1]


async def test_a_segment_written_by_hand_and_broken_is_replaced(
    bring_in: BringIn, shop: Shop
) -> None:
    await bring_in({"websites.csv": WEBSITES})
    await shop.segment("big-carts", websites=[])

    report = await bring_in({"segments.yaml": SEGMENTS})

    assert report.succeeded, str(report)
    assert (report.files[0].added, report.files[0].changed) == (1, 1)
    assert await shop.value("select count(*) from segment where websites = '{main}'")


async def test_what_was_taken_out_of_content_is_noted(bring_in: BringIn) -> None:
    block = {"key": "a", "name": "A", "websites": ["main"]}
    content = "<p>Hello</p><script>alert(1)</script>"

    report = await bring_in(
        {
            "websites.csv": WEBSITES,
            "dynamic_blocks.json": json.dumps([{**block, "content": content}]),
        }
    )

    (note,) = report.files[1].notes
    assert note.startswith("dynamic_blocks.json, line 1, content: ")
    assert "<script>" in note


async def test_yaml_says_what_json_says(bring_in: BringIn) -> None:
    rule = {
        "key": "spring",
        "name": "Spring",
        "websites": ["main"],
        "from": "2026-03-01",
        "to": "2026-05-31",
        "customer_groups": [1, 2],
        "action": "by_percent",
        "amount": "12.5",
        "conditions": {
            "all": [
                {"attribute": "cart.country", "operator": "is_one_of", "value": ["NO"]}
            ]
        },
    }
    yaml = (
        "- {key: spring, name: Spring, websites: [main], from: 2026-03-01,"
        " to: 2026-05-31, customer_groups: [1, 2], action: by_percent, amount: 12.50,"
        " conditions: {all: [{attribute: cart.country, operator: is_one_of,"
        " value: [NO]}]}}\n"
    )
    await bring_in(
        {"websites.csv": WEBSITES, "cart_price_rules.json": json.dumps([rule])}
    )

    report = await bring_in({"cart_price_rules.yaml": yaml})

    assert report.files[0].unchanged == 1, str(report)
