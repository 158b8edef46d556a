"""Rule books: always as new as what was read, and never stopped by one bad row."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from gateway.personalize.errors import NotFound
from gateway.personalize.grammar import Limits
from gateway.personalize.prices import Buyer
from gateway.storage.database import Database
from gateway.storage.profiles import Profiles
from gateway.storage.rulebooks import SQL, Held, Revisions, RuleBooks
from tests.factories import NOW, a_comparison, of_sku
from tests.rows import Shop

MUGS = of_sku("mug")


@pytest.fixture
async def rulebooks(database: Database, shop: Shop) -> RuleBooks:
    await shop.website()
    return RuleBooks(database)


async def stands(database: Database, website: str = "base") -> Revisions:
    """Where a website stands, as any shopper's request finds out."""
    facts = await Profiles(database).read(website, None, None)
    return facts.revisions


async def current(rulebooks: RuleBooks, database: Database) -> Held:
    return await rulebooks.at_least("base", await stands(database))


def keys(held: Held) -> Mapping[str, list[str]]:
    book = held.rulebook
    return {
        "segments": [one.key for one in book.segments],
        "rules": [one.key for one in book.cart_price_rules],
        "blocks": [one.key for one in book.dynamic_blocks],
        "related": [one.key for one in book.related_product_rules],
        "prices": [one.key for one in book.catalogue_price_rules],
    }


