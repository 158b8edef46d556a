"""Who may do what at the admin door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from strawberry.utils.str_converters import to_camel_case

from gateway.identity.admins import Role
from gateway.resolvers import segments
from gateway.schema import admin
from gateway.schema.admin.access import require_roles, roles_of
from gateway.storage.database import Database
from tests.schema.admin.asking import Ask
from tests.shops import a_segment, contents

EDITED = (
    *("Segment", "DynamicBlock", "CartPriceRule", "CataloguePriceRule"),
    *("RelatedProductRule", "Audience"),
)
ADMINISTERED = ("Website", "StoreView", "CustomerGroup")


def _root_fields() -> Iterator[str]:
    core = admin.schema.core
    for root in (core.query_type, core.mutation_type):
        assert root is not None
        yield from root.fields


def test_every_field_at_the_root_needs_exactly_this_role() -> None:
    needed = {
        to_camel_case(field): role
        for root in (admin.Query, admin.Mutation)
        for field, role in roles_of(root).items()
    }

    reading = [
        *("segments", "segment", "dynamicBlocks", "dynamicBlock"),
        *("cartPriceRules", "cartPriceRule", "coupons", "couponStatus"),
        *("cataloguePriceRules", "cataloguePriceRule"),
        *("relatedProductRules", "relatedProductRule"),
        *("audiences", "audience"),
        *("websites", "website", "storeViews", "storeView"),
        *("customerGroups", "customerGroup", "productPrice"),
        *("conditionAttributes", "operators", "conditionLists", "discountActions"),
        *("priceActions", "matchedCustomerCount", "segmentCounts", "segmentOverlap"),
        *("segmentRefresh", "me", "eventTypes", "explainCart"),
    ]
    wanted = {
        **dict.fromkeys(reading, Role.VIEWER),
        "refreshSegments": Role.EDITOR,
        # Whoever is named there is a person.
        **dict.fromkeys(("matchedCustomers", "formerCustomers"), Role.EDITOR),
        "audienceMembers": Role.EDITOR,
        **{f"save{one}": Role.EDITOR for one in EDITED},
        **{f"delete{one}": Role.EDITOR for one in EDITED},
        **dict.fromkeys(("generateCoupons", "deleteCoupons"), Role.EDITOR),
        **{f"save{one}": Role.ADMIN for one in ADMINISTERED},
        **{f"delete{one}": Role.ADMIN for one in ADMINISTERED},
    }
    assert {*_root_fields()} - {*wanted} == set(), "of these this test says nothing"
    assert [*needed] == [*_root_fields()]
    assert needed == wanted


def test_a_root_with_a_field_that_needs_no_role_is_refused() -> None:
    import strawberry  # noqa: PLC0415 - Only here is a schema made by hand.

    @strawberry.type
    class Open:
        @strawberry.field
        def secret(self) -> str:
            return "told"

    with pytest.raises(TypeError, match=r"^Open\.secret needs no role$"):
        require_roles(Open)


DELETIONS = {
    **{f"delete{one}": 'key: "x"' for one in EDITED},
    "deleteWebsite": 'code: "x"',
    "deleteStoreView": 'code: "x"',
    "deleteCustomerGroup": "id: 99",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("field", DELETIONS)
async def test_a_role_may_delete_what_it_may_write(
    ask: Ask, shop: Database, field: str, role: Role
) -> None:
    before = await contents(shop)
    edited = any(field.endswith(one) for one in EDITED)
    needed = Role.EDITOR if edited else Role.ADMIN

    answer = await ask(
        f"mutation {{ {field}({DELETIONS[field]}) {{ __typename }} }}", role=role
    )

    if role.permits(needed):
        assert answer == {"data": {field: {"__typename": "NotFound"}}}
    else:
        [error] = answer["errors"]
        assert answer["data"] is None
        assert error["extensions"]["category"] == "graphql-authorization"
        assert error["message"] == (
            f"'{field}' needs the role '{needed}', and the token 'ci' has the role"
            f" '{role}'. Use another token; `gateway token create` makes one."
        )
    assert await contents(shop) == before


def _refused(what: str) -> str:
    return (
        f"'{what}' needs the role 'editor', and the token 'ci' has the role 'viewer'."
        " Use another token; `gateway token create` makes one."
    )


@pytest.mark.parametrize("field", ["include", "exclude"])
async def test_whom_a_segment_has_by_hand_is_told_to_editors_only(
    ask: Ask, shop: Database, field: str
) -> None:
    by_hand: dict[str, Any] = {field: {"base": ["1"]}}
    given = a_segment(applies_to="registered", **by_hand)
    await segments.save(shop, given)
    document = f'{{ segment(key: "big-carts") {{ key {field} }} }}'

    refused = await ask(document, role=Role.VIEWER)
    told = await ask(document, role=Role.EDITOR)

    assert refused["data"] == {"segment": None}
    assert [one["message"] for one in refused["errors"]] == [_refused(field)]
    assert told == {"data": {"segment": {"key": "big-carts", field: {"base": ["1"]}}}}


@pytest.mark.parametrize("name", ["customerId", "cartId"])
async def test_a_viewer_explains_no_cart_of_a_real_person(ask: Ask, name: str) -> None:
    asked = {"website": "base", name: "1"}

    refused = await ask(
        "query ($input: ExplainCartInput!) { explainCart(input: $input)"
        " { __typename } }",
        {"input": asked},
        role=Role.VIEWER,
    )

    assert refused["data"] is None
    assert [one["message"] for one in refused["errors"]] == [_refused(name)]


async def test_an_editor_who_may_not_save_a_website_saves_nothing(
    ask: Ask, shop: Database
) -> None:
    before = await contents(shop)

    answer = await ask(
        """mutation { saveWebsite(input: {code: "uk", name: "UK",
             timezone: "Europe/London", currency: "GBP"}) { __typename } }""",
        role=Role.EDITOR,
    )

    assert answer["errors"][0]["extensions"]["category"] == "graphql-authorization"
    assert await contents(shop) == before


async def test_a_token_of_a_server_reads_nothing(ask: Ask) -> None:
    answer = await ask("{ me { name } }", role=Role.SERVER)

    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["me"]


async def test_whoever_asks_learns_who_they_are(ask: Ask) -> None:
    answer = await ask("{ me { name role } }", role=Role.VIEWER)

    assert answer == {"data": {"me": {"name": "ci", "role": "VIEWER"}}}
