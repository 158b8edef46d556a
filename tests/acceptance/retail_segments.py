"""Segments over a year of real orders, each beside a statement of whom it means.

The statements say it in the words of the files, and by another engine: countries by
their names, money in whole pence, and customers by the days of their orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

Tree = Mapping[str, Any]

# All customers of the files have an address; those of some are taken away.
WITHOUT_ADDRESS = "%7"

VIEWS = f"""
create view customer as
select customer_id,
       first_order_at::date as since,
       customer_id::text not like '{WITHOUT_ADDRESS}' as has_address,
       case when has_address then country end as country
  from 'customers_2009_2010.csv.gz';

-- Orders of visitors are nobody's.
create view orders as
select customer_id, order_id, status, country,
       created_at::timestamp::date as day,
       grand_total_cents as pence,
       total_qty as units
  from 'orders_2009_2010.parquet'
 where customer_id is not null;

create view complete as
select * from orders where status = 'complete';

-- An SKU is the same in capitals.
create view line as
select customer_id, lower(sku) as sku
  from 'order_items_2009_2010.parquet' join orders using (order_id);

create view euro as
select unnest(['Germany', 'France', 'Spain', 'Italy', 'Netherlands', 'Belgium',
               'Austria', 'EIRE', 'Portugal', 'Finland', 'Greece']) as country;
