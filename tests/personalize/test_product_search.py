"""Products are found by SKU, URL key, category, words and price, in a known order."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import product_search
from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.errors import InvalidInput
from gateway.personalize.product_search import Search, SortBy
from gateway.personalize.products import Catalogue, SpecialPrice, Visibility
from tests.factories import (
    NOW,
    a_catalogue_price_rule,
    a_product,
    of_sku,
    prices_of,
)

OFFER = SpecialPrice(Decimal(5), date(2026, 4, 1))
CATALOGUE = Catalogue.of(
    [
        a_product("tent", 300, id=3, categories=("gear/tents",), url_key="a-tent"),
        a_product("mug", 10, id=1, categories=("gear/cooking", "sale"), special=OFFER),
        a_product("cup", 8, id=2, categories=("gear/cooking",), name="Blue mug"),
        a_product("child", 8, id=4, visibility=Visibility.NOT_VISIBLE, url_key="c"),
        a_product("lamp", 20, id=5, visibility=Visibility.SEARCH),
        a_product("hat", None, id=6, visibility=Visibility.CATALOG, saleable=False),
    ]
)


def found(at: datetime = NOW, **wanted: Any) -> list[str]:
    search = Search.of(**wanted)
    return [
        one.sku for one in product_search.search(search, prices_of(CATALOGUE, at=at))
    ]


def test_without_a_wish_all_that_the_catalogue_shows_is_found_by_id() -> None:
    assert found() == ["mug", "cup", "tent", "hat"]


def test_what_is_named_is_found_even_if_it_is_invisible_by_itself() -> None:
    assert found(skus=frozenset({"child", "tent", "nothing"})) == ["tent", "child"]
    assert found(url_keys=frozenset({"c", "a-tent", "nothing"})) == ["tent", "child"]


def test_a_category_holds_what_is_below_it() -> None:
    assert found(categories=frozenset({"gear"})) == ["mug", "cup", "tent"]
    assert found(categories=frozenset({"gear/cooking", "sale"})) == ["mug", "cup"]
    assert found(categories=frozenset({"gear/boats"})) == []
    assert found(categories=frozenset()) == []


def test_every_word_stands_in_name_or_sku_of_what_may_be_searched() -> None:
    assert found(text="MUG") == ["mug", "cup"]
    assert found(text="mug blue") == ["cup"]
    assert found(text="lamp") == ["lamp"]
    assert found(text="hat") == []
    assert found(text="  ") == ["mug", "cup", "tent", "hat"]


def test_prices_are_those_of_the_moment() -> None:
    spring = datetime(2026, 4, 1, tzinfo=UTC)

    assert found(price_from="10") == ["mug", "tent"]
    assert found(price_to="9.99") == ["cup"]
    assert found(spring, price_to="9.99") == ["mug", "cup"]
    assert found(price_from="5", price_to="8") == ["cup"]


def test_several_wishes_must_all_be_met() -> None:
    assert found(skus=frozenset({"mug", "tent"}), price_to="50") == ["mug"]
    assert found(text="mug", categories=frozenset({"sale"})) == ["mug"]


@pytest.mark.parametrize(
    ("sort_by", "descending", "order"),
    [
        (SortBy.ID, False, ["mug", "cup", "tent", "hat"]),
        (SortBy.ID, True, ["hat", "tent", "cup", "mug"]),
        (SortBy.NAME, False, ["cup", "hat", "mug", "tent"]),
        (SortBy.NAME, True, ["tent", "mug", "hat", "cup"]),
        (SortBy.PRICE, False, ["hat", "cup", "mug", "tent"]),
        (SortBy.PRICE, True, ["tent", "mug", "cup", "hat"]),
    ],
)
def test_there_is_an_order(
    sort_by: SortBy, *, descending: bool, order: list[str]
) -> None:
    assert found(sort_by=sort_by, descending=descending) == order


def test_a_price_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^filter\.price\.from: "):
        found(price_from="cheap")


def test_what_is_prepared_answers_as_what_is_not() -> None:
    before = found(categories=frozenset({"gear"}))

    product_search.prepare(CATALOGUE)

    assert found(categories=frozenset({"gear"})) == before


def test_a_configurable_product_is_found_by_what_its_cheapest_child_costs() -> None:
    catalogue = Catalogue.of(
        [
            a_product("tee", 30, id=1, type="configurable", children=("s", "m")),
            a_product("s", 28, id=2, visibility=Visibility.NOT_VISIBLE),
            a_product("m", 30, id=3, visibility=Visibility.NOT_VISIBLE),
            a_product("mug", 20, id=4),
        ]
    )
    rule = a_catalogue_price_rule("m", "by_fixed", 15, conditions=of_sku("m"))
    by_price = Search.of(sort_by=SortBy.PRICE)
    below = Search.of(price_to="16")

    def skus(search: Search, *rules: CataloguePriceRule) -> list[str]:
        found = product_search.search(search, prices_of(catalogue, *rules))
        return [one.sku for one in found]

    assert skus(by_price) == ["mug", "tee"]
    assert skus(by_price, rule) == ["tee", "mug"]
    assert skus(below) == []
    assert skus(below, rule) == ["tee"]
