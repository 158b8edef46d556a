"""Events at the storefront door: what a document may say, and who may say it."""

from __future__ import annotations

import pytest

from tests.events import a_product_view
from tests.rows import Shop
from tests.storefront import Storefront

RECORD = """
mutation Record($input: RecordEventsInput!) {
  recordEvents(input: $input) { recorded repeated not_consented } }"""


@pytest.fixture(autouse=True)
async def _website(shop: Shop) -> None:
    await shop.website()
    await shop.store_view()


async def test_a_payload_may_be_written_into_the_document(
    storefront: Storefront, server_token: str, shop: Shop
) -> None:
    document = """mutation($sku: String!) { recordEvents(input: {
      consents: true
      events: [{
        id: "1", type: "productPageView", customer_id: "ada"
        payload: { productListItems: [{ SKU: $sku, own: [1, 2.5, true, null] }] }
      }] }) { recorded } }"""

    told = await storefront.ask(document, token=server_token, sku="mug")

    assert told == {"recordEvents": {"recorded": 1}}
    kept = await shop.value("select payload -> 'productListItems' from event")
    assert kept == [{"SKU": "mug", "own": [1, 2.5, True, None]}]


async def test_only_a_server_says_who_consents(storefront: Storefront) -> None:
    sent = {"consents": True, "events": [{"id": "1", "type": "signIn"}]}

    message, category = await storefront.refusal(RECORD, input=sent)

    assert message == "Only a server token may state 'consents'."
    assert category == "graphql-input"


async def test_a_server_needs_no_session_and_gets_none(
    storefront: Storefront, server_token: str
) -> None:
    event = a_product_view("1", "mug", customer_id="ada", at=None)
    sent = {"consents": True, "events": [event]}

    answer = await storefront.post(
        RECORD, {"Authorization": f"Bearer {server_token}"}, {"input": sent}
    )

    assert answer.json()["data"]["recordEvents"]["recorded"] == 1
    assert "set-cookie" not in answer.headers
