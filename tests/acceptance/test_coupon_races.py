"""Orders that race for coupons and budgets, at two processes with one database.

Whatever happens to a process, the counters say what the redemptions say.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.storage import budgets
from gateway.storage.database import Database
from tests import processes
from tests.coupons import (
    a_coupon_rule,
    assert_counted,
    let_reservations_end,
    live,
)
from tests.processes import Served
from tests.rows import Shop
from tests.waiting import PATIENCE_SECONDS, until

AT_ONCE = 40

SYNC = """
mutation Sync($cart: SyncCartInput!) { syncCart(input: $cart) { cart { id } } }"""

COMMIT = """
mutation Commit($input: CommitCouponsInput!) { commitCoupons(input: $input) {
  reservation { key state order_id coupons { code } } } }"""

RESERVE = """
mutation Reserve($input: ReserveCouponsInput!) { reserveCoupons(input: $input) {
  reservation { state } } }"""

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def _website(shop: Shop) -> None:
    await shop.website()
    await shop.store_view()


@pytest.fixture
def served(_website: None, database_url: str, tmp_path: Path) -> Iterator[list[Served]]:
    """Two gateways, each a process of its own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                processes.started("serve", tmp_path / name, DATABASE_URL=database_url)
            )
            for name in ("one", "two")
        ]


@pytest.fixture
async def ask(served: list[Served], server_token: str) -> AsyncIterator[Ask]:
    """Ask one process after the other, again for as long as it is too busy."""
    addresses = cycle([one.address for one in served])
    turns = asyncio.Semaphore(AT_ONCE)
    headers = {"Authorization": f"Bearer {server_token}"}
    async with httpx.AsyncClient(verify=False, headers=headers, timeout=60) as client:

        async def send(document: str, **variables: Any) -> Any:
            body = {"query": document, "variables": variables}
            async with turns, asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    try:
                        address = f"{next(addresses)}/graphql"
                        answer = await client.post(address, json=body)
                    except httpx.TransportError:
                        continue
                    if answer.status_code == httpx.codes.OK and not _is_masked(answer):
                        return answer.json()
                    await asyncio.sleep(0.05)

        yield send


def _is_masked(answer: httpx.Response) -> bool:
    errors = answer.json().get("errors", ())
    return any(one["extensions"]["category"] == "internal" for one in errors)


async def a_cart(ask: Ask, code: str, customer_id: str | None = None) -> str:
    """Mirror a cart that has a coupon."""
    cart = {
        "items": [{"sku": "mug", "quantity": 1, "price": "10"}],
        "coupon_codes": [code],
        "customer_id": customer_id,
    }
    cart_id: str = (await ask(SYNC, cart=cart))["data"]["syncCart"]["cart"]["id"]
    return cart_id


async def place(ask: Ask, cart_id: str, order_id: str, key: str = "") -> bool:
    """Place an order, and tell whether it has the coupon."""
    given = {"key": key or order_id, "cart_id": cart_id, "order_id": order_id}
    answer = await ask(COMMIT, input=given)
    if "errors" in answer:
        (error,) = answer["errors"]
        assert error["message"].endswith("has no use left.")
        return False
    return bool(answer["data"]["commitCoupons"]["reservation"]["coupons"])


async def test_as_many_orders_get_a_coupon_as_it_has_uses(
    ask: Ask, shop: Shop, database: Database
) -> None:
    rules = {
        "FIFTY": await a_coupon_rule(shop, "FIFTY", uses_per_rule=50),
        "EACH": await a_coupon_rule(shop, "EACH", uses_per_customer=1),
        "ORDER": await a_coupon_rule(shop, "ORDER"),
        "LATE": await a_coupon_rule(shop, "LATE", uses_per_rule=10),
    }
    customers = [str(number) for number in range(40) for _ in range(5)]
    fifty = await asyncio.gather(*(a_cart(ask, "FIFTY") for _ in range(200)))
    each = await asyncio.gather(*(a_cart(ask, "EACH", one) for one in customers))
    one = await a_cart(ask, "ORDER")
    late = await asyncio.gather(*(a_cart(ask, "LATE") for _ in range(30)))
    for cart_id in late[:10]:
        await ask(RESERVE, input={"key": cart_id, "cart_id": cart_id})
    await let_reservations_end(database)

    placed = {
        "FIFTY": await asyncio.gather(*(place(ask, at, at) for at in fifty)),
        "EACH": await asyncio.gather(*(place(ask, at, at) for at in each)),
        "ORDER": await asyncio.gather(
            *(place(ask, one, "1001", f"try {number}") for number in range(20))
        ),
        "LATE": await asyncio.gather(*(place(ask, at, at) for at in late)),
    }

    owners = {who for who, has in zip(customers, placed["EACH"], strict=True) if has}
    assert {code: sum(found) for code, found in placed.items()} == {
        "FIFTY": 50,
        "EACH": 40,
        "ORDER": 20,
        "LATE": 10,
    }
    assert len(owners) == 40
    assert {code: await live(database, id) for code, id in rules.items()} == {
        "FIFTY": 50,
        "EACH": 40,
        "ORDER": 1,
        "LATE": 10,
    }
    await assert_counted(database)


