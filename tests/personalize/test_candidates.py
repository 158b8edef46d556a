from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize import candidates
from gateway.personalize.attributes import Attributes, DeclaredAttribute, Scope
from gateway.personalize.candidates import KEPT_EACH, Display, Shelf
from gateway.personalize.conditions import Combination, Comparison, Condition
from gateway.personalize.grammar import Grammar, parse
from gateway.personalize.operators import OPERATORS, Kind, Value
from gateway.personalize.products import Catalogue, Product, Visibility
from tests.factories import a_comparison, a_product, a_related_product_rule, of_sku
from tests.strategies import combined

GRAMMAR = Grammar(Scope.PRODUCT, frozenset({Scope.PRODUCT}), compares_with_matched=True)
ATTRIBUTES = Attributes(
    [
        DeclaredAttribute("product", "colour", Kind.SELECT),
        DeclaredAttribute("product", "material", Kind.MULTISELECT),
    ]
)


DEARER = {
    "attribute": "product.price",
    "operator": "at_least",
    "percent_of_matched": 100,
}


def a_condition(tree: dict[str, Any] | None) -> Condition:
    return parse(tree, GRAMMAR, ATTRIBUTES, path="products_to_display")


def many(number: int, **also: Any) -> Catalogue:
    return Catalogue.of(a_product(f"p{id}", id=id, **also) for id in range(number))


def skus(products: Any) -> Sequence[str]:
    return [product.sku for product in products]


def same(attribute: str, operator: str) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "same_as_matched": True}


def counting(asked: list[str]) -> Comparison:
    """Return a condition that holds of every product and notes who was asked."""

    def read(product: Product) -> Value:
        asked.append(product.sku)
        return "yes"

    return Comparison("product.counted", read, OPERATORS["contains"], "yes")


def of_all(*conditions: Condition) -> Display:
    return Display.of(Combination(every=True, children=conditions))


def test_a_display_is_taken_apart_by_what_it_compares() -> None:
    colour, price = same("product.colour", "is"), a_comparison("product.price", "is", 1)
    nested = {"any": [same("product.colour", "is")]}

    display = Display.of(a_condition({"all": [colour, price, nested]}))
    either = Display.of(a_condition({"any": [colour, price]}))
    constant = Display.of(a_condition({"any": [price], "are": False}))

    assert display.everywhere.children == (a_condition(price),)
    assert display.beside.children == (a_condition(colour), a_condition(nested))
    assert display.compares
    assert either.everywhere.children == ()
    assert either.beside.children == (a_condition({"any": [colour, price]}),)
    assert constant.everywhere.children == (
        a_condition({"any": [price], "are": False}),
    )
    assert not constant.compares
    assert not Display.of(a_condition(None)).compares


def test_an_index_leaves_few_to_ask() -> None:
    asked: list[str] = []
    catalogue = many(1000)
    listed = a_condition(of_sku("p7", "p900", "P3", "gone"))

    found = skus(Shelf(of_all(counting(asked), listed)).beside(a_product(), catalogue))

    assert found == asked == ["p3", "p7", "p900"]


def test_the_shortest_of_several_lists_is_asked() -> None:
    asked: list[str] = []
    catalogue = many(1000, attribute_set="Tent")
    shelf = Shelf(
        of_all(
            counting(asked),
            a_condition(a_comparison("product.attribute_set", "is", "tent")),
            a_condition({"any": [of_sku("p5"), of_sku("p2", "p5")]}),
        )
    )

    assert skus(shelf.beside(a_product(), catalogue)) == ["p2", "p5"]
    assert asked == ["p2", "p5"]


def test_what_an_index_does_not_know_may_be_anywhere() -> None:
    named = a_comparison("product.name", "contains", "P3")
    shelf = Shelf(Display.of(a_condition({"any": [of_sku("p1"), named]})))

    assert skus(shelf.beside(a_product(), many(5))) == ["p1", "p3"]


def test_both_parts_hold_where_no_index_helps() -> None:
    catalogue = Catalogue.of(
        a_product(f"p{price}", price, id=price) for price in range(10, 100, 10)
    )
    shelf = Shelf(
        Display.of(
            a_condition({"all": [a_comparison("product.price", "at_most", 50), DEARER]})
        )
    )

    for page, found in [
        ("p30", ["p30", "p40", "p50"]),
        ("p50", ["p50"]),
        ("p60", []),
        ("p10", ["p10", "p20", "p30", "p40", "p50"]),
    ]:
        assert skus(shelf.beside(catalogue.find(page), catalogue)) == found


def test_beside_a_product_without_the_value_nothing_is_asked() -> None:
    asked: list[str] = []
    shelf = Shelf(
        of_all(counting(asked), a_condition(same("product.colour", "is_not")))
    )

    assert list(shelf.beside(a_product(), many(1000))) == []
    assert asked == []


def test_no_more_is_asked_than_is_kept() -> None:
    asked: list[str] = []
    catalogue = many(1000)
    found = Shelf(of_all(counting(asked))).beside(a_product(), catalogue)

    assert next(found).sku == "p0"
    assert len(asked) == KEPT_EACH


