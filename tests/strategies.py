"""Conditions and shoppers by chance, of so few values that they often meet."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gateway.personalize import grammar, segment_references, segments
from gateway.personalize.attributes import Attributes, DeclaredAttribute, Scope
from gateway.personalize.conditions import Combination, Comparison, Condition
from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    Membership,
    Order,
    OrderAddress,
    Remembered,
    Shipping,
)
from gateway.personalize.element_lists import LISTS
from gateway.personalize.grammar import Grammar, Tree
from gateway.personalize.history import (
    Client,
    History,
    OrderedProduct,
    ViewedProduct,
)
from gateway.personalize.operators import OPERATORS, Kind, Scalar, Value, Values
from gateway.personalize.products import Catalogue, Product
from gateway.personalize.relatives import Relatives
from gateway.personalize.schedule import Schedule
from gateway.personalize.segments import AppliesTo, Segment
from gateway.personalize.ways import WAYS
from tests.factories import NOW, a_context

ATTRIBUTES = Attributes(
    [
        DeclaredAttribute(entity, kind.value, kind)
        for entity in ("product", "customer", "address")
        for kind in Kind
    ]
)
ALL = Grammar(Scope.CONTEXT, frozenset(Scope), frozenset(LISTS), "All goes.")
KEYS = ["k0", "k1", "K1", "10", "10.0", "k2", "k3", "gone"]

WORDS = ["", "10", " 10 ", "1e1", "10.0", "9", "DE", "de", "Straße", "STRASSE", "d"]
DAYS = [date(2026, 3, 9), date(2026, 3, 10), date(1999, 12, 31), date(2004, 2, 29)]
NUMBERS = [Decimal(one) for one in ("-1", "0", "1", "1.0", "9", "10", "10.00", "100")]
IDS = ["1", "2", "3"]

words = st.sampled_from(WORDS)
days = st.sampled_from(DAYS)
numbers = st.sampled_from(NUMBERS)
maybe_words = st.none() | words
scalars: st.SearchStrategy[Scalar] = words | days | numbers | st.booleans()
several = st.lists(scalars, max_size=3).map(tuple)
values: st.SearchStrategy[Value] = st.none() | scalars | several
wanted: st.SearchStrategy[Value] = values | several.map(Values)

CONSTANTS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: words,
    Kind.NUMBER: numbers,
    Kind.DATE: days,
    Kind.BOOLEAN: st.booleans(),
    Kind.SELECT: words,
    Kind.MULTISELECT: words,
    Kind.CATEGORY: words,
}

CONSTANTS_OF: dict[str, st.SearchStrategy[Any]] = {
    "customer.segment": st.sampled_from(KEYS),
    **{
        row.key: st.sampled_from(["DE", "de", "NO"])
        for row in ATTRIBUTES
        if row.is_country
    },
}


def _reached(scope: Scope) -> set[Scope]:
    return {scope} | {to for from_, to in WAYS if from_ is scope}


@st.composite
def compared_with(draw: st.DrawFn, kind: Kind, key: str = "") -> dict[str, Any]:
    fitting = [row for row in OPERATORS.values() if kind in row.kinds]
    operator = draw(st.sampled_from(fitting))
    value = CONSTANTS_OF.get(key, CONSTANTS[kind])
    if operator.wants_list(kind):
        value = st.lists(value, min_size=1, max_size=3)
    return {"operator": operator.key, "value": draw(value)}


@st.composite
def comparisons(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    reached = _reached(scope)
    row = draw(st.sampled_from([row for row in ATTRIBUTES if row.scope in reached]))
    tree = {"attribute": row.key, **draw(compared_with(row.kind, row.key))}
    if scope is Scope.ITEM and row.scope is Scope.PRODUCT and draw(st.booleans()):
        return {**tree, "of": draw(st.sampled_from(Relatives))}
    return tree


@st.composite
def looks(draw: st.DrawFn) -> dict[str, Any]:
    """A look into a list, or an aggregate over one."""
    of = draw(st.sampled_from(list(LISTS.values())))
    tree: dict[str, Any] = draw(combined(comparisons(of.of)))
    shape = draw(st.sampled_from(["found", "not_found", "count", "sum", "average"]))
    measured = [
        row.key for row in ATTRIBUTES if row.scope is of.of and row.kind is Kind.NUMBER
    ]
    if shape in {"found", "not_found"}:
        return {shape: of.key, **tree}
    if shape == "count" or of.of in {Scope.PRODUCT, Scope.ADDRESS} or not measured:
        return {"count": of.key, **draw(compared_with(Kind.NUMBER)), **tree}
    measure = draw(st.sampled_from(measured))
    return {shape: measure, **draw(compared_with(Kind.NUMBER)), **tree}


def combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A combination of what *inner* draws."""
    return st.builds(
        lambda word, children, are: {word: children, "are": are},
        st.sampled_from(["all", "any"]),
        st.lists(inner, max_size=4),
        st.booleans(),
    )


trees: st.SearchStrategy[Tree] = st.recursive(
    comparisons(Scope.CONTEXT) | looks(), combined, max_leaves=9
)


def _read(shopper: Context) -> Value:
    return shopper.customer.attributes.get("text") if shopper.customer else None