BUDGET = """
mutation Commit($input: CommitCouponsInput!) { commitCoupons(input: $input) {
  reservation { budgeted_discounts { amount { value currency } } } } }"""


async def test_orders_spend_no_more_than_a_budget(
    ask: Ask, shop: Shop, database: Database
) -> None:
    rule_id = await shop.cart_price_rule(
        "sale", "cart_fixed", "4", budget=Decimal(101), label="Sale"
    )
    carts = await asyncio.gather(*(a_cart(ask, "NONE") for _ in range(100)))

    async def spend(cart_id: str) -> Decimal:
        given = {"key": cart_id, "cart_id": cart_id, "order_id": cart_id}
        answer = await ask(BUDGET, input=given)
        if "errors" in answer:
            (error,) = answer["errors"]
            assert error["message"].startswith("the budget of a discount is spent.")
            return Decimal(0)
        held = answer["data"]["commitCoupons"]["reservation"]["budgeted_discounts"]
        return sum((Decimal(one["amount"]["value"]) for one in held), Decimal(0))

    spent = await asyncio.gather(*(spend(cart_id) for cart_id in carts))

    assert sum(spent) == 100
    assert await budgets.spent(database, rule_id) == 100
    await assert_counted(database)


async def test_a_process_that_dies_after_the_commit_has_its_answer_given_by_another(
    ask: Ask,
    served: list[Served],
    server_token: str,
    shop: Shop,
    database: Database,
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    cart_id = await a_cart(ask, "SPRING")
    given = {"key": "one", "cart_id": cart_id, "order_id": "1001"}

    deaf = await _send_and_hear_nothing(served[0], server_token, given)
    await _until_held(database, 1)
    served[0].stopped_by(signal.SIGKILL)
    deaf.transport.abort()
    answer = await ask(COMMIT, input=given)

    assert answer["data"]["commitCoupons"]["reservation"] == {
        "key": "one",
        "state": "COMMITTED",
        "order_id": "1001",
        "coupons": [{"code": "SPRING"}],
    }
    assert await live(database) == 1
    await assert_counted(database)


async def test_processes_that_die_amid_a_race_neither_lose_nor_invent_a_use(
    ask: Ask, served: list[Served], shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=20)
    carts = await asyncio.gather(*(a_cart(ask, "SPRING") for _ in range(60)))

    async def kill_one() -> None:
        await _until_held(database, 5)
        os.killpg(served[0].process.pid, signal.SIGKILL)

    *placed, _ = await asyncio.gather(
        *(place(ask, one, one) for one in carts), kill_one()
    )

    assert sum(bool(one) for one in placed) == 20
    assert await live(database) == 20
    await assert_counted(database)


async def _until_held(database: Database, uses: int) -> None:
    async def held() -> bool:
        return await live(database) >= uses

    await until(held)


async def _send_and_hear_nothing(
    served: Served, token: str, given: dict[str, str]
) -> asyncio.StreamWriter:
    """Send a request, and never read what comes of it."""
    at = urlsplit(served.address)
    body = json.dumps({"query": COMMIT, "variables": {"input": given}}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {at.netloc}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection(at.hostname, at.port, limit=1)
    writer.write(head.encode() + body)
    await writer.drain()
    return writer
