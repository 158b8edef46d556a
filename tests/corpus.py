"""The decision corpus: each file of tests/decisions/ is one decision and its outcome.

A file's name is a sentence, and its members are those of `Case`. Definitions are as an
admin gives them; `name` and `websites` are filled in where a file leaves them out, and
ids count from 1 in the order of the file. Whoever replays the files, a benchmark say,
begins with `cases`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from gateway.personalize import cart_price_rules, carts, money, rulebook
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.context import (
    Address,
    Context,
    Customer,
    Membership,
    Order,
    OrderAddress,
    Remembered,
    Website,
)
from gateway.personalize.coupons import Coupon
from gateway.personalize.decide import Decision
from gateway.personalize.dynamic_blocks import BlockType, Location, Wanted
from gateway.personalize.grammar import Limits
from gateway.personalize.history import Client, History, OrderedProduct, ViewedProduct
from gateway.personalize.money import ZERO
from gateway.personalize.operators import Kind
from gateway.personalize.products import (
    Catalogue,
    Link,
    Product,
    ProductList,
    SpecialPrice,
    Visibility,
)
from gateway.personalize.related_product_rules import MOST_SHOWN
from gateway.personalize.rulebook import Row, Rows, RuleBook
from gateway.personalize.tier_prices import TierPrice, TierPriceType
from gateway.storage import values

FOLDER = Path(__file__).with_name("decisions")

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One file of the corpus, as it was written.

    *context* is the website, the store view, the instant `at`, the customer (none is a
    visitor), the cart as a commerce backend mirrors it and when it was last changed,
    what is known of its `coupons`, what is `spent` of the budgets of rules by id, the
    SKU of the `page`, and what `history` and `client` tell of who `consents`.
    *asked* says which `locations`, which `type` of blocks and how many products a list
    may have. *expect* holds only what the case is about, see `decided`. Without
    *segment_prices*, catalogue price rules for segments are left out.
    """

    name: str
    about: str
    context: Given
    expect: Given
    rulebook: Given = field(default_factory=dict)
    catalogue: Given = field(default_factory=dict)
    attributes: Sequence[Given] = ()
    asked: Given = field(default_factory=dict)
    segment_prices: bool = False

    def decision(self) -> Decision:
        """Decide it, as a request would."""
        return Decision(_context(self), _rulebook(self))


def read(path: Path) -> Case:
    """Read one file; a member that no case has is a TypeError."""
    return Case(path.stem, **json.loads(path.read_text(encoding="utf-8")))


def cases() -> list[Case]:
    """Read every file, by name."""
    return [read(path) for path in sorted(FOLDER.glob("*.json"))]


def decided(case: Case) -> dict[str, Any]:
    """What a case's shopper is given, in the words of `expect`.

    `prices` are what one unit of each product costs the shopper, `paid` what a unit
    of each line does. `discount` is what was given on lines and on shipping together,
    `lines` what was given on each line, `shipping` what it still costs, `left_out`
    which definitions could not be compiled, `outcomes` what became of each cart price
    rule, and `coupon_results` what shoppers are told of each code. Amounts are texts,
    instants end in Z.
    """
    book, context = _rulebook(case), _context(case)
    decision = Decision(context, book)
    asked = dict(case.asked)
    limit = asked.pop("limit", MOST_SHOWN)
    blocks = decision.dynamic_blocks(_wanted(**asked), context.page)
    discounts = decision.discounts
    coin = Decimal(1).scaleb(-money.decimals(context.website.currency))
    lists = {
        each.value: [
            product.sku
            for product in decision.related_products(each, limit, context.page)
        ]
        for each in ProductList
    }
    return {
        "segments": [segment.key for segment in decision.segments],
        "cart_price_rules": [rule.key for rule in discounts.applied],
        "prices": {
            sku: _price(decision.context.prices.of(product), coin)
            for sku, product in context.catalogue.products.items()
        },
        "paid": [_price(item.price, coin) for item in decision.context.cart.items],
        "lines": [_written(line.amount, coin) for line in discounts.lines],
        "outcomes": {
            one.rule.key: one.outcome.value
            for one in cart_price_rules.explain(
                book.cart_price_rules, decision.context
            ).rules
        },
        "labels": {one.rule_key: one.label for one in discounts.on_items},
        "coupon_codes": list(discounts.coupon_codes),
        "coupon_results": {
            one.code: one.reason.value for one in decision.coupon_results
        },
        "shipping": _written(discounts.shipping_after_discount, coin),
        "discount": _written(discounts.total_discount, coin),
        "grand_total": _written(discounts.grand_total, coin),
        "dynamic_blocks": [block.key for block in blocks],
        "contents": {one.key: one.content_in(context.store_view) for one in blocks},
        **lists,
        "valid_until": _instant(decision.valid_until),
        "left_out": [fault.key for fault in book.faults],
    }


def _rulebook(case: Case) -> RuleBook:
    website = _website(case)

    def rows(given: Sequence[Given]) -> list[Row]:
        return [
            Row(id, {"name": one["key"], "websites": [website.code], **one})
            for id, one in enumerate(given, start=1)
        ]

    subjects: dict[str, Any] = {
        subject: rows(given) for subject, given in case.rulebook.items()
    }
    declared = (
        DeclaredAttribute(**{**one, "kind": Kind(one["kind"])})
        for one in case.attributes
    )
    return rulebook.compile(
        website,
        Rows(**subjects),
        Attributes(declared),
        limits=Limits(segment_prices=case.segment_prices),
    )


