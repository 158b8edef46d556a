"""What the reference says of conditions: attributes, lists, operators."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.personalize import (
    cart_price_rules,
    catalogue_price_rules,
    related_product_rules,
    segments,
)
from gateway.personalize.attributes import ATTRIBUTES, Attribute, Attributes, Scope
from gateway.personalize.cart_price_rules import CartPriceRuleDefinition
from gateway.personalize.catalogue_price_rules import CataloguePriceRuleDefinition
from gateway.personalize.element_lists import LISTS
from gateway.personalize.errors import InvalidInput
from gateway.personalize.operators import OPERATORS, Kind, Operator, Value, Values
from gateway.personalize.products import ProductList
from gateway.personalize.related_product_rules import RelatedProductRuleDefinition
from gateway.personalize.segments import AppliesTo, SegmentDefinition
from gateway.snapshots.markdown import code, codes, join, prose, table

Tree = Mapping[str, Any]

SCOPES = {
    Scope.CART: "the cart",
    Scope.ITEM: "a line of the cart",
    Scope.PRODUCT: "a product",
    Scope.CUSTOMER: "the customer",
    Scope.ADDRESS: "an address",
    Scope.ORDER: "an order",
    Scope.ORDER_ADDRESS: "an address of an order",
    Scope.REGISTERED: "the customer's audiences",
    Scope.SESSION: "the session",
    Scope.VIEWED: "a product viewed",
    Scope.ORDERED: "a product ordered",
    Scope.CONTEXT: "the shopper's segments",
}

_OWN = """\
A shop's own attributes stand beside these: one that is declared for products as
`season` is `product.season`, one of customers is `customer.season`, one of addresses
`address.season`. They are declared by the import, with a kind of the table below; one
that is not `in_conditions` is refused in conditions."""

_MOVING = """\
What moves with the day changes though nothing has happened: it is asked on the
website's own calendar, and an answer that depends on it holds until that day ends. Who
was born on 29 February has their birthday on 1 March in a year without one."""

_BEHAVIOUR = """\
What is of the session, and what was viewed, is missing without the shopper's consent;
the list `products.viewed` is then empty. `cart.hours_since_change` is missing of a cart
that is empty or not kept, and an answer that depends on it holds until the next hour is
full. `session.top_category` is of the days that `GATEWAY_AFFINITY_DAYS` says."""

_KINDS = """\
Under a kind which takes a list, and under the two operators about lists, the value of a
condition is a list; text is then split at commas and semicolons. Under all others it is
one value."""

_SAME_AS = """\
In *products to display*, `"same_as_matched": true` stands for the value that the
matched product has, and of `product.price` also `"percent_of_matched": 110`. A category
that is the same is one of the matched product's deepest."""

_COMPARING = """\
Text is the same without regard to case, but ordered with regard to it. Text that looks
like a number is compared as one. Days are compared without a time of day. A list meets
a list where they have anything in common; one value meets a list that holds nothing
else. Only the negative operators accept a value that is missing. These are answers of
the operators themselves."""


def attributes() -> str:
    """Write every attribute by what it is a function of, and the kinds."""
    parts = ["## Condition attributes"]
    for scope, title in SCOPES.items():
        rows = [row for row in ATTRIBUTES.values() if row.scope is scope]
        listed = [(code(row.key), row.kind.value, _meaning(row)) for row in rows]
        head = ("attribute", "kind", "what it is")
        parts += [f"### Of {title}", table(head, listed)]
    kinds = [
        (
            kind.value,
            "a list" if kind.takes_list else "one value",
            codes(row.key for row in OPERATORS.values() if kind in row.kinds),
        )
        for kind in Kind
    ]
    head = ("kind", "value of a condition", "operators")
    parts += [
        prose(_OWN),
        prose(_MOVING),
        prose(_BEHAVIOUR),
        "### Kinds",
        prose(_KINDS),
        table(head, kinds),
    ]
    return join(*parts)


def _meaning(row: Attribute) -> str:
    moves = " Moves with the day." if row.changes_with_day else ""
    return f"{row.label}.{moves}"


def lists() -> str:
    """Write the lists that conditions can look into."""
    rows = [(code(one.key), SCOPES[one.of], f"{one.label}.") for one in LISTS.values()]
    head = ("list", "holds", "what it is")
    return join("### Lists", "For `found`, `not_found` and `count`.", table(head, rows))


def where() -> str:
    """Write which tree may ask about what, as the trees themselves decide."""
    head = ("attributes of", *TREES)
    rows = [
        (title, *(_asked(parse, scope) for parse in TREES.values()))
        for scope, title in SCOPES.items()
    ]
    return join("### Where they may be asked", table(head, rows), prose(_SAME_AS))


def operators() -> str:
    """Write every operator with Adobe's symbol."""
    head = ("operator", "symbol", "meaning", "kinds", "of a missing value")
    rows = [
        (
            code(row.key),
            code(row.symbol),
            f"{row.label}.",
            ", ".join(kind for kind in Kind if kind in row.kinds),
            "holds" if _holds(row, None, ("x",), Kind.TEXT) else "does not hold",
        )
        for row in OPERATORS.values()
    ]
    note = "The symbol is the one that Adobe Commerce stores for the operator."
    return join("## Operators", note, table(head, rows))


