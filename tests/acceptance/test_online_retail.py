"""Online Retail II over HTTP: who has ordered often sees another page."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.identity import Role
from gateway.storage.database import Database
from gateway.storage.profiles import Profiles
from tests.acceptance import online_retail
from tests.factories import a_context, a_segment
from tests.rows import Shop
from tests.storefront import Storefront, a_token_of, open_storefront

OFTEN = 10

SAVE = """
mutation Save($segment: SegmentInput!, $block: DynamicBlockInput!) {
  saveSegment(input: $segment) { __typename }
  saveDynamicBlock(input: $block) { __typename } }"""
SEGMENT = {
    "key": "ten-orders",
    "name": "Ten completed orders or more",
    "websites": [online_retail.WEBSITE],
    "appliesTo": "REGISTERED",
    "conditions": {
        "count": "customer.orders",
        "operator": "at_least",
        "value": OFTEN,
        "all": [{"attribute": "order.status", "operator": "is", "value": "complete"}],
    },
}
BLOCK = {
    "key": "thank-you",
    "name": "For those who order often",
    "websites": [online_retail.WEBSITE],
    "shownTo": "SEGMENTS",
    "segments": ["ten-orders"],
    "content": "<p>Thank you for ordering so often.</p>",
}
PAGE = """{ personalization {
  segments { uid } dynamic_blocks { content { html } } } }"""
ORDERS = """
select json_object_agg(customer_id, n) from (
  select c.customer_id, count(o.order_id) filter (where o.status = 'complete') as n
    from customer c left join sales_order o using (website, customer_id)
   group by c.customer_id) t
"""


@pytest.fixture
async def storefront(online_retail_database_url: str) -> AsyncIterator[Storefront]:
    async with open_storefront(online_retail_database_url) as storefront:
        yield storefront


async def save(storefront: Storefront, database: Database) -> Any:
    """Save the segment and its block at the admin door."""
    editor = await a_token_of(Role.EDITOR, database)
    return await storefront.ask_admin(SAVE, token=editor, segment=SEGMENT, block=BLOCK)


async def test_who_has_completed_ten_orders_sees_the_block_and_others_do_not(
    storefront: Storefront, online_retail_database: Database
) -> None:
    orders: dict[str, int] = await Shop(online_retail_database).value(ORDERS)
    often = sorted((many, who) for who, many in orders.items() if many >= OFTEN)
    seldom = sorted((many, who) for who, many in orders.items() if many < OFTEN)
    # The fewest and the most of either, and those nearest to the line between them.
    chosen = [*often[:5], *often[-5:], *seldom[:5], *seldom[-5:]]

    saved = await save(storefront, online_retail_database)
    visitor = await storefront.ask(PAGE)
    seen = {}
    for _, who in chosen:
        answer = await storefront.ask(PAGE, token=storefront.token(who))
        shown = answer["personalization"]
        assert len(shown["segments"]) == len(shown["dynamic_blocks"])
        seen[who] = bool(shown["dynamic_blocks"])

    assert [one["__typename"] for one in saved.values()] == [
        "SegmentSaved",
        "DynamicBlockSaved",
    ]
    assert len(orders) == 4383
    assert (often[0][0], seldom[-1][0]) == (10, 9)
    assert visitor["personalization"] == {"segments": [], "dynamic_blocks": []}
    assert seen == {who: many >= OFTEN for many, who in chosen}


SKU = "85123A"
WHO = """
select coalesce(jsonb_object_agg(customer_id, ordered), '{}') from (
  select o.customer_id, bool_or(l.sku = $1 and o.status = 'complete') as ordered
    from sales_order o join order_line l using (website, order_id)
   where o.customer_id is not null
   group by o.customer_id order by o.customer_id limit 200) t
"""


async def test_who_has_ordered_a_product_is_found_by_its_sku(
    online_retail_database: Database,
) -> None:
    tree = {
        "found": "products.ordered",
        "all": [
            {"attribute": "product.sku", "operator": "is", "value": SKU},
            {"attribute": "ordered.status", "operator": "is", "value": "complete"},
        ],
    }
    segment = a_segment(applies_to="registered", conditions=tree)
    expected = await Shop(online_retail_database).value(WHO, SKU)
    profiles = Profiles(online_retail_database)

    found = {}
    for who in expected:
        facts = await profiles.read(online_retail.WEBSITE, who, None, with_ordered=True)
        found[who] = segment.matches(a_context(customer=facts.customer))

    assert len(expected) == 200
    assert found == expected
    assert sum(found.values()) == 16
