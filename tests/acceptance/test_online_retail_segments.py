"""Segments over a year of real orders have the customers that the files say.

All customers of the files have an address; those of some are taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gateway.personalize.grammar import Limits
from gateway.resolvers import segment_refreshes, segments
from gateway.resolvers.matching import Job
from gateway.storage.database import connected
from tests.acceptance import files
from tests.acceptance.online_retail import COUNTRIES, WEBSITE
from tests.refreshing import Told, members

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Order:
    """An order as it is in the files; *placed* is a day by the clocks of London."""

    status: str
    placed: str
    total: Decimal
    quantity: int
    country: str | None


@dataclass(frozen=True)
class Person:
    """A customer as they are in the files; not every address has a country."""

    since: str
    has_address: bool
    country: str | None
    orders: tuple[Order, ...]
    skus: frozenset[str]

    @property
    def complete(self) -> list[Order]:
        return [one for one in self.orders if one.status == "complete"]

    @property
    def canceled(self) -> list[Order]:
        return [one for one in self.orders if one.status == "canceled"]


def total(orders: list[Order]) -> Decimal:
    return sum((one.total for one in orders), Decimal(0))


def average(orders: list[Order]) -> Decimal:
    return total(orders) / len(orders) if orders else Decimal(0)


def units(orders: list[Order]) -> int:
    return sum(one.quantity for one in orders)


def between(orders: list[Order], first: str, last: str) -> list[Order]:
    return [one for one in orders if first <= one.placed <= last]


def where(key: str, operator: str, value: Any) -> Tree:
    return {"attribute": key, "operator": operator, "value": value}


def of(what: str, key: str, operator: str, value: Any, *conditions: Tree) -> Tree:
    """An aggregate over orders: *what* is count, sum or average."""
    return {what: key, "operator": operator, "value": value, "all": list(conditions)}


COMPLETE = where("order.status", "is", "complete")
CANCELED = where("order.status", "is", "canceled")
LANTERN, CAKESTAND = "85123a", "22423"
ORDERS, TOTAL, QUANTITY = "customer.orders", "order.grand_total", "order.quantity"


def lives_in(country: str) -> Tree:
    return {
        "found": "customer.addresses",
        "all": [where("address.country", "is", country)],
    }


def placed(first: str, last: str) -> tuple[Tree, Tree]:
    return (
        where("order.created_at", "at_least", first),
        where("order.created_at", "at_most", last),
    )


def ordered(sku: str, word: str = "found") -> Tree:
    return {word: "products.ordered", "all": [where("product.sku", "is", sku)]}


Expected = Callable[[Person], bool]
NOVEMBER, SUMMER = ("2010-11-01", "2010-11-30"), ("2010-06-01", "2010-08-31")
WITHOUT_ADDRESS = "7"
EURO = ["DE", "FR", "ES", "IT", "NL", "BE", "AT", "IE", "PT", "FI", "GR"]

# Each segment: its conditions, and what it means, written without them.
SEGMENTS: dict[str, tuple[Tree, Expected]] = {
    "germans": (lives_in("DE"), lambda one: one.country == "DE"),
    "french": (lives_in("FR"), lambda one: one.country == "FR"),
    "british": (lives_in("GB"), lambda one: one.country == "GB"),
    "abroad": (
        {
            "not_found": "customer.addresses",
            "all": [where("address.country", "is", "GB")],
        },
        lambda one: one.country != "GB",
    ),
    "in-the-euro": (
        {
            "found": "customer.addresses",
            "all": [where("address.country", "is_one_of", EURO)],
        },
        lambda one: one.country in EURO,
    ),
    "sent-to-germany": (
        {"found": ORDERS, "all": [where("order.country", "is", "DE")]},
        lambda one: any(each.country == "DE" for each in one.orders),
    ),
    "never-completed": (
        of("count", ORDERS, "is", 0, COMPLETE),
        lambda one: not one.complete,
    ),
    "one-order": (
        of("count", ORDERS, "is", 1, COMPLETE),
        lambda one: len(one.complete) == 1,
    ),
    "two-to-four-orders": (
        {
            "all": [
                of("count", ORDERS, "at_least", 2, COMPLETE),
                of("count", ORDERS, "at_most", 4, COMPLETE),
            ]
        },
        lambda one: 2 <= len(one.complete) <= 4,
    ),
    "ten-orders": (
        of("count", ORDERS, "at_least", 10, COMPLETE),
        lambda one: len(one.complete) >= 10,
    ),
    "more-than-fifty": (
        of("count", ORDERS, "greater_than", 50),
        lambda one: len(one.orders) > 50,
    ),
    "spent-1000": (
        of("sum", TOTAL, "at_least", 1000, COMPLETE),
        lambda one: total(one.complete) >= 1000,
    ),
    "spent-10000": (
        of("sum", TOTAL, "greater_than", "10000.00", COMPLETE),
        lambda one: total(one.complete) > 10000,
    ),
    "spent-under-100": (
        of("sum", TOTAL, "less_than", 100, COMPLETE),
        lambda one: total(one.complete) < 100,
    ),
    "gave-back-more": (
        of("sum", TOTAL, "less_than", 0),
        lambda one: total(list(one.orders)) < 0,
    ),
    "average-above-500": (
        of("average", TOTAL, "greater_than", 500, COMPLETE),
        lambda one: average(one.complete) > 500,
    ),
    "average-below-150": (
        of("average", TOTAL, "less_than", 150, COMPLETE),
        lambda one: average(one.complete) < 150,
    ),
    "thousand-units": (
        of("sum", QUANTITY, "at_least", 1000, COMPLETE),
        lambda one: units(one.complete) >= 1000,
    ),
    "large-order": (
        {"found": ORDERS, "all": [where(QUANTITY, "greater_than", 2000)]},
        lambda one: any(each.quantity > 2000 for each in one.orders),
    ),
    "bought-in-november": (
        {"found": ORDERS, "all": [COMPLETE, *placed(*NOVEMBER)]},
        lambda one: bool(between(one.complete, *NOVEMBER)),
    ),
    "nothing-in-summer": (
        {"not_found": ORDERS, "all": [COMPLETE, *placed(*SUMMER)]},
        lambda one: not between(one.complete, *SUMMER),
    ),
    "three-in-summer": (
        of("count", ORDERS, "at_least", 3, COMPLETE, *placed(*SUMMER)),
        lambda one: len(between(one.complete, *SUMMER)) >= 3,
    ),
    "november-500": (
        of("sum", TOTAL, "at_least", 500, COMPLETE, *placed(*NOVEMBER)),
        lambda one: total(between(one.complete, *NOVEMBER)) >= 500,
    ),
    "no-address": (
        {"not_found": "customer.addresses", "all": []},
        lambda one: not one.has_address,
    ),
    "ordered-lantern": (ordered(LANTERN), lambda one: LANTERN in one.skus),
    "ordered-both": (
        {"all": [ordered(LANTERN), ordered(CAKESTAND)]},
        lambda one: {LANTERN, CAKESTAND} <= one.skus,
    ),
    "loyal-without-cakestand": (
        {
            "all": [
                ordered(CAKESTAND, "not_found"),
                of("count", ORDERS, "at_least", 5, COMPLETE),
            ]
        },
        lambda one: CAKESTAND not in one.skus and len(one.complete) >= 5,
    ),
    "has-canceled": (
        {"found": ORDERS, "all": [CANCELED]},
        lambda one: bool(one.canceled),
    ),
    "only-canceled": (
        {
            "all": [
                of("count", ORDERS, "at_least", 1, CANCELED),
                {
                    "not_found": ORDERS,
                    "all": [where("order.status", "is_not", "canceled")],
                },
            ]
        },
        lambda one: bool(one.canceled) and len(one.canceled) == len(one.orders),
    ),
    "new-in-autumn": (
        where("customer.since", "at_least", "2010-09-01"),
        lambda one: one.since >= "2010-09-01",
    ),
    "since-december": (
        where("customer.since", "less_than", "2010-01-01"),
        lambda one: one.since < "2010-01-01",
    ),
    "german-or-large": (
        {"any": [lives_in("DE"), of("sum", TOTAL, "at_least", 20000, COMPLETE)]},
        lambda one: one.country == "DE" or total(one.complete) >= 20000,
    ),
    "loyal-abroad": (
        {
            "all": [
                {"any": [lives_in("GB"), lives_in("IE")], "are": False},
                of("count", ORDERS, "at_least", 5, COMPLETE),
            ]
        },
        lambda one: (
            (one.country != "GB" or one.country != "IE") and len(one.complete) >= 5
        ),
    ),
    "without-returns": (
        {
            "all": [
                {"found": ORDERS, "all": [CANCELED]},
                of("sum", TOTAL, "at_least", 5000, COMPLETE),
            ],
            "are": False,
        },
        lambda one: not one.canceled and total(one.complete) < 5000,
    ),
}


@pytest.fixture(scope="module")
def people(online_retail_source: Path) -> dict[str, Person]:
    """Every customer of the files, by id."""
    orders: dict[str, list[Order]] = {}
    skus: dict[str, set[str]] = {}
    customers: dict[str, str] = {}
    table = pq.read_table(online_retail_source / "orders_2009_2010.parquet")
    for one in table.to_pylist():
        customers[one["order_id"]] = str(one["customer_id"])
        orders.setdefault(str(one["customer_id"]), []).append(
            Order(
                one["status"],
                one["created_at"][:10],
                Decimal(one["grand_total_cents"]) / 100,
                one["total_qty"],
                COUNTRIES[one["country"]],
            )
        )
    lines = pq.read_table(
        online_retail_source / "order_items_2009_2010.parquet",
        columns=["order_id", "sku"],
    )
    for one in lines.to_pylist():
        if one["order_id"] in customers:
            # An SKU is the same in capitals.
            found = skus.setdefault(customers[one["order_id"]], set())
            found.add(one["sku"].casefold())
    return {
        one["customer_id"]: Person(
            one["first_order_at"][:10],
            has_address := not one["customer_id"].endswith(WITHOUT_ADDRESS),
            COUNTRIES[one["country"]] if has_address else None,
            tuple(orders.get(one["customer_id"], ())),
            frozenset(skus.get(one["customer_id"], ())),
        )
        for one in files.read_csv(online_retail_source / "customers_2009_2010.csv.gz")
    }


def differences(
    people: Mapping[str, Person], found: Mapping[str, list[str]]
) -> Iterator[str]:
    for key, (_, is_in) in SEGMENTS.items():
        wanted = {customer for customer, one in people.items() if is_in(one)}
        matched = set(found.get(key, ()))
        assert wanted, f"nobody is in {key}: it shows nothing"
        if wanted != matched:
            missing, surplus = sorted(wanted - matched), sorted(matched - wanted)
            yield f"{key}: missing {missing[:3]}, surplus {surplus[:3]}"


async def test_every_segment_has_the_customers_that_the_files_say(
    segmented_retail_database_url: str, people: dict[str, Person]
) -> None:
    assert len(SEGMENTS) >= 25
    job, told = Job(segmented_retail_database_url, Limits()), Told()
    async with connected(segmented_retail_database_url, pool_size=2) as database:
        for key, (conditions, _) in SEGMENTS.items():
            given = {"key": key, "name": key, "websites": [WEBSITE]}
            also = {"applies_to": "registered", "conditions": conditions}
            await segments.save(database, {**given, **also})

        async with database.connection() as connection:
            ids = f"%{WITHOUT_ADDRESS}"
            await connection.execute(
                "delete from address where customer_id like $1", ids
            )

        await segment_refreshes.refresh(job, WEBSITE, None, 1, told)

        assert list(differences(people, await members(database))) == []
        assert told.done[0].decided == len(people) == 4383
