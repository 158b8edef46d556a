"""How much a cart price rule gives at the most, and whose totals it looks at."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.personalize import cart_price_rules
from gateway.personalize.context import Website
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    an_item,
    discounts_on,
    of_sku,
    on_lines,
)


def test_the_most_units_can_be_counted_over_all_lines() -> None:
    cart = a_cart(an_item("mug", 2, 10), an_item("cup", 3, 8), an_item("pot", 1, 9))
    rule = a_cart_price_rule(amount=50, at_most=3, at_most_per="rule")

    discounts = discounts_on(a_context(cart), rule)

    assert on_lines(discounts) == ["10.00", "4.00", "0"]


def test_a_line_that_got_no_units_is_not_discarded() -> None:
    cart = a_cart(an_item("mug", 2, 10), an_item("cup", 1, 8))
    first = a_cart_price_rule(
        amount=50, at_most=2, at_most_per="rule", discards_subsequent=True
    )

    discounts = discounts_on(a_context(cart), first, a_cart_price_rule("ten", id=2))

    assert on_lines(discounts) == ["10.00", "0.80"]


def test_free_shipping_of_so_many_units_is_counted_over_all_lines() -> None:
    cart = a_cart(an_item("mug", 2, 10), an_item("cup", 2, 8), shipping=5)
    rule = a_cart_price_rule(
        amount=0, at_most=3, at_most_per="rule", free_shipping="items"
    )

    discounts = discounts_on(a_context(cart), rule)

    assert [line.free_shipping_units for line in discounts.lines] == [2, 1]
    assert not discounts.ships_free


def test_a_rule_gives_no_more_than_its_most_discount() -> None:
    cart = a_cart(an_item("mug", 1, 100), an_item("cup", 1, 50))
    rule = a_cart_price_rule(amount=20, most_discount=10)

    assert on_lines(discounts_on(a_context(cart), rule)) == ["6.67", "3.33"]


def test_the_most_discount_counts_shipping() -> None:
    cart = a_cart(an_item("mug", 1, 100), shipping=20)
    rule = a_cart_price_rule(amount=50, most_discount=30, applies_to_shipping=True)

    discounts = discounts_on(a_context(cart), rule)

    assert on_lines(discounts) == ["25.00"]
    assert str(discounts.shipping_discount) == "5.00"


def test_rules_together_give_no_more_than_their_website_allows() -> None:
    cart = a_cart(an_item("mug", 1, 100), an_item("cup", 1, 50), shipping=20)
    website = Website("base", most_discount=Decimal(20))
    rules = (
        a_cart_price_rule("first", amount=10, applies_to_shipping=True, id=1),
        a_cart_price_rule("second", amount=10, id=2),
        a_cart_price_rule("third", "cart_fixed", amount=5, id=3),
    )

    discounts = discounts_on(a_context(cart, website=website), *rules)

    assert on_lines(discounts) == ["12.00", "6.00"]
    assert str(discounts.shipping_discount) == "2.00"
    assert [(one.rule_key, one.amount) for one in discounts.on_items] == [
        ("first", Decimal("15.00")),
        ("second", Decimal("3.00")),
    ]


def test_what_a_website_does_not_allow_is_told_to_be_cut() -> None:
    website = Website("base", most_discount=Decimal(5))
    context = a_context(a_cart(an_item("mug", 1, 100)), website=website)

    explanation = cart_price_rules.explain([a_cart_price_rule(amount=10)], context)

    ((step,),) = explanation.lines
    assert (step.given.amount, step.given.is_cut) == (Decimal(5), True)


def test_a_website_that_allows_no_discount_gives_none() -> None:
    website = Website("base", most_discount=Decimal(0))
    context = a_context(a_cart(an_item()), website=website)

    discounts = discounts_on(context, a_cart_price_rule(amount=50))

    assert discounts.total_discount == 0
    assert discounts.applied_keys == {"rule"}


@pytest.mark.parametrize(
    ("attribute", "least", "applies"),
    [
        pytest.param("cart.subtotal", 100, True, id="subtotal reached"),
        pytest.param("cart.subtotal", 101, False, id="subtotal missed"),
        pytest.param("cart.quantity", 2, True, id="quantity reached"),
        pytest.param("cart.quantity", 3, False, id="quantity missed"),
        pytest.param("cart.lines", 3, True, id="lines are always all"),
        pytest.param("cart.grand_total", 300, True, id="the grand total is always all"),
    ],
)
def test_totals_can_be_of_the_matched_items_only(
    attribute: str,
    least: int,
    applies: bool,  # noqa: FBT001
) -> None:
    cart = a_cart(an_item("mug", 1, 60), an_item("cup", 1, 40), an_item("tent", 1, 200))
    rule = a_cart_price_rule(
        conditions=a_comparison(attribute, "at_least", least),
        item_conditions=of_sku("mug", "cup"),
        totals_of="matched_items",
    )

    discounts = discounts_on(a_context(cart), rule)

    assert (discounts.applied_keys == {"rule"}) is applies


def test_what_was_given_on_other_items_is_not_missing_from_matched_totals() -> None:
    cart = a_cart(an_item("mug", 1, 100), an_item("tent", 1, 200))
    tents = a_cart_price_rule("tents", amount=50, item_conditions=of_sku("tent"))
    mugs = a_cart_price_rule(
        "mugs",
        conditions=a_comparison("cart.subtotal_after_discounts", "at_least", 100),
        item_conditions=of_sku("mug"),
        totals_of="matched_items",
        id=2,
    )

    discounts = discounts_on(a_context(cart), tents, mugs)

    assert discounts.applied_keys == {"tents", "mugs"}
