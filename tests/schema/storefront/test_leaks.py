"""What a shopper must not read is in no answer, whatever is asked."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from gateway.schema.storefront import schema
from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront, open_storefront

CANARY = "leakme"
DEEPEST = 4
SMALL_PAGE = {"pageSize": "1", "limit": "1"}
ARGUMENTS = {
    "personalization": ['(cart: {items: [{sku: "mug", quantity: 2}]})', ""],
    "customerSegments": ["(cartId: $id)"],
    "cart": ["(cart_id: $id)"],
    "dynamicBlocks": [
        "",
        "(input: {type: SPECIFIED, cart_id: $id})",
        "(input: {type: CART_PRICE_RULE_RELATED, cart_id: $id})",
    ],
    "products": ["(pageSize: 2)", '(search: "mug")'],
}
WRONG_UID = '(input: {type: SPECIFIED, dynamic_block_uids: ["nope"]})'
REFUSED = [
    '{ cart(cart_id: "nope") { id } }',
    f"{{ dynamicBlocks{WRONG_UID} {{ total_count }} }}",
    "{ products(pageSize: 0) { total_count } }",
    "{ nothing }",
    "{ segments { name conditions } }",
    "{ customerSegments(cartId: 1) { name } }",
    'mutation { syncCart(input: {items: [{sku: "", quantity: 0}]}) { cart { id } } }',
    'mutation { updateAudienceMembers(input: {audience: "x"}) { written } }',
]


def selection(of: GraphQLOutputType, depth: int) -> str:
    """Everything of a type: every field, and every field of those, so deep."""
    named = get_named_type(of)
    if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    fields = []
    for name, field in named.fields.items():
        small = [f"{one}: {SMALL_PAGE[one]}" for one in field.args if one in SMALL_PAGE]
        arguments = f"({', '.join(small)})" if small else ""
        is_leaf = not isinstance(
            get_named_type(field.type), GraphQLObjectType | GraphQLInterfaceType
        )
        if is_leaf:
            fields.append(name)
        elif depth > 1:
            fields.append(f"{name}{arguments} {selection(field.type, depth - 1)}")
    return f"{{ __typename {' '.join(fields)} }}"


def every_query() -> Iterator[str]:
    """Each field of the door, on its own, with all that stands below it."""
    queries = schema.core.query_type
    assert queries is not None
    for name, field in queries.fields.items():
        for arguments in ARGUMENTS.get(name, [""]):
            listed = is_list_type(get_nullable_type(field.type))
            depth = DEEPEST if not listed else DEEPEST - 1
            head = "query($id: String!)" if "$id" in arguments else ""
            yield f"{head} {{ {name}{arguments} {selection(field.type, depth)} }}"


async def plant_canaries(shop: Shop) -> None:
    """Write the canary wherever an administrator writes for administrators."""
    told: dict[str, Any] = {
        "name": f"{CANARY} name",
        "description": f"{CANARY} description",
    }
    await shop.product("mug", "20", attributes={"note": f"{CANARY} attribute"})
    await shop.product("cup", "5", attribute_set=f"{CANARY} set")
    await shop.execute("insert into customer_group values (7, 'LEAKME group')")
    await shop.customer("1", group_id=7, email=f"{CANARY}@example.com")
    await shop.audience(f"{CANARY}-audience", source=f"{CANARY} source", **told)
    await shop.member(f"{CANARY}-audience", "1")
    hidden = a_comparison("cart.coupon", "does_not_contain", [f"{CANARY}-value"])
    await shop.segment(f"{CANARY}-segment", hidden, **told)
    await shop.cart_price_rule(
        f"{CANARY}-rule", conditions=hidden, **{**told, "label": "Ten percent off"}
    )
    await shop.cart_price_rule(
        f"{CANARY}-coupon", coupon_code=f"{CANARY}-code", **{**told, "label": "Coupon"}
    )
    beyond = a_comparison("cart.subtotal", "at_least", 1000)
    await shop.cart_price_rule(
        f"{CANARY}-hinted",
        coupon_code="BIG",
        hinted=True,
        conditions={"all": [hidden, beyond]},
        **{**told, "label": "Big coupon"},
    )
    await shop.catalogue_price_rule(
        f"{CANARY}-price", conditions=a_comparison("product.sku", "is", CANARY), **told
    )
    await shop.tier_price("mug", "9.1234", "1", 7)
    await shop.block(f"{CANARY}-everyone", "<p>all</p>", **told)
    await shop.block(
        f"{CANARY}-block", "<p>some</p>", segments=[f"{CANARY}-segment"], **told
    )
    await shop.block(
        f"{CANARY}-ruled", "<p>r</p>", cart_price_rules=[f"{CANARY}-rule"], **told
    )
    await shop.block(f"{CANARY}-hidden", f"{CANARY} content", active=False, **told)
    await shop.related_product_rule(f"{CANARY}-related", **told)
    await shop.related_product_rule(
        f"{CANARY}-broken", {"attribute": CANARY, "operator": "is", "value": 1}, **told
    )


@pytest.fixture
async def generous(database_url: str) -> AsyncIterator[Storefront]:
    """A door that answers the longest questions."""
    limits = {"graphql_tokens": 100_000, "graphql_cost": 1_000_000}
    async with open_storefront(database_url, **limits) as storefront:
        yield storefront


async def test_no_answer_holds_what_administrators_wrote_for_themselves(
    generous: Storefront, shop: Shop
) -> None:
    await plant_canaries(shop)
    sync = """mutation { syncCart(input: {
        items: [{sku: "mug", quantity: 2}], coupon_codes: ["big"]}) { cart { id } } }"""
    answers: list[httpx.Response] = []

    for token in (None, generous.token("1")):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        synced = await generous.post(sync, headers)
        cart_id = synced.json()["data"]["syncCart"]["cart"]["id"]
        for query in every_query():
            variables = {"id": cart_id} if "$id" in query else {}
            answer = await generous.post(query, headers, variables)
            assert "errors" not in answer.json(), (query, answer.text)
            answers.append(answer)
        answers += [await generous.post(query, headers) for query in REFUSED]

    assert len(answers) > 30
    assert all("errors" in one.json() for one in answers[-len(REFUSED) :])
    told = [f"{one.text} {one.headers}".lower() for one in answers]
    assert [one for one in told if CANARY in one] == []
    # They were not just left out: what they belong to is there.
    labels = ("ten percent off", "big coupon")
    for shown in ("<p>all</p>", "<p>some</p>", "<p>r</p>", *labels):
        assert any(shown in one for one in told)