"""


def meant(source: Path) -> Mapping[str, frozenset[str]]:
    """Return who is meant by each segment, from the files in *source* alone."""
    with duckdb.connect(config={"file_search_path": str(source)}) as files:
        files.execute(VIEWS)
        return {
            key: frozenset(str(id) for (id,) in files.execute(statement).fetchall())
            for key, (_, statement) in SEGMENTS.items()
        }


def where(key: str, operator: str, value: Any) -> Tree:
    return {"attribute": key, "operator": operator, "value": value}


def of(what: str, key: str, operator: str, value: Any, *conditions: Tree) -> Tree:
    """An aggregate over orders: *what* is count, sum or average."""
    return {what: key, "operator": operator, "value": value, "all": list(conditions)}


COMPLETE = where("order.status", "is", "complete")
CANCELED = where("order.status", "is", "canceled")
LANTERN, CAKESTAND = "85123a", "22423"
ORDERS, TOTAL, QUANTITY = "customer.orders", "order.grand_total", "order.quantity"


def lives_in(country: str, word: str = "found") -> Tree:
    return {
        word: "customer.addresses",
        "all": [where("address.country", "is", country)],
    }


def placed(first: str, last: str) -> tuple[Tree, Tree]:
    return (
        where("order.created_at", "at_least", first),
        where("order.created_at", "at_most", last),
    )


def ordered(sku: str, word: str = "found") -> Tree:
    return {word: "products.ordered", "all": [where("product.sku", "is", sku)]}


NOVEMBER, SUMMER = ("2010-11-01", "2010-11-30"), ("2010-06-01", "2010-08-31")
EURO = ["DE", "FR", "ES", "IT", "NL", "BE", "AT", "IE", "PT", "FI", "GR"]

# Each segment: its conditions, and the customers they mean.
SEGMENTS: dict[str, tuple[Tree, str]] = {
    "germans": (
        lives_in("DE"),
        "select customer_id from customer where country = 'Germany'",
    ),
    "french": (
        lives_in("FR"),
        "select customer_id from customer where country = 'France'",
    ),
    "british": (
        lives_in("GB"),
        "select customer_id from customer where country = 'United Kingdom'",
    ),
    "abroad": (
        lives_in("GB", "not_found"),
        """
        select customer_id from customer
         where country is distinct from 'United Kingdom'
        """,
    ),
    "in-the-euro": (
        {
            "found": "customer.addresses",
            "all": [where("address.country", "is_one_of", EURO)],
        },
        "select customer_id from customer join euro using (country)",
    ),
    "sent-to-germany": (
        {"found": ORDERS, "all": [where("order.country", "is", "DE")]},
        "select customer_id from orders where country = 'Germany'",
    ),
    "never-completed": (
        of("count", ORDERS, "is", 0, COMPLETE),
        "select customer_id from customer anti join complete using (customer_id)",
    ),
    "one-order": (
        of("count", ORDERS, "is", 1, COMPLETE),
        "select customer_id from complete group by all having count(*) = 1",
    ),
    "two-to-four-orders": (
        {
            "all": [
                of("count", ORDERS, "at_least", 2, COMPLETE),
                of("count", ORDERS, "at_most", 4, COMPLETE),
            ]
        },
        "select customer_id from complete group by all having count(*) between 2 and 4",
    ),
    "ten-orders": (
        of("count", ORDERS, "at_least", 10, COMPLETE),
        "select customer_id from complete group by all having count(*) >= 10",
    ),
    "more-than-fifty": (
        of("count", ORDERS, "greater_than", 50),
        "select customer_id from orders group by all having count(*) > 50",
    ),
    "spent-1000": (
        of("sum", TOTAL, "at_least", 1000, COMPLETE),
        "select customer_id from complete group by all having sum(pence) >= 100_000",
    ),
    "spent-10000": (
        of("sum", TOTAL, "greater_than", "10000.00", COMPLETE),
        "select customer_id from complete group by all having sum(pence) > 1_000_000",
    ),
    "spent-under-100": (
        of("sum", TOTAL, "less_than", 100, COMPLETE),
        """
        select customer_id from customer left join complete using (customer_id)
         group by all having coalesce(sum(pence), 0) < 10_000
        """,
    ),
    "gave-back-more": (
        of("sum", TOTAL, "less_than", 0),
        "select customer_id from orders group by all having sum(pence) < 0",
    ),
    "average-above-500": (
        of("average", TOTAL, "greater_than", 500, COMPLETE),
        """
        select customer_id from complete group by all
        having sum(pence) > 50_000 * count(*)
        """,
    ),
    "average-below-150": (
        of("average", TOTAL, "less_than", 150, COMPLETE),
        """
        select customer_id from customer left join complete using (customer_id)
         group by all having coalesce(sum(pence), 0) < 15_000 * count(*)
        """,
    ),
    "thousand-units": (
        of("sum", QUANTITY, "at_least", 1000, COMPLETE),
        "select customer_id from complete group by all having sum(units) >= 1000",
    ),
    "large-order": (
        {"found": ORDERS, "all": [where(QUANTITY, "greater_than", 2000)]},
        "select customer_id from orders where units > 2000",
    ),
    "bought-in-november": (
        {"found": ORDERS, "all": [COMPLETE, *placed(*NOVEMBER)]},
        """
        select customer_id from complete
         where day between '2010-11-01' and '2010-11-30'
        """,
    ),
    "nothing-in-summer": (
        {"not_found": ORDERS, "all": [COMPLETE, *placed(*SUMMER)]},
        """
        select customer_id from customer except
        select customer_id from complete where day between '2010-06-01' and '2010-08-31'
        """,
    ),
    "three-in-summer": (
        of("count", ORDERS, "at_least", 3, COMPLETE, *placed(*SUMMER)),
        """
        select customer_id from complete
         where day between '2010-06-01' and '2010-08-31'
         group by all having count(*) >= 3
        """,
    ),
    "november-500": (
        of("sum", TOTAL, "at_least", 500, COMPLETE, *placed(*NOVEMBER)),
        """
        select customer_id from complete
         where day between '2010-11-01' and '2010-11-30'
         group by all having sum(pence) >= 50_000
        """,
    ),
    "no-address": (
        {"not_found": "customer.addresses", "all": []},
        "select customer_id from customer where not has_address",
    ),
    "ordered-lantern": (
        ordered(LANTERN),
        "select customer_id from line where sku = '85123a'",
    ),
    "ordered-both": (
        {"all": [ordered(LANTERN), ordered(CAKESTAND)]},
        """
        select customer_id from line where sku = '85123a' intersect
        select customer_id from line where sku = '22423'
        """,
    ),
    "loyal-without-cakestand": (
        {
            "all": [
                ordered(CAKESTAND, "not_found"),
                of("count", ORDERS, "at_least", 5, COMPLETE),
            ]
        },
        """
        select customer_id from complete group by all having count(*) >= 5 except
        select customer_id from line where sku = '22423'
        """,
    ),
    "has-canceled": (
        {"found": ORDERS, "all": [CANCELED]},
        "select customer_id from orders where status = 'canceled'",
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
        """
        select customer_id from orders group by all
        having bool_and(status = 'canceled')
        """,
    ),
    "new-in-autumn": (
        where("customer.since", "at_least", "2010-09-01"),
        "select customer_id from customer where since >= '2010-09-01'",
    ),
    "since-december": (
        where("customer.since", "less_than", "2010-01-01"),
        "select customer_id from customer where since < '2010-01-01'",
    ),
    "german-or-large": (
        {"any": [lives_in("DE"), of("sum", TOTAL, "at_least", 20000, COMPLETE)]},
        """
        select customer_id from customer where country = 'Germany' union
        select customer_id from complete group by all having sum(pence) >= 2_000_000
        """,
    ),
    "loyal-abroad": (
        {
            "all": [
                {"any": [lives_in("GB"), lives_in("IE")], "are": False},
                of("count", ORDERS, "at_least", 5, COMPLETE),
            ]
        },
        # Nobody lives in both countries.
        "select customer_id from complete group by all having count(*) >= 5",
    ),
    "without-returns": (
        {
            "all": [
                {"found": ORDERS, "all": [CANCELED]},
                of("sum", TOTAL, "at_least", 5000, COMPLETE),
            ],
            "are": False,
        },
        """
        select customer_id from customer except
        select customer_id from orders where status = 'canceled' except
        select customer_id from complete group by all having sum(pence) >= 500_000
        """,
    ),
}
