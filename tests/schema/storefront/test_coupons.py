"""Coupons at the storefront: the published mutations, in the published words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.coupons import CouponStatus
from gateway.personalize.errors import Conflict
from gateway.resolvers import cart_price_rules, coupon_codes
from gateway.schema import uids
from gateway.storage.database import Database
from tests.coupons import a_coupon_rule
from tests.factories import a_comparison
from tests.rows import Shop
from tests.shops import a_rule
from tests.storefront import Storefront, open_storefront

SYNC = """
mutation($input: SyncCartInput!) { syncCart(input: $input) {
  cart { id applied_coupons { code } } } }"""

CART = "{ cart { applied_coupons { code } prices { grand_total { value } } } }"

APPLY = f"""
mutation($cart: String!, $code: String!) {{
  applyCouponToCart(input: {{cart_id: $cart, coupon_code: $code}}) {CART} }}"""

APPLY_ALL = f"""
mutation($cart: String!, $codes: [String]!, $type: ApplyCouponsStrategy) {{
  applyCouponsToCart(input: {{cart_id: $cart, coupon_codes: $codes, type: $type}})
  {CART} }}"""

REMOVE = f"""
mutation($cart: String!) {{ removeCouponFromCart(input: {{cart_id: $cart}}) {CART} }}"""

REMOVE_SOME = f"""
mutation($cart: String!, $codes: [String]!) {{
  removeCouponsFromCart(input: {{cart_id: $cart, coupon_codes: $codes}}) {CART} }}"""

INLINE = """
query($cart: CartInput!) { personalization(cart: $cart) {
  cart { applied_coupons { code } } } }"""

NOT_VALID = "The coupon code isn't valid. Verify the code and try again."
IS_APPLIED = (
    "A coupon is already applied to the cart. Please remove it to apply another"
)
TOO_MANY = "Maximum allowed number of applied coupons was exceeded."
NOT_DELETED = (
    "The coupon code couldn't be deleted. Verify the coupon code and try again."
)
TOO_OFTEN = "Too many coupon code requests, please try again later."
INPUT = "graphql-input"

MUG = {"sku": "mug", "quantity": 1}


@pytest.fixture(autouse=True)
async def _rules(shop: Shop, _website: None) -> None:
    await shop.product("mug", "10")
    await a_coupon_rule(shop, "TEN")
    await a_coupon_rule(shop, "FIVE", action="by_fixed", amount="5")
    await a_coupon_rule(shop, "OVER", to_day=date(2020, 1, 1))
    await a_coupon_rule(shop, "RESTING", active=False)
    big = a_comparison("cart.subtotal", "at_least", 1000)
    await a_coupon_rule(shop, "BIG", conditions=big)
    id = await a_coupon_rule(shop, "GONE", uses_per_rule=1)
    await shop.execute("insert into coupon_counter values ($1, 'rule', 1, 1)", id)


@pytest.fixture
async def several(database_url: str) -> AsyncIterator[Storefront]:
    """A storefront where a cart may have two coupons."""
    async with open_storefront(database_url, coupons_per_cart=2) as storefront:
        yield storefront


async def a_cart(storefront: Storefront, *codes: str, **also: Any) -> str:
    given = {"items": [MUG], "coupon_codes": list(codes), **also}
    answer = await storefront.ask(SYNC, input=given)
    cart_id: str = answer["syncCart"]["cart"]["id"]
    return cart_id


def shown(answer: Any, field: str = "applyCouponToCart") -> tuple[list[str], float]:
    """The coupons that take part, and what the cart then costs."""
    cart = answer[field]["cart"]
    codes = [one["code"] for one in cart["applied_coupons"]]
    return codes, cart["prices"]["grand_total"]["value"]


async def test_a_coupon_is_applied_however_it_is_capitalised(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront)

    answer = await storefront.ask(APPLY, cart=cart_id, code="ten")

    assert shown(answer) == (["ten"], 9.0)


# A street in German, as it may be written: with a small or a large sharp s, without,
# and in wide letters.
STREET = [
    "Stra\u00dfe",
    "STRASSE",
    "STRA\u1e9eE",
    "\uff33\uff34\uff32\uff21\uff33\uff33\uff25",
]
# A discount in Turkish: with dots, without, and as JavaScript makes it small.
DISCOUNT = ["\u0130ND\u0130R\u0130M", "INDIRIM", "i\u0307ndi\u0307ri\u0307m"]

COMMIT = """
mutation($cart: String!) {
  commitCoupons(input: {key: "one", cart_id: $cart, order_id: "1001"}) {
    reservation { state coupons { code } } } }"""


@pytest.mark.parametrize(
    ("saved", "written"),
    [(all[at], all[at - 1]) for all in (STREET, DISCOUNT) for at in range(len(all))],
)
async def test_a_code_of_any_letters_is_one_code_at_every_door(
    storefront: Storefront,
    server_token: str,
    database: Database,
    saved: str,
    written: str,
) -> None:
    rule = a_rule("letters", coupon_code=saved, uses_per_coupon=1)
    await cart_price_rules.save(database, rule)
    with pytest.raises(Conflict, match="is taken by the cart price rule 'letters'"):
        await cart_price_rules.save(database, a_rule("other", coupon_code=written))
    cart_id = await a_cart(storefront)

    along = await sent_along(storefront, written)
    applied = await storefront.ask(APPLY, cart=cart_id, code=written)
    order = await storefront.ask(COMMIT, token=server_token, cart=cart_id)
    again = await sent_along(storefront, saved)
    known = await coupon_codes.known(database, written, "base")

    held = {"state": "COMMITTED", "coupons": [{"code": written}]}
    assert (along, shown(applied)) == ([written], ([written], 9))
    assert (order["commitCoupons"]["reservation"], again) == (held, [])
    assert known is not None
    assert (known.code, known.uses) == (saved, 1)
    assert known.status is CouponStatus.USED_UP


async def test_a_wrong_code_is_one_try_however_its_letters_are_written(
    storefront: Storefront, shop: Shop
) -> None:
    for written in STREET:
        await sent_along(storefront, written)

    assert await shop.value("select max(tried) from coupon_try") == 1


async def test_a_second_coupon_is_refused(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront)
    await storefront.ask(APPLY, cart=cart_id, code="TEN")

    refused = await storefront.refusal(APPLY, cart=cart_id, code="FIVE")
    again = await storefront.ask(APPLY, cart=cart_id, code="ten")

    assert refused == (IS_APPLIED, INPUT)
    assert shown(again) == (["TEN"], 9.0)


async def test_a_coupon_that_is_over_makes_room_for_another(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront, "OVER")

    answer = await storefront.ask(APPLY, cart=cart_id, code="TEN")

    assert shown(answer) == (["TEN"], 9.0)


@pytest.mark.parametrize(
    "code", ["NONE", "OVER", "RESTING", "BIG", "GONE", "\x7f", "é"]
)
async def test_nobody_learns_why_a_code_is_not_valid(
    storefront: Storefront, code: str
) -> None:
    cart_id = await a_cart(storefront)

    answer = await storefront.answer(APPLY, cart=cart_id, code=code)

    assert answer == {
        "data": {"applyCouponToCart": None},
        "errors": [
            {
                "message": NOT_VALID,
                "locations": [{"line": 3, "column": 3}],
                "path": ["applyCouponToCart"],
                "extensions": {"category": INPUT},
            }
        ],
    }


async def test_a_code_that_is_not_valid_leaves_the_cart_alone(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront)

    await storefront.refusal(APPLY, cart=cart_id, code="BIG")
    answer = await storefront.ask(APPLY, cart=cart_id, code="FIVE")

    assert shown(answer) == (["FIVE"], 5.0)


async def test_several_coupons_are_applied_where_the_operator_lets_them(
    several: Storefront,
) -> None:
    cart_id = await a_cart(several)

    first = await several.ask(APPLY, cart=cart_id, code="TEN")
    second = await several.ask(APPLY, cart=cart_id, code="FIVE")
    third = await several.refusal(APPLY, cart=cart_id, code="BIG")

    assert shown(first) == (["TEN"], 9.0)
    assert shown(second) == (["TEN", "FIVE"], 4.0)
    assert third == (TOO_MANY, INPUT)


async def test_coupons_are_appended_or_replaced(several: Storefront) -> None:
    cart_id = await a_cart(several)
    field = "applyCouponsToCart"

    first = await several.ask(APPLY_ALL, cart=cart_id, codes=["TEN"])
    both = await several.ask(APPLY_ALL, cart=cart_id, codes=["FIVE"], type="APPEND")
    one = await several.ask(APPLY_ALL, cart=cart_id, codes=["five"], type="REPLACE")

    assert shown(first, field) == (["TEN"], 9.0)
    assert shown(both, field) == (["TEN", "FIVE"], 4.0)
    assert shown(one, field) == (["five"], 5.0)


async def test_of_several_codes_those_that_are_not_valid_are_named(
    several: Storefront,
) -> None:
    cart_id = await a_cart(several)

    refused = await several.refusal(APPLY_ALL, cart=cart_id, codes=["TEN", "BIG"])
    answer = await several.ask(APPLY, cart=cart_id, code="FIVE")

    message = 'The following coupon codes could not be applied: "BIG".'
    assert refused == (message, INPUT)
    assert shown(answer) == (["FIVE"], 5.0)


async def test_too_many_codes_at_once_are_refused(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront)

    refused = await storefront.refusal(APPLY_ALL, cart=cart_id, codes=["TEN", "FIVE"])

    assert refused == (TOO_MANY, INPUT)


async def test_coupons_are_removed(several: Storefront) -> None:
    cart_id = await a_cart(several, "TEN", "FIVE")
    field = "removeCouponsFromCart"

    unknown = await several.refusal(REMOVE_SOME, cart=cart_id, codes=["TEN", "BIG"])
    one = await several.ask(REMOVE_SOME, cart=cart_id, codes=["ten"])
    none = await several.ask(REMOVE_SOME, cart=cart_id, codes=[])
    again = await several.ask(REMOVE, cart=cart_id)

    assert unknown == (NOT_DELETED, INPUT)
    assert shown(one, field) == (["FIVE"], 5.0)
    assert shown(none, field) == ([], 10.0)
    assert shown(again, "removeCouponFromCart") == ([], 10.0)


async def test_an_empty_cart_takes_no_coupon(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront, items=[])

    refused = await storefront.refusal(APPLY, cart=cart_id, code="TEN")

    assert refused == ("Cart does not contain products.", INPUT)


async def test_what_is_missing_is_named(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront)

    refused = [
        await storefront.refusal(APPLY, cart="", code="TEN"),
        await storefront.refusal(APPLY, cart=cart_id, code=" "),
        await storefront.refusal(APPLY_ALL, cart=cart_id, codes=[None, ""]),
        await storefront.refusal(REMOVE, cart=""),
    ]

    assert [message for message, _ in refused] == [
        'Required parameter "cart_id" is missing',
        'Required parameter "coupon_code" is missing',
        'Required parameter "coupon_codes" is missing',
        'Required parameter "cart_id" is missing',
    ]


async def test_a_cart_that_is_not_there_or_anothers_is_said_so(
    storefront: Storefront,
) -> None:
    token = storefront.token("1")
    answer = await storefront.ask(SYNC, token=token, input={"items": [MUG]})
    owned = answer["syncCart"]["cart"]["id"]

    missing = await storefront.refusal(APPLY, cart="x", code="TEN")
    anothers = await storefront.refusal(APPLY, cart=owned, code="TEN")

    assert missing == ('Could not find a cart with ID "x"', "graphql-no-such-entity")
    assert anothers[1] == "graphql-authorization"


async def test_the_coupons_of_a_kept_cart_cost_no_further_round_trip(
    storefront: Storefront, reads: list[str]
) -> None:
    cart_id = await a_cart(storefront, "TEN")
    reads.clear()

    query = (
        "query($cart: String!) { cart(cart_id: $cart) { applied_coupons { code } } }"
    )
    answer = await storefront.ask(query, cart=cart_id)

    assert answer["cart"]["applied_coupons"] == [{"code": "TEN"}]
    assert len(reads) == 1


# Guessing ---------------------------------------------------------------------------


async def guesses(storefront: Storefront, cart_id: str, number: int) -> list[str]:
    """What that many wrong codes are answered with, one after the other."""
    return [
        (await storefront.refusal(APPLY, cart=cart_id, code=f"GUESS-{one}"))[0]
        for one in range(number)
    ]


async def test_who_has_guessed_ten_times_is_told_to_wait(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront)

    messages = await guesses(storefront, cart_id, 12)
    good = await storefront.refusal(APPLY, cart=cart_id, code="TEN")

    assert messages == [*[NOT_VALID] * 10, *[TOO_OFTEN] * 2]
    assert good == (TOO_OFTEN, INPUT)


async def test_no_more_are_looked_at_for_being_sent_at_once(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront)

    turns = asyncio.Semaphore(6)

    async def guess(code: str) -> str:
        async with turns:
            return (await storefront.refusal(APPLY, cart=cart_id, code=code))[0]

    messages = await asyncio.gather(*(guess(f"G-{number}") for number in range(16)))

    assert sorted(messages) == [*[NOT_VALID] * 10, *[TOO_OFTEN] * 6]


async def test_every_alias_counts(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront)

    def aliases(name: str) -> str:
        fields = (
            f"{name}{one}: applyCouponToCart(input: "
            f'{{cart_id: $cart, coupon_code: "{name}{one}"}}) {{ cart {{ id }} }}'
            for one in range(6)
        )
        return f"mutation($cart: String!) {{ {' '.join(fields)} }}"

    answers = [
        await storefront.answer(aliases(name), cart=cart_id) for name in ("a", "b")
    ]

    messages = [one["message"] for answer in answers for one in answer["errors"]]
    assert messages == [*[NOT_VALID] * 10, *[TOO_OFTEN] * 2]


async def test_a_good_code_is_no_guess(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront)

    for _ in range(12):
        await storefront.ask(APPLY, cart=cart_id, code="TEN")
        await storefront.ask(REMOVE, cart=cart_id)

    assert await guesses(storefront, cart_id, 1) == [NOT_VALID]


async def test_after_the_window_guessing_begins_anew(
    storefront: Storefront, shop: Shop
) -> None:
    cart_id = await a_cart(storefront)
    await guesses(storefront, cart_id, 11)

    await shop.execute("update coupon_try set began_at = now() - interval '61 s'")

    assert await guesses(storefront, cart_id, 1) == [NOT_VALID]
    assert await shop.value("select max(tried) from coupon_try") == 1


async def test_a_session_is_not_throttled_by_another_but_an_address_is(
    database_url: str,
) -> None:
    async with open_storefront(database_url, coupon_tries_per_address=15) as storefront:
        cart_id = await a_cart(storefront)
        first = await guesses(storefront, cart_id, 10)
        storefront.client.cookies.clear()
        second = await guesses(storefront, cart_id, 6)

    assert first == [NOT_VALID] * 10
    assert second == [*[NOT_VALID] * 5, TOO_OFTEN]


async def test_workers_share_what_was_tried(
    storefront: Storefront, database_url: str
) -> None:
    async with open_storefront(database_url) as other:
        cart_id = await a_cart(storefront)
        other.client.cookies = storefront.client.cookies
        await guesses(storefront, cart_id, 10)

        assert await other.refusal(APPLY, cart=cart_id, code="ELSE") == (
            TOO_OFTEN,
            INPUT,
        )


def inline(*codes: str) -> dict[str, Any]:
    return {"items": [MUG], "coupon_codes": list(codes)}


async def sent_along(storefront: Storefront, *codes: str, **also: Any) -> list[str]:
    """The coupons that take part when a cart with the codes is sent along."""
    answer = await storefront.ask(INLINE, cart=inline(*codes), **also)
    applied = answer["personalization"]["cart"]["applied_coupons"]
    return [one["code"] for one in applied]


async def test_a_cart_sent_along_is_no_way_around_it(storefront: Storefront) -> None:
    before = await sent_along(storefront, "TEN")
    for number in range(10):
        await sent_along(storefront, f"GUESS-{number}")
    after = await sent_along(storefront, "FIVE")

    assert (before, after) == (["TEN"], [])


@pytest.mark.parametrize("code", ["TEN", "BIG", "NONSENSE"])
async def test_a_code_that_is_sent_along_with_every_page_is_one_try(
    storefront: Storefront, shop: Shop, code: str
) -> None:
    for written in [code, code.lower(), f" {code} "] * 5:
        await sent_along(storefront, written)

    assert await shop.value("select max(tried) from coupon_try") == (code != "TEN")
    assert await sent_along(storefront, "FIVE") == ["FIVE"]


async def test_a_code_that_was_tried_before_is_looked_at_by_whoever_guessed_too_often(
    several: Storefront,
) -> None:
    assert await sent_along(several, "TEN") == ["TEN"]
    assert await sent_along(several, "GUESS") == []
    cart_id = await a_cart(several)
    await guesses(several, cart_id, 11)

    assert await sent_along(several, "TEN", "FIVE") == ["TEN"]
    assert shown(await several.ask(APPLY, cart=cart_id, code="TEN")) == (["TEN"], 9)
    assert await several.refusal(APPLY, cart=cart_id, code="GUESS") == (
        NOT_VALID,
        INPUT,
    )
    assert await several.refusal(APPLY, cart=cart_id, code="FIVE") == (
        TOO_OFTEN,
        INPUT,
    )


async def test_a_good_code_that_is_sent_again_makes_no_room_for_a_guess(
    storefront: Storefront,
) -> None:
    cart_id = await a_cart(storefront)
    await guesses(storefront, cart_id, 9)

    await asyncio.gather(*(sent_along(storefront, "TEN") for _ in range(4)))
    for _ in range(3):
        await sent_along(storefront, "TEN")
        await storefront.ask(APPLY, cart=cart_id, code="TEN")
        await storefront.ask(REMOVE, cart=cart_id)
    said = [
        (await storefront.refusal(APPLY, cart=cart_id, code=code))[0]
        for code in ("TENTH", "ELEVENTH")
    ]

    assert said == [NOT_VALID, TOO_OFTEN]


async def test_what_one_session_tried_is_new_to_another_at_the_same_address(
    database_url: str,
) -> None:
    async with open_storefront(database_url, coupon_tries_per_address=2) as storefront:
        assert await sent_along(storefront, "TEN") == ["TEN"]
        await sent_along(storefront, "FIRST")
        await sent_along(storefront, "SECOND")
        mine = await sent_along(storefront, "TEN")
        storefront.client.cookies.clear()
        theirs = await sent_along(storefront, "TEN")

    assert (mine, theirs) == (["TEN"], [])


async def test_a_customer_tries_a_code_once_in_however_many_sessions(
    storefront: Storefront, shop: Shop
) -> None:
    token = storefront.token("1001", website="base")
    for _ in range(12):
        storefront.client.cookies.clear()
        await sent_along(storefront, "BIG", token=token)

    tried = await shop.value("select max(tried) from coupon_try")
    assert tried == 1
    assert await sent_along(storefront, "TEN", token=token) == ["TEN"]


async def test_a_customer_guesses_no_more_by_beginning_other_sessions(
    storefront: Storefront,
) -> None:
    token = storefront.token("1001", website="base")
    for number in range(10):
        storefront.client.cookies.clear()
        await sent_along(storefront, f"GUESS-{number}", token=token)

    storefront.client.cookies.clear()
    assert await sent_along(storefront, "TEN", token=token) == []
    assert await sent_along(storefront, "TEN") == ["TEN"]


async def test_a_synced_cart_is_no_way_around_it(storefront: Storefront) -> None:
    cart_id = await a_cart(storefront, "TEN")
    for number in range(10):
        await a_cart(storefront, f"GUESS-{number}")

    kept = await storefront.ask(
        SYNC, input={"cart_id": cart_id, "items": [MUG], "coupon_codes": ["TEN"]}
    )
    fresh = await storefront.ask(SYNC, input={"items": [MUG], "coupon_codes": ["FIVE"]})

    assert kept["syncCart"]["cart"]["applied_coupons"] == [{"code": "TEN"}]
    assert fresh["syncCart"]["cart"]["applied_coupons"] == []


async def test_a_server_is_not_throttled(
    storefront: Storefront, server_token: str
) -> None:
    cart_id = await a_cart(storefront)

    refused = [
        await storefront.refusal(APPLY, token=server_token, cart=cart_id, code="NONE")
        for _ in range(12)
    ]

    assert refused == [(NOT_VALID, INPUT)] * 12


async def test_neither_session_nor_address_stands_in_the_database(
    storefront: Storefront, database: Database
) -> None:
    cart_id = await a_cart(storefront)
    await guesses(storefront, cart_id, 1)

    async with database.connection() as connection:
        rows = await connection.fetch("select bucket from coupon_try order by bucket")

    kinds = [row["bucket"].partition(":") for row in rows]
    assert [(kind, len(name)) for kind, _, name in kinds] == [
        ("address", 64),
        ("session", 64),
    ]


# While an order is placed -----------------------------------------------------------

ORDER = """
mutation($cart: String!) {
  reserved: reserveCoupons(input: {key: "one", cart_id: $cart}) {
    reservation { key cart_id state order_id coupons { code } } }
  committed: commitCoupons(input: {key: "one", cart_id: $cart, order_id: "1001"}) {
    reservation { state order_id } }
  released: releaseCoupons(input: {order_id: "1001"}) { reservation { state } }
  again: releaseCoupons(input: {order_id: "1001"}) {
    reservation { key state order_id } }
  unknown: releaseCoupons(input: {order_id: "1002"}) { reservation { state } } }"""


async def test_a_server_reserves_commits_and_releases(
    storefront: Storefront, server_token: str
) -> None:
    cart_id = await a_cart(storefront, "TEN")

    answer = await storefront.ask(ORDER, token=server_token, cart=cart_id)

    assert answer == {
        "reserved": {
            "reservation": {
                "key": "one",
                "cart_id": cart_id,
                "state": "RESERVED",
                "order_id": None,
                "coupons": [{"code": "TEN"}],
            }
        },
        "committed": {"reservation": {"state": "COMMITTED", "order_id": "1001"}},
        "released": {"reservation": {"state": "RELEASED"}},
        "again": {
            "reservation": {"key": "one", "state": "RELEASED", "order_id": "1001"}
        },
        "unknown": {"reservation": None},
    }


async def test_a_server_is_told_what_budgets_meet(
    storefront: Storefront, server_token: str, shop: Shop
) -> None:
    rule_id = await shop.cart_price_rule("sale", "cart_fixed", "2", budget=Decimal(100))
    cart_id = await a_cart(storefront)

    answer = await storefront.ask(
        """mutation($cart: String!) {
          reserveCoupons(input: {key: "one", cart_id: $cart}) {
            reservation { budgeted_discounts { uid amount { value currency } } } } }""",
        token=server_token,
        cart=cart_id,
    )

    assert answer["reserveCoupons"]["reservation"] == {
        "budgeted_discounts": [
            {"uid": uids.encode(rule_id), "amount": {"value": 2, "currency": "EUR"}}
        ]
    }


async def test_a_shopper_places_no_order(storefront: Storefront) -> None:
    refused = await storefront.refusal(
        'mutation { releaseCoupons(input: {key: "one"}) { reservation { state } } }'
    )

    assert refused[1] == "graphql-authorization"
