"""What prices cost to work out: catalogue price rules over a large catalogue.

In seconds of CPU, which neighbours do not change: the list from nothing, the list after
one product or one rule has changed, and every product's price for every group.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from gateway.personalize import catalogue_price_rules
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.operators import Kind
from gateway.personalize.prices import Buyer, PriceList
from gateway.personalize.products import Catalogue, Product, Visibility
from gateway.personalize.tier_prices import TierPrice

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CATEGORIES, BRANDS = 40, 25
OWN = Attributes([DeclaredAttribute("product", "brand", Kind.SELECT)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.prices", description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--groups", type=int, default=4)
    options = parser.parse_args()
    products = [_product(number) for number in range(options.products)]
    catalogue = Catalogue.of(products)
    rules = [_rule(number) for number in range(options.rules)]
    print(
        f"{options.products:,} products, {options.rules} rules, {options.groups} groups"
    )

    with _timed("from nothing"):
        listed = PriceList(catalogue, rules)
    changed = replace(products[-1], price=Decimal(1))
    later = Catalogue.of([*products[:-1], changed])
    with _timed("one product has changed"):
        PriceList(later, rules, before=listed)
    other = [*rules[:-1], _rule(options.rules)]
    with _timed("one rule has changed"):
        PriceList(catalogue, other, before=listed)
    with _timed("nothing has changed"):
        PriceList(catalogue, rules, before=listed)
    with _timed("every price of every group"):
        count = sum(_price_all(listed, group) for group in range(options.groups))
    print(f"{count:,} prices")


def _price_all(listed: PriceList, group_id: int) -> int:
    price: Callable[[Product], object] = listed.to(Buyer(NOW, group_id)).of
    return sum(price(one) is not None for one in listed.catalogue.products.values())


def _product(number: int) -> Product:
    tiers = (TierPrice(Decimal(5), Decimal(10)),) if number % 10 == 0 else ()
    return Product(
        sku=f"sku-{number}",
        id=number + 1,
        name=f"Product {number}",
        type="simple",
        price=Decimal(number % 500 + 1),
        tiers=tiers,
        categories=(f"all/category-{number % CATEGORIES}",),
        attributes={"brand": f"brand-{number % BRANDS}"},
        saleable=True,
        visibility=Visibility.CATALOG_SEARCH,
    )


def _rule(number: int) -> CataloguePriceRule:
    conditions = {
        "all": [
            {
                "attribute": "product.category",
                "operator": "is_one_of",
                "value": [f"all/category-{number % CATEGORIES}", "all/other"],
            },
            {
                "attribute": "product.brand",
                "operator": "is_not",
                "value": f"brand-{number % BRANDS}",
            },
            {"attribute": "product.price", "operator": "at_least", "value": 5},
        ]
    }
    given = {
        "key": f"rule-{number}",
        "name": "Rule",
        "websites": ["main"],
        "customer_groups": [number % 4, (number + 1) % 4],
        "priority": number,
        # Every other rule looks at the brand first, and holds of most products.
        "conditions": conditions if number % 2 else {"all": conditions["all"][1:]},
        "action": "by_percent",
        "amount": 5,
    }
    return catalogue_price_rules.compile(
        catalogue_price_rules.read(given), OWN, id=number + 1
    )


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.process_time()
    yield
    print(f"{what:<28}{time.process_time() - began:8.3f} s")


if __name__ == "__main__":
    main()
