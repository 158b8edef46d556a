"""All customers in batches: each as a request would read them, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gateway.personalize.context import Customer
from gateway.personalize.history import NO_HISTORY, History
from gateway.storage import histories
from gateway.storage.customers import Reader
from gateway.storage.database import Database
from gateway.storage.histories import Owners
from gateway.storage.profiles import Profiles
from gateway.storage.unread import Unread
from tests.rows import Shop

ALL = {
    *("orders", "ordered", "addresses", "order_addresses", "memberships", "wishlist")
}


@pytest.fixture(autouse=True)
async def _website(shop: Shop) -> None:
    await shop.website(timezone="America/New_York")


async def batch(
    database: Database,
    wanted: set[str],
    above: str | None = None,
    until: str | None = None,
    size: int = 10,
) -> list[Customer]:
    async with database.connection() as connection:
        reader = Reader("base", wanted)
        found = await reader.batch(connection, above, until, size)
        return list(found.customers.subjects)


async def test_a_customer_is_the_one_that_a_request_reads(
    database: Database, shop: Shop
) -> None:
    await shop.customer(
        "7",
        email="ada@example.com",
        first_name="Ada",
        middle_name="Byron",
        group_id=2,
        date_of_birth=date(1990, 2, 3),
        store_credit=Decimal("1.50"),
        attributes={"colours": ["red"], "size": 3},
    )
    await shop.order("7", "b", "canceled", created_at="2026-01-02T03:04:05Z")
    await shop.order("7", "a", grand_total="19.90", created_at="2026-03-01T00:00:00Z")
    await shop.execute(
        "insert into address (website, customer_id, address_id, city, country,"
        " default_billing, attributes)"
        " values ('base', '7', '1', 'Ulm', 'DE', true, '{\"floors\": 2}')"
    )
    await shop.execute(
        "insert into order_address (website, order_id, type, city)"
        " values ('base', 'a', 'shipping', 'Ulm'), ('base', 'a', 'billing', 'Bonn'),"
        " ('base', 'b', 'shipping', 'Ulm')"
    )
    await shop.execute(
        "insert into audience (key, name, websites) values ('vips', 'VIPs', '{base}'),"
        " ('press', 'Press', '{base}')"
    )
    await shop.execute(
        "insert into audience_member (website, customer_id, audience, expires_at)"
        " values ('base', '7', 'vips', '2030-01-01'), ('base', '7', 'press', null)"
    )
    await shop.execute(
        "insert into wishlist_item (website, customer_id, sku)"
        " values ('base', '7', 'tent'), ('base', '7', 'bed')"
    )

    await shop.execute(
        "insert into order_line (website, order_id, line, sku, quantity, price,"
        " row_total) values ('base', 'a', 1, 'bed', 2, 10, 20)"
    )

    [found] = await batch(database, ALL)

    facts = await Profiles(database).read("base", "7", None, with_ordered=True)
    assert found == facts.customer
    assert found.orders[0].created_on == date(2026, 1, 1)
    assert [(one.sku, one.quantity) for one in found.ordered] == [("bed", Decimal(2))]
    assert [one.type for one in found.order_addresses] == ["billing", "shipping"]
    assert [one.audience for one in found.memberships] == ["press", "vips"]


async def test_a_birthday_as_nobody_has_it_spoils_no_refresh(
    database: Database, shop: Shop
) -> None:
    await shop.customer("1", date_of_birth=date.max)
    await shop.customer("2", date_of_birth=date.min)

    found = await batch(database, ALL)

    assert [one.date_of_birth for one in found] == [date.max, date.min]
    facts = await Profiles(database).read("base", "1", None)
    assert facts.customer is not None
    assert facts.customer.date_of_birth == date.max


async def test_batches_go_on_where_the_last_one_ended(
    database: Database, shop: Shop
) -> None:
    for customer_id in ("1", "2", "3", "4"):
        await shop.customer(customer_id)
        await shop.order(customer_id, f"of-{customer_id}")

    first = await batch(database, {"orders"}, size=2)
    second = await batch(database, {"orders"}, "2", "3", size=2)
    rest = await batch(database, {"orders"}, "3")

    found = [[one.customer_id for one in each] for each in (first, second, rest)]
    assert found == [["1", "2"], ["3"], ["4"]]
    assert [len(one.orders) for one in (*first, *second, *rest)] == [1, 1, 1, 1]


@pytest.mark.parametrize("fact", sorted(ALL))
async def test_a_fact_that_nobody_wanted_cannot_pass_for_none(
    database: Database, shop: Shop, fact: str
) -> None:
    await shop.customer("1")

    [found] = await batch(database, ALL - {fact})

    for look in (list, len, bool):
        with pytest.raises(Unread, match=fact):
            look(getattr(found, fact))
    with pytest.raises(Unread, match=fact):
        assert getattr(found, fact) == ()


async def test_customers_of_another_website_are_not_read(
    database: Database, shop: Shop
) -> None:
    await shop.website("other")
    await shop.customer("1", "other")
    await shop.customer("2")

    found = await batch(database, ALL)

    assert [replace(one, version=0) for one in found] == [Customer("2")]


async def test_a_history_is_the_one_that_a_request_reads(
    database: Database, shop: Shop
) -> None:
    await shop.customer("1")
    await shop.customer("2")
    kept = {"1": History(visits=3, searches=("tent",))}
    owners = Owners("base", are_customers=True)
    async with database.transaction() as connection:
        await histories.lock(connection, owners, ["1"])
        await histories.save(connection, owners, kept)

    async with database.connection() as connection:
        reader = Reader("base", {"history"})
        with_it = await reader.batch(connection, None, None)
        without = await Reader("base").batch(connection, None, None)

    facts = await Profiles(database).read("base", "1", None)
    assert with_it.histories[0] == facts.history
    assert [one.visits for one in with_it.histories] == [3, 0]
    assert with_it.histories[1] is NO_HISTORY
    with pytest.raises(Unread, match="history"):
        assert without.histories[0].visits


async def test_a_history_of_nobody_yet_is_not_the_next_customers(
    database: Database, shop: Shop
) -> None:
    # Events may tell of customers who are imported later, or were never.
    await shop.customer("2")
    await shop.customer("4")
    kept = {owner: History(visits=int(owner)) for owner in ("1", "3", "4")}
    owners = Owners("base", are_customers=True)
    async with database.transaction() as connection:
        await histories.lock(connection, owners, list(kept))
        await histories.save(connection, owners, kept)

    async with database.connection() as connection:
        found = await Reader("base", {"history"}).batch(connection, None, None)

    assert found.ids == ["2", "4"]
    assert [one.visits for one in found.histories] == [0, 4]
    assert found.histories[0] is NO_HISTORY


@pytest.mark.parametrize("style", ["SQL, DMY", "Postgres, MDY", "German"])
async def test_the_server_may_write_instants_in_any_style(
    database: Database, shop: Shop, style: str
) -> None:
    await shop.customer("1")
    await shop.execute(
        "insert into audience (key, name, websites) values ('vips', 'VIPs', '{base}')"
    )
    await shop.execute(
        "insert into audience_member (website, customer_id, audience, expires_at)"
        " values ('base', '1', 'vips', '2030-01-02 03:04:05.678901Z')"
    )

    async with database.connection() as connection:
        await connection.execute(f"set datestyle = '{style}'")
        await connection.execute("set timezone = 'Asia/Kolkata'")
        reader = Reader("base", {"memberships"})
        [found] = (await reader.batch(connection, None, None)).customers.subjects

    facts = await Profiles(database).read("base", "1", None)
    assert facts.customer is not None
    assert found.memberships == facts.customer.memberships


async def test_each_column_stands_in_its_own_place(
    database: Database, shop: Shop
) -> None:
    names = ("prefix", "first_name", "middle_name", "last_name", "suffix")
    places = ("company", "street", "city", "region", "region_code", "postcode")
    numbers = ("country", "telephone", "fax", "vat_id")
    # Nothing of it may pass for an end, a null or a boolean of the format.
    own = {"note": "tab\t, line\n, return\r, \\N, \\", "none": "\\N", "t": "t"}
    of_customer = {name: f"{name}\t\\N" for name in (*names, "gender", "store_view")}
    of_address = {name: f"{name}\n\\" for name in (*names, *places, *numbers)}
    await shop.customer("\\N", newsletter=True, attributes=own, **of_customer)
    await shop.execute(
        f"insert into address (website, customer_id, address_id, default_shipping,"
        f" attributes, {', '.join(of_address)}) values ('base', $1, 't', true, $2,"
        f" {', '.join(f'${3 + nth}' for nth in range(len(of_address)))})",
        *("\\N", own, *of_address.values()),
    )
    await shop.customer("t", email="", first_name="\\N", gender="t")

    found = await batch(database, ALL)

    profiles = Profiles(database)
    facts = [await profiles.read("base", one, None) for one in ("\\N", "t")]
    assert found == [one.customer for one in facts]
    [address] = found[0].addresses
    assert {name: getattr(found[0], name) for name in of_customer} == of_customer
    assert {name: getattr(address, name) for name in of_address} == of_address
    assert found[0].attributes == address.attributes == own
    assert (found[1].email, found[1].last_name) == ("", None)
