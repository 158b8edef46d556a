"""Where a guess is from: whoever connects, or whom a trusted proxy names."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests import processes
from tests.rows import Shop

SYNC = (
    'mutation { syncCart(input: {items: [{sku: "mug", quantity: 1}]}) { cart { id } } }'
)

APPLY = """
mutation($cart: String!) {
  applyCouponToCart(input: {cart_id: $cart, coupon_code: "GUESS"}) { cart { id } } }"""

NOT_VALID = "The coupon code isn't valid. Verify the code and try again."
TOO_OFTEN = "Too many coupon code requests, please try again later."


def guess(address: str, told: str) -> str:
    """Guess once, in a session of its own, with a header that tells an address."""
    headers = {"X-Forwarded-For": told}
    with httpx.Client(verify=False, headers=headers, timeout=60) as client:
        made = client.post(f"{address}/graphql", json={"query": SYNC}).json()
        cart = {"cart": made["data"]["syncCart"]["cart"]["id"]}
        body = {"query": APPLY, "variables": cart}
        answer = client.post(f"{address}/graphql", json=body).json()
    message: str = answer["errors"][0]["message"]
    return message


@pytest.mark.parametrize(
    ("trusted", "messages"),
    [
        pytest.param("", [NOT_VALID, TOO_OFTEN, TOO_OFTEN], id="a header of anybody"),
        pytest.param(
            "127.0.0.0/8", [NOT_VALID, NOT_VALID, TOO_OFTEN], id="of a trusted proxy"
        ),
    ],
)
async def test_only_a_trusted_proxy_says_where_a_guess_is_from(
    shop: Shop,
    database_url: str,
    tmp_path: Path,
    trusted: str,
    messages: list[str],
) -> None:
    await shop.website()
    await shop.store_view()
    await shop.product("mug", "10")
    settings = {
        "DATABASE_URL": database_url,
        "GATEWAY_COUPON_TRIES_PER_ADDRESS": 1,
        "GATEWAY_COUPON_TRY_WINDOW_SECONDS": 3600,
        "GATEWAY_TRUSTED_PROXIES": trusted,
    }

    with processes.started("serve", tmp_path / "gateway", **settings) as served:
        told = ("203.0.113.1", "203.0.113.2", "10.0.0.1, 203.0.113.2")
        heard = [guess(served.address, one) for one in told]

    assert heard == messages
