"""The catalogue of a website, brought up to date by what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gateway.personalize.errors import NotFound, Problem
from gateway.personalize.products import (
    Catalogue,
    Link,
    Product,
    ProductList,
    SpecialPrice,
    Visibility,
)
from gateway.personalize.tier_prices import TierPrice, TierPriceType
from gateway.storage import values
from gateway.storage.database import Database, Record
from gateway.storage.sql import queries

SQL = queries("products")

BATCH = 2000
"""Products read by one statement, which must end in the time that statements have."""


@dataclass(frozen=True)
class Changes:
    """What makes the catalogue that is *held*, or none, the one of *revision*."""

    held: Catalogue | None
    revision: int
    timezone: str
    rows: Sequence[Record]

    def applied(self) -> Catalogue:
        """Return the catalogue as it is now; the very one held if nothing changed."""
        if self.held is not None and self.held.revision >= self.revision:
            return self.held
        products = dict(self.held.stored) if self.held else {}
        links = dict(self.held.links) if self.held else {}
        for row in self.rows:
            sku = row["sku"]
            for product_list in ProductList:
                links.pop((sku, product_list), None)
            if row["removed"]:
                products.pop(sku, None)
                continue
            products[sku] = _product(row)
            links |= _links(sku, row["links"])
        return Catalogue.of(
            products.values(), links, revision=self.revision, timezone=self.timezone
        )


async def changes(database: Database, website: str, held: Catalogue | None) -> Changes:
    """Read what has changed since the catalogue that is *held*; all if there is none.

    The revision is read first: a change in between is read twice, never missed.

    Raises:
        NotFound: there is no such website.
    """
    stands = await database.read(SQL.catalogue_revision, website)
    if not stands:
        raise NotFound(Problem("", f"there is no website {website!r}."))
    revision: int = stands[0]["catalogue_revision"]
    since = held.revision if held else 0
    rows = await _changed(database, website, since) if revision > since else ()
    return Changes(held, revision, stands[0]["timezone"], rows)


async def _changed(database: Database, website: str, since: int) -> Sequence[Record]:
    rows: list[Record] = []
    while True:
        last = rows[-1]["id"] if rows else 0
        batch = await database.read(SQL.changed_products, website, since, last, BATCH)
        rows += batch
        if len(batch) < BATCH:
            return rows


def _product(row: Record) -> Product:
    special = None
    if row["special_price"] is not None:
        special = SpecialPrice(
            row["special_price"], row["special_from"], row["special_to"]
        )
    return Product(
        sku=row["sku"],
        id=row["id"],
        name=row["name"],
        type=row["type"],
        attribute_set=row["attribute_set"],
        price=row["price"],
        special=special,
        tiers=tuple(_tier(*tier) for tier in row["tiers"]),
        weight=row["weight"],
        categories=tuple(row["categories"]),
        attributes=values.attributes(row["attributes"]),
        saleable=row["saleable"],
        visibility=Visibility(row["visibility"]),
        children=tuple(row["children"]),
        url_key=row["url_key"],
    )


def _tier(group_id: int | None, quantity: str, type: str, amount: str) -> TierPrice:
    return TierPrice(Decimal(amount), Decimal(quantity), group_id, TierPriceType(type))


def _links(
    sku: str, linked: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, ProductList], Sequence[Link]]:
    found: dict[tuple[str, ProductList], list[Link]] = {}
    for product_list, linked_sku, position in linked:
        found.setdefault((sku, ProductList(product_list)), []).append(
            Link(linked_sku, position)
        )
    return {**found}
