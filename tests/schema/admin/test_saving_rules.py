"""Saving blocks and rules through the admin door."""

from __future__ import annotations

import pytest

from gateway.resolvers import segments
from gateway.storage.database import Database
from tests.schema.admin.asking import REFUSED, Ask, an_input
from tests.shops import CART_ABOVE_50, a_segment, contents

SAVE_BLOCK = f"""
mutation ($input: DynamicBlockInput!) {{
  saveDynamicBlock(input: $input) {{
    ... on DynamicBlockSaved {{
      dynamicBlock {{
        uid key name description websites active version locations shownTo segments
        cartPriceRules cataloguePriceRules position content contentByStoreView
        problems {{ path }}
      }}
      warnings {{ path message remedy }}
    }}
    {REFUSED}
  }}
}}
"""


async def test_a_block_is_saved_cleaned_with_warnings(ask: Ask, shop: Database) -> None:
    await segments.save(shop, a_segment())
    input = {
        **an_input("hero"),
        "locations": ["HEADER", "LEFT"],
        "shownTo": "SEGMENTS",
        "segments": ["big-carts"],
        "position": 4,
        "content": "<p onclick=x>Hello</p>",
        "contentByStoreView": {"german": "<p>Hallo</p><script>x()</script>"},
    }

    answer = await ask(SAVE_BLOCK, {"input": input})

    saved = answer["data"]["saveDynamicBlock"]
    uid = saved["dynamicBlock"].pop("uid")
    remedy = "Content holds no programs, forms, frames or style sheets."
    assert uid.endswith("==")
    assert saved == {
        "dynamicBlock": {
            **input,
            "description": "",
            "active": True,
            "version": 1,
            "cartPriceRules": [],
            "cataloguePriceRules": [],
            "content": "<p>Hello</p>",
            "contentByStoreView": {"german": "<p>Hallo</p>"},
            "problems": [],
        },
        "warnings": [
            {
                "path": "content",
                "message": "it was saved without onclick of <p>.",
                "remedy": remedy,
            },
            {
                "path": "contentByStoreView.german",
                "message": "it was saved without <script>.",
                "remedy": remedy,
            },
        ],
    }


async def test_a_block_shown_to_no_segment_is_refused_in_the_callers_words(
    ask: Ask,
) -> None:
    answer = await ask(SAVE_BLOCK, {"input": {**an_input(), "segments": ["vips"]}})

    assert answer["data"]["saveDynamicBlock"]["problems"] == [
        {
            "path": "segments",
            "message": "segments are listed, but it is shown to everyone.",
            "remedy": "Write 'segments' as shownTo, or remove the list.",
        }
    ]


SAVE_RULE = f"""
mutation ($input: CartPriceRuleInput!) {{
  saveCartPriceRule(input: $input) {{
    ... on CartPriceRuleSaved {{
      cartPriceRule {{
        key name websites description active customerGroups from to priority couponCode
        generatedCoupons usesPerCoupon usesPerCustomer usesPerRule
        conditions itemConditions action amount atMost step discardsSubsequent
        appliesToShipping freeShipping label labelByStoreView
      }}
    }}
    {REFUSED}
  }}
}}
"""


async def test_a_cart_price_rule_comes_back_as_it_was_sent(ask: Ask) -> None:
    input = {
        **an_input("spring"),
        "description": "For spring.",
        "active": False,
        "customerGroups": [0, 1],
        "from": "2026-03-01",
        "to": "2026-03-31",
        "priority": 2,
        "couponCode": "SPRING",
        "generatedCoupons": False,
        "usesPerCoupon": 100,
        "usesPerCustomer": 1,
        "usesPerRule": 50,
        "conditions": {"all": [CART_ABOVE_50]},
        "itemConditions": {"all": []},
        "action": "by_fixed",
        "amount": "19.9",
        "atMost": "2.5",
        "step": 2,
        "discardsSubsequent": True,
        "appliesToShipping": True,
        "freeShipping": "SHIPMENT",
        "label": "Spring",
        "labelByStoreView": {"german": "Frühling"},
    }

    answer = await ask(SAVE_RULE, {"input": input})

    assert answer["data"]["saveCartPriceRule"] == {"cartPriceRule": input}


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        pytest.param("19.90", "19.9", id="text"),
        pytest.param(19.9, "19.9", id="float"),
        pytest.param(0.1, "0.1", id="float-without-exact-binary"),
        pytest.param(20, "20", id="integer"),
        pytest.param("1e1", "10", id="exponent"),
    ],
)
async def test_an_amount_is_exact_however_it_is_written(
    ask: Ask, written: object, answered: str
) -> None:
    input = {**an_input(), "action": "by_percent", "amount": written}

    answer = await ask(SAVE_RULE, {"input": input})

    rule = answer["data"]["saveCartPriceRule"]["cartPriceRule"]
    assert rule["amount"] == answered


