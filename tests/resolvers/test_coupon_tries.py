"""Guessing codes: nothing is found, and who goes on hears one message."""

from __future__ import annotations

import random

import pytest

from gateway.personalize.coupon_codes import CodePattern
from gateway.personalize.errors import InvalidInput
from gateway.resolvers import carts, coupon_codes, coupons
from gateway.resolvers.coupons import NOT_VALID, TOO_OFTEN
from gateway.resolvers.visits import Visit
from gateway.storage.opened import Storage
from tests.resolvers.conftest import Visiting
from tests.rows import Shop

CODES, GUESSES, AT_ONCE = 1_000, 5_000, 100


@pytest.fixture
async def generated(shop: Shop, storage: Storage) -> list[str]:
    """The codes of a rule, which whoever guesses writes as well as the shop does."""
    await shop.product("mug", "10")
    await shop.cart_price_rule("gifts", generated_coupons=True)
    await coupon_codes.generate(storage.database, "gifts", {"quantity": CODES})
    return [one.code async for one in coupon_codes.exported(storage.database, "gifts")]


async def a_cart(visit: Visit) -> str:
    return await carts.sync(visit, {"items": [{"sku": "mug", "quantity": 1}]})


async def test_5000_guesses_among_1000_codes_find_none(
    generated: list[str], visiting: Visiting
) -> None:
    visit = visiting()
    cart_id = await a_cart(visit)
    chance = random.Random(5)
    pattern = CodePattern(length=len(generated[0]))
    guesses = [
        pattern.write(chance.randrange(pattern.possible)) for _ in range(GUESSES)
    ]

    async def found(codes: list[str]) -> tuple[str, ...]:
        looked = await visit.afresh().decision(
            cart_id=cart_id, coupon_codes=tuple(codes)
        )
        return looked.discounts.coupon_codes

    batches = [guesses[first : first + AT_ONCE] for first in range(0, GUESSES, AT_ONCE)]
    assert [one for codes in batches for one in await found(codes)] == []
    # It is not the looking that fails.
    assert await found([*batches[0], generated[7]]) == (generated[7],)


async def test_whoever_goes_on_guessing_hears_the_same_even_of_a_good_code(
    generated: list[str], visiting: Visiting
) -> None:
    visit = visiting()
    cart_id = await a_cart(visit)
    guesses = [f"GUESS-{number}" for number in range(40)]

    said = []
    for code in [*guesses, *generated[:10]]:
        with pytest.raises(InvalidInput) as refused:
            await coupons.apply(visit.afresh(), cart_id, code)
        said += [problem.message for problem in refused.value.problems]

    assert said == [*[NOT_VALID] * 10, *[TOO_OFTEN] * 40]
