from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.cart_price_rules import Discount
from gateway.personalize.context import Website
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    a_product,
    an_item,
    discounts_on,
    of_sku,
    on_lines,
)


def test_a_line_never_costs_less_than_nothing() -> None:
    cart = a_cart(an_item("mug", 1, 10))
    rules = [a_cart_price_rule(f"rule-{n}", "by_fixed", 8, id=n) for n in (1, 2)]

    discounts = discounts_on(a_context(cart), *rules)

    assert discounts.lines[0].by_rule == (
        Discount(1, "rule-1", "Discount", Decimal(8)),
        Discount(2, "rule-2", "Discount", Decimal(2)),
    )


def test_a_line_without_a_price_or_with_a_negative_one_is_left_alone() -> None:
    unpriced = an_item(a_product("ghost", None))
    cart = a_cart(unpriced, an_item("refund", 1, -5), an_item("mug", 1, 10))

    discounts = discounts_on(
        a_context(cart), a_cart_price_rule("off", "cart_fixed", 20)
    )

    assert on_lines(discounts) == ["0", "0", "10.00"]


def test_a_matched_line_that_gets_nothing_still_counts_as_applied() -> None:
    cart = a_cart(an_item())
    rule = a_cart_price_rule(amount=0, label="Thank you")

    discounts = discounts_on(a_context(cart), rule)

    assert discounts.applied_keys == {"rule"}
    assert discounts.lines[0].by_rule == ()
    assert discounts.title == "Discount"


def test_a_percentage_never_gives_more_than_earlier_rules_left() -> None:
    cart = a_cart(an_item("mug", 5, 10))
    all_of_it = a_cart_price_rule("all", amount=80, id=1)
    some_of_it = a_cart_price_rule("some", amount=50, at_most=2, id=2)

    assert discounts_on(a_context(cart), all_of_it, some_of_it).discount == 40


def test_remainders_go_first_to_lines_that_earlier_rules_matched() -> None:
    cart = a_cart(*(an_item(sku, 1, "1.05") for sku in ("a", "b", "c")))
    first = a_cart_price_rule("first", amount=0, item_conditions=of_sku("b"), id=1)
    second = a_cart_price_rule("second", amount=10, id=2)

    discounts = discounts_on(a_context(cart), first, second)

    assert on_lines(discounts) == ["0.10", "0.11", "0.11"]


@pytest.mark.parametrize(
    ("currency", "price", "discount"),
    [
        pytest.param("JPY", "105", "11", id="whole yen"),
        pytest.param("KWD", "1.005", "0.101", id="thousandths of a dinar"),
    ],
)
def test_coins_are_those_of_the_website(
    currency: str, price: str, discount: str
) -> None:
    website = Website("base", currency=currency)
    context = a_context(a_cart(an_item("mug", 1, price)), website=website)

    assert on_lines(discounts_on(context, a_cart_price_rule(amount=10))) == [discount]


# A configurable product and its child in the cart.


@pytest.mark.parametrize(
    ("conditions", "discount"),
    [
        pytest.param(of_sku("tee-red"), 1, id="the child"),
        pytest.param(of_sku("tee"), 1, id="the configurable"),
        pytest.param(of_sku("hat"), 0, id="neither"),
        pytest.param(
            a_comparison("product.sku", "is_not", "tee"), 1, id="not the configurable"
        ),
        pytest.param(
            a_comparison("product.sku", "is_not_one_of", ["tee", "tee-red"]),
            0,
            id="neither of them",
        ),
        pytest.param(
            a_comparison("product.category", "is", ["tops"]), 1, id="its category"
        ),
    ],
)
def test_conditions_hold_of_the_configurable_or_of_its_child(
    conditions: dict[str, Any], discount: int
) -> None:
    tee = a_product("tee", None, type="configurable", categories=("tops/tees",))
    cart = a_cart(an_item("tee-red", parent=tee))
    found = {"found": "cart.items", **conditions}

    of_the_line = a_cart_price_rule(item_conditions=conditions)
    of_the_cart = a_cart_price_rule(conditions={"all": [found]})

    assert discounts_on(a_context(cart), of_the_line).discount == discount
    assert discounts_on(a_context(cart), of_the_cart).discount == discount


def test_what_a_configurable_does_not_say_its_child_says() -> None:
    tee = a_product("tee", None, type="configurable", attribute_set="Top")
    red = a_product("tee-red", 10, weight=Decimal(2), categories=("sale",))

    completed = an_item(red, parent=tee).faces[1].product

    assert completed.sku == "tee"
    assert completed.attribute_set == "Top"
    assert completed.price == 10
    assert completed.categories == ("sale",)


def test_a_configurable_line_counts_once() -> None:
    tee = a_product("tee", None, type="configurable")
    cart = a_cart(an_item("tee-red", 2, parent=tee))
    two_units = {
        "sum": "item.quantity",
        "operator": "is",
        "value": 2,
        **a_comparison("item.price", "is", 10),
    }

    rule = a_cart_price_rule(conditions={"all": [two_units]})

    assert discounts_on(a_context(cart), rule).discount == 2