def test_what_all_pages_share_is_asked_once() -> None:
    asked: list[str] = []
    catalogue = many(100)
    dearer = a_condition(DEARER)
    compares, constant = (
        Shelf(of_all(counting(asked), dearer)),
        Shelf(Display.of(dearer)),
    )

    for page in ("p1", "p2", "p2", "p3"):
        assert len(list(compares.beside(catalogue.find(page), catalogue))) == 100
        assert len(list(constant.beside(catalogue.find(page), catalogue))) == 100
    assert len(asked) == 100


def test_what_is_kept_is_not_asked_again() -> None:
    asked: list[str] = []
    catalogue = many(10, attributes={"colour": "red"})
    shelf = Shelf(of_all(counting(asked), a_condition(same("product.colour", "is"))))

    for _ in range(3):
        assert len(list(shelf.beside(catalogue.find("p1"), catalogue))) == 10
    assert len(asked) == 10


def test_beyond_what_is_kept_the_rest_follows() -> None:
    catalogue = many(KEPT_EACH * 2)
    shelf = Shelf(of_all())

    for _ in range(2):
        found = skus(shelf.beside(a_product(), catalogue))
        assert found == [f"p{id}" for id in range(KEPT_EACH * 2)]


def test_only_so_much_is_kept_and_nothing_beside_unknown_products(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates, "MOST_KEPT", 3)
    catalogue = many(10, attributes={"colour": "red"})
    shelf = Shelf(Display.of(a_condition(same("product.colour", "is"))))

    for page in [*(f"p{id}" for id in range(5)), "p2"]:
        assert len(list(shelf.beside(catalogue.find(page), catalogue))) == 10
    stranger = a_product("stranger", attributes={"colour": "red"})
    assert len(list(shelf.beside(stranger, catalogue))) == 10

    assert list(shelf._kept) == ["p2", "p3", "p4"]


def test_what_is_derived_goes_with_its_catalogue() -> None:
    rule = a_related_product_rule(products_to_display=same("product.price", "is"))
    catalogue = many(3)
    assert len(list(rule.candidates([catalogue.find("p1")], catalogue))) == 3
    assert len(rule._shelves) == 1
    gone = weakref.ref(catalogue)

    del catalogue
    gc.collect()

    assert gone() is None
    assert len(rule._shelves) == 0


words = st.sampled_from(["a", "A", "b", "1", "1.0"])
paths = st.sampled_from(["x", "x/y", "x/y/z", "X/w", "v"])
prices = st.sampled_from([Decimal(10), Decimal("10.0"), Decimal(11), Decimal(20)])
products = st.builds(
    Product,
    sku=st.sampled_from([f"p{id}" for id in range(9)]),
    id=st.integers(0, 9),
    attribute_set=st.none() | words,
    price=st.none() | prices,
    categories=st.lists(paths, max_size=3, unique=True).map(tuple),
    attributes=st.fixed_dictionaries(
        {},
        optional={
            "colour": words,
            "material": words | st.lists(words, max_size=2).map(tuple),
        },
    ),
    saleable=st.just(value=True),
    visibility=st.just(Visibility.CATALOG),
)
TEXTS = ["product.sku", "product.attribute_set", "product.colour"]
LISTS = ["product.category", "product.material"]


def leaf(attributes: list[str], operators: list[str], value: Any) -> Any:
    wanted = st.fixed_dictionaries({"value": value}) | st.just(
        {"same_as_matched": True}
    )
    return st.builds(
        lambda attribute, operator, more: {
            "attribute": attribute,
            "operator": operator,
            **more,
        },
        st.sampled_from(attributes),
        st.sampled_from(operators),
        wanted,
    )


several = st.lists(words | paths, min_size=1, max_size=2)
leaves = (
    leaf(TEXTS, ["is", "is_not"], words)
    | leaf(TEXTS, ["is_one_of", "is_not_one_of"], several)
    | leaf(LISTS, ["is", "is_not", "contains", "is_one_of"], several)
    | leaf(
        ["product.price"], ["is", "at_least", "less_than"], st.sampled_from([10, 15])
    )
)
trees = st.recursive(
    leaves,
    combined,
    max_leaves=6,
)


@settings(deadline=None)
@given(tree=trees, sold=st.lists(products, max_size=8), matched=products)
def test_candidates_are_exactly_what_the_condition_holds_of(
    tree: dict[str, Any], sold: list[Product], matched: Product
) -> None:
    catalogue = Catalogue.of(sold)
    condition = a_condition(tree)
    shelf = Shelf(Display.of(condition))
    stranger = replace(matched, sku="stranger")
    pages = [stranger, *catalogue.on_offer, *catalogue.on_offer]

    for page in pages:
        asked_one_by_one = filter(condition.bound(page).holds, catalogue.on_offer)
        assert skus(shelf.beside(page, catalogue)) == skus(asked_one_by_one)
