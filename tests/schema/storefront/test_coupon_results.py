"""`coupon_results`: what shoppers read of their own coupon codes, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from tests.coupons import a_coupon_rule
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, open_storefront

RESULTS = """coupon_results { code is_applied reason
  hint { label amount { value currency } quantity product { sku } } }"""

SYNC = """
mutation($input: SyncCartInput!) { syncCart(input: $input) { cart { id } } }"""

CART = f"query($id: String!) {{ cart(cart_id: $id) {{ {RESULTS} }} }}"

INLINE = f"""
query($cart: CartInput!) {{
  personalization(cart: $cart) {{ cart {{ {RESULTS} }} }} }}"""

APPLY = f"""
mutation($id: String!, $code: String!) {{
  applyCouponToCart(input: {{cart_id: $id, coupon_code: $code}}) {{
    cart {{ {RESULTS} }} }} }}"""

FROM_50 = a_comparison("cart.subtotal", "at_least", 50)
FIVE_MUGS = a_comparison("cart.quantity", "at_least", 5)
NOWHERE = a_comparison("cart.country", "is", "NO")

NEUTRAL = {"is_applied": False, "reason": "NOT_VALID", "hint": None}


def mugs(quantity: int) -> list[dict[str, Any]]:
    return [{"sku": "mug", "quantity": quantity}]


@pytest.fixture(autouse=True)
async def _rules(shop: Shop, _website: None) -> None:
    await shop.product("mug", "20")
    await a_coupon_rule(shop, "TEN", label="Ten percent off")
    hinted: dict[str, Any] = {"hinted": True, "conditions": FROM_50}
    await a_coupon_rule(shop, "FIFTY", label="Fifty and more", **hinted)
    await a_coupon_rule(
        shop, "FIVE", label="Five mugs", hinted=True, conditions=FIVE_MUGS
    )
    await a_coupon_rule(shop, "QUIET", conditions=FROM_50)
    await a_coupon_rule(shop, "OVER", to_day=date(2020, 1, 1), **hinted)
    await a_coupon_rule(shop, "SOON", from_day=date(2999, 1, 1), **hinted)
    await a_coupon_rule(shop, "RESTING", active=False, **hinted)
    await a_coupon_rule(shop, "NORWAY", hinted=True, conditions=NOWHERE)
    await shop.execute("insert into customer_group values (7, 'Seven')")
    await a_coupon_rule(shop, "SEVENS", customer_groups=[7], **hinted)
    id = await a_coupon_rule(shop, "GONE", uses_per_rule=1, **hinted)
    await shop.execute("insert into coupon_counter values ($1, 'rule', 1, 1)", id)
    id = await shop.cart_price_rule("gifts", generated_coupons=True, **hinted)
    await shop.coupon(id, "GIFT-1")


@pytest.fixture
async def unhurried(database_url: str) -> AsyncIterator[Storefront]:
    """A storefront where many codes may be tried, and a cart may have three."""
    async with open_storefront(
        database_url, coupons_per_cart=3, coupon_tries_per_session=1000
    ) as storefront:
        yield storefront


async def a_cart(
    storefront: Storefront, *codes: str, quantity: int = 2, **also: Any
) -> str:
    token = also.pop("token", None)
    given = {"items": mugs(quantity), "coupon_codes": list(codes), **also}
    answer = await storefront.ask(SYNC, token=token, input=given)
    cart_id: str = answer["syncCart"]["cart"]["id"]
    return cart_id


async def results(storefront: Storefront, cart_id: str, **also: Any) -> Any:
    answer = await storefront.ask(CART, id=cart_id, **also)
    return answer["cart"]["coupon_results"]


def fifty_in(missing: float) -> dict[str, Any]:
    """What is told of FIFTY when so much is missing."""
    amount = {"value": missing, "currency": "EUR"}
    hint = {
        "label": "Fifty and more",
        "amount": amount,
        "quantity": None,
        "product": None,
    }
    return {
        "code": "fifty",
        "is_applied": False,
        "reason": "AMOUNT_MISSING",
        "hint": hint,
    }


def applied(code: str) -> dict[str, Any]:
    return {"code": code, "is_applied": True, "reason": "APPLIED", "hint": None}


async def test_each_code_of_a_cart_is_told_in_its_order(
    unhurried: Storefront,
) -> None:
    cart_id = await a_cart(unhurried, "none", "ten", "fifty")

    assert await results(unhurried, cart_id) == [
        {"code": "none", **NEUTRAL},
        applied("ten"),
        fifty_in(10.0),
    ]


async def test_following_the_hint_applies_the_code(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront, "five", quantity=3)
    (before,) = await results(storefront, cart_id)
    more = int(before["hint"]["quantity"])

    await a_cart(storefront, "five", quantity=3 + more, cart_id=cart_id)

    assert (before["reason"], more) == ("QUANTITY_MISSING", 2)
    assert before["hint"]["product"] == {"sku": "mug"}
    assert await results(storefront, cart_id) == [applied("five")]


async def test_a_code_that_was_applied_is_hinted_at_once_the_cart_is_smaller(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront, quantity=3)
    answer = await storefront.ask(APPLY, id=cart_id, code="fifty")

    await a_cart(storefront, "fifty", quantity=1, cart_id=cart_id)

    told = answer["applyCouponToCart"]["cart"]["coupon_results"]
    assert told == [applied("fifty")]
    assert await results(storefront, cart_id) == [fifty_in(30.0)]


async def test_a_generated_code_is_hinted_at(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront, "gift-1")

    (told,) = await results(storefront, cart_id)

    assert told["reason"] == "AMOUNT_MISSING"


@pytest.mark.parametrize("is_customer", [False, True])
async def test_of_whatever_else_is_wrong_with_a_code_every_byte_is_the_same(
    unhurried: Storefront, *, is_customer: bool
) -> None:
    token = unhurried.token("1") if is_customer else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    codes = ["NOSUCH", "QUIET", "OVER", "SOON", "RESTING", "NORWAY", "SEVENS", "GONE"]
    kept, inline = set(), set()

    for code in codes:
        cart_id = await a_cart(unhurried, code, token=token)
        answer = await unhurried.post(CART, headers, {"id": cart_id})
        kept.add(answer.text.replace(code, "CODE"))
        sent = {"items": mugs(2), "coupon_codes": [code]}
        answer = await unhurried.post(INLINE, headers, {"cart": sent})
        inline.add(answer.text.replace(code, "CODE"))

    (told,) = kept
    (told_inline,) = inline
    neutral = (
        '"coupon_results":'
        '[{"code":"CODE","is_applied":false,"reason":"NOT_VALID","hint":null}]'
    )
    assert neutral in told
    assert neutral in told_inline


async def test_a_code_is_hinted_at_to_nobody_else(unhurried: Storefront) -> None:
    token = unhurried.token("1")
    owned = await a_cart(unhurried, "fifty", token=token)
    other = await a_cart(unhurried, "none")

    refused = await unhurried.refusal(CART, id=owned)

    assert await results(unhurried, owned, token=token) == [fifty_in(10.0)]
    assert await results(unhurried, other) == [{"code": "none", **NEUTRAL}]
    assert refused[1] == "graphql-authorization"


async def test_hints_of_codes_that_are_not_in_the_cart_are_told_nowhere(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront)

    query = "query($id: String!) { cart(cart_id: $id) { hints { label } } }"
    answer = await storefront.ask(query, id=cart_id)

    assert answer["cart"]["hints"] == []


async def sent_along(storefront: Storefront, code: str) -> Any:
    cart = {"items": mugs(2), "coupon_codes": [code]}
    answer = await storefront.ask(INLINE, cart=cart)
    return answer["personalization"]["cart"]["coupon_results"]


async def test_a_code_that_is_hinted_at_is_a_try_like_any_wrong_one(
    storefront: Storefront,
) -> None:
    wrong = [await sent_along(storefront, f"wrong-{number}") for number in range(9)]

    hinted = await sent_along(storefront, "fifty")
    late = await sent_along(storefront, "ten")

    assert wrong == [[{"code": f"wrong-{n}", **NEUTRAL}] for n in range(9)]
    assert (hinted, late) == ([fifty_in(10.0)], [])


async def test_a_code_that_is_hinted_at_can_be_sent_along_with_every_page(
    storefront: Storefront,
) -> None:
    told = [await sent_along(storefront, "fifty") for _ in range(12)]

    assert told == [[fifty_in(10.0)]] * 12
    assert await sent_along(storefront, "ten") == [applied("ten")]


async def test_what_is_told_of_codes_costs_no_further_round_trip(
    storefront: Storefront, reads: list[str]
) -> None:
    cart_id = await a_cart(storefront, "fifty")
    reads.clear()

    await results(storefront, cart_id)

    assert len(reads) == 1
