from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.conditions import NEVER
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_comparison,
    a_context,
    a_customer,
    an_item,
    discounts_on,
    of_sku,
    on_lines,
)

# The reference's test vectors, section 15, 1 to 10.


def test_percentages_carry_their_remainders() -> None:
    cart = a_cart(*(an_item("pen", 1, "1.05") for _ in range(4)))

    discounts = discounts_on(a_context(cart), a_cart_price_rule(amount=10))

    assert on_lines(discounts) == ["0.11", "0.10", "0.11", "0.10"]
    assert discounts.discount == Decimal("0.42")


def test_a_cart_amount_is_split_to_the_last_coin() -> None:
    cart = a_cart(*(an_item("book", 1, "9.99") for _ in range(3)))

    discounts = discounts_on(
        a_context(cart), a_cart_price_rule("ten", "cart_fixed", 10)
    )

    assert on_lines(discounts) == ["3.33", "3.34", "3.33"]
    assert discounts.discount == 10


def test_a_cart_amount_is_at_most_what_the_cart_costs() -> None:
    cart = a_cart(an_item("mug", 1, 10), an_item("pot", 1, 20))

    discounts = discounts_on(
        a_context(cart), a_cart_price_rule("off", "cart_fixed", 50)
    )

    assert on_lines(discounts) == ["10.00", "20.00"]
    assert discounts.grand_total == 0


@pytest.mark.parametrize(
    ("quantity", "free"),
    [(1, 0), (2, 0), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2)],
)
def test_every_third_unit_of_a_line_is_free(quantity: int, free: int) -> None:
    cart = a_cart(an_item("mug", quantity, 10))
    rule = a_cart_price_rule("third", "buy_x_get_y", 1, step=2)

    discounts = discounts_on(a_context(cart), rule)

    assert discounts.discount == 10 * free
    assert discounts.applied == ((rule,) if quantity > 2 else ())


def test_free_units_never_pool_over_lines() -> None:
    cart = a_cart(an_item("red-mug", 2), an_item("blue-mug", 2))

    discounts = discounts_on(
        a_context(cart), a_cart_price_rule("fourth", "buy_x_get_y", 1, step=3)
    )

    assert discounts.discount == 0
    assert discounts.applied == ()


@pytest.mark.parametrize(
    ("percent_priority", "total"),
    [pytest.param(10, 190, id="percent last"), pytest.param(0, 200, id="first")],
)
def test_a_later_percentage_sees_what_is_left(
    percent_priority: int, total: int
) -> None:
    cart = a_cart(an_item("sofa", 1, 1000))
    hundred = a_cart_price_rule("hundred", "cart_fixed", 100, id=1, priority=1)
    tenth = a_cart_price_rule("tenth", amount=10, id=2, priority=percent_priority)

    assert discounts_on(a_context(cart), hundred, tenth).discount == total


def test_only_whole_steps_are_discounted() -> None:
    cart = a_cart(an_item("mug", 7, 10))

    discounts = discounts_on(a_context(cart), a_cart_price_rule(amount=10, step=3))

    assert discounts.discount == 6


def test_less_than_a_step_is_not_applied_and_blocks_nothing() -> None:
    cart = a_cart(an_item("mug", 2, 10))
    by_threes = a_cart_price_rule(
        "threes", amount=10, step=3, discards_subsequent=True, id=1
    )
    later = a_cart_price_rule("later", amount=50, id=2)

    discounts = discounts_on(a_context(cart), by_threes, later)

    assert discounts.discount == 10
    assert discounts.applied_keys == {"later"}


def test_a_maximum_quantity_counts_for_each_line() -> None:
    cart = a_cart(an_item("mug", 5, 10), an_item("pot", 5, 20))

    discounts = discounts_on(a_context(cart), a_cart_price_rule(amount=50, at_most=2))

    assert on_lines(discounts) == ["10.00", "20.00"]


def test_discarding_closes_only_the_lines_a_rule_has_taken() -> None:
    cart = a_cart(an_item("mug", 1, 10), an_item("pot", 1, 20))
    first = a_cart_price_rule(
        "first", item_conditions=of_sku("mug"), discards_subsequent=True, id=1
    )
    second = a_cart_price_rule("second", amount=50, id=2)

    discounts = discounts_on(a_context(cart), first, second)

    assert on_lines(discounts) == ["1.00", "10.00"]


def test_a_condition_sees_what_a_coupon_has_taken_off() -> None:
    over_75 = a_comparison("cart.subtotal_after_discounts", "at_least", 75)
    coupon = a_cart_price_rule("coupon", amount=30, coupon_code="THIRTY", id=1)
    automatic = a_cart_price_rule("auto", conditions=over_75, priority=1, id=2)
    cart = a_cart(an_item("lamp", 1, 100))

    with_coupon = discounts_on(
        a_context(replace(cart, coupon_codes=("thirty",))), coupon, automatic
    )
    without = discounts_on(a_context(cart), coupon, automatic)

    assert with_coupon.discount == 30
    assert without.discount == 10
    assert with_coupon.applied_keys == {"coupon"}


