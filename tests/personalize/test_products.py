from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gateway.personalize.attributes import ATTRIBUTES
from gateway.personalize.products import (
    NO_CATALOGUE,
    Catalogue,
    Product,
    SpecialPrice,
    Visibility,
)
from tests.factories import NOW, a_product, prices_of

EVE, FEAST = date(2026, 12, 24), date(2026, 12, 25)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def special(
    amount: int, first: date | None = None, last: date | None = None
) -> SpecialPrice:
    return SpecialPrice(Decimal(amount), first, last)


@pytest.mark.parametrize(
    ("categories", "with_ancestors", "deepest"),
    [
        pytest.param([], [], [], id="none"),
        pytest.param(["gear"], ["gear"], ["gear"], id="a root"),
        pytest.param(
            ["gear/tents/family"],
            ["gear", "gear/tents", "gear/tents/family"],
            ["gear/tents/family"],
            id="a path",
        ),
        pytest.param(
            ["gear/tents", "sale", "gear", "gear/packs"],
            ["gear", "gear/tents", "sale", "gear/packs"],
            ["gear/tents", "sale", "gear/packs"],
            id="some above others",
        ),
        pytest.param(
            ["gear/tents", "gear/tents-and-tarps"],
            ["gear", "gear/tents", "gear/tents-and-tarps"],
            ["gear/tents", "gear/tents-and-tarps"],
            id="names that begin alike",
        ),
    ],
)
def test_a_product_is_in_its_categories_and_in_those_above(
    categories: list[str], with_ancestors: Sequence[str], deepest: Sequence[str]
) -> None:
    product = a_product(categories=tuple(categories))

    assert list(product.categories_with_ancestors) == with_ancestors
    assert list(product.deepest_categories) == deepest


def test_an_unknown_product_is_known_by_its_sku_alone() -> None:
    catalogue = Catalogue.of([a_product("tent", 199)])

    assert catalogue.find("tent").price == Decimal(199)
    assert catalogue.find("gone") == Product("gone")
    assert not catalogue.find("gone").can_be_listed


def test_products_are_found_by_their_ids() -> None:
    tent = a_product("tent", id=7)

    assert Catalogue.of([tent]).by_id == {7: tent}


@pytest.mark.parametrize(
    ("price", "offered", "final"),
    [
        pytest.param(100, special(80), 80, id="lower"),
        pytest.param(100, special(120), 100, id="higher"),
        pytest.param(None, special(80), 80, id="the only one"),
        pytest.param(100, None, 100, id="none"),
        pytest.param(None, None, None, id="neither"),
        pytest.param(100, special(0), 0, id="free"),
        pytest.param(100, special(80, date(2026, 3, 11)), 100, id="not yet"),
        pytest.param(100, special(80, None, date(2026, 3, 9)), 100, id="no more"),
        pytest.param(
            100, special(80, date(2026, 3, 10), date(2026, 3, 10)), 80, id="today"
        ),
    ],
)
def test_the_final_price_is_the_lower_one(
    price: int | None, offered: SpecialPrice | None, final: int | None
) -> None:
    tent = a_product("tent", price, special=offered)

    assert prices_of(Catalogue.of([tent])).of(tent) == final


def test_a_special_price_is_for_days_of_the_websites_calendar() -> None:
    tent = a_product("tent", 100, special=special(80, EVE, FEAST))
    catalogue = Catalogue.of([tent], timezone="Europe/Berlin")

    prices = [
        prices_of(catalogue, at=utc(at)).of(tent)
        for at in (
            "2026-12-23T22:59:59",
            "2026-12-23T23:00",
            "2026-12-25T22:59:59",
            "2026-12-25T23:00",
        )
    ]

    assert prices == [Decimal(100), Decimal(80), Decimal(80), Decimal(100)]


def test_a_special_price_follows_a_clock_change() -> None:
    day = date(2026, 3, 29)
    tent = a_product("tent", 100, special=special(80, day, day))
    catalogue = Catalogue.of([tent], timezone="Europe/Berlin")

    assert catalogue.next_change(utc("2026-03-01T00:00")) == utc("2026-03-28T23:00")
    assert catalogue.next_change(utc("2026-03-28T23:00")) == utc("2026-03-29T22:00")
    assert prices_of(catalogue, at=utc("2026-03-29T21:59:59")).of(tent) == 80
    assert prices_of(catalogue, at=utc("2026-03-29T22:00")).of(tent) == 100
    assert catalogue.next_change(utc("2026-03-29T22:00")) is None


