"""Coupon codes: which are the same, and which of a cart's opens a rule."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from gateway.personalize.coupons import Coupon, distinct, fold
from tests.factories import a_cart, a_cart_price_rule, an_item


@pytest.mark.parametrize("code", ["SPRING-7", "spring-7", " Spring-7 ", "sPRING-7\t"])
def test_a_code_is_the_same_however_it_is_written(code: str) -> None:
    assert fold(code) == "spring-7"


@pytest.mark.parametrize(
    ("code", "folded"),
    [
        pytest.param("Stra\u00dfe", "strasse", id="a sharp s"),
        pytest.param("STRA\u1e9eE", "strasse", id="a large sharp s"),
        pytest.param(
            "\uff33\uff30\uff32\uff29\uff2e\uff27\uff0d\uff17", "spring-7", id="wide"
        ),
        pytest.param("\u0130ND\u0130R\u0130M", "indirim", id="dotted i"),
        pytest.param(
            "i\u0307ndi\u0307rim", "indirim", id="dotted i made small elsewhere"
        ),
        pytest.param("I\u0307", "i", id="a dot by itself"),
        pytest.param(
            "\u0131nd\u0131r\u0131m",
            "\u0131nd\u0131r\u0131m",
            id="an i without a dot is another letter",
        ),
        pytest.param("\u00d6STERREICH", "\u00f6sterreich", id="an umlaut"),
        pytest.param(
            "O\u0308sterreich", "\u00f6sterreich", id="its dots by themselves"
        ),
        pytest.param(
            "\u03a3\u0391\u03a3", "\u03c3\u03b1\u03c3", id="a sigma at the end"
        ),
        pytest.param(
            "\u0421\u0410\u041b\u042e\u0422",
            "\u0441\u0430\u043b\u044e\u0442",
            id="Cyrillic",
        ),
        pytest.param(
            "\u590f\u30bb\u30fc\u30eb",
            "\u590f\u30bb\u30fc\u30eb",
            id="letters without capitals",
        ),
        pytest.param("\u00a0\u3000TEN\u2003", "ten", id="blanks of other kinds"),
        pytest.param("\u200bTEN", "\u200bten", id="what is no blank"),
    ],
)
def test_letters_of_any_script_are_the_same_large_and_small(
    code: str, folded: str
) -> None:
    assert fold(code) == folded


@given(strategies.text())
def test_what_is_folded_stays_as_it_is(code: str) -> None:
    assert fold(fold(code)) == fold(code)


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