def comparisons() -> str:
    """Write what holds of some values, by asking the operators."""
    head = ("kind", "there is", "wanted", "these hold", "these do not")
    rows = []
    for kind, actual, wanted in _COMPARED:
        fitting = [
            row
            for row in OPERATORS.values()
            if kind in row.kinds and (len(wanted) == 1 or row.wants_list(kind))
        ]
        holding = [row for row in fitting if _holds(row, actual, wanted, kind)]
        failing = [row for row in fitting if row not in holding]
        rows.append(
            (
                kind.value,
                _shown(actual),
                ", ".join(map(_shown, wanted)),
                codes(row.key for row in holding) or "none",
                codes(row.key for row in failing) or "none",
            )
        )
    return join("### How values compare", prose(_COMPARING), table(head, rows))


_COMPARED: tuple[tuple[Kind, Value, tuple[Any, ...]], ...] = (
    (Kind.TEXT, "Moss", ("moss",)),
    (Kind.TEXT, "Dark moss", ("moss",)),
    (Kind.TEXT, "1.0", ("1",)),
    (Kind.TEXT, None, ("moss",)),
    (Kind.NUMBER, Decimal(12), (Decimal(10),)),
    (Kind.NUMBER, Decimal(10), (Decimal(10),)),
    (Kind.NUMBER, None, (Decimal(10),)),
    (Kind.DATE, date(2026, 3, 9), (date(2026, 3, 10),)),
    (Kind.BOOLEAN, None, (False,)),
    (Kind.SELECT, "moss", ("moss", "rust")),
    (Kind.MULTISELECT, ("red", "blue"), ("blue", "green")),
    (Kind.MULTISELECT, ("red",), ("blue", "green")),
    (Kind.MULTISELECT, None, ("blue",)),
    (Kind.CATEGORY, ("gear", "gear/tents"), ("gear",)),
    (Kind.CATEGORY, ("gear",), ("gear/tents",)),
)


def _holds(row: Operator, actual: Value, wanted: tuple[Any, ...], kind: Kind) -> bool:
    return row.holds(actual, Values(wanted) if row.wants_list(kind) else wanted[0])


def _shown(value: Value) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return code(str(value).lower())
        case tuple():
            return code(f"[{', '.join(map(str, value))}]")
        case _:
            return code(value)


def _segment(applies_to: AppliesTo) -> Callable[[Tree], object]:
    def parse(tree: Tree) -> object:
        made = SegmentDefinition(
            "x", "x", ("x",), applies_to=applies_to, conditions=tree
        )
        return segments.compile(made, Attributes())

    return parse


def _cart_price_rule(**trees: Tree) -> object:
    made = CartPriceRuleDefinition("x", "x", ("x",), **trees)  # type: ignore[arg-type]
    return cart_price_rules.compile(made, Attributes())


def _related(tree: Tree) -> object:
    made = RelatedProductRuleDefinition(
        "x", "x", ("x",), ProductList.RELATED, products_to_match=tree
    )
    return related_product_rules.compile(made, Attributes())


def _catalogue_price_rule(tree: Tree) -> object:
    made = CataloguePriceRuleDefinition(
        "x", "x", ("x",), action="by_percent", conditions=tree
    )
    return catalogue_price_rules.compile(made, Attributes())


TREES: dict[str, Callable[[Tree], object]] = {
    "segments of visitors, or of both": _segment(AppliesTo.BOTH),
    "segments of registered customers": _segment(AppliesTo.REGISTERED),
    "conditions of cart price rules": lambda tree: _cart_price_rule(conditions=tree),
    "their item conditions": lambda tree: _cart_price_rule(item_conditions=tree),
    "related-product rules": _related,
    "catalogue price rules": _catalogue_price_rule,
}

_SAMPLES: dict[Kind, object] = {
    Kind.NUMBER: 1,
    Kind.DATE: "2026-03-10",
    Kind.BOOLEAN: True,
    Kind.MULTISELECT: ["x"],
    Kind.CATEGORY: ["x"],
}


def _asked(parse: Callable[[Tree], object], scope: Scope) -> str:
    row = next(row for row in ATTRIBUTES.values() if row.scope is scope)
    leaf = _leaf(row)
    if _accepts(parse, leaf):
        return "yes"
    inside = list(_lists_with(parse, leaf))
    return f"in {codes(inside)}" if inside else "no"


def _lists_with(parse: Callable[[Tree], object], leaf: Tree) -> Iterator[str]:
    for key in LISTS:
        if _accepts(parse, {"found": key, "all": [leaf]}):
            yield key


def _leaf(row: Attribute) -> Tree:
    value = "DE" if row.is_country else _SAMPLES.get(row.kind, "x")
    return {"attribute": row.key, "operator": "is", "value": value}


def _accepts(parse: Callable[[Tree], object], tree: Tree) -> bool:
    try:
        parse(tree)
    except InvalidInput:
        return False
    return True
