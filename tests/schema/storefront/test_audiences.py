"""`updateAudienceMembers`: a server says who is in an audience, and nobody else."""

from __future__ import annotations

from typing import Any

from tests.factories import a_comparison
from tests.rows import Shop
from tests.storefront import Storefront

UPDATE = """
mutation Update($input: UpdateAudienceMembersInput!) {
  updateAudienceMembers(input: $input) { written removed } }"""
SEGMENTS = "{ personalization { segments { uid } } }"


async def open_audience(shop: Shop) -> None:
    await shop.customer("1")
    await shop.audience("hikers")
    await shop.segment(
        "of-hikers",
        a_comparison("customer.audience", "is_one_of", ["hikers"]),
        applies_to="registered",
    )


async def test_a_server_takes_a_customer_in_and_out_by_the_very_next_answer(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    await open_audience(shop)
    ada = storefront.token("1")
    found = []

    for change in (
        {"members": [{"customer_id": "1", "expires_at": "2099-01-01T00:00:00Z"}]},
        {"removed": ["1", "unknown"]},
        {"members": [{"customer_id": "1", "expires_at": "2020-01-01T00:00:00+23:59"}]},
    ):
        given = {"audience": "hikers", **change}
        answer = await storefront.ask(UPDATE, token=server_token, input=given)
        segments = await storefront.ask(SEGMENTS, token=ada)
        found.append(
            (
                answer["updateAudienceMembers"],
                len(segments["personalization"]["segments"]),
            )
        )

    assert found == [
        ({"written": 1, "removed": 0}, 1),
        ({"written": 0, "removed": 1}, 0),
        ({"written": 1, "removed": 0}, 0),
    ]


async def test_no_shopper_says_who_is_in_an_audience(
    storefront: Storefront, shop: Shop
) -> None:
    await open_audience(shop)
    given = {"audience": "hikers", "members": [{"customer_id": "1"}]}

    for token in (None, storefront.token("1")):
        assert await storefront.refusal(UPDATE, token=token, input=given) == (
            "Only a server token may say who is in an audience.",
            "graphql-authorization",
        )

    assert await shop.value("select count(*) from audience_member") == 0


async def test_what_a_client_claims_of_its_audiences_is_not_believed(
    storefront: Storefront, shop: Shop
) -> None:
    await open_audience(shop)
    headers = {
        "Authorization": f"Bearer {storefront.token('1')}",
        "aep-segments-membership": "hikers",
        "Cookie": "aep-segments-membership=hikers",
    }

    answer = await storefront.post(SEGMENTS, headers)

    assert answer.json()["data"] == {"personalization": {"segments": []}}


async def test_faults_are_told_with_their_paths(
    storefront: Storefront, shop: Shop, server_token: str
) -> None:
    await open_audience(shop)

    async def faults(given: Any) -> Any:
        body = await storefront.answer(UPDATE, token=server_token, input=given)
        (error,) = body["errors"]
        assert error["extensions"]["category"] == "graphql-input"
        return [one["path"] for one in error["extensions"]["problems"]]

    unknown = {"audience": "hikers", "members": [{"customer_id": "9"}]}
    twice = {"audience": "hikers", "removed": ["1", "1"]}

    assert await faults(unknown) == ["members.0.customer_id"]
    assert await faults(twice) == ["removed.1"]
    assert await faults({"audience": "campers"}) == ["audience"]
