"""Segments and shoppers made by chance, always the same for the same seed.

A segment has about five conditions over sixty attributes: ranges of numbers and days,
one value or one of several, parts of texts, their negatives, and now and then a look
into the cart, the orders or the addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from gateway.personalize import rulebook
from gateway.personalize.attributes import (
    Attribute,
    Attributes,
    DeclaredAttribute,
    Scope,
)
from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    Order,
    Shipping,
    Website,
)
from gateway.personalize.operators import OPERATORS, Kind, Value
from gateway.personalize.products import Catalogue, Product
from gateway.personalize.rulebook import Row, Rows, RuleBook

ATTRIBUTES = 60
SHOPPERS = 48

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
WEBSITE = Website("main", currency="EUR")

WORDS = [
    f"{start}{end}"
    for start in ("al", "bir", "cor", "dun", "el", "fen", "gor", "hol", "ir", "jun")
    for end in ("den", "field", "ham", "ley", "mark", "ness", "port", "stead", "ton")
]
COUNTRIES = ["DE", "AT", "CH", "FR", "NL", "BE", "DK", "SE", "PL", "IT", "ES", "GB"]
CATEGORIES = [f"{one}/{other}" for one in WORDS[:5] for other in WORDS[:6]]

_KINDS = [Kind.SELECT, Kind.NUMBER, Kind.MULTISELECT, Kind.TEXT, Kind.DATE]


def _is_asked(row: Attribute) -> bool:
    is_of_shopper = row.scope in {Scope.CART, Scope.CUSTOMER}
    return is_of_shopper and row.kind is not Kind.CATEGORY


_OWN = [
    DeclaredAttribute("customer", f"own_{number}", _KINDS[number % len(_KINDS)])
    for number in range(ATTRIBUTES - sum(map(_is_asked, Attributes())))
]
KNOWN = Attributes(_OWN)
ASKED = [row for row in KNOWN if _is_asked(row)]


def rule_book(count: int, *, seed: int = 1) -> RuleBook:
    """Compile *count* segments into a rule book without anything else."""
    chance = Random(seed)
    rows = [Row(number, _segment(number, chance)) for number in range(count)]
    book = rulebook.compile(WEBSITE, Rows(segments=rows), KNOWN)
    if book.faults:
        raise RuntimeError(f"the workload does not compile: {book.faults[0]}")
    return book


def shoppers(count: int = SHOPPERS, *, seed: int = 2) -> list[Context]:
    """Return *count* shoppers, each with a cart, every eighth a visitor."""
    chance = Random(seed)
    catalogue = Catalogue.of(_products(chance))
    return [
        Context(
            at=NOON,
            website=WEBSITE,
            customer=_customer(number, chance) if number % 8 else None,
            cart=_cart(catalogue, chance),
            catalogue=catalogue,
        )
        for number in range(count)
    ]


def _segment(number: int, chance: Random) -> dict[str, Any]:
    return {
        "key": f"segment-{number}",
        "name": f"Segment {number}",
        "websites": [WEBSITE.code],
        "applies_to": "registered",
        "conditions": _tree(chance),
    }


def _tree(chance: Random) -> dict[str, Any]:
    """Return about five conditions: all of them, or all of some and any of others."""
    leaves = [_leaf(chance) for _ in range(chance.randint(3, 7))]
    if len(leaves) > 4 and chance.random() < 0.7:
        return {"all": [*leaves[:-3], {"any": leaves[-3:]}]}
    if chance.random() < 0.1:
        return {"all": [*leaves[:-2], {"any": leaves[-2:], "are": False}]}
    return {"all": leaves}


def _leaf(chance: Random) -> dict[str, Any]:
    if chance.random() < 0.05:
        return chance.choice(_LOOKS)(chance)
    row = chance.choice(ASKED)
    operators, value = _COMPARED[row.kind]
    operator = chance.choice(operators)
    wanted: Any = value(chance)
    if OPERATORS[operator].wants_list(row.kind):
        wanted = [value(chance) for _ in range(chance.randint(1, 4))]
    return {"attribute": row.key, "operator": operator, "value": wanted}


def _found(chance: Random) -> dict[str, Any]:
    sku = {
        "attribute": "product.category",
        "operator": "is",
        "value": [chance.choice(CATEGORIES)],
    }
    return {"found": "cart.items", "all": [sku, _at_least("item.quantity", 1, chance)]}


def _no_order(chance: Random) -> dict[str, Any]:
    return {
        "not_found": "customer.orders",
        "all": [_at_least("order.grand_total", 100, chance)],
    }


def _address(chance: Random) -> dict[str, Any]:
    country = {
        "attribute": "address.country",
        "operator": "is",
        "value": chance.choice(COUNTRIES),
    }
    return {"found": "customer.addresses", "all": [country]}


def _spent(chance: Random) -> dict[str, Any]:
    return {
        "sum": "order.grand_total",
        "operator": "at_least",
        "value": chance.randrange(100, 1000, 100),
        "all": [_at_least("order.days_ago", 10, chance)],
    }


def _at_least(attribute: str, step: int, chance: Random) -> dict[str, Any]:
    value = step * chance.randint(1, 9)
    return {"attribute": attribute, "operator": "at_least", "value": value}


_LOOKS = (_found, _no_order, _address, _spent)


def _number(chance: Random) -> Decimal:
    return Decimal(chance.randrange(0, 40_000, 25)) / 100


def _day(chance: Random) -> date:
    return TODAY - timedelta(days=chance.randrange(2000))


def _word(chance: Random) -> str:
    return chance.choice(WORDS)


_RANGES = ["at_least", "at_most", "greater_than", "less_than"]
_CHOICES = ["is", "is", "is_not", "is_one_of", "is_one_of", "is_not_one_of"]
_COMPARED: dict[Kind, tuple[list[str], Callable[[Random], Any]]] = {
    Kind.NUMBER: ([*_RANGES, "is_not"], _number),
    Kind.DATE: (_RANGES, lambda chance: _day(chance).isoformat()),
    Kind.SELECT: (_CHOICES, lambda chance: chance.choice(COUNTRIES)),
    Kind.TEXT: ([*_CHOICES, "contains", "does_not_contain"], _word),
    Kind.MULTISELECT: (["contains", "does_not_contain", "is_one_of"], _word),
    Kind.BOOLEAN: (["is", "is_not"], lambda chance: chance.random() < 0.5),
}


def _products(chance: Random) -> list[Product]:
    return [
        Product(
            f"SKU-{number:03}",
            id=number,
            price=_number(chance),
            weight=Decimal(chance.randint(1, 9)),
            categories=(chance.choice(CATEGORIES),),
        )
        for number in range(200)
    ]


def _cart(catalogue: Catalogue, chance: Random) -> Cart:
    products = chance.sample(list(catalogue.products.values()), chance.randrange(5))
    return Cart(
        id="cart",
        items=tuple(
            CartItem(product, Decimal(chance.randint(1, 5)), product.price)
            for product in products
        ),
        coupon_codes=tuple(chance.sample(WORDS, chance.randrange(2))),
        shipping=Shipping(chance.choice(WORDS), _number(chance)),
        tax=_number(chance),
        payment_method=chance.choice([None, *WORDS]),
        address=Address(
            country=chance.choice(COUNTRIES),
            region=chance.choice(WORDS),
            postcode=str(chance.randrange(10_000, 99_999)),
        ),
    )


def _customer(number: int, chance: Random) -> Customer:
    return Customer(
        str(number),
        group_id=chance.randint(1, 4),
        email=f"{chance.choice(WORDS)}@{chance.choice(WORDS)}.example",
        first_name=chance.choice(WORDS),
        last_name=chance.choice(WORDS),
        gender=chance.choice([None, "female", "male"]),
        date_of_birth=TODAY - timedelta(days=chance.randrange(7000, 25_000)),
        since=_day(chance),
        store_view=chance.choice(COUNTRIES),
        newsletter=chance.random() < 0.5,
        store_credit=_number(chance),
        attributes={one.code: _stored(one.kind, chance) for one in _OWN},
        addresses=tuple(
            Address(country=chance.choice(COUNTRIES))
            for _ in range(chance.randrange(3))
        ),
        orders=tuple(
            Order("complete", _day(chance), _number(chance), Decimal(1))
            for _ in range(chance.randrange(5))
        ),
        version=1,
    )


def _stored(kind: Kind, chance: Random) -> Value:
    """Return what a customer has; one value in five is missing."""
    if chance.random() < 0.2:
        return None
    if kind is Kind.MULTISELECT:
        return tuple(chance.sample(WORDS, chance.randrange(4)))
    stored: Value = _STORED[kind](chance)
    return stored


_STORED: dict[Kind, Callable[[Random], Value]] = {
    Kind.NUMBER: _number,
    Kind.DATE: _day,
    Kind.SELECT: lambda chance: chance.choice(COUNTRIES),
    Kind.TEXT: _word,
}
