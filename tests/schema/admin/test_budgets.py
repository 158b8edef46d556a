"""Budgets of cart price rules at the admin door."""

from __future__ import annotations

from typing import Any

from gateway.resolvers import cart_price_rules
from gateway.storage.database import Database
from tests.schema.admin.asking import REFUSED, Ask
from tests.shops import a_rule

SAVE = f"""
mutation ($input: CartPriceRuleInput!) {{ saveCartPriceRule(input: $input) {{
  ... on CartPriceRuleSaved {{ cartPriceRule {{ budget spent }} }} {REFUSED} }} }}"""

LIST = "{ cartPriceRules { items { key budget spent } } }"


async def test_a_budget_is_saved_and_nothing_is_spent_of_it(ask: Ask) -> None:
    given = a_rule(budget="1000.50")

    answer = await ask(SAVE, {"input": given})

    assert answer["data"]["saveCartPriceRule"] == {
        "cartPriceRule": {"budget": "1000.5", "spent": "0"}
    }


async def test_what_is_spent_stands_beside_each_budget(
    ask: Ask, shop: Database
) -> None:
    for number, given in enumerate(({"budget": "9"}, {"budget": "7.5"}, {})):
        await cart_price_rules.save(shop, a_rule(f"rule-{number}", **given))
    async with shop.connection() as connection:
        await connection.execute(
            "insert into budget_counter (rule_id, spent)"
            " select id, 7.25 from cart_price_rule where key = 'rule-1'"
        )

    items: list[dict[str, Any]] = (await ask(LIST))["data"]["cartPriceRules"]["items"]

    assert items == [
        {"key": "rule-0", "budget": "9", "spent": "0"},
        {"key": "rule-1", "budget": "7.5", "spent": "7.25"},
        {"key": "rule-2", "budget": None, "spent": None},
    ]
