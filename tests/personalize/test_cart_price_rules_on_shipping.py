from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gateway.personalize.cart_price_rules import Discount
from gateway.personalize.context import Shipping
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


def test_an_amount_is_taken_off_shipping_once_more() -> None:
    cart = a_cart(an_item("mug", 1, 10), shipping=5)
    rule = a_cart_price_rule("three", "by_fixed", 3, applies_to_shipping=True)

    discounts = discounts_on(a_context(cart), rule)

    assert discounts.discount == 3
    assert discounts.on_shipping == (Discount(1, "three", "Discount", Decimal(3)),)
    assert discounts.shipping_after_discount == 2
    assert discounts.total_discount == 6
    assert discounts.grand_total == 9


def test_shipping_takes_its_share_of_a_cart_amount() -> None:
    cart = a_cart(an_item("mug", 1, "9.99"), an_item("pot", 1, "9.99"), shipping="9.99")
    rule = a_cart_price_rule("ten", "cart_fixed", 10, applies_to_shipping=True)

    discounts = discounts_on(a_context(cart), rule)

    assert on_lines(discounts) == ["3.33", "3.34"]
    assert discounts.shipping_discount == Decimal("3.33")


def test_shipping_never_costs_less_than_nothing() -> None:
    cart = a_cart(an_item("mug", 1, 10), shipping=5)
    rule = a_cart_price_rule("eight", "by_fixed", 8, applies_to_shipping=True)

    discounts = discounts_on(a_context(cart), rule, replace(rule, id=2, key="again"))

    assert discounts.shipping_discount == 5
    assert discounts.grand_total == 0


def test_a_rule_may_apply_to_shipping_alone() -> None:
    cart = a_cart(an_item("mug", 1, 10), shipping=5)
    rule = a_cart_price_rule(
        amount=100, item_conditions=of_sku("pot"), applies_to_shipping=True
    )

    discounts = discounts_on(a_context(cart), rule)

    assert discounts.applied == (rule,)
    assert discounts.total_discount == 5


def test_discarding_closes_shipping_too() -> None:
    cart = a_cart(an_item("mug", 1, 10), an_item("pot", 1, 10), shipping=5)
    first = a_cart_price_rule(
        "first", item_conditions=of_sku("mug"), discards_subsequent=True, id=1
    )
    second = a_cart_price_rule("second", amount=50, applies_to_shipping=True, id=2)

    discounts = discounts_on(a_context(cart), first, second)

    assert on_lines(discounts) == ["1.00", "5.00"]
    assert discounts.shipping_discount == 0


def test_a_free_shipment_costs_nothing() -> None:
    cart = a_cart(an_item("mug", 6, 10), shipping=5)
    over_50 = a_comparison("cart.subtotal", "at_least", 50)
    rule = a_cart_price_rule(amount=0, free_shipping="shipment", conditions=over_50)

    discounts = discounts_on(a_context(cart), rule)

    assert discounts.ships_free
    assert discounts.shipping == 0
    assert discounts.grand_total == 60
    assert discounts.applied_keys == {"rule"}


def test_a_shipment_is_free_when_all_its_lines_are() -> None:
    free_mugs = a_cart_price_rule(
        free_shipping="items", amount=0, item_conditions=of_sku("mug")
    )
    course = an_item(a_product("course", 20, type="virtual"))
    mugs, pot = an_item("mug", 2), an_item("pot")

    all_free = discounts_on(a_context(a_cart(mugs, course, shipping=5)), free_mugs)
    some_free = discounts_on(a_context(a_cart(mugs, pot, shipping=5)), free_mugs)

    assert all_free.ships_free
    assert all_free.shipping == 0
    assert not some_free.ships_free
    assert some_free.shipping == 5
    assert [line.free_shipping_units for line in some_free.lines] == [2, 0]


def test_a_maximum_quantity_limits_what_ships_free() -> None:
    rule = a_cart_price_rule(free_shipping="items", amount=0, at_most=2)

    discounts = discounts_on(a_context(a_cart(an_item("mug", 3), shipping=5)), rule)

    assert discounts.lines[0].free_shipping_units == 2
    assert discounts.shipping == 5


def test_what_ships_free_takes_no_share_of_a_cart_amount() -> None:
    cart = a_cart(an_item("mug", 1, 20), shipping=20)
    shared = a_cart_price_rule("ten", "cart_fixed", 10, id=1, applies_to_shipping=True)
    free = a_cart_price_rule("free", amount=0, id=2, free_shipping="shipment")

    discounts = discounts_on(a_context(cart), shared, free)

    assert on_lines(discounts) == ["10.00"]
    assert discounts.on_shipping == ()
    assert discounts.grand_total == 10


def test_a_cart_without_a_shipping_method_has_nothing_to_discount_there() -> None:
    cart = replace(a_cart(an_item()), shipping=Shipping())
    rule = a_cart_price_rule(amount=50, applies_to_shipping=True)

    assert discounts_on(a_context(cart), rule).on_shipping == ()