async def test_an_amount_in_the_document_is_exact_too(ask: Ask) -> None:
    answer = await ask(
        f"""mutation {{ saveCartPriceRule(input: {{
              key: "x", name: "X", websites: ["base"], action: "by_percent",
              amount: 0.1000, atMost: "3"
            }}) {{ ... on CartPriceRuleSaved {{ cartPriceRule {{ amount atMost }} }}
                 {REFUSED} }} }}"""
    )

    rule = answer["data"]["saveCartPriceRule"]["cartPriceRule"]
    assert rule == {"amount": "0.1", "atMost": "3"}


@pytest.mark.parametrize(
    "amount", ["ten", "NaN", "Infinity", "1e999999999", "1e-999999999", True, [1]]
)
async def test_an_amount_that_is_none_is_refused(
    ask: Ask, shop: Database, amount: object
) -> None:
    before = await contents(shop)
    input = {**an_input(), "action": "by_percent", "amount": amount}

    answer = await ask(SAVE_RULE, {"input": input})

    said = "Variable '$input' has invalid value at .amount: Decimal "
    assert answer["errors"][0]["message"].startswith(said)
    assert "data" not in answer
    assert await contents(shop) == before


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        pytest.param(
            "amount",
            "ten",
            "Decimal cannot be read from 'ten'. Write a number such as 12 or 12.5.",
            id="amount",
        ),
        pytest.param(
            "from",
            "24.12.2026",
            "'24.12.2026' is not a date. Write it as year-month-day, such as"
            " 2026-12-24.",
            id="day",
        ),
    ],
)
async def test_what_is_no_number_or_day_is_told_with_what_to_write_instead(
    ask: Ask, field: str, written: str, said: str
) -> None:
    input = {**an_input(), "action": "by_percent", "amount": 1, field: written}

    answer = await ask(SAVE_RULE, {"input": input})

    assert [one["message"] for one in answer["errors"]] == [
        f"Variable '$input' has invalid value at .{field}: {said}"
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("yesterday", "'yesterday'"),
        (20261224, "20261224"),
        ("", "''"),
        ("0001-01-01T00:00:00+14:00", "'0001-01-01T00:00:00+14:00'"),
        ("9999-12-31T23:59:59-14:00", "'9999-12-31T23:59:59-14:00'"),
    ],
)
async def test_what_is_no_moment_is_told_with_what_to_write_instead(
    ask: Ask, written: object, shown: str
) -> None:
    query = """query($at: DateTime) {
      explainCart(input: {website: "base", at: $at}) { __typename }
    }"""

    answer = await ask(query, {"at": written})

    (error,) = answer["errors"]
    assert error["message"].endswith(
        f"{shown} is not a moment. Write it as ISO 8601, such as 2026-12-24T18:30:00Z."
    )


async def test_fields_have_this_doors_names_at_the_end_of_a_remedy(ask: Ask) -> None:
    input = {**an_input(), "action": "by_percent", "amount": 1}

    answer = await ask(
        SAVE_RULE, {"input": {**input, "usesPerRule": 5, "groupApplies": "BEST"}}
    )

    problems = answer["data"]["saveCartPriceRule"]["problems"]
    assert [one["remedy"] for one in problems] == [
        "Write the group's key, or leave 'groupApplies' out.",
        "Write a couponCode, or ask for generatedCoupons.",
    ]


async def test_a_missing_amount_is_told_with_its_path(ask: Ask) -> None:
    answer = await ask(SAVE_RULE, {"input": an_input()})

    problems = answer["data"]["saveCartPriceRule"]["problems"]
    assert [one["path"] for one in problems] == ["action", "amount"]


async def test_a_related_product_rule_comes_back_as_it_was_sent(ask: Ask) -> None:
    input = {
        **an_input("beds"),
        "list": "UPSELL",
        "priority": 2,
        "from": "2026-03-01",
        "to": None,
        "limit": 4,
        "shownTo": "EVERYONE",
        "segments": [],
        "productsToMatch": None,
        "productsToDisplay": {
            "all": [
                {
                    "attribute": "product.price",
                    "operator": "at_least",
                    "percent_of_matched": 110,
                }
            ]
        },
    }

    answer = await ask(
        f"""mutation ($input: RelatedProductRuleInput!) {{
          saveRelatedProductRule(input: $input) {{
            ... on RelatedProductRuleSaved {{
              relatedProductRule {{
                key name websites list priority from to limit shownTo segments
                productsToMatch productsToDisplay
              }}
            }}
            {REFUSED}
          }}
        }}""",
        {"input": input},
    )

    assert answer["data"]["saveRelatedProductRule"] == {"relatedProductRule": input}