async def test_what_plain_sql_writes_is_there_at_the_next_look(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    before = await current(rulebooks, database)

    await shop.segment("s")
    await shop.cart_price_rule("r")
    await shop.block("b")
    await shop.related_product_rule("p")
    await shop.catalogue_price_rule("c")
    after = await current(rulebooks, database)

    assert set(keys(before)) == set(keys(after))
    assert not any(keys(before).values())
    assert keys(after) == {
        "segments": ["s"],
        "rules": ["r"],
        "blocks": ["b"],
        "related": ["p"],
        "prices": ["c"],
    }
    assert after.rulebook.revision == before.rulebook.revision + 5


async def test_the_segment_index_is_made_before_a_shopper_waits_for_it(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.segment("s")

    book = (await current(rulebooks, database)).rulebook

    assert vars(book)["segment_index"].keys(1) == {"s"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("update segment set active = false", id="switched off"),
        pytest.param("delete from segment", id="deleted"),
        pytest.param("update segment set websites = '{other}'", id="moved away"),
    ],
)
async def test_what_goes_away_is_gone_at_the_next_look(
    rulebooks: RuleBooks, database: Database, shop: Shop, change: str
) -> None:
    await shop.segment("s")
    assert keys(await current(rulebooks, database))["segments"] == ["s"]

    await shop.execute(change)

    assert keys(await current(rulebooks, database))["segments"] == []


async def test_nothing_is_read_again_while_nothing_changes(
    rulebooks: RuleBooks, database: Database, reads: list[str]
) -> None:
    revisions = await stands(database)
    held = await rulebooks.at_least("base", revisions)
    before = len(reads)

    assert await rulebooks.at_least("base", revisions) is held
    older = Revisions(revisions.website_id, revisions.rules - 1, revisions.catalogue)
    assert await rulebooks.at_least("base", older) is held
    assert len(reads) == before


async def test_many_who_need_it_at_once_load_it_once(
    rulebooks: RuleBooks, database: Database, reads: list[str]
) -> None:
    revisions = await stands(database)
    before = len(reads)

    held = await asyncio.gather(
        *(rulebooks.at_least("base", revisions) for _ in range(50))
    )

    assert len({id(one) for one in held}) == 1
    assert len(reads) == before + 3


async def test_a_loader_who_is_cancelled_leaves_it_to_the_next(
    rulebooks: RuleBooks, database: Database
) -> None:
    revisions = await stands(database)
    loading = asyncio.create_task(rulebooks.at_least("base", revisions))
    waiting = asyncio.create_task(rulebooks.at_least("base", revisions))
    await asyncio.sleep(0)

    loading.cancel()

    assert (await waiting).rulebook.revision == revisions.rules
    with pytest.raises(asyncio.CancelledError):
        await loading


async def test_products_stay_as_they_are_when_only_rules_change(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.product("mug")
    before = await current(rulebooks, database)

    await shop.segment("s")
    after = await current(rulebooks, database)

    assert after.catalogue is before.catalogue
    assert list(after.catalogue.products) == ["mug"]


async def test_a_new_time_zone_moves_the_days_of_rules_and_prices(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.cart_price_rule("r")
    await shop.execute("update cart_price_rule set from_day = '2026-07-01'")
    before = await current(rulebooks, database)

    await shop.execute("update website set timezone = 'Asia/Tokyo'")
    after = await current(rulebooks, database)

    starts = [
        str(one.rulebook.cart_price_rules[0].schedule.starts_at)
        for one in (before, after)
    ]
    assert starts == ["2026-07-01 00:00:00+00:00", "2026-06-30 15:00:00+00:00"]
    assert after.catalogue.timezone == "Asia/Tokyo"


BROKEN = {
    "conditions that are no tree": "update segment set conditions = '[1]'",
    "an unknown attribute": (
        "update segment set conditions ="
        """ '{"attribute": "cart.nope", "operator": "is", "value": 1}'"""
    ),
    "conditions a visitor cannot have": (
        "update segment set conditions ="
        """ '{"attribute": "customer.email", "operator": "is", "value": "a"}'"""
    ),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_row_is_left_out_logged_and_counted_while_the_rest_serves(
    rulebooks: RuleBooks,
    database: Database,
    shop: Shop,
    caplog: pytest.LogCaptureFixture,
    change: str,
) -> None:
    await shop.segment("broken")
    await shop.execute(change)
    await shop.segment("sound", a_comparison("cart.lines", "is", 0))

    held = await current(rulebooks, database)

    assert keys(held)["segments"] == ["sound"]
    assert [fault.key for fault in held.rulebook.faults] == ["broken"]
    assert [one.message for one in caplog.records] == [
        f"left out: segment broken: {held.rulebook.faults[0].reason}"
    ]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("cart_price_rule", "action = 'nothing'"),
        ("cart_price_rule", "amount = 'NaN'"),
        ("cart_price_rule", "label_by_store_view = '7'"),
        ("cart_price_rule", "conditions = '\"text\"'"),
        ("cart_price_rule", "from_day = 'infinity'"),
        ("cart_price_rule", "customer_groups = '{-1}'"),
        ("dynamic_block", "content_by_store_view = '[]'"),
        ("dynamic_block", "locations = '{roof}'"),
        ("related_product_rule", "products_to_match = '7'"),
        ("related_product_rule", "from_day = '-infinity'"),
    ],
)
async def test_every_subject_survives_a_broken_row(
    rulebooks: RuleBooks, database: Database, shop: Shop, table: str, change: str
) -> None:
    writers = (shop.cart_price_rule, shop.block, shop.related_product_rule)
    for write in writers:
        await write("broken")
    await shop.execute(f"update {table} set {change}")
    for write in writers:
        await write("sound")

    held = await current(rulebooks, database)

    assert [fault.key for fault in held.rulebook.faults] == ["broken"]
    found = [key for subject in keys(held).values() for key in subject]
    assert sorted(found) == ["broken", "broken", "sound", "sound", "sound"]


def _unused(path: str, named: str) -> str:
    return (
        f"{path}: {named} in use on the website 'base'. See that it is active, for"
        " that website and without problems, or name another."
    )


async def test_a_rule_whose_segment_is_gone_fails_closed(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.segment("loyal")
    await shop.cart_price_rule(
        "not-for-loyal",
        conditions=a_comparison("customer.segment", "is_not_one_of", ["loyal"]),
    )
    await shop.block("for-loyal", segments=["loyal"])
    await shop.block("for-some", segments=["loyal", "others"])
    await shop.related_product_rule("for-loyal", segments=["loyal"])
    before = await current(rulebooks, database)

    await shop.execute("update segment set active = false")
    await shop.segment("others")
    after = await current(rulebooks, database)

    assert before.rulebook.faults == ()
    assert keys(after) == {
        "segments": ["others"],
        "rules": [],
        "blocks": ["for-some"],
        "related": [],
        "prices": [],
    }
    named = "the segment 'loyal' is not"
    assert [(fault.subject, fault.reason) for fault in after.rulebook.faults] == [
        ("cart price rule", _unused("conditions.all.0.value.0", named)),
        ("dynamic block", _unused("segments", named)),
        ("related-product rule", _unused("segments", named)),
    ]


async def test_of_a_blocks_rules_of_both_kinds_one_that_is_left_is_enough(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    both: dict[str, Any] = {
        "cart_price_rules": ["ten"],
        "catalogue_price_rules": ["sale"],
    }
    await shop.block("both", **both)
    await shop.block("sale", catalogue_price_rules=["sale"])
    none = await current(rulebooks, database)

    await shop.cart_price_rule("ten")
    of_cart = await current(rulebooks, database)
    await shop.execute("delete from cart_price_rule")
    await shop.catalogue_price_rule("sale")
    of_catalogue = await current(rulebooks, database)

    assert [keys(one)["blocks"] for one in (none, of_cart, of_catalogue)] == [
        [],
        ["both"],
        ["both", "sale"],
    ]
    assert [fault.reason for fault in none.rulebook.faults] == [
        _unused("cart_price_rules", "the cart price rule 'ten' is not"),
        _unused("catalogue_price_rules", "the catalogue price rule 'sale' is not"),
    ]


async def test_a_block_whose_rules_are_gone_is_left_out(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.block("with-rule", cart_price_rules=["gone", "gone-too"])

    held = await current(rulebooks, database)

    assert keys(held)["blocks"] == []
    assert [fault.reason for fault in held.rulebook.faults] == [
        _unused("cart_price_rules", "no cart price rule of 'gone', 'gone-too' is")
    ]


async def test_the_contents_of_blocks_are_cleaned_when_they_are_loaded(
    database: Database, shop: Shop
) -> None:
    await shop.website()
    await shop.block("b", "<b>it</b>", content_by_store_view={"german": "<b>es</b>"})
    rulebooks = RuleBooks(database, clean=lambda html: html.replace("b>", "i>"))

    held = await current(rulebooks, database)

    (block,) = held.rulebook.dynamic_blocks
    assert block.content_in("english") == "<i>it</i>"
    assert block.content_in("german") == "<i>es</i>"


async def test_a_shops_own_attributes_can_be_asked_about(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.segment(
        "hikers",
        a_comparison("customer.interest", "is", "hiking"),
        applies_to="registered",
    )
    before = await current(rulebooks, database)

    await shop.attribute("customer", "interest", "select")
    after = await current(rulebooks, database)

    assert keys(before)["segments"] == []
    assert keys(after)["segments"] == ["hikers"]


async def test_there_is_no_rule_book_of_a_website_that_is_not_there(
    rulebooks: RuleBooks,
) -> None:
    with pytest.raises(NotFound, match="there is no website 'moon'"):
        await rulebooks.at_least("moon", Revisions(1, 1, 1))


async def test_the_first_store_view_of_the_first_website_is_the_default(
    rulebooks: RuleBooks, shop: Shop
) -> None:
    await rulebooks.refresh()
    alone = rulebooks.find_store_view("")
    await shop.website("other")
    await shop.store_view("english")
    await shop.store_view("german")
    await shop.store_view("french", "other")
    await rulebooks.refresh()

    assert alone is not None
    assert (alone[0].code, alone[1]) == ("base", "")
    found = {code: rulebooks.find_store_view(code) for code in ("", "german", "french")}
    assert {asked: (one[0].code, one[1]) for asked, one in found.items() if one} == {
        "": ("base", "english"),
        "german": ("base", "german"),
        "french": ("other", "french"),
    }
    assert rulebooks.find_store_view("klingon") is None


async def test_no_website_is_no_rule_book(database: Database) -> None:
    rulebooks = RuleBooks(database)

    await rulebooks.refresh()

    assert rulebooks.held == {}
    assert rulebooks.find_store_view("") is None


async def test_a_website_that_is_gone_is_let_go(
    rulebooks: RuleBooks, shop: Shop
) -> None:
    await rulebooks.refresh()
    await shop.execute("delete from website")

    await rulebooks.refresh()

    assert rulebooks.held == {}


async def test_a_website_that_goes_while_it_is_looked_at_is_let_go_in_silence(
    rulebooks: RuleBooks,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await rulebooks.refresh()
    await shop.segment("new")
    read = Database.read

    async def then_delete(self: Database, query: Any, *arguments: object) -> Any:
        rows = await read(self, query, *arguments)
        if query == SQL.revisions:
            await shop.execute("delete from website")
        return rows

    monkeypatch.setattr(Database, "read", then_delete)
    await rulebooks.refresh()

    assert (rulebooks.held, rulebooks.websites) == ({}, frozenset())
    assert caplog.records == []


async def test_a_website_of_the_same_code_begins_anew(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.segment("s")
    await shop.product("mug")
    before = await current(rulebooks, database)
    await shop.execute("delete from segment")
    await shop.execute("delete from product")
    await shop.execute("delete from website")
    await shop.website()

    after = await current(rulebooks, database)

    assert after.rulebook.revision < before.rulebook.revision
    assert keys(after)["segments"] == []
    assert dict(after.catalogue.products) == {}


async def test_a_website_that_cannot_be_loaded_does_not_stop_the_others(
    rulebooks: RuleBooks, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.website("lost", timezone="Mars/Olympus_Mons")
    await shop.website("other")

    await rulebooks.refresh()
    await rulebooks.refresh()

    assert list(rulebooks.held) == ["base", "other"]
    # Said once, not every few seconds.
    assert [one.message for one in caplog.records] == [
        "website lost could not be loaded"
    ]


# Price lists -----------------------------------------------------------------------


def costs(held: Held, group_id: int = 0) -> dict[str, str]:
    prices = held.price_list.to(Buyer(NOW, group_id))
    products = held.catalogue.products.items()
    return {sku: f"{prices.of(product):.2f}" for sku, product in products}


async def test_prices_follow_rules_and_products_at_the_next_look(
    rulebooks: RuleBooks, database: Database, shop: Shop
) -> None:
    await shop.product("mug", "10")
    await shop.product("cup", "20")
    first = await current(rulebooks, database)

    await shop.catalogue_price_rule("trade", customer_groups=[2], conditions=MUGS)
    ruled = await current(rulebooks, database)
    await shop.product("mug", "30")
    repriced = await current(rulebooks, database)
    await shop.tier_price("cup", "15", group_id=2)
    tiered = await current(rulebooks, database)
    await shop.execute("update catalogue_price_rule set active = false")
    without = await current(rulebooks, database)

    held = (first, ruled, repriced, tiered, without)
    assert [costs(one) for one in held] == [
        {"mug": "10.00", "cup": "20.00"},
        {"mug": "10.00", "cup": "20.00"},
        {"mug": "30.00", "cup": "20.00"},
        {"mug": "30.00", "cup": "20.00"},
        {"mug": "30.00", "cup": "20.00"},
    ]
    assert [costs(one, 2) for one in held] == [
        {"mug": "10.00", "cup": "20.00"},
        {"mug": "9.00", "cup": "20.00"},
        {"mug": "27.00", "cup": "20.00"},
        {"mug": "27.00", "cup": "15.00"},
        {"mug": "30.00", "cup": "15.00"},
    ]


async def test_a_rule_for_segments_is_left_out_until_they_are_turned_on(
    database: Database, shop: Shop
) -> None:
    await shop.website()
    await shop.segment("gold")
    await shop.catalogue_price_rule("for-gold", segments=["gold"])

    off = await current(RuleBooks(database), database)
    turned_on = RuleBooks(database, Limits(segment_prices=True))
    on = await current(turned_on, database)

    assert keys(off)["prices"] == []
    assert [one.key for one in off.rulebook.faults] == ["for-gold"]
    assert keys(on)["prices"] == ["for-gold"]