def _context(case: Case) -> Context:
    given = dict(case.context)
    website = _website(case)
    at = datetime.fromisoformat(given.pop("at", "2026-03-10T12:00:00Z"))
    catalogue = _catalogue(website, **case.catalogue)
    mirrored = replace(
        carts.read(given.pop("cart", {}), from_server=True),
        **_read(given, datetime.fromisoformat, "changed_at"),
    )
    given.pop("changed_at", None)
    coupons = tuple(Coupon(**one) for one in given.pop("coupons", ()))
    spent = {int(id): Decimal(one) for id, one in given.pop("spent", {}).items()}
    customer, page = given.pop("customer", None), given.pop("page", None)
    remembered = Remembered(frozenset(given.pop("remembered", ())))
    given.pop("website", None)
    context = Context(
        at=at,
        website=website,
        customer=None if customer is None else _customer(**customer),
        page=None if page is None else catalogue.find(page),
        catalogue=catalogue,
        price_list=_rulebook(case).price_list(catalogue),
        history=_history(**given.pop("history", {})),
        client=Client(**given.pop("client", {})),
        remembered=remembered,
        spent=spent,
        **given,
    )
    return replace(context, cart=mirrored.priced(context.prices, coupons))


def _website(case: Case) -> Website:
    given = {"code": "main", **case.context.get("website", {})}
    return Website(**{**given, **_read(given, Decimal, "most_discount")})


def _customer(
    addresses: Sequence[Given] = (),
    orders: Sequence[Given] = (),
    order_addresses: Sequence[Given] = (),
    memberships: Sequence[tuple[str, str | None]] = (),
    ordered: Sequence[Given] = (),
    attributes: Given | None = None,
    **given: Any,
) -> Customer:
    return Customer(
        **{
            "customer_id": "1",
            **given,
            **_read(given, date.fromisoformat, "date_of_birth", "since"),
            **_read(given, Decimal, "store_credit"),
            "wishlist": tuple(given.get("wishlist", ())),
        },
        attributes=values.attributes(attributes or {}),
        addresses=tuple(_address(**one) for one in addresses),
        orders=tuple(_order(**one) for one in orders),
        order_addresses=tuple(_order_address(**one) for one in order_addresses),
        memberships=tuple(
            Membership(audience, values.instant(until))
            for audience, until in memberships
        ),
        ordered=tuple(_ordered(**one) for one in ordered),
    )


def _address(attributes: Given | None = None, **given: Any) -> Address:
    return Address(**given, attributes=values.attributes(attributes or {}))


def _order_address(type: str, **given: Any) -> OrderAddress:
    return OrderAddress(type, _address(**given))


def _order(
    status: str, created_on: str, grand_total: str, quantity: int = 1, **also: Any
) -> Order:
    placed = date.fromisoformat(created_on)
    return Order(status, placed, Decimal(grand_total), Decimal(quantity), **also)


def _ordered(
    sku: str, day: str, quantity: int = 1, status: str = "complete"
) -> OrderedProduct:
    return OrderedProduct(sku, date.fromisoformat(day), Decimal(quantity), status)


def _history(
    campaign: Mapping[str, str] | None = None,
    searches: Sequence[str] = (),
    viewed: Sequence[Given] = (),
    **given: Any,
) -> History:
    return History(
        campaign=tuple((campaign or {}).items()),
        searches=tuple(searches),
        viewed=tuple(
            ViewedProduct(**{**one, "day": date.fromisoformat(one["day"])})
            for one in viewed
        ),
        **given,
    )


def _catalogue(
    website: Website, products: Sequence[Given] = (), links: Sequence[Given] = ()
) -> Catalogue:
    linked: dict[tuple[str, ProductList], list[Link]] = {}
    for one in links:
        key = one["sku"], ProductList(one["type"])
        linked.setdefault(key, []).append(Link(one["linked_sku"], one["position"]))
    return Catalogue.of(
        (_product(id, **one) for id, one in enumerate(products, start=1)),
        linked,
        timezone=website.timezone,
    )


def _product(
    id: int,
    sku: str,
    special_price: str | None = None,
    special_from: str | None = None,
    special_to: str | None = None,
    tier_prices: Sequence[Given] = (),
    attributes: Given | None = None,
    **given: Any,
) -> Product:
    special = None
    if special_price is not None:
        special = SpecialPrice(
            Decimal(special_price),
            values.day(special_from),
            values.day(special_to),
        )
    return Product(
        **{
            "sku": sku,
            "id": id,
            "name": sku,
            "type": "simple",
            "saleable": True,
            **given,
            **_read(given, Decimal, "price", "weight"),
            **_read(given, tuple, "categories", "children"),
            "visibility": Visibility(given.get("visibility", "catalog_search")),
        },
        special=special,
        tiers=tuple(_tier(**one) for one in tier_prices),
        attributes=values.attributes(attributes or {}),
    )


def _tier(
    amount: str, quantity: int = 1, group_id: int | None = None, type: str = "fixed"
) -> TierPrice:
    kind = TierPriceType(type)
    return TierPrice(Decimal(amount), Decimal(quantity), group_id, kind)


def _wanted(type: str = "specified", locations: Sequence[str] = ()) -> Wanted:
    return Wanted(BlockType(type), [Location(one) for one in locations])


def _read(given: Given, make: Callable[[Any], Any], *names: str) -> dict[str, Any]:
    return {name: make(given[name]) for name in names if name in given}


def _price(price: Decimal | None, coin: Decimal) -> str | None:
    return None if price is None else _written(price, coin)


def _written(amount: Decimal, coin: Decimal) -> str:
    # Zero takes on the decimals of the currency; half a coin would still be seen.
    return format(amount + ZERO * coin, "f")


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
