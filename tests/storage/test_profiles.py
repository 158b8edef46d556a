"""Profiles: one statement for all that is known, and only what is new travels."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.context import (
    Address,
    Customer,
    Membership,
    Order,
    OrderAddress,
    Shipping,
)
from gateway.personalize.errors import NotFound
from gateway.personalize.history import NO_HISTORY, OrderedProduct
from gateway.storage import carts, sql
from gateway.storage.database import Database
from gateway.storage.profiles import Profiles
from tests.rows import Shop

CART_ID = "c" * 32
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("landing_page", "referrer", "last_at")),
    "campaign": [],
    "searches": [],
    "viewed": [],
    "visits": 0,
    "page_views": 0,
}


@pytest.fixture(autouse=True)
async def _website(shop: Shop) -> None:
    await shop.website(timezone="America/New_York")


@pytest.fixture
def profiles(database: Database) -> Profiles:
    return Profiles(database)


@pytest.fixture
def read_rows(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The row that each statement sent by way of `Database.read` has answered."""
    answered: list[Any] = []
    read = Database.read

    async def noting(self: Database, query: Any, *arguments: object) -> Any:
        rows = await read(self, query, *arguments)
        answered.extend(rows)
        return rows

    monkeypatch.setattr(Database, "read", noting)
    return answered


async def customer(profiles: Profiles, customer_id: str = "1") -> Customer | None:
    return (await profiles.read("base", customer_id, None)).customer


async def keep_a_cart(database: Database, cart: MirroredCart) -> bool:
    return await carts.save(database, cart, website="base", store_view="default")


async def test_all_that_is_known_of_a_customer_comes_in_one_statement(
    profiles: Profiles, shop: Shop, read_rows: list[Any]
) -> None:
    await shop.customer(
        "1",
        email="ada@example.com",
        first_name="Ada",
        last_name="Birch",
        prefix="Dr.",
        middle_name="Mae",
        suffix="PhD",
        group_id=2,
        gender="female",
        date_of_birth=date(1984, 5, 17),
        created_at=datetime(2024, 1, 20, 3, tzinfo=UTC),
        store_view="german",
        newsletter=True,
        store_credit=Decimal("15.05"),
        attributes={"interests": ["skiing"], "points": 7},
    )
    await shop.order("1", "o2", "canceled", created_at="2026-02-01T12:00:00Z")
    await shop.order("1", "o1", grand_total="99.95", quantity="2.5")
    await shop.execute(
        "insert into address (website, customer_id, address_id, city, country,"
        " default_billing, fax, attributes)"
        " values ('base', '1', 'a', 'Bern', 'CH', true, '+41', '{\"floor\": 3}')"
    )
    await shop.execute(
        "insert into wishlist_item (website, customer_id, sku, added_at) values"
        " ('base', '1', 'pot', '2026-02-02'), ('base', '1', 'mug', '2026-01-01')"
    )

    known = await customer(profiles)

    assert len(read_rows) == 1
    assert known == Customer(
        customer_id="1",
        group_id=2,
        email="ada@example.com",
        first_name="Ada",
        last_name="Birch",
        gender="female",
        date_of_birth=date(1984, 5, 17),
        # The evening before in New York.
        since=date(2024, 1, 19),
        store_view="german",
        newsletter=True,
        store_credit=Decimal("15.0500"),
        attributes={"interests": ("skiing",), "points": Decimal(7)},
        addresses=(
            Address(
                city="Bern",
                country="CH",
                default_billing=True,
                fax="+41",
                attributes={"floor": Decimal(3)},
            ),
        ),
        orders=(
            Order("complete", date(2026, 1, 1), Decimal("99.9500"), Decimal("2.5000")),
            Order("canceled", date(2026, 2, 1), Decimal(10), Decimal(1)),
        ),
        wishlist=("mug", "pot"),
        version=known.version if known else 0,
        prefix="Dr.",
        middle_name="Mae",
        suffix="PhD",
    )


