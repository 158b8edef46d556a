"""Coupon codes: which are the same, and which of a cart's opens a rule."""

from __future__ import annotations

import pytest

from gateway.personalize.coupons import Coupon, distinct, fold
from tests.factories import a_cart, a_cart_price_rule, an_item


@pytest.mark.parametrize("code", ["SPRING-7", "spring-7", " Spring-7 ", "sPRING-7\t"])
def test_a_code_is_the_same_however_it_is_written(code: str) -> None:
    assert fold(code) == "spring-7"


def test_only_what_the_database_cuts_off_is_no_part_of_a_code() -> None:
    assert fold("\N{NO-BREAK SPACE}TEN") != fold("TEN")


def test_a_code_is_shown_without_what_stands_around_it() -> None:
    cart = a_cart(an_item(), coupon_codes=(" Ten\n",))

    assert a_cart_price_rule(coupon_code="TEN").coupon_in(cart) == "Ten"


def test_a_code_that_is_repeated_counts_once_as_it_was_written_first() -> None:
    codes = distinct(("Ten", "", "TEN", " ", "five"))

    assert codes == {"ten": "Ten", "five": "five"}


def test_a_rule_without_a_coupon_has_none_in_any_cart() -> None:
    cart = a_cart(an_item(), coupon_codes=("TEN", ""))

    assert a_cart_price_rule().coupon_in(cart) is None


def test_a_generated_code_opens_no_rule_of_which_nobody_knows_it() -> None:
    cart = a_cart(an_item(), coupon_codes=("GIFT",), coupons=(Coupon("gift", 7),))
    rules = [a_cart_price_rule(id=id, generated_coupons=True) for id in (6, 7)]

    assert [rule.coupon_in(cart) for rule in rules] == [None, "GIFT"]


def test_the_first_code_with_a_use_left_opens_the_rule() -> None:
    coupons = (Coupon("one", 7, has_use=False), Coupon("two", 7), Coupon("three", 7))
    cart = a_cart(coupon_codes=("ONE", "TWO", "THREE"), coupons=coupons)

    assert a_cart_price_rule(id=7, generated_coupons=True).coupon_in(cart) == "TWO"


def test_a_discount_by_a_generated_code_is_called_as_the_rule_says() -> None:
    told = a_cart_price_rule(generated_coupons=True, description="A gift")
    silent = a_cart_price_rule(generated_coupons=True)

    assert [rule.label_in("") for rule in (told, silent)] == ["A gift", "Discount"]
