"""Whoever is deleted is in no table any more, but where docs/operations.md says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.events import Given, a_product_view, an_event, an_order, of_order
from tests.rows import Shop
from tests.storefront import Storefront

RECORD = """
mutation Record($input: RecordEventsInput!) { recordEvents(input: $input) { recorded } }
"""
SYNC = "mutation($cart: SyncCartInput!) { syncCart(input: $cart) { cart { id } } }"
RESERVE = """
mutation Reserve($input: ReserveCouponsInput!) {
  reserveCoupons(input: $input) { reservation { state } } }"""
SEGMENTS = "{ personalization { segments { uid } } }"
CONSENT = {"X-Gateway-Consent": "granted"}

ADA, EVE = "customer-of-lovelace", "another-customer"
EMAIL, NAME = "Ada@Lovelace.example", "Lovelace"
TEXTS = {"text", "character varying", "jsonb", "json", "ARRAY"}


@pytest.fixture(autouse=True)
async def _shop(shop: Shop) -> None:
    await shop.website()
    await shop.store_view()
    await shop.segment("stays", applies_to="visitor", keeps_after_login=True)
    await shop.cart_price_rule("spring", coupon_code="SPRING", uses_per_customer=5)


async def ask(
    storefront: Storefront, query: str, token: str | None = None, **variables: Any
) -> Any:
    headers = {**CONSENT, **({"Authorization": f"Bearer {token}"} if token else {})}
    body = (await storefront.post(query, headers, variables)).json()
    assert "errors" not in body, body
    return body["data"]


async def tell(
    storefront: Storefront, *sent: Given, token: str | None = None, **also: Any
) -> None:
    given = [{key: of for key, of in one.items() if key != "at"} for one in sent]
    told = await ask(storefront, RECORD, token, input={"events": given, **also})
    assert told == {"recordEvents": {"recorded": len(sent)}}


async def found(shop: Shop, *looked_for: str) -> dict[str, int]:
    """In how many rows of which columns any of it stands, however it is spelled."""
    columns = await shop.value(
        "select jsonb_agg(jsonb_build_array(table_name, column_name, data_type))"
        " from information_schema.columns join information_schema.tables"
        " using (table_schema, table_name)"
        " where table_schema = 'public' and table_type = 'BASE TABLE'"
    )
    counted = {}
    for table, column, kind in columns:
        if kind in TEXTS and not table.startswith("event_20"):
            counted[f"{table}.{column}"] = await shop.value(
                f"select count(*) from {table} where {column}::text ilike any ($1)",
                [f"%{one}%" for one in looked_for],
            )
    return {column: count for column, count in counted.items() if count}


async def behave(storefront: Storefront, customer_id: str) -> str:
    """Look around as a visitor, log in and fill a cart; give its id."""
    token = storefront.token(customer_id)
    storefront.client.cookies.clear()
    await ask(storefront, SEGMENTS)
    await tell(storefront, a_product_view(f"{customer_id[0]}1", "mug"))
    await ask(storefront, SEGMENTS, token)
    about = {"email": EMAIL} if customer_id == ADA else {}
    edited = an_event(f"{customer_id[0]}2", "editAccount", about)
    await tell(storefront, edited, token=token)
    cart = {"items": [{"sku": "mug", "quantity": 1}], "coupon_codes": ["SPRING"]}
    kept = await ask(storefront, SYNC, token, cart=cart)
    id: str = kept["syncCart"]["cart"]["id"]
    return id


async def be_known(
    storefront: Storefront, shop: Shop, server: str, cart_id: str
) -> None:
    """Let servers and imports tell all that they can tell of her."""
    person = {"name": {"firstName": "Ada", "lastName": NAME}}
    of_her = {"person": person, "personalEmail": {"address": EMAIL}}
    address = {"street1": f"{NAME} Street 1", "city": "Bern", "country": "ch"}
    billed = an_order("s1", "1000", customer_id=ADA, email=EMAIL, cart_id=cart_id)
    billed["payload"] |= {"billing": {"address": address}, **of_her}
    as_visitor = an_order("s2", "1001", email=EMAIL)
    as_visitor["payload"] |= {"billing": {"address": address}, **of_her}
    await tell(storefront, as_visitor, token=server)
    for input in (
        {"key": "hers", "cart_id": cart_id},
        {
            "key": "as a visitor",
            "cart_id": await a_visitors_cart(storefront),
            "email": EMAIL,
        },
    ):
        await ask(storefront, RESERVE, server, input=input)
    await tell(
        storefront,
        an_event("s3", "accountCreated", of_her, customer_id=ADA),
        an_event(
            "s4",
            "profileRecord",
            {**of_her, "billingAddress": address},
            customer_id=ADA,
        ),
        billed,
        of_order("s5", "orderInvoiced", "1000", email=EMAIL),
        a_product_view("s6", "pot", customer_id=ADA),
        token=server,
        consents=True,
    )
    await shop.execute(
        "update address set first_name = 'Ada', last_name = $1, telephone = '1'", NAME
    )
    await shop.execute(
        "update order_address set first_name = 'A', last_name = $1", NAME
    )
    await shop.execute(
        "insert into wishlist_item (website, customer_id, sku)"
        " values ('base', $1, 'x')",
        ADA,
    )
    await shop.audience("chosen")
    await shop.member("chosen", ADA)
    segment = await shop.segment("by-hand", include={"base": [ADA]})
    await shop.execute(
        "insert into matched_customer (website, customer_id, segment_ids, joined_at)"
        " values ('base', $1, array[$2::bigint], array[now()])",
        *(ADA, segment),
    )
    await shop.execute(
        "insert into former_match"
        " (segment_id, website, customer_id, joined_at, left_at)"
        " values ($2, 'base', $1, now(), now())",
        *(ADA, segment),
    )


async def a_visitors_cart(storefront: Storefront) -> str:
    storefront.client.cookies.clear()
    cart = {"items": [{"sku": "mug", "quantity": 1}], "coupon_codes": ["SPRING"]}
    id: str = (await ask(storefront, SYNC, cart=cart))["syncCart"]["cart"]["id"]
    return id


@pytest.mark.parametrize("by_event", [True, False], ids=["by event", "by row"])
async def test_a_deleted_customer_is_in_no_table_any_more(
    storefront: Storefront, server_token: str, shop: Shop, *, by_event: bool
) -> None:
    cart_id = await behave(storefront, ADA)
    await be_known(storefront, shop, server_token, cart_id)
    everywhere = await found(shop, ADA, EMAIL, NAME)
    await behave(storefront, EVE)
    others = await found(shop, EVE)

    if by_event:
        gone = an_event("s9", "accountDeleted", customer_id=ADA)
        await tell(storefront, gone, token=server_token)
    else:
        await shop.execute("delete from customer where customer_id = $1", ADA)

    assert len(everywhere) > 20
    # They are what an editor has decided.
    assert await found(shop, ADA, EMAIL, "lovelace street") == {"segment.include": 1}
    assert await found(shop, EVE) == others
    left = "select string_agg(concat_ws(' ', order_id, city, grand_total), '')"
    assert await shop.value(f"{left} from sales_order") == "1001 Bern 24.9000"


async def test_a_deleted_customer_of_whom_no_server_has_told_is_in_no_table_either(
    storefront: Storefront, server_token: str, shop: Shop
) -> None:
    await behave(storefront, ADA)
    everywhere = await found(shop, ADA, EMAIL, NAME)

    gone = an_event("s9", "accountDeleted", customer_id=ADA)
    await tell(storefront, gone, token=server_token)

    assert len(everywhere) > 4
    assert await found(shop, ADA, EMAIL, NAME) == {}
