"""The rows of definitions."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.storage import definitions
from gateway.storage.database import Database
from gateway.storage.definitions import Shelf, Use, Wanted
from tests.shops import open_shop, revisions

SEGMENT = {
    "key": "vips",
    "name": "Very Important",
    "description": "",
    "websites": ["base", "us"],
    "active": True,
    "applies_to": "both",
    "conditions": {"all": [{"attribute": "cart.subtotal", "value": 50.25}]},
}
BLOCK = {
    "key": "hero",
    "name": "Hero",
    "description": "",
    "websites": ["base"],
    "active": False,
    "locations": ["header"],
    "shown_to": "segments",
    "segments": ["vips"],
    "cart_price_rules": ["ten-off"],
    "position": 3,
    "content": "<p>x</p>",
    "content_by_store_view": {"german": "<p>y</p>"},
}
CART_PRICE_RULE = {
    "key": "ten-off",
    "name": "Ten off",
    "description": "",
    "websites": ["base"],
    "active": True,
    "customer_groups": [0, 1],
    "from": "2026-03-01",
    "to": None,
    "priority": 2,
    "coupon_code": "SAVE",
    "conditions": None,
    "item_conditions": {"all": []},
    "action": "by_percent",
    "amount": "10.5",
    "at_most": None,
    "step": 0,
    "discards_subsequent": True,
    "applies_to_shipping": False,
    "free_shipping": "none",
    "label": "",
    "label_by_store_view": {},
}
RELATED_RULE = {
    "key": "beds",
    "name": "Beds",
    "description": "",
    "websites": ["us"],
    "active": True,
    "list": "related",
    "priority": 1,
    "from": None,
    "to": "2026-12-24",
    "limit": 4,
    "shown_to": "everyone",
    "segments": [],
    "products_to_match": None,
    "products_to_display": {"any": []},
}
CATALOGUE_PRICE_RULE = {
    "key": "sale",
    "name": "Sale",
    "description": "",
    "websites": ["us"],
    "active": True,
    "customer_groups": [0, 2],
    "segments": ["vips"],
    "from": "2026-03-01",
    "to": None,
    "priority": 2,
    "conditions": {"all": []},
    "action": "to_fixed",
    "amount": "7.5",
    "discards_subsequent": True,
}
TIED_BLOCK = {**BLOCK, "key": "sale", "catalogue_price_rules": ["sale"]}
ROWS: dict[str, dict[str, Any]] = {
    "segments": SEGMENT,
    "dynamic_blocks": BLOCK,
    "cart_price_rules": CART_PRICE_RULE,
    "related_product_rules": RELATED_RULE,
    "catalogue_price_rules": CATALOGUE_PRICE_RULE,
}


@pytest.fixture
async def shop(database: Database) -> Database:
    await open_shop(database)
    return database


async def _save(database: Database, subject: str, row: dict[str, Any]) -> None:
    async with database.connection() as connection:
        await Shelf(subject).save(connection, row)


def _row(subject: str) -> dict[str, Any]:
    asked = {"segments": ["vips"]} if subject == "cart_price_rules" else {}
    return {**ROWS[subject], **asked}


@pytest.mark.parametrize("subject", ROWS)
async def test_a_definition_is_found_as_it_was_saved(
    shop: Database, subject: str
) -> None:
    await _save(shop, subject, _row(subject))

    async with shop.connection() as connection:
        found = await Shelf(subject).find(connection, ROWS[subject]["key"])

    assert found is not None
    given = {**found.given}
    if subject == "cart_price_rules":
        assert given.pop("step") == "0"
        given["step"] = 0
    assert (found.version, given) == (1, ROWS[subject])


@pytest.mark.parametrize("subject", ROWS)
async def test_saving_again_raises_version_and_revisions(
    shop: Database, subject: str
) -> None:
    await _save(shop, subject, _row(subject))
    before = await revisions(shop)

    await _save(shop, subject, {**_row(subject), "name": "Other"})

    async with shop.connection() as connection:
        found = await Shelf(subject).find(connection, ROWS[subject]["key"])
    assert found is not None
    assert (found.version, found.given["name"]) == (2, "Other")
    raised = {
        code for code, one in (await revisions(shop)).items() if one > before[code]
    }
    assert raised == set(ROWS[subject]["websites"])


@pytest.mark.parametrize("subject", ROWS)
async def test_deleting_raises_revisions_and_tells_whether_it_was_there(
    shop: Database, subject: str
) -> None:
    await _save(shop, subject, _row(subject))
    before = await revisions(shop)
    shelf, key = Shelf(subject), ROWS[subject]["key"]

    async with shop.connection() as connection:
        first = await shelf.delete(connection, key)
        second = await shelf.delete(connection, key)
        found = await shelf.find(connection, key)

    assert (first, second, found) == (True, False, None)
    raised = {
        code for code, one in (await revisions(shop)).items() if one > before[code]
    }
    assert raised == set(ROWS[subject]["websites"])


async def test_what_is_rolled_back_raises_nothing(shop: Database) -> None:
    before = await revisions(shop)

    async def fail() -> None:
        async with shop.transaction() as connection:
            await Shelf("segments").save(connection, SEGMENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await revisions(shop) == before
    assert (await Shelf("segments").list(shop, Wanted(), limit=9, offset=0)).total == 0


async def test_uses_are_told_by_subject_and_key(shop: Database) -> None:
    for subject in ROWS:
        await _save(shop, subject, _row(subject))

    async with shop.connection() as connection:
        of_segment = await Shelf("segments").uses(connection, "vips")
        of_rule = await Shelf("cart_price_rules").uses(connection, "ten-off")
        of_block = await Shelf("dynamic_blocks").uses(connection, "hero")
        of_related = await Shelf("related_product_rules").uses(connection, "beds")

    assert of_segment == [
        Use("cart price rule", "ten-off"),
        Use("catalogue price rule", "sale"),
        Use("dynamic block", "hero"),
    ]
    assert of_rule == [Use("dynamic block", "hero")]
    assert (of_block, of_related) == ((), ())


async def test_a_block_is_tied_to_catalogue_price_rules_which_tell_so(
    shop: Database,
) -> None:
    await _save(shop, "dynamic_blocks", TIED_BLOCK)

    async with shop.connection() as connection:
        found = await Shelf("dynamic_blocks").find(connection, "sale")
        uses = await Shelf("catalogue_price_rules").uses(connection, "sale")

    assert found is not None
    assert found.given == TIED_BLOCK
    assert uses == [Use("dynamic block", "sale")]


async def test_names_are_told_by_subject(shop: Database) -> None:
    for subject in ROWS:
        await _save(shop, subject, _row(subject))

    async with shop.connection() as connection:
        names = await definitions.names(connection)

    assert names == {
        "websites": ["base", "us"],
        "store_views": ["english", "german", "american"],
        "customer_groups": ["0", "1", "2", "3"],
        "audiences": [],
        "segments": ["vips"],
        "cart_price_rules": ["ten-off"],
        "dynamic_blocks": ["hero"],
        "related_product_rules": ["beds"],
        "catalogue_price_rules": ["sale"],
    }


async def test_a_list_tells_how_many_there_are_in_all(shop: Database) -> None:
    for number in range(5):
        await _save(shop, "segments", {**SEGMENT, "key": f"s{number}"})
    shelf = Shelf("segments")

    found = await shelf.list(shop, Wanted(), limit=2, offset=2)
    behind = await shelf.list(shop, Wanted(), limit=2, offset=6)
    none = await shelf.list(shop, Wanted(search="x"), limit=2, offset=6)

    assert [row.given["key"] for row in found.rows] == ["s2", "s3"]
    assert (found.total, behind.total, none.total) == (5, 5, 0)


@pytest.mark.parametrize(
    ("code", "besides", "taken"),
    [
        ("save", "other", "ten-off"),
        ("SAVE", "ten-off", None),
        ("SAV", "other", None),
    ],
    ids=["in-whichever-case", "its-own", "another-code"],
)
async def test_a_coupon_code_names_the_rule_that_has_it(
    shop: Database, code: str, besides: str, taken: str | None
) -> None:
    await _save(shop, "cart_price_rules", _row("cart_price_rules"))

    async with shop.connection() as connection:
        found = await definitions.taken_coupon_code(connection, code, besides=besides)

    assert found == taken