async def test_the_addresses_of_orders_are_known_each_once(
    profiles: Profiles, shop: Shop
) -> None:
    await shop.customer("1")
    for order_id in ("o1", "o2", "o3"):
        await shop.order("1", order_id)
    await shop.execute("update sales_order set country = 'AT', city = 'Graz'")
    await shop.execute(
        "insert into order_address (website, order_id, type, country, attributes)"
        " values ('base', 'o1', 'billing', 'DE', '{\"floor\": 3}'),"
        " ('base', 'o2', 'billing', 'DE', '{\"floor\": 3}'),"
        " ('base', 'o3', 'shipping', 'CH', '{}')"
    )

    known = await customer(profiles)

    assert known is not None
    assert set(map(repr, known.order_addresses)) == {
        repr(OrderAddress(type, address))
        for type, address in (
            ("billing", Address(country="DE", attributes={"floor": Decimal(3)})),
            # Of the first two; the third has a shipping address of its own.
            ("shipping", Address(country="AT", city="Graz")),
            ("shipping", Address(country="CH")),
        )
    }
    assert len(known.order_addresses) == 3


@pytest.mark.parametrize(
    "change",
    [
        (
            "insert into order_address (website, order_id, type, country)"
            " values ('base', 'o', 'shipping', 'DE')"
        ),
        "update order_address set country = 'FR'",
        "delete from order_address",
    ],
)
async def test_a_changed_address_of_an_order_is_read_at_the_next_look(
    profiles: Profiles, shop: Shop, change: str
) -> None:
    await shop.customer("1")
    await shop.order("1", "o")
    await shop.execute(
        "insert into order_address (website, order_id, type, country)"
        " values ('base', 'o', 'billing', 'CH')"
    )
    before = await customer(profiles)

    await shop.execute(change)
    after = await customer(profiles)

    assert before is not None
    assert after is not None
    assert after.version > before.version
    assert after.order_addresses != before.order_addresses


async def test_what_is_known_already_does_not_travel_again(
    profiles: Profiles, shop: Shop, read_rows: list[Any]
) -> None:
    await shop.customer("1")

    first, second = await customer(profiles), await customer(profiles)

    assert second is first
    assert [row["profile"] is None for row in read_rows] == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        "update customer set newsletter = true",
        (
            "insert into sales_order (website, order_id, customer_id, created_at,"
            " status, grand_total) values ('base', 'o', '1', now(), 'new', 1)"
        ),
        (
            "insert into address (website, customer_id, address_id) values"
            " ('base', '1', 'a')"
        ),
        (
            "insert into wishlist_item (website, customer_id, sku) values"
            " ('base', '1', 'mug')"
        ),
        (
            "insert into audience_member (website, customer_id, audience) values"
            " ('base', '1', 'hikers')"
        ),
        "delete from audience where key = 'campers'",
    ],
)
async def test_whatever_changes_of_a_customer_is_read_at_the_next_look(
    profiles: Profiles, shop: Shop, change: str
) -> None:
    await shop.customer("1")
    await shop.audience("hikers")
    await shop.audience("campers")
    await shop.member("campers", "1")
    before = await customer(profiles)

    await shop.execute(change)
    after = await customer(profiles)

    assert before is not None
    assert after is not None
    assert after.version > before.version
    assert replace(after, version=before.version) != before