# What is considered, and in which order.


def test_the_order_of_a_percentage_and_an_amount_matters() -> None:
    cart = a_cart(an_item("lamp", 1, 100))
    percent = a_cart_price_rule("percent", amount=10, id=1)
    fixed = a_cart_price_rule("fixed", "by_fixed", 5, id=2)

    assert discounts_on(a_context(cart), percent, fixed).discount == 15
    swapped = replace(fixed, id=0)
    assert discounts_on(a_context(cart), percent, swapped).discount == Decimal("14.50")


def test_rules_go_by_priority_then_without_coupon_then_by_id() -> None:
    rules = [
        a_cart_price_rule("last", priority=1, id=1),
        a_cart_price_rule("third", coupon_code="C", id=2),
        a_cart_price_rule("second", id=4),
        a_cart_price_rule("first", id=3),
    ]

    keys = [rule.key for rule in sorted(rules, key=lambda rule: rule.order)]

    assert keys == ["first", "second", "third", "last"]


@pytest.mark.parametrize(
    ("codes", "used"),
    [
        pytest.param(("Spring",), ("Spring",), id="any case"),
        pytest.param((" spring ",), ("spring",), id="with spaces"),
        pytest.param(("winter", "SPRING"), ("SPRING",), id="among others"),
        pytest.param(("winter",), (), id="another code"),
        pytest.param((), (), id="no code"),
        pytest.param(("", " "), (), id="blank codes"),
    ],
)
def test_a_coupon_rule_needs_its_code(
    codes: tuple[str, ...], used: tuple[str, ...]
) -> None:
    cart = a_cart(an_item(), coupon_codes=codes)

    discounts = discounts_on(a_context(cart), a_cart_price_rule(coupon_code="spring"))

    assert discounts.coupon_codes == used
    assert discounts.discount == len(used)


def test_a_coupon_that_gave_nothing_took_no_part() -> None:
    cart = a_cart(an_item("mug"), coupon_codes=("POT",))
    rule = a_cart_price_rule(coupon_code="POT", item_conditions=of_sku("pot"))

    assert discounts_on(a_context(cart), rule).coupon_codes == ()


def test_a_rule_is_for_its_customer_groups() -> None:
    cart = a_cart(an_item())
    wholesale = a_cart_price_rule(customer_groups=[2])
    visitors = a_cart_price_rule(customer_groups=[0])

    buyer = a_context(cart, customer=a_customer(group_id=2))

    assert discounts_on(buyer, wholesale).discount == 1
    assert discounts_on(buyer, visitors).discount == 0
    assert discounts_on(a_context(cart), visitors).discount == 1


@pytest.mark.parametrize(
    ("at", "discount"),
    [
        pytest.param("2026-02-28T22:59", 0, id="the evening before"),
        pytest.param("2026-02-28T23:00", 1, id="midnight in Berlin"),
        pytest.param("2026-03-31T21:59", 1, id="the last minute"),
        pytest.param("2026-03-31T22:00", 0, id="the day after"),
    ],
)
def test_a_rule_runs_on_whole_days_of_its_website(at: str, discount: int) -> None:
    days: dict[str, Any] = {"from": "2026-03-01", "to": "2026-03-31"}
    rule = a_cart_price_rule(timezone="Europe/Berlin", **days)
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert discounts_on(a_context(a_cart(an_item()), at=now), rule).discount == discount


def test_a_rule_may_ask_for_a_segment() -> None:
    rule = a_cart_price_rule(
        conditions=a_comparison("customer.segment", "is_one_of", ["vip"])
    )
    cart = a_cart(an_item())

    assert (
        discounts_on(a_context(cart, segments=frozenset({"vip"})), rule).discount == 1
    )
    assert discounts_on(a_context(cart), rule).discount == 0


def test_a_rule_whose_conditions_fail_looks_at_no_line() -> None:
    # None cannot be asked: to look at a line would raise.
    silent: Any = None
    rule = replace(a_cart_price_rule(), condition=NEVER, own_item_condition=silent)

    assert discounts_on(a_context(a_cart(an_item())), rule).applied == ()


def test_an_empty_cart_gets_nothing() -> None:
    rule = a_cart_price_rule(free_shipping="shipment", applies_to_shipping=True)

    discounts = discounts_on(a_context(a_cart(shipping=5)), rule)

    assert discounts.applied == ()
    assert discounts.grand_total == 5