# What a tree of JSON cannot say: any operator over any value, also the wrong one.
strange_comparisons = st.builds(
    Comparison,
    st.just("customer.text"),
    st.just(_read),
    st.sampled_from(list(OPERATORS.values())),
    wanted,
    scope=st.sampled_from(Scope),
)
strange_conditions: st.SearchStrategy[Condition] = st.recursive(
    strange_comparisons,
    lambda inner: st.builds(
        Combination,
        st.booleans(),
        st.lists(inner, max_size=4).map(tuple),
        st.booleans(),
    ),
    max_leaves=9,
)


def _parsed(tree: Tree | None) -> Condition:
    return grammar.parse(tree, ALL, ATTRIBUTES, path="conditions")


schedules = st.builds(
    Schedule,
    st.none() | st.sampled_from([NOW, NOW + timedelta(hours=1)]),
    st.none() | st.sampled_from([NOW, NOW + timedelta(hours=1)]),
)
members = st.frozensets(st.sampled_from(IDS), max_size=1)


@st.composite
def listed_segments(draw: st.DrawFn) -> list[Segment]:
    """Segments in the order of a rule book, some of which ask for others."""
    listed = []
    for number, key in enumerate(draw(st.permutations(KEYS[:-1]))):
        tree = draw(st.none() | trees)
        strange = draw(st.none() | strange_conditions)
        listed.append(
            Segment(
                id=number,
                key=key,
                applies_to=draw(st.sampled_from(AppliesTo)),
                condition=_parsed(tree) if strange is None else strange,
                asks_for=segment_references.keys(tree)
                if strange is None
                else frozenset(),
                schedule=draw(schedules),
                included=draw(members),
                excluded=draw(members),
                keeps_after_login=draw(st.booleans()),
            )
        )
    return segments.in_order(listed)[0]


own_values = st.dictionaries(
    st.sampled_from([kind.value for kind in Kind]), values, max_size=4
)
amounts = st.sampled_from([one for one in NUMBERS if one >= 0])
categories = st.lists(words, max_size=2).map(tuple)
products = st.builds(
    Product,
    sku=words,
    name=maybe_words,
    type=maybe_words,
    price=st.none() | amounts,
    categories=categories,
    attributes=own_values,
)
items = st.builds(
    CartItem,
    product=products,
    quantity=amounts,
    price=st.none() | amounts,
    parent=st.none() | products,
    children=st.lists(st.builds(CartItem, products, amounts), max_size=1).map(tuple),
)
addresses = st.builds(
    Address,
    **{
        field.name: st.booleans() if field.name.startswith("default") else maybe_words
        for field in fields(Address)
        if field.name != "attributes"
    },
    attributes=own_values,
)
orders = st.builds(Order, words, days, amounts, amounts, maybe_words)
customers = st.builds(
    Customer,
    customer_id=st.sampled_from(IDS),
    group_id=st.sampled_from([1, 9, 10]),
    email=maybe_words,
    gender=maybe_words,
    date_of_birth=st.none() | days,
    since=st.none() | days,
    newsletter=st.booleans(),
    store_credit=numbers,
    attributes=own_values,
    addresses=st.lists(addresses, max_size=2).map(tuple),
    orders=st.lists(orders, max_size=2).map(tuple),
    wishlist=st.lists(words, max_size=2).map(tuple),
    ordered=st.lists(
        st.builds(OrderedProduct, words, days, amounts, words), max_size=2
    ).map(tuple),
    order_addresses=st.lists(
        st.builds(OrderAddress, st.sampled_from(["billing", "shipping"]), addresses),
        max_size=2,
    ).map(tuple),
    memberships=st.lists(
        st.builds(Membership, words, st.none() | st.just(NOW + timedelta(minutes=30))),
        max_size=2,
    ).map(tuple),
)
carts = st.builds(
    Cart,
    items=st.lists(items, max_size=2).map(tuple),
    coupon_codes=st.lists(words, max_size=2).map(tuple),
    shipping=st.builds(Shipping, maybe_words, amounts),
    tax=amounts,
    payment_method=maybe_words,
    address=addresses,
    discount=amounts,
    changed_at=st.none() | st.just(NOW - timedelta(hours=10)),
)
histories = st.builds(
    History,
    landing_page=maybe_words,
    campaign=st.just(()) | st.tuples(st.tuples(st.just("name"), words)),
    visits=st.integers(0, 10),
    searches=st.lists(words, max_size=2).map(tuple),
    viewed=st.lists(
        st.builds(ViewedProduct, words, days, st.integers(1, 10)), max_size=2
    ).map(tuple),
)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Visitors and customers; a customer's version rises with each that is drawn."""
    sold = draw(st.lists(products, max_size=2))
    hours = draw(st.sampled_from([-1, 0, 1, 12, 24 * 365]))
    return replace(
        a_context(draw(carts)),
        at=NOW + timedelta(hours=hours),
        customer=draw(st.none() | customers),
        catalogue=Catalogue.of(sold),
        segments=frozenset(draw(st.lists(st.sampled_from(KEYS), max_size=2))),
        history=draw(histories),
        client=Client(draw(maybe_words), draw(maybe_words)),
        consents=draw(st.booleans()),
        remembered=Remembered(draw(st.frozensets(st.sampled_from(KEYS), max_size=2))),
    )