async def test_the_days_of_a_held_customer_are_of_the_time_zone_as_it_is_now(
    profiles: Profiles, shop: Shop
) -> None:
    await shop.customer("1", created_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    await shop.order("1", "100", created_at="2026-01-02T03:04:05Z")

    async def days() -> set[date | None]:
        known = await customer(profiles)
        assert known is not None
        return {known.since, *(order.created_on for order in known.orders)}

    assert await days() == {date(2026, 1, 1)}

    await shop.execute("update website set timezone = 'Europe/Berlin'")

    assert await days() == {date(2026, 1, 2)}


async def test_what_was_stored_from_beyond_the_calendar_is_brought_within_reach(
    profiles: Profiles, shop: Shop
) -> None:
    await shop.customer("1", created_at=datetime(1, 1, 1, tzinfo=UTC))
    await shop.order("1", "a", created_at="0001-01-01T00:00:00Z")
    await shop.order("1", "b")
    for key in ("for-good", "for-long"):
        await shop.audience(key)
        await shop.member(key, "1")
    await shop.execute(
        "update audience_member set expires_at = '294000-01-01'"
        " where audience = 'for-long'"
    )
    mended = sql.folder() / "migrations" / "0020_instants_within_reach.sql"

    await shop.execute(mended.read_text(encoding="utf-8"))

    known = await customer(profiles)
    assert known is not None
    days = (known.since, *(order.created_on for order in known.orders))
    assert days == (date(1799, 12, 31), date(1799, 12, 31), date(2026, 1, 1))
    assert known.memberships == (
        Membership("for-good", None),
        Membership("for-long", datetime(2301, 12, 31, tzinfo=UTC)),
    )


async def test_what_a_customer_ordered_comes_for_who_asks_for_it(
    profiles: Profiles, shop: Shop, read_rows: list[Any]
) -> None:
    await shop.customer("1")
    await shop.customer("2")
    await shop.order("1", "new", "canceled", created_at="2026-02-01T12:00:00Z")
    # The evening before in New York.
    await shop.order("1", "old", created_at="2026-01-01T03:00:00Z")
    await shop.order("2", "other")
    await shop.order_line("old", 2, "mug", "2.5")
    await shop.order_line("old", 1, "pot")
    await shop.order_line("new", 1, "mug")
    await shop.order_line("other", 1, "cup")

    without = (await profiles.read("base", "1", None)).customer
    asked = [
        (await profiles.read("base", "1", None, with_ordered=True)).customer
        for _ in range(2)
    ]

    assert without is not None
    assert without.ordered == ()
    assert asked[0] == replace(
        without,
        ordered=(
            OrderedProduct("pot", date(2025, 12, 31), Decimal(1), "complete"),
            OrderedProduct("mug", date(2025, 12, 31), Decimal("2.5"), "complete"),
            OrderedProduct("mug", date(2026, 2, 1), Decimal(1), "canceled"),
        ),
    )
    assert asked[1] is asked[0]
    assert len(read_rows) == 3


@pytest.mark.parametrize(
    ("change", "ordered"),
    [
        ("update order_line set sku = 'cup'", ["cup"]),
        ("delete from order_line", []),
        ("delete from sales_order", []),
        (
            (
                "insert into order_line (website, order_id, line, sku, quantity,"
                " price, row_total) values ('base', 'o', 2, 'pot', 1, 1, 1)"
            ),
            ["mug", "pot"],
        ),
        ("update order_line set order_id = 'other'", []),
    ],
)
async def test_a_changed_line_of_an_order_is_a_changed_customer(
    profiles: Profiles, shop: Shop, change: str, ordered: list[str]
) -> None:
    for customer_id, order_id in (("1", "o"), ("2", "other"), ("3", "alone")):
        await shop.customer(customer_id)
        await shop.order(customer_id, order_id)
    await shop.order_line("o", 1, "mug")

    async def known(customer_id: str) -> Customer:
        facts = await profiles.read("base", customer_id, None, with_ordered=True)
        assert facts.customer is not None
        return facts.customer

    before = [await known(one) for one in "123"]
    await shop.execute(change)
    after = [await known(one) for one in "123"]

    assert [line.sku for line in after[0].ordered] == ordered
    assert after[0].version > before[0].version
    if "set order_id" in change:
        assert [line.sku for line in after[1].ordered] == ["mug"]
    assert after[2] is before[2] or change.startswith("delete from sales")


async def test_a_customer_who_was_deleted_and_comes_back_is_not_taken_for_the_former(
    profiles: Profiles, shop: Shop
) -> None:
    await shop.customer("1", first_name="Ada")
    former = await customer(profiles)
    await shop.execute("delete from customer")
    await shop.customer("1", first_name="Eva")

    now = await customer(profiles)

    assert former is not None
    assert now is not None
    assert now.first_name == "Eva"
    assert now.version != former.version


async def test_a_customer_whom_only_the_token_knows_is_in_the_general_group(
    profiles: Profiles, shop: Shop
) -> None:
    assert await customer(profiles) == Customer("1", group_id=1)

    await shop.customer("1", group_id=3)
    known = await customer(profiles)
    await shop.execute("delete from customer")

    assert known is not None
    assert known.group_id == 3
    assert await customer(profiles) == Customer("1", group_id=1)


async def test_a_visitor_is_nobody_in_particular(profiles: Profiles) -> None:
    facts = await profiles.read("base", None, None)

    assert (facts.customer, facts.cart) == (None, None)


async def test_no_more_customers_are_held_than_the_bound(
    database: Database, shop: Shop, read_rows: list[Any]
) -> None:
    profiles = Profiles(database, bound=2)
    for customer_id in "123":
        await shop.customer(customer_id)

    for customer_id in "12131":
        await customer(profiles, customer_id)

    # 3 took the place of 2, which was not used for longer than 1.
    travelled = [row["profile"] is not None for row in read_rows]
    assert travelled == [True, True, False, True, False]


async def test_customers_of_two_websites_may_have_one_id(
    profiles: Profiles, shop: Shop
) -> None:
    await shop.website("other")
    await shop.customer("1", first_name="Ada")
    await shop.customer("1", "other", first_name="Bob")

    names = []
    for website in ("base", "other", "base", "other"):
        facts = await profiles.read(website, "1", None)
        names.append(facts.customer and facts.customer.first_name)

    assert names == ["Ada", "Bob", "Ada", "Bob"]


async def test_a_cart_comes_along_in_the_same_statement(
    profiles: Profiles, database: Database, shop: Shop, read_rows: list[Any]
) -> None:
    await shop.customer("1")
    cart = MirroredCart(
        id=CART_ID,
        customer_id="1",
        lines=(
            Line("mug", Decimal("2.5"), Decimal("9.99")),
            Line("tee-s", Decimal(1), parent_sku="tee"),
        ),
        coupon_codes=("TEN",),
        shipping=Shipping("flatrate_flatrate", Decimal("4.9500")),
        tax=Decimal("1.9000"),
        payment_method="checkmo",
        address=Address(country="DE", postcode="10115"),
        store_credit=Decimal("20.0000"),
        gift_card=Decimal("2.5000"),
    )
    await keep_a_cart(database, cart)

    facts = await profiles.read("base", "1", CART_ID)

    assert len(read_rows) == 1
    assert facts.cart is not None
    assert facts.cart.changed_at is not None
    assert replace(facts.cart, changed_at=None) == cart
    assert facts.customer is not None


async def test_the_owner_of_a_cart_can_be_read_with_it(
    profiles: Profiles, database: Database, shop: Shop, read_rows: list[Any]
) -> None:
    await shop.customer("1", first_name="Ada")
    await keep_a_cart(database, MirroredCart(id=CART_ID, customer_id="1"))
    await keep_a_cart(database, MirroredCart(id="v" * 32))
    await keep_a_cart(database, MirroredCart(id="u" * 32, customer_id="unknown"))

    facts = [
        await profiles.read_for_owner("base", cart_id)
        for cart_id in (CART_ID, "v" * 32, "u" * 32, "none")
    ]

    names = [one.customer and one.customer.first_name for one in facts]
    assert names == ["Ada", None, None, None]
    assert facts[2].customer == Customer("unknown")
    assert facts[3].cart is None
    assert len(read_rows) == 4


async def test_a_cart_of_another_website_is_not_there(
    profiles: Profiles, database: Database, shop: Shop
) -> None:
    await shop.website("other")
    await keep_a_cart(database, MirroredCart(id=CART_ID))

    assert (await profiles.read("other", None, CART_ID)).cart is None


async def test_the_revisions_of_the_website_come_along(
    profiles: Profiles, shop: Shop
) -> None:
    before = (await profiles.read("base", None, None)).revisions

    await shop.segment("s")
    await shop.product("mug")
    after = (await profiles.read("base", None, None)).revisions

    assert after.rules == before.rules + 1
    assert after.catalogue == before.catalogue + 1


async def test_a_website_that_is_not_there_is_said_plainly(profiles: Profiles) -> None:
    with pytest.raises(NotFound, match="there is no website 'moon'"):
        await profiles.read("moon", None, None)


async def test_a_history_that_is_held_does_not_travel_again(
    profiles: Profiles, shop: Shop, read_rows: list[Any]
) -> None:
    await shop.execute(
        "insert into history (website, of_customer, owner) values"
        " ('base', false, 'session'), ('base', true, 'session')"
    )

    for _ in range(2):
        await profiles.read("base", None, None, "session")
    await shop.execute("update history set version = nextval('history_version')")
    await profiles.read("base", None, None, "session")
    await shop.execute("delete from history")
    gone = await profiles.read("base", None, None, "session")

    assert [row["history"] for row in read_rows] == [{}, None, {}, None]
    assert gone.history == NO_HISTORY


async def test_a_customer_whom_nobody_knows_may_have_a_history(
    profiles: Profiles, shop: Shop
) -> None:
    await shop.execute(
        "insert into history (website, of_customer, owner, history) values"
        " ('base', true, '1', $1)",
        {**EMPTY, "visits": 3},
    )

    facts = await profiles.read("base", "1", None, "session")

    assert (facts.customer, facts.history.visits) == (Customer("1"), 3)
    assert facts.history.version > 0
