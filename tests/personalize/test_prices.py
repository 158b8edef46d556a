"""Prices: the lowest of several counts, for one shopper at one moment."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.prices import Buyer, Explanation, PriceList, Step
from gateway.personalize.products import Catalogue, Product, SpecialPrice
from gateway.personalize.tier_prices import TierPrice, TierPriceType
from tests.factories import (
    NOW,
    Number,
    a_catalogue_price_rule,
    a_comparison,
    a_product,
    of_sku,
    prices_of,
)


def a_tier(
    amount: Number, quantity: Number = 1, group_id: int | None = None
) -> TierPrice:
    return TierPrice(Decimal(amount), Decimal(quantity), group_id)


def percent_off(
    amount: Number, quantity: Number = 1, group_id: int | None = None
) -> TierPrice:
    type = TierPriceType.DISCOUNT
    return TierPrice(Decimal(amount), Decimal(quantity), group_id, type)


def price(
    product: Product,
    *rules: CataloguePriceRule,
    quantity: Number = 1,
    decimals: int = 2,
    **buyer: Any,
) -> str:
    """What a product costs that is all there is."""
    listed = PriceList(Catalogue.of([product]), rules, decimals=decimals)
    prices = listed.to(Buyer(**{"at": NOW, "group_id": 0, **buyer}))
    return str(prices.of(product, Decimal(quantity)))


# Rules ----------------------------------------------------------------------------

TEN_PERCENT = a_catalogue_price_rule("ten-percent", "by_percent", 10, priority=1)
FIVE_OFF = a_catalogue_price_rule("five-off", "by_fixed", 5, priority=2)


def test_rules_work_one_after_the_other_on_what_is_left() -> None:
    assert price(a_product(price=100), TEN_PERCENT, FIVE_OFF) == "85.00"
    assert price(a_product(price=100), FIVE_OFF, TEN_PERCENT) == "85.50"


def test_rules_begin_with_the_regular_price_and_the_lowest_price_counts() -> None:
    special = SpecialPrice(Decimal(80))
    dear = SpecialPrice(Decimal(99))

    assert price(a_product(price=100, special=special), TEN_PERCENT, FIVE_OFF) == "80"
    assert price(a_product(price=100, special=dear), TEN_PERCENT, FIVE_OFF) == "85.00"


def test_a_rule_that_discards_is_the_last() -> None:
    first = a_catalogue_price_rule(
        "first", "by_percent", 10, discards_subsequent=True, id=1
    )
    elsewhere = a_catalogue_price_rule(
        "elsewhere", "by_fixed", 50, conditions=of_sku("cup"), discards_subsequent=True
    )

    assert price(a_product(price=100), first, FIVE_OFF) == "90.00"
    assert price(a_product(price=100), elsewhere, FIVE_OFF) == "95.00"


@pytest.mark.parametrize(
    ("action", "amount", "left"),
    [
        ("by_percent", 15, "8.49"),
        ("by_percent", 100, "0.00"),
        ("by_percent", 250, "0.00"),
        ("by_fixed", "2.50", "7.49"),
        ("by_fixed", 20, "0.00"),
        ("to_percent", 25, "2.50"),
        ("to_percent", 120, "9.99"),
        ("to_fixed", 8, "8.00"),
        ("to_fixed", 12, "9.99"),
        ("to_fixed", 0, "0.00"),
    ],
)
def test_every_action_lowers_the_price_and_never_below_zero(
    action: str, amount: Number, left: str
) -> None:
    rule = a_catalogue_price_rule("rule", action, amount)

    assert price(a_product(price=Decimal("9.99")), rule) == left


@pytest.mark.parametrize(
    ("regular", "percent", "decimals", "left"),
    [
        pytest.param("10.05", "10", 2, "9.05", id="half a cent up"),
        pytest.param("9.99", "15", 2, "8.49", id="down"),
        pytest.param("0.01", "50", 2, "0.01", id="of one cent"),
        pytest.param("105", "50", 0, "53", id="half a yen up"),
        pytest.param("10.005", "50", 3, "5.003", id="half a fils up"),
    ],
)
def test_what_rules_leave_is_in_whole_coins_half_a_coin_up(
    regular: str, percent: str, decimals: int, left: str
) -> None:
    rule = a_catalogue_price_rule("rule", "by_percent", percent)

    assert price(a_product(price=Decimal(regular)), rule, decimals=decimals) == left


def test_between_two_rules_a_price_has_four_decimals() -> None:
    third = a_catalogue_price_rule("third", "to_percent", "33.3333")
    tripled = a_catalogue_price_rule("less", "by_fixed", "0.0001")
    catalogue = Catalogue.of([a_product(price=1)])

    explained = prices_of(catalogue, third, tripled).explain(catalogue.find("mug"))

    assert explained.steps == (
        Step("third", Decimal(1), Decimal("0.3333")),
        Step("less", Decimal("0.3333"), Decimal("0.3332")),
    )
    assert explained.by_rules == Decimal("0.33")


def test_a_price_that_was_written_stays_as_it_is() -> None:
    assert price(a_product(price=Decimal("9.995"))) == "9.995"


def test_a_rule_is_for_its_customer_groups() -> None:
    rule = a_catalogue_price_rule("trade", customer_groups=[2, 3])

    prices = [price(a_product(), rule, group_id=group) for group in range(4)]

    assert prices == ["10", "10", "9.00", "9.00"]


def test_a_rule_is_for_the_days_of_the_websites_calendar() -> None:
    feast: Any = {"from": "2026-12-24", "to": "2026-12-25"}
    rule = a_catalogue_price_rule("day", timezone="Europe/Berlin", **feast)

    prices = [
        price(a_product(), rule, at=datetime.fromisoformat(f"{at}Z"))
        for at in (
            "2026-12-23T22:59:59",
            "2026-12-23T23:00:00",
            "2026-12-25T22:59:59",
            "2026-12-25T23:00:00",
        )
    ]

    assert prices == ["10", "9.00", "9.00", "10"]


def test_a_rule_for_segments_is_for_whoever_is_in_any_of_them() -> None:
    rule = a_catalogue_price_rule("club", segments=["gold", "silver"])

    prices = [
        price(a_product(), rule, segments=frozenset(segments))
        for segments in ([], ["bronze"], ["silver"], ["gold", "silver"])
    ]

    assert prices == ["10", "10", "9.00", "9.00"]


def test_conditions_on_the_price_look_at_the_regular_one() -> None:
    rule = a_catalogue_price_rule(
        "dear", conditions=a_comparison("product.price", "at_least", 10)
    )
    cheap_now = a_product(price=10, special=SpecialPrice(Decimal("9.50")))

    assert price(cheap_now, rule) == "9.00"
    assert price(a_product(price=9), rule) == "9"


def test_a_product_without_a_price_has_none_to_lower() -> None:
    assert price(a_product(price=None), TEN_PERCENT) == "None"
    only_special = a_product(price=None, special=SpecialPrice(Decimal(8)))
    assert price(only_special, TEN_PERCENT) == "8"


# Tiers ------------------------------------------------------------------------------


def test_a_tier_price_holds_from_its_quantity_on() -> None:
    mug = a_product(tiers=(a_tier(9, 3), a_tier("8.50", 10)))

    prices = [price(mug, quantity=quantity) for quantity in (1, "2.5", 3, 9, 10, 500)]

    assert prices == ["10", "10", "9", "9", "8.50", "8.50"]


def test_a_tier_price_for_one_unit_is_a_groups_price() -> None:
    mug = a_product(tiers=(a_tier(7, 1, 2), a_tier(9, 1, 0), a_tier("9.50")))

    assert [price(mug, group_id=group) for group in range(4)] == [
        "9",
        "9.50",
        "7",
        "9.50",
    ]


def test_a_tier_price_in_percent_is_off_the_regular_price() -> None:
    mug = a_product(
        price=Decimal("10.05"),
        special=SpecialPrice(Decimal("9.99")),
        tiers=(percent_off(10), percent_off(300, 9)),
    )

    assert price(mug) == "9.05"
    assert price(mug, quantity=9) == "0.00"


def test_a_tier_price_that_is_dearer_does_not_count() -> None:
    mug = a_product(tiers=(a_tier(12), a_tier(8, 5), a_tier(9, 10), percent_off(0, 5)))

    assert price(mug) == "10"
    assert price(mug, quantity=10) == "8"


def test_tier_prices_and_rules_do_not_add_up() -> None:
    mug = a_product(price=100, tiers=(a_tier(88, 1, 2), a_tier(80, 5)))

    assert price(mug, TEN_PERCENT) == "90.00"
    assert price(mug, TEN_PERCENT, group_id=2) == "88"
    assert price(mug, TEN_PERCENT, quantity=5) == "80"


def test_only_tiers_that_save_something_are_told() -> None:
    mug = a_product(
        price=100,
        tiers=(
            a_tier(95, 2),
            a_tier(85, 5),
            a_tier(86, 7),
            a_tier(60, 8, 2),
            percent_off(20, 10),
            a_tier(99),
        ),
    )

    def tiers(group_id: int) -> list[tuple[str, str]]:
        prices = prices_of(Catalogue.of([mug]), TEN_PERCENT, group_id=group_id)
        return [(str(quantity), str(cost)) for quantity, cost in prices.tiers(mug)]

    assert tiers(0) == [("5", "85"), ("10", "80.00")]
    assert tiers(2) == [("5", "85"), ("8", "60")]


# Configurable products ---------------------------------------------------------------


def a_configurable(**also: Any) -> Product:
    return a_product("tee", None, type="configurable", children=("s", "m"), **also)


def test_a_rule_must_hold_of_the_child_to_lower_a_configurable_products_price() -> None:
    catalogue = Catalogue.of([a_configurable(), a_product("s", 20), a_product("m", 25)])
    of_parent = a_catalogue_price_rule("parent", conditions=of_sku("tee"))
    of_child = a_catalogue_price_rule("child", "by_fixed", 10, conditions=of_sku("m"))

    parent, child = prices_of(catalogue, of_parent), prices_of(catalogue, of_child)

    tee, small, medium = (catalogue.find(sku) for sku in ("tee", "s", "m"))
    assert [parent.of(one) for one in (tee, small, medium)] == [20, 20, 25]
    assert [child.of(one) for one in (tee, small, medium)] == [15, 20, 15]
    assert parent.explain(tee).steps == ()


def test_a_configurable_product_costs_what_its_cheapest_child_costs_the_group() -> None:
    catalogue = Catalogue.of(
        [
            a_configurable(),
            a_product("s", 20, tiers=(a_tier(12, 1, 2),)),
            a_product("m", 25, tiers=(a_tier(11, 4),)),
        ]
    )
    tee = catalogue.find("tee")

    assert prices_of(catalogue).of(tee) == 20
    assert prices_of(catalogue, group_id=2).of(tee) == 12
    assert prices_of(catalogue).of(tee, Decimal(4)) == 11


# Explaining --------------------------------------------------------------------------


def test_an_explanation_tells_every_price_and_every_step() -> None:
    mug = a_product(
        price=100, special=SpecialPrice(Decimal(95)), tiers=(a_tier(90, 1, 2),)
    )
    prices = prices_of(Catalogue.of([mug]), TEN_PERCENT, FIVE_OFF, group_id=2)

    assert prices.explain(mug) == Explanation(
        regular=Decimal(100),
        special=Decimal(95),
        tier=Decimal(90),
        by_rules=Decimal(85),
        steps=(
            Step("ten-percent", Decimal(100), Decimal(90)),
            Step("five-off", Decimal(90), Decimal(85)),
        ),
        final=Decimal(85),
    )


def test_an_explanation_leaves_out_what_the_buyer_does_not_get() -> None:
    gone = SpecialPrice(Decimal(95), None, date(2026, 3, 9))
    mug = a_product(price=100, special=gone, tiers=(a_tier(90, 1, 2),))
    rule = a_catalogue_price_rule("trade", customer_groups=[2])

    explained = prices_of(Catalogue.of([mug]), rule).explain(mug)

    assert explained == Explanation(Decimal(100), None, None, None, (), Decimal(100))
