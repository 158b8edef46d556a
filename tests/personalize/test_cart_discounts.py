from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_context,
    an_item,
    discounts_on,
)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        pytest.param(
            {"label": "Sale", "label_by_store_view": {"german": "Angebot"}},
            "Angebot",
            id="the store view's",
        ),
        pytest.param(
            {"label": "Sale", "label_by_store_view": {"french": "Soldes"}},
            "Sale",
            id="the default",
        ),
        pytest.param(
            {"coupon_code": "SALE", "description": "For friends"},
            "For friends",
            id="a coupon rule's description",
        ),
        pytest.param({"coupon_code": "SALE"}, "SALE", id="a coupon rule's code"),
        pytest.param({"description": "For friends"}, "Discount", id="nothing"),
    ],
)
def test_a_discount_is_called_by_the_nearest_label(
    given: dict[str, Any], label: str
) -> None:
    cart = a_cart(an_item(), coupon_codes=("sale",))

    discounts = discounts_on(
        a_context(cart, store_view="german"), a_cart_price_rule(**given)
    )

    assert discounts.on_items[0].label == label


def test_the_title_names_each_label_once() -> None:
    cart = a_cart(an_item("mug", 1, 10), an_item("pot", 1, 10), shipping=5)
    rules = [
        a_cart_price_rule("a", label="Sale", id=1, applies_to_shipping=True),
        a_cart_price_rule("b", id=2),
        a_cart_price_rule("c", label="Thanks", id=3),
    ]

    assert discounts_on(a_context(cart), *rules).title == "Discount (Sale, Thanks)"


def test_amounts_add_up_over_lines_and_shipping() -> None:
    cart = a_cart(
        an_item("mug", 3, "9.99"),
        an_item("pot", 1, 20),
        shipping=5,
        tax=Decimal("1.50"),
        coupon_codes=("ten",),
    )
    rules = [
        a_cart_price_rule("percent", amount=10, id=1),
        a_cart_price_rule(
            "amount",
            "cart_fixed",
            10,
            id=2,
            coupon_code="TEN",
            applies_to_shipping=True,
        ),
    ]

    discounts = discounts_on(a_context(cart), *rules)

    assert discounts.subtotal == Decimal("49.97")
    assert [str(one.amount) for one in discounts.on_items] == ["5.00", "9.00"]
    assert [one.coupon_code for one in discounts.on_items] == [None, "ten"]
    assert discounts.shipping_discount == Decimal("1.00")
    assert discounts.total_discount == 15
    assert discounts.grand_total == Decimal("41.47")
