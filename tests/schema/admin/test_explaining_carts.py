"""`explainCart`: what each rule gave, and why the others gave nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from gateway.identity.admins import Role
from gateway.storage.database import Database
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of, open_storefront

Explain = Callable[..., Awaitable[Any]]

EXPLAIN = """
query Explain($input: ExplainCartInput!) { explainCart(input: $input) {
  ... on CartExplanation {
    at today customerGroup segments
    rules { key priority outcome reasons { path asked operator actual wanted }
      lines { line outcome discardedBy reasons { path asked actual } } }
    broken { key reason }
    lines { sku quantity price rowTotal discount
      steps { rule child units price base proposed carried amount isCut } }
    shipping shipsFree shippingSteps { rule amount } discount grandTotal
  }
  ... on Refusal { problems { path message remedy } } } }"""

MUGS = {"items": [{"sku": "mug", "quantity": 2}]}


@pytest.fixture
async def storefront(
    database: Database, database_url: str
) -> AsyncIterator[Storefront]:
    shop = Shop(database)
    await shop.website("base", timezone="Europe/Berlin", currency="EUR")
    await shop.store_view("default")
    await shop.product("mug", "10")
    await shop.segment("campers", a_comparison("cart.lines", "is", 1))
    await shop.segment("never", a_comparison("cart.lines", "is", 99))
    await shop.cart_price_rule("ten", priority=1, discards_subsequent=True)
    await shop.cart_price_rule("late", priority=2)
    await shop.cart_price_rule(
        "from-50", conditions=a_comparison("cart.subtotal", "at_least", 50)
    )
    async with open_storefront(database_url) as opened:
        yield opened


@pytest.fixture
async def explain(storefront: Storefront, database: Database) -> Explain:
    async def send(*, role: Role = Role.VIEWER, **asked: Any) -> Any:
        token = await a_token_of(role, database)
        input = {"website": "base", **asked}
        answer = await storefront.ask_admin(EXPLAIN, token=token, input=input)
        return answer["explainCart"]

    return send


def outcomes(explained: Any) -> dict[str, str]:
    return {one["key"]: one["outcome"] for one in explained["rules"]}


async def test_a_cart_is_explained_rule_by_rule(explain: Explain) -> None:
    explained = await explain(cart=MUGS, at="2026-03-10T23:30:00Z")

    assert explained["at"] == "2026-03-10T23:30:00+00:00"
    assert explained["today"] == "2026-03-11"
    assert explained["customerGroup"] == 0
    assert explained["segments"] == ["campers"]
    assert explained["rules"] == [
        {
            "key": "from-50",
            "priority": 0,
            "outcome": "CONDITIONS",
            "reasons": [
                {
                    "path": "conditions.all.0",
                    "asked": "cart.subtotal",
                    "operator": "at_least",
                    "actual": ["20.00"],
                    "wanted": ["50"],
                }
            ],
            "lines": [],
        },
        {
            "key": "ten",
            "priority": 1,
            "outcome": "APPLIED",
            "reasons": [],
            "lines": [
                {"line": 0, "outcome": "APPLIED", "discardedBy": None, "reasons": []}
            ],
        },
        {
            "key": "late",
            "priority": 2,
            "outcome": "DISCARDED",
            "reasons": [],
            "lines": [
                {
                    "line": 0,
                    "outcome": "DISCARDED",
                    "discardedBy": "ten",
                    "reasons": [],
                }
            ],
        },
    ]
    (line,) = explained["lines"]
    assert (line["sku"], line["rowTotal"], line["discount"]) == ("mug", "20.00", "2.00")
    (step,) = line["steps"]
    assert (step["rule"], step["units"], step["amount"]) == ("ten", "2", "2.00")
    assert explained["grandTotal"] == "18.00"


async def test_a_group_and_segments_stand_for_anybody(
    explain: Explain, database: Database
) -> None:
    shop = Shop(database)
    await shop.cart_price_rule("group-2", customer_groups=[2])
    await shop.cart_price_rule(
        "campers",
        conditions=a_comparison("customer.segment", "is_one_of", ["campers"]),
        segments=["campers"],
    )
    cart = {**MUGS, "shipping": {"amount": "5"}}

    visitor = outcomes(await explain(cart=cart))
    wholesale = outcomes(await explain(cart=cart, customerGroup=2, segments=[]))

    assert (visitor["group-2"], visitor["campers"]) == ("CUSTOMER_GROUP", "APPLIED")
    assert (wholesale["group-2"], wholesale["campers"]) == ("APPLIED", "CONDITIONS")


async def test_a_kept_cart_is_explained_for_its_owner(
    explain: Explain, storefront: Storefront, database: Database
) -> None:
    await Shop(database).customer("1001", group_id=3)
    sync = "mutation($i: SyncCartInput!) { syncCart(input: $i) { cart { id } } }"
    token = storefront.token("1001", website="base")
    kept = await storefront.ask(sync, token=token, i=MUGS)

    explained = await explain(role=Role.EDITOR, cartId=kept["syncCart"]["cart"]["id"])

    assert explained["customerGroup"] == 3
    assert explained["discount"] == "2.00"


async def test_a_broken_rule_is_named(explain: Explain, database: Database) -> None:
    await Shop(database).cart_price_rule("broken", item_conditions=of_gone())

    explained = await explain(cart=MUGS)

    assert [one["key"] for one in explained["broken"]] == ["broken"]
    assert "broken" not in outcomes(explained)


def of_gone() -> Any:
    return a_comparison("product.gone", "is", "x")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        pytest.param(
            {},
            {
                "path": "cart",
                "message": "exactly one cart is explained.",
                "remedy": "Send a cart, or the id of one that is kept.",
            },
            id="no cart",
        ),
        pytest.param(
            {"cart": {"items": [{"sku": "mug"}]}},
            {
                "path": "cart.items.0.quantity",
                "message": "it is missing.",
                "remedy": "Write how many there are.",
            },
            id="half a cart",
        ),
        pytest.param(
            {
                "role": Role.EDITOR,
                "cart": MUGS,
                "customerId": "1",
                "customerGroup": 2,
            },
            {
                "path": "customerGroup",
                "message": "the customer has a group.",
                "remedy": "Keep one of the two.",
            },
            id="a customer and a group",
        ),
        pytest.param(
            {"cart": MUGS, "segments": ["gone"]},
            {
                "path": "segments.0",
                "message": "no segment 'gone' is active on 'base'.",
                "remedy": "Write one of: campers, never.",
            },
            id="a segment that is gone",
        ),
        pytest.param(
            {"cart": MUGS, "website": "moon"},
            {
                "path": "website",
                "message": "there is no website 'moon'.",
                "remedy": "Write one of: base.",
            },
            id="a website that is none",
        ),
        pytest.param(
            {"cart": MUGS, "customerGroup": 77},
            {
                "path": "customerGroup",
                "message": "there is no customer group '77'.",
                "remedy": "Write one of: 0, 1, 2, 3.",
            },
            id="a customer group that is none",
        ),
        pytest.param(
            {"cart": MUGS, "storeView": "defualt"},
            {
                "path": "storeView",
                "message": "no store view 'defualt' is on 'base'.",
                "remedy": "Did you mean 'default'?",
            },
            id="a store view that is none",
        ),
        pytest.param(
            {"role": Role.EDITOR, "cart": MUGS, "customerId": "1001"},
            {
                "path": "customerId",
                "message": "there is no customer '1001'.",
                "remedy": "Write the id of one who is known, or name a group.",
            },
            id="a customer of whom nothing is known",
        ),
        pytest.param(
            {"cart": MUGS, "at": "9999-12-31T23:59:59Z"},
            {
                "path": "at",
                "message": "the year 9999 cannot be looked at.",
                "remedy": "Write another moment.",
            },
            id="the end of the calendar",
        ),
        pytest.param(
            {"cart": MUGS, "at": "0001-01-01T00:00:00"},
            {
                "path": "at",
                "message": "the year 1 cannot be looked at.",
                "remedy": "Write another moment.",
            },
            id="the beginning of the calendar",
        ),
    ],
)
async def test_what_contradicts_itself_is_refused(
    explain: Explain, asked: Any, problem: Any
) -> None:
    assert (await explain(**asked))["problems"] == [problem]


async def test_everything_that_is_unknown_is_told_at_once(explain: Explain) -> None:
    refused = await explain(
        cart=MUGS,
        storeView="moon",
        customerGroup=77,
        segments=["campers", "gone", "nevr"],
    )

    assert [one["path"] for one in refused["problems"]] == [
        "customerGroup",
        "storeView",
        "segments.1",
        "segments.2",
    ]
