"""What many cart price rules, and many lines, cost: ratios of what runs side by side.

1,000 rules of which 10 match, beside the same 10 alone; 200 lines beside 100, with 50
rules that all apply. Both are decided by turns in one process, and only the ratio of
their medians means something.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gateway.personalize import rulebook
from gateway.personalize.attributes import Attributes
from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.context import Context, Customer, Shipping, Website
from gateway.personalize.decide import Decision
from gateway.personalize.prices import PriceList
from gateway.personalize.products import Catalogue, Product
from gateway.personalize.rulebook import Row, Rows, RuleBook

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
WEBSITE = Website("base")
PRODUCTS = 5_000
CATEGORIES = 500
MATCHING = 10
OTHERS = 990

Given = Mapping[str, Any]
Decide = Callable[[], object]

CATALOGUE = Catalogue.of(
    Product(
        f"sku-{n}",
        id=n,
        name=f"Product {n}",
        type="simple",
        price=Decimal(5 + n % 40),
        categories=(f"shop/category-{n % CATEGORIES}",),
        attributes={"brand": f"brand-{n % 200}"},
    )
    for n in range(PRODUCTS)
)
PRICES = PriceList(CATALOGUE, ())


def comparison(attribute: str, operator: str, value: Any) -> Given:
    """A leaf of a tree."""
    return {"attribute": attribute, "operator": operator, "value": value}


def matching(n: int) -> Given:
    """A rule that matches: a subtotal that is reached, and items that are there."""
    return {
        "conditions": {"all": [comparison("cart.subtotal", "at_least", 10 + n)]},
        "item_conditions": {
            "all": [comparison("item.price", "at_least", 5 + n % 3)],
        },
        "action": ("by_percent", "by_fixed", "cart_fixed")[n % 3],
        "amount": "1",
    }


def of_sku(n: int) -> Given:
    """Rules for products that are not in the cart."""
    wanted = [f"sku-{1000 + n}", f"sku-{2000 + n}"]
    return {
        "item_conditions": {"all": [comparison("product.sku", "is_one_of", wanted)]}
    }


def found(n: int) -> Given:
    """Rules for carts that hold what this one does not."""
    wanted = [f"shop/category-{100 + n % 400}"]
    return {
        "conditions": {
            "found": "cart.items",
            "all": [comparison("product.category", "is_one_of", wanted)],
        }
    }


def threshold(n: int) -> Given:
    """Rules for carts that cost more."""
    tree = {"all": [comparison("cart.subtotal", "at_least", 5_000 + n)]}
    return {"conditions": tree}


def coupon(n: int) -> Given:
    """Rules with a coupon that was not entered."""
    return {"coupon_code": f"CODE-{n}"}


def group(n: int) -> Given:
    """Rules for other customer groups."""
    return {"customer_groups": [2 + n % 50]}


def days(n: int) -> Given:
    """Rules of another time."""
    return {"from": f"2027-{1 + n % 12:02}-01"}


def country(n: int) -> Given:
    """Rules for carts that are shipped elsewhere, and cost more."""
    return {
        "conditions": {
            "all": [
                comparison("cart.country", "is", ("NO", "SE", "DK")[n % 3]),
                comparison("cart.quantity", "at_least", 1),
            ]
        }
    }


def nearly(n: int) -> Given:
    """Rules for this country, whose sum over a category is not reached."""
    return {
        "conditions": {
            "all": [
                comparison("cart.country", "is", "DE"),
                {
                    "sum": "item.row_total",
                    "operator": "at_least",
                    "value": 100 + n,
                    "all": [
                        comparison(
                            "product.category",
                            "is_one_of",
                            [f"shop/category-{n % CATEGORIES}"],
                        )
                    ],
                },
            ]
        }
    }


KINDS: Sequence[Callable[[int], Given]] = (
    of_sku,
    found,
    threshold,
    coupon,
    group,
    days,
    country,
    nearly,
)


def mixed(n: int) -> Given:
    """Rules of every kind by turns."""
    return KINDS[n % len(KINDS)](n)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.carts", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--lines", type=int, default=10, help="of the cart")
    options = parser.parse_args()
    print(
        f"{options.rounds} rounds, a cart of {options.lines} lines; "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    few = book([matching(n) for n in range(MATCHING)])
    for kind in (*KINDS, mixed):
        many = book(
            [matching(n) for n in range(MATCHING)] + [kind(n) for n in range(OTHERS)]
        )
        cart = cart_of(options.lines)
        ratio(
            f"1,000 rules of which 10 match: {kind.__name__}",
            decided(many, cart),
            decided(few, cart),
            options.rounds,
        )
    applicable = book([matching(n) for n in range(50)])
    ratio(
        "200 lines beside 100, 50 rules that apply",
        decided(applicable, cart_of(200)),
        decided(applicable, cart_of(100)),
        max(3, options.rounds // 6),
    )


def book(rules: Sequence[Given]) -> RuleBook:
    """Compile *rules*."""
    rows = [
        Row(
            n,
            {
                "key": f"rule-{n}",
                "name": f"Rule {n}",
                "websites": ["base"],
                "action": "by_percent",
                "amount": "5",
                **given,
            },
        )
        for n, given in enumerate(rules, start=1)
    ]
    compiled = rulebook.compile(WEBSITE, Rows(cart_price_rules=rows), Attributes())
    if compiled.faults:
        raise RuntimeError(compiled.faults[0].reason)
    return compiled


def cart_of(lines: int) -> MirroredCart:
    """A cart of so many different products."""
    return MirroredCart(
        lines=tuple(Line(f"sku-{n}", Decimal(1 + n % 3)) for n in range(lines)),
        shipping=Shipping("flatrate_flatrate", Decimal(5)),
    )


def decided(rules: RuleBook, cart: MirroredCart) -> Decide:
    """Return what decides once, from a cart that was just read."""

    def decide() -> object:
        context = Context(
            at=NOW,
            website=WEBSITE,
            customer=Customer("1", group_id=1),
            catalogue=CATALOGUE,
            price_list=PRICES,
        )
        priced = replace(context, cart=cart.priced(context.prices))
        return Decision(priced, rules).discounts

    return decide


def ratio(name: str, many: Decide, few: Decide, rounds: int) -> None:
    """Print the ratio of medians, and both in milliseconds."""
    many(), few()
    pairs = [(seconds(many), seconds(few)) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"{name:<52}{ours / theirs:>6.2f}   "
        f"({ours * 1000:.2f} ms beside {theirs * 1000:.2f} ms)"
    )


def seconds(decide: Decide) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    decide()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
