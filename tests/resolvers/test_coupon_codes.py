"""Codes are generated exactly, are nobody else's, and can be looked up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.personalize.coupons import CouponStatus
from gateway.personalize.errors import Conflict, InvalidInput, NotFound, Problem
from gateway.resolvers import cart_price_rules, coupon_codes
from gateway.resolvers.pages import Paging
from gateway.storage.database import Database
from tests.rows import Shop
from tests.shops import a_rule


@pytest.fixture
async def mall(shop: Shop, database: Database) -> Database:
    """A shop with a rule of generated coupons."""
    await shop.website()
    await shop.website("other")
    await shop.cart_price_rule("gifts", generated_coupons=True, uses_per_coupon=1)
    return database


async def codes_of(database: Database, key: str = "gifts") -> list[str]:
    return [one.code async for one in coupon_codes.exported(database, key)]


async def test_as_many_codes_are_made_as_are_wanted(mall: Database) -> None:
    parts: list[float] = []
    given = {"quantity": 5_000, "prefix": "GIFT-", "dash_every": 4}

    made = await coupon_codes.generate(mall, "gifts", given, advance=parts.append)

    codes = await codes_of(mall)
    assert (made.quantity, made.pattern.length) == (5_000, 14)
    assert len({code.lower() for code in codes}) == 5_000
    assert all(re.fullmatch(r"GIFT(-[A-Z0-9]{4}){3}-[A-Z0-9]{2}", one) for one in codes)
    assert parts == [0.4, 0.8, 1.0]


async def test_codes_that_are_taken_are_made_up_for(mall: Database, shop: Shop) -> None:
    given = {"quantity": 25, "length": 2, "format": "numeric", "keeps_length": True}
    for number in range(50):
        await shop.cart_price_rule(f"specific-{number}", coupon_code=f"{number:02}")

    made = await coupon_codes.generate(mall, "gifts", given)

    codes = await codes_of(mall)
    assert (made.quantity, len(codes)) == (25, 25)
    assert {*codes} <= {f"{number:02}" for number in range(50, 100)}


async def test_where_no_code_is_left_none_is_made(mall: Database, shop: Shop) -> None:
    given = {"quantity": 2, "length": 1, "format": "numeric", "keeps_length": True}
    for number in range(9):
        await shop.cart_price_rule(f"specific-{number}", coupon_code=str(number))

    with pytest.raises(Conflict, match="all codes of this pattern are taken"):
        await coupon_codes.generate(mall, "gifts", given)

    assert await codes_of(mall) == []


async def test_only_a_rule_of_generated_coupons_gets_some(
    mall: Database, shop: Shop
) -> None:
    await shop.cart_price_rule("plain")

    with pytest.raises(InvalidInput) as refused:
        await coupon_codes.generate(mall, "plain", {"quantity": 1})
    with pytest.raises(NotFound, match="there is no cart price rule 'gift'"):
        await coupon_codes.generate(mall, "gift", {"quantity": 1})

    assert refused.value.problems == (
        Problem(
            "rule",
            "the cart price rule 'plain' has no generated coupons.",
            "Save it with generated_coupons first.",
        ),
    )


async def test_a_specific_code_cannot_be_one_that_was_generated(
    mall: Database, shop: Shop
) -> None:
    id = await shop.cart_price_rule("more", generated_coupons=True)
    await shop.coupon(id, "GIFT-1")

    with pytest.raises(Conflict, match="'gift-1' is taken by the cart price rule"):
        await cart_price_rules.save(mall, a_rule(coupon_code="gift-1"))


async def test_codes_are_listed_with_their_uses_page_by_page(
    mall: Database, shop: Shop
) -> None:
    id = await shop.cart_price_rule("more", generated_coupons=True)
    for number in range(3):
        await shop.coupon(id, f"GIFT-{number}")
    await shop.execute(
        "insert into coupon_counter values ($1, 'code:gift-2', 4, 0)", id
    )

    page = await coupon_codes.page(mall, "more", Paging(2, 2))

    assert await coupon_codes.count(mall, "more") == 3
    assert [(one.code, one.uses) for one in page] == [("GIFT-2", 4)]


async def test_codes_are_listed_on_from_one_of_them_though_it_was_deleted(
    mall: Database, shop: Shop
) -> None:
    id = await shop.cart_price_rule("more", generated_coupons=True)
    other = await shop.cart_price_rule("other", generated_coupons=True)
    for number in range(5):
        await shop.coupon(id, f"GIFT-{number}")
        await shop.coupon(other, f"OTHER-{number}")
    first = await coupon_codes.page(mall, "more", Paging(2))
    after = first[-1].id

    await coupon_codes.delete(mall, "more", ["GIFT-1"])
    second = await coupon_codes.page(mall, "more", Paging(2), after)
    third = await coupon_codes.page(mall, "more", Paging(2, 2), after)

    assert [one.code for one in second] == ["GIFT-2", "GIFT-3"]
    assert [one.code for one in third] == ["GIFT-4"]
    assert await coupon_codes.count(mall, "more", after) == 3
    assert await coupon_codes.page(mall, "more", Paging(2), third[-1].id) == []


async def test_codes_are_deleted_and_others_stay(mall: Database, shop: Shop) -> None:
    id = await shop.cart_price_rule("more", generated_coupons=True)
    for code in ("GIFT-1", "GIFT-2"):
        await shop.coupon(id, code)

    gone = await coupon_codes.delete(mall, "more", ["gift-1", "GIFT-9"])

    assert gone == ["GIFT-1"]
    assert await codes_of(mall, "more") == ["GIFT-2"]


@pytest.mark.parametrize(
    ("columns", "website", "status"),
    [
        pytest.param({}, "base", CouponStatus.USABLE, id="usable"),
        pytest.param({}, "other", CouponStatus.OF_OTHER_WEBSITE, id="elsewhere"),
        pytest.param({"active": False}, "base", CouponStatus.INACTIVE, id="inactive"),
        pytest.param({"uses_per_rule": 4}, "base", CouponStatus.USED_UP, id="used up"),
    ],
)
async def test_whatever_is_known_of_a_code_is_told(
    mall: Database,
    shop: Shop,
    columns: dict[str, Any],
    website: str,
    status: CouponStatus,
) -> None:
    id = await shop.cart_price_rule("ten", coupon_code="TEN", **columns)
    await shop.execute(
        "insert into coupon_counter values ($1, 'rule', 4, 0), ($1, 'code:ten', 4, 0)",
        id,
    )

    known = await coupon_codes.known(mall, " Ten ", website)

    assert known is not None
    assert (known.status, known.rule, known.uses) == (status, "ten", 4)


async def test_of_a_code_that_no_rule_has_nothing_is_known(mall: Database) -> None:
    assert await coupon_codes.known(mall, "nonsense", "base") is None
    with pytest.raises(NotFound, match="there is no website 'moon'"):
        await coupon_codes.known(mall, "nonsense", "moon")
