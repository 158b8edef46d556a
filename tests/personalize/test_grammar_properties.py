"""What holds of every tree, however it is written, and of every context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize.attributes import Attributes, DeclaredAttribute, Scope
from gateway.personalize.clocks import next_strike
from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    Order,
    Shipping,
)
from gateway.personalize.element_lists import LISTS
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Grammar, Limits, parse
from gateway.personalize.history import Client, History, OrderedProduct, ViewedProduct
from gateway.personalize.operators import OPERATORS, Kind
from gateway.personalize.products import Catalogue, Product
from tests.factories import a_context
from tests.strategies import combined

# A machine that is busy with other tests is no fault of a tree.
property_of = settings(deadline=None, max_examples=60)

ATTRIBUTES = Attributes(
    [
        DeclaredAttribute(entity, kind.value, kind)
        for entity in ("product", "customer")
        for kind in Kind
    ]
)
KEYS = [row.key for row in ATTRIBUTES]
MEASURED = {Scope.ITEM, Scope.ORDER, Scope.VIEWED, Scope.ORDERED}
CONTEXTS = Grammar(Scope.CONTEXT, frozenset(Scope), frozenset(LISTS), "All goes.")
DISPLAY = Grammar(
    Scope.PRODUCT,
    frozenset({Scope.PRODUCT}),
    only="Only products.",
    compares_with_matched=True,
)
LINES = Grammar(Scope.ITEM, frozenset({Scope.ITEM, Scope.PRODUCT}), only="Only lines.")

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["2026-12-24", "10", "yes", "DE", "a,b;c"])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


def sometimes(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw what is usual, and now and then anything."""
    return st.one_of(usual, usual, usual, usual, usual, anything)


compared: dict[str, st.SearchStrategy[Any]] = {
    "operator": sometimes(st.sampled_from(list(OPERATORS))),
    "value": sometimes(scalars | st.lists(scalars, max_size=4)),
}


def combinations(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    children = sometimes(st.lists(inner, max_size=3))
    are = {"are": sometimes(st.booleans())}
    either = ({"all": children} | are, {"any": children} | are)
    listed = sometimes(st.sampled_from(list(LISTS)))
    measured = sometimes(st.sampled_from(KEYS))
    shapes: Sequence[dict[str, st.SearchStrategy[Any]]] = (
        {},
        {"found": listed},
        {"not_found": listed},
        {"count": listed, **compared},
        {"sum": measured, **compared},
        {"average": measured, **compared},
    )
    return st.one_of(
        [
            st.fixed_dictionaries(shape, optional=optional)
            for shape in shapes
            for optional in either
        ]
    )


leaves = st.fixed_dictionaries(
    {"attribute": sometimes(st.sampled_from(KEYS)), **compared},
    optional={
        "same_as_matched": st.booleans(),
        "percent_of_matched": compared["value"],
    },
)
careless_trees = sometimes(st.recursive(leaves, combinations, max_leaves=8))


@property_of
@given(tree=careless_trees, grammar=st.sampled_from([CONTEXTS, DISPLAY, LINES]))
def test_any_json_is_a_condition_or_says_what_is_wrong(
    tree: Any, grammar: Grammar
) -> None:
    limits = Limits(depth=4, nodes=9, list_values=3)
    problems: Sequence[Problem] = ()
    try:
        parse(tree, grammar, ATTRIBUTES, path="conditions", limits=limits)
    except InvalidInput as refused:
        problems = refused.problems or (Problem("", "", ""),)

    for problem in problems:
        assert problem.path.split(".")[0] == "conditions"
        assert problem.message.endswith(".")
        assert problem.remedy.endswith((".", "?"))


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
CONSTANTS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: words,
    Kind.NUMBER: st.integers(-(10**14), 10**14) | st.sampled_from(["10", " 1.5 "]),
    Kind.DATE: st.dates().map(date.isoformat),
    Kind.BOOLEAN: st.booleans() | st.sampled_from(["yes", 0]),
    Kind.SELECT: words,
    Kind.MULTISELECT: words,
    Kind.CATEGORY: words,
}
COUNTRIES = st.sampled_from(["DE", "no"])
REACHED = {
    Scope.CONTEXT: {Scope.CONTEXT, Scope.CART, Scope.CUSTOMER, Scope.SESSION},
    Scope.ITEM: {Scope.ITEM, Scope.PRODUCT},
    Scope.VIEWED: {Scope.VIEWED, Scope.PRODUCT},
    Scope.ORDERED: {Scope.ORDERED, Scope.PRODUCT},
}


@st.composite
def compared_with(
    draw: st.DrawFn, kind: Kind, *, is_country: bool = False
) -> dict[str, Any]:
    fitting = [row for row in OPERATORS.values() if kind in row.kinds]
    operator = draw(st.sampled_from(fitting))
    value = COUNTRIES if is_country else CONSTANTS[kind]
    if operator.wants_list(kind):
        value = st.lists(value, min_size=1, max_size=3)
    return {"operator": operator.key, "value": draw(value)}