def test_the_next_change_is_the_earliest_of_any_product() -> None:
    catalogue = Catalogue.of(
        [
            a_product("tent", 100, special=special(80, EVE, FEAST)),
            a_product("mug", 10, special=special(8, date(2026, 6, 1))),
            a_product("pot", 20, special=special(15)),
            a_product("pan", 20),
        ]
    )

    assert catalogue.next_change(NOW) == utc("2026-06-01T00:00")
    assert catalogue.next_change(utc("2026-06-01T00:00")) == utc("2026-12-24T00:00")
    assert catalogue.next_change(utc("2026-12-24T00:00")) == utc("2026-12-26T00:00")
    assert catalogue.next_change(utc("2026-12-26T00:00")) is None
    assert NO_CATALOGUE.next_change(NOW) is None


def a_configurable(price: int | None = None, **also: object) -> Product:
    return a_product("tee", price, type="configurable", children=("s", "m"), **also)


def test_a_configurable_product_costs_what_its_cheapest_child_does() -> None:
    catalogue = Catalogue.of([a_configurable(), a_product("s", 25), a_product("m", 20)])

    tee = catalogue.find("tee")
    assert tee.price == 20
    assert prices_of(catalogue).of(tee) == 20
    assert catalogue.stored["tee"].price is None


def test_a_childs_special_price_lowers_the_configurable_products() -> None:
    until_today = special(15, None, date(2026, 3, 10))
    catalogue = Catalogue.of(
        [a_configurable(), a_product("s", 25, special=until_today), a_product("m", 20)]
    )

    tee = catalogue.find("tee")
    assert tee.price == 20
    assert prices_of(catalogue).of(tee) == 15
    assert prices_of(catalogue, at=utc("2026-03-11T00:00")).of(tee) == 20


def test_a_configurable_product_with_a_price_keeps_it() -> None:
    catalogue = Catalogue.of(
        [a_configurable(30), a_product("s", 25, special=special(1))]
    )

    tee = catalogue.find("tee")
    assert tee.price == 30
    assert prices_of(catalogue).of(tee) == 30


def test_children_that_are_gone_or_have_no_price_do_not_count() -> None:
    catalogue = Catalogue.of([a_configurable(), a_product("m", None)])

    assert catalogue.find("tee").price is None
    assert prices_of(catalogue).of(catalogue.find("tee")) is None


def test_products_that_name_each_other_as_children_have_a_price() -> None:
    catalogue = Catalogue.of(
        [
            a_product("hen", None, children=("egg",)),
            a_product("egg", None, children=("hen",), special=special(3)),
        ]
    )

    assert prices_of(catalogue).of(catalogue.find("hen")) == 3


@pytest.mark.parametrize(
    ("visibility", "shows"),
    [
        (Visibility.CATALOG_SEARCH, True),
        (Visibility.CATALOG, True),
        (Visibility.SEARCH, False),
        (Visibility.NOT_VISIBLE, False),
    ],
)
def test_a_list_shows_what_is_sold_and_visible(
    visibility: Visibility, *, shows: bool
) -> None:
    sold = a_product(visibility=visibility)
    unsold = a_product(visibility=visibility, saleable=False)

    assert sold.can_be_listed is shows
    assert not unsold.can_be_listed


def test_what_is_on_offer_is_in_the_order_of_its_ids() -> None:
    catalogue = Catalogue.of(
        [
            a_product("tent", id=3),
            a_product("mug", id=1),
            a_product("gone", id=2, saleable=False),
        ]
    )

    assert [product.sku for product in catalogue.on_offer] == ["mug", "tent"]


def test_products_are_indexed_by_the_keys_of_an_attribute() -> None:
    category = ATTRIBUTES["product.category"]
    catalogue = Catalogue.of(
        [
            a_product("tent", id=1, categories=("Gear/Tents",)),
            a_product("mug", id=2, categories=("gear/kitchen", "gear")),
            a_product("card", id=3),
        ]
    )

    places = catalogue.places(category.key, category.read)

    assert places == {"gear": [0, 1], "gear/tents": [0], "gear/kitchen": [1]}
    assert catalogue.places(category.key, category.read) is places


def test_a_catalogue_is_equal_to_itself_alone() -> None:
    one, other = Catalogue.of([a_product()]), Catalogue.of([a_product()])

    assert one == one  # noqa: PLR0124
    assert one != other
    assert len({one, other}) == 2