@st.composite
def comparisons(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    reached = REACHED.get(scope, {scope})
    row = draw(st.sampled_from([row for row in ATTRIBUTES if row.scope in reached]))
    compared = compared_with(row.kind, is_country=row.is_country)
    return {"attribute": row.key, **draw(compared)}


@st.composite
def with_matched(draw: st.DrawFn) -> dict[str, Any]:
    tree = draw(comparisons(Scope.PRODUCT))
    del tree["value"]
    if tree["attribute"] == "product.price" and draw(st.booleans()):
        return {**tree, "percent_of_matched": draw(st.integers(1, 300))}
    return {**tree, "same_as_matched": True}


@st.composite
def listed(draw: st.DrawFn) -> dict[str, Any]:
    of = draw(st.sampled_from(list(LISTS.values())))
    tree: dict[str, Any] = draw(combined(comparisons(of.of)))
    shape = draw(st.sampled_from(["found", "not_found", "count", "sum", "average"]))
    measured = [
        row.key for row in ATTRIBUTES if row.scope is of.of and row.kind is Kind.NUMBER
    ]
    if shape in {"found", "not_found"}:
        return {shape: of.key, **tree}
    if shape == "count" or of.of not in MEASURED:
        return {"count": of.key, **draw(compared_with(Kind.NUMBER)), **tree}
    measure = draw(st.sampled_from(measured))
    return {shape: measure, **draw(compared_with(Kind.NUMBER)), **tree}


def trees(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(leaf, combined, max_leaves=6)


numbers = st.decimals(
    min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False
)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)
texts = st.none() | st.text(max_size=9) | st.sampled_from(["10", "DE", "yes"])
stored = st.text(max_size=9) | numbers | st.booleans() | st.dates()
attributes = st.dictionaries(
    st.sampled_from([kind.value for kind in Kind]),
    st.none() | stored | st.lists(stored, max_size=3).map(tuple),
    max_size=4,
)
categories = st.lists(st.text(max_size=9), max_size=3).map(tuple)
products = st.builds(
    Product,
    sku=st.text(max_size=9),
    name=texts,
    type=texts,
    attribute_set=texts,
    price=st.none() | amounts,
    weight=st.none() | amounts,
    categories=categories,
    attributes=attributes,
)
items = st.builds(
    CartItem,
    product=products,
    quantity=amounts,
    price=st.none() | amounts,
    parent=st.none() | products,
    known=st.booleans(),
)
addresses = st.builds(
    Address,
    **{
        field.name: st.booleans() if field.name.startswith("default") else texts
        for field in fields(Address)
    },
)
orders = st.builds(Order, st.text(max_size=9), st.dates(), amounts, amounts, texts)
ordered = st.builds(
    OrderedProduct, st.text(max_size=9), st.dates(), amounts, st.text(max_size=9)
)
viewed = st.builds(
    ViewedProduct, st.text(max_size=9), st.dates(), st.integers(1, 10**9)
)
histories = st.builds(
    History,
    landing_page=texts,
    referrer=texts,
    campaign=st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3).map(
        lambda found: tuple(found.items())
    ),
    visits=st.integers(0),
    page_views=st.integers(0),
    searches=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    viewed=st.lists(viewed, max_size=3).map(tuple),
)
customers = st.builds(
    Customer,
    customer_id=st.text(max_size=9),
    group_id=st.integers(),
    email=texts,
    gender=texts,
    date_of_birth=st.none() | st.dates(),
    since=st.none() | st.dates(),
    newsletter=st.booleans(),
    store_credit=numbers,
    attributes=attributes,
    addresses=st.lists(addresses, max_size=2).map(tuple),
    orders=st.lists(orders, max_size=3).map(tuple),
    wishlist=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    ordered=st.lists(ordered, max_size=3).map(tuple),
)
carts = st.builds(
    Cart,
    items=st.lists(items, max_size=3).map(tuple),
    coupon_codes=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    shipping=st.builds(Shipping, texts, amounts),
    tax=amounts,
    payment_method=texts,
    address=addresses,
    discount=amounts,
    changed_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    sold = draw(st.lists(products, max_size=2))
    return replace(
        a_context(draw(carts)),
        customer=draw(st.none() | customers),
        catalogue=Catalogue.of(sold),
        segments=frozenset(draw(st.lists(st.text(max_size=9), max_size=2))),
        history=draw(histories),
        client=draw(st.builds(Client, texts, texts)),
        consents=draw(st.booleans()),
    )


@property_of
@given(tree=trees(comparisons(Scope.CONTEXT) | listed()), context=contexts())
def test_what_fits_is_accepted_and_answers_in_every_context(
    tree: Any, context: Context
) -> None:
    condition = parse(tree, CONTEXTS, ATTRIBUTES, path="conditions")

    assert condition.holds(context) in {True, False}
    assert condition.bound(context.catalogue.find("")) is condition
    strikes = next_strike(condition.clocks, context)
    assert strikes is None or strikes > context.at


@property_of
@given(
    tree=trees(comparisons(Scope.PRODUCT) | with_matched()),
    matched=products,
    candidate=products,
)
def test_what_compares_with_a_product_answers_beside_every_product(
    tree: Any, matched: Product, candidate: Product
) -> None:
    condition = parse(tree, DISPLAY, ATTRIBUTES, path="products_to_display")

    assert condition.bound(matched).holds(candidate) in {True, False}
    assert condition.holds(candidate) in {True, False}


@property_of
@given(tree=trees(comparisons(Scope.ITEM)), item=items)
def test_a_condition_on_a_line_answers_of_every_line(tree: Any, item: CartItem) -> None:
    condition = parse(tree, LINES, ATTRIBUTES, path="item_conditions")

    assert condition.holds(item) in {True, False}
