"""Rules as Adobe Commerce gives them away: carried whole, or named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.importing import ImportReport
from gateway.resolvers import cart_price_rules
from gateway.storage.database import Database
from tests.importing.given import WEBSITES, BringIn
from tests.rows import Shop

ATTRIBUTES = "entity,code,kind\nproduct,sale,boolean\nproduct,color,select\n"
CATEGORIES = json.dumps(
    [
        {"id": 23, "url_key": "tees-men", "path": "men/tops/tees"},
        {"id": "24", "path": "gear"},
    ]
)
CONDITION = "Magento\\SalesRule\\Model\\Rule\\Condition\\"


def a_rule(**also: Any) -> dict[str, Any]:
    """A rule as a search of the web API answers it."""
    return {
        "rule_id": 7,
        "name": "Ten percent",
        "website_ids": [1],
        "customer_group_ids": [0, 1],
        "is_active": True,
        "stop_rules_processing": False,
        "is_advanced": True,
        "sort_order": 2,
        "simple_action": "by_percent",
        "discount_amount": 10,
        "discount_step": 0,
        "apply_to_shipping": False,
        "times_used": 3,
        "is_rss": True,
        "coupon_type": "NO_COUPON",
        "use_auto_generation": False,
        "uses_per_coupon": 0,
        "simple_free_shipping": "0",
        **also,
    }


def combine(*children: Any, **also: Any) -> dict[str, Any]:
    return {
        "condition_type": f"{CONDITION}Combine",
        "conditions": [*children],
        "aggregator_type": "all",
        "operator": None,
        "value": "1",
        **also,
    }


def nested(levels: int) -> str:
    """The JSON of combinations in each other."""
    before, behind = json.dumps(combine("the next")).split('"the next"')
    return before * levels + behind * levels


def leaf(kind: str, attribute: str, operator: str, value: str) -> dict[str, Any]:
    return {
        "condition_type": f"{CONDITION}{kind}",
        "operator": operator,
        "attribute_name": attribute,
        "value": value,
    }


async def imported(bring_in: BringIn, *rules: Any, **also: str) -> ImportReport:
    return await bring_in(
        {
            "websites.csv": WEBSITES,
            "attributes.csv": ATTRIBUTES,
            "categories.json": CATEGORIES,
            "sales_rules.json": json.dumps([*rules]),
            **also,
        }
    )


def notes(report: ImportReport) -> list[str]:
    assert report.succeeded, str(report)
    assert report.ignored == []
    start = "sales_rules.json, "
    return [note.removeprefix(start) for note in report.files[-1].notes]


async def test_a_rule_of_the_web_api_is_carried_whole(
    bring_in: BringIn, database: Database
) -> None:
    rule = a_rule(
        description="For men.",
        from_date="2026-01-01",
        to_date="2026-12-31 00:00:00",
        discount_qty=4,
        discount_step=2,
        stop_rules_processing=True,
        apply_to_shipping=True,
        simple_free_shipping="2",
        coupon_type="SPECIFIC_COUPON",
        coupon_code="MEN10",
        uses_per_coupon=100,
        uses_per_customer="1",
        store_labels=[{"store_id": 0, "store_label": "Men save ten"}],
        condition=combine(
            leaf("Address", "base_subtotal", ">=", "50"),
            combine(
                leaf("Product", "category_ids", "()", "23, 24"),
                condition_type=f"{CONDITION}Product\\Found",
                value="0",
            ),
            {
                **combine(leaf("Product", "sku", "!=", "MUG")),
                "condition_type": f"{CONDITION}Product\\Subselect",
                "attribute_name": "qty",
                "operator": ">",
                "value": "3",
                "aggregator_type": "any",
            },
        ),
        action_condition=combine(
            leaf("Product", "parent::category_ids", "==", "24"),
            leaf("Product", "quote_item_qty", ">=", "2"),
            leaf("Product", "sale", "==", "1"),
            condition_type=f"{CONDITION}Product\\Combine",
            aggregator_type="any",
            value="0",
        ),
    )

    report = await imported(bring_in, rule)

    assert notes(report) == []
    saved = await cart_price_rules.get(database, "sales-rule-7")
    assert saved is not None
    carried = saved.definition
    assert carried.websites == ("main",)
    assert (carried.name, carried.label) == ("Ten percent", "Men save ten")
    assert (str(carried.from_day), str(carried.to_day)) == ("2026-01-01", "2026-12-31")
    assert (carried.priority, carried.coupon_code) == (2, "MEN10")
    assert (carried.uses_per_coupon, carried.uses_per_customer) == (100, 1)
    assert carried.at_most == 4
    assert (carried.step, str(carried.amount)) == (2, "10")
    assert (carried.customer_groups, carried.free_shipping) == ((0, 1), "shipment")
    assert (carried.discards_subsequent, carried.applies_to_shipping) == (True, True)
    assert carried.conditions == {
        "are": True,
        "all": [
            {"attribute": "cart.subtotal", "operator": "at_least", "value": "50"},
            {
                "not_found": "cart.items",
                "all": [
                    {
                        "attribute": "product.category",
                        "operator": "is_one_of",
                        "value": ["men/tops/tees", "gear"],
                    }
                ],
            },
            {
                "sum": "item.quantity",
                "operator": "greater_than",
                "value": "3",
                "any": [
                    {"attribute": "product.sku", "operator": "is_not", "value": "MUG"}
                ],
            },
        ],
    }
    assert carried.item_conditions == {
        "are": False,
        "any": [
            {
                "attribute": "product.category",
                "operator": "is",
                "value": ["gear"],
                "of": "parent",
            },
            {"attribute": "item.quantity", "operator": "at_least", "value": "2"},
            {"attribute": "product.sale", "operator": "is", "value": "1"},
        ],
    }


async def test_a_whole_answer_of_a_search_is_read(
    bring_in: BringIn, shop: Shop
) -> None:
    answer = {"items": [a_rule()], "search_criteria": {}, "total_count": 1}

    report = await imported(bring_in, **{"sales_rules.json": json.dumps(answer)})

    assert notes(report) == []
    assert await shop.value("select key from cart_price_rule") == "sales-rule-7"


async def test_what_a_database_has_serialized_is_read(
    bring_in: BringIn, database: Database
) -> None:
    tree = {
        "type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Combine",
        "attribute": None,
        "operator": None,
        "value": "1",
        "is_value_processed": None,
        "aggregator": "any",
        "conditions": [
            {
                "type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Address",
                "attribute": "country_id",
                "operator": "==",
                "value": "DE",
                "is_value_processed": False,
            }
        ],
    }
    rule = a_rule(
        is_active="0",
        sort_order="3",
        coupon_type="1",
        discount_amount="12.5000",
        conditions_serialized=json.dumps(tree),
    )

    report = await imported(bring_in, rule)

    assert notes(report) == []
    saved = await cart_price_rules.get(database, "sales-rule-7")
    assert saved is not None
    assert not saved.definition.active
    assert str(saved.definition.amount) == "12.5"
    assert saved.definition.conditions == {
        "are": True,
        "any": [{"attribute": "cart.country", "operator": "is", "value": "DE"}],
    }


OF_RULE = "rule 7 (Ten percent)"


@pytest.mark.parametrize(
    ("also", "reason"),
    [
        pytest.param(
            {"condition": combine(leaf("Address", "region_id", "==", "12"))},
            "condition.conditions.0.attribute: the cart's attribute 'region_id' has"
            " no equal here.",
            id="a state by its number",
        ),
        pytest.param(
            {"condition": combine(leaf("Address", "postcode", "<=>", "1"))},
            "condition.conditions.0.operator: the operator '<=>' has no equal here.",
            id="an operator",
        ),
        pytest.param(
            {
                "condition": combine(
                    {
                        "condition_type": "Magento\\CustomerSegment\\Model\\Segment"
                        "\\Condition\\Segment",
                        "operator": "==",
                        "value": "3",
                    }
                )
            },
            "condition.conditions.0: conditions of the type 'Magento",
            id="a type of condition",
        ),
        pytest.param(
            {
                "action_condition": combine(
                    leaf("Product", "category_ids", "()", "23,99")
                )
            },
            "action_condition.conditions.0.value: the category '99' is not in"
            " categories.json.",
            id="a category",
        ),
        pytest.param(
            {"action_condition": combine(leaf("Product", "color", "==", "49"))},
            "action_condition.conditions.0.value: '49' is the number of an option,"
            " not what it says.",
            id="an option by its number",
        ),
        pytest.param(
            {"action_condition": combine(leaf("Product", "weave", "==", "twill"))},
            "item_conditions.all.0.attribute: no condition attribute is called"
            " 'product.weave'.",
            id="an attribute nobody declared",
        ),
        pytest.param(
            {"simple_action": "ampromo_items"},
            "simple_action: the action 'ampromo_items' has no equal here.",
            id="an action",
        ),
        pytest.param(
            {"simple_action": None}, "simple_action: it is missing.", id="no action"
        ),
        pytest.param(
            {"condition": combine(leaf("Product\\Subselect", "qty", ">", "3"))},
            "condition.conditions.0.conditions: it has no conditions, and so never"
            " finds anything.",
            id="a subselection of nothing",
        ),
        pytest.param(
            {
                "condition": combine(
                    {
                        "condition_type": f"{CONDITION}Product\\Found",
                        "aggregator_type": "any",
                        "value": "1",
                    }
                )
            },
            "condition.conditions.0.conditions: it has no conditions, and so never"
            " finds anything.",
            id="any of no conditions",
        ),
        pytest.param(
            {"coupon_type": "SPECIFIC_COUPON"},
            "coupon_type: the rule needs a coupon, and its codes are not here. Add"
            " 'coupon_code'.",
            id="a coupon whose code is elsewhere",
        ),
        pytest.param(
            {"conditions_serialized": 'a:7:{s:4:"type";}'},
            "condition: it is not JSON; older versions of Adobe Commerce wrote PHP.",
            id="a tree of an older version",
        ),
        pytest.param(
            {"conditions_serialized": nested(1500)},
            "condition: it is nested too deeply.",
            id="a tree that has no end",
        ),
        pytest.param(
            {"discount_amount": "much"},
            "amount: 'much' is not a number. Write a number such as 12 or 12.5.",
            id="an amount that is none",
        ),
        pytest.param(
            {"customer_group_ids": [0, 77]},
            "customer_groups.1: there is no customer group '77'.",
            id="a group that is not here",
        ),
    ],
)
async def test_a_rule_that_cannot_be_carried_is_left_out_and_named(
    bring_in: BringIn, shop: Shop, also: Any, reason: str
) -> None:
    report = await imported(bring_in, a_rule(**also), a_rule(rule_id=8, name="Eight"))

    (said,) = notes(report)
    assert said.startswith(f"{OF_RULE} is left out, {reason}")
    keys = await shop.value("select array_agg(key) from cart_price_rule")
    assert keys == ["sales-rule-8"]
    file = report.files[-1]
    assert (file.read, file.added, file.unchanged, file.left_out) == (2, 1, 0, 1)


async def test_a_dry_run_of_rules_that_are_all_left_out_says_so(
    bring_in: BringIn,
) -> None:
    rules = [a_rule(simple_action="ampromo_items"), a_rule(discount_amount="much")]
    files = {"websites.csv": WEBSITES, "sales_rules.json": json.dumps(rules)}

    report = await bring_in(files, dry_run=True)

    assert (report.files[-1].unchanged, report.files[-1].left_out) == (0, 2)
    assert not report.succeeded
    assert str(report).splitlines()[-1] == (
        "Dry run: all of it but 2 of sales_rules.json can be imported. Nothing was"
        " written."
    )


async def test_what_a_rule_says_beside_its_discount_is_left_behind_and_named(
    bring_in: BringIn, shop: Shop
) -> None:
    rule = a_rule(
        website_ids=[1, 2],
        uses_per_customer=1,
        reward_points_delta=5,
        simple_action="cart_fixed",
        discount_step=3,
        store_labels=[{"store_id": 3, "store_label": "Zehn"}],
    )

    report = await imported(bring_in, rule)

    assert notes(report) == [
        f"{OF_RULE}, discount_step: cart_fixed takes no step.",
        f"{OF_RULE}, website_ids: the rule is of 2 websites, and imported for 'main'.",
        f"{OF_RULE}, uses_per_customer: 1 is left behind.",
        f"{OF_RULE}, store_labels.0: of the store view 3, a number.",
        f"{OF_RULE}, reward_points_delta: 5 is left behind.",
    ]
    assert await shop.value("select count(*) from cart_price_rule") == 1


async def test_a_rule_with_generated_coupons_waits_for_others(
    bring_in: BringIn, database: Database
) -> None:
    rule = a_rule(coupon_type="SPECIFIC_COUPON", use_auto_generation=True)

    report = await imported(bring_in, rule)

    (said,) = notes(report)
    assert said.startswith(f"{OF_RULE}, use_auto_generation: its generated codes are")
    saved = await cart_price_rules.get(database, "sales-rule-7")
    assert saved is not None
    assert saved.definition.generated_coupons


@pytest.mark.parametrize(
    ("given", "ships_free"),
    [
        ("0", "none"),
        (1, "items"),
        ("2", "shipment"),
        ("NONE", "none"),
        ("MATCHING_ITEMS_ONLY", "items"),
        ("FREE_WITH_MATCHING_ITEMS", "shipment"),
    ],
)
async def test_free_shipping_is_carried_by_number_or_by_name(
    bring_in: BringIn, database: Database, given: Any, ships_free: str
) -> None:
    rule = a_rule(simple_free_shipping=given, simple_action=None, discount_amount=0)

    report = await imported(bring_in, rule)

    assert notes(report) == []
    saved = await cart_price_rules.get(database, "sales-rule-7")
    assert saved is not None
    assert saved.definition.free_shipping == ships_free


async def test_a_gift_is_carried(bring_in: BringIn, database: Database) -> None:
    rule = a_rule(simple_action="free_gift", gift_sku="MUG, CUP", gift_qty=2)

    await imported(bring_in, rule)

    saved = await cart_price_rules.get(database, "sales-rule-7")
    assert saved is not None
    assert saved.definition.gifts == ("MUG", "CUP")
    assert saved.definition.amount == 2


async def test_rules_that_are_there_already_stay_as_they_are(
    bring_in: BringIn, shop: Shop
) -> None:
    await imported(bring_in, a_rule())

    again = await imported(bring_in, a_rule())
    changed = await imported(bring_in, a_rule(discount_amount=11))

    assert (again.files[-1].added, again.files[-1].changed) == (0, 0)
    assert (changed.files[-1].added, changed.files[-1].changed) == (0, 1)
    assert await shop.value("select version from cart_price_rule") == 2


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(
            "{",
            "sales_rules.json: it is not JSON: Expecting property name",
            id="no JSON",
        ),
        pytest.param(
            "{}", "sales_rules.json, items: it is missing.", id="an object of nothing"
        ),
        pytest.param(
            "[3]", "sales_rules.json, line 1: it is not an object.", id="no rules"
        ),
        pytest.param(
            '{"items": ' + "[" * 100_000,
            "sales_rules.json: it is nested too deeply.",
            id="rules without an end",
        ),
    ],
)
async def test_a_file_that_is_none_is_refused(
    bring_in: BringIn, content: str, fault: str
) -> None:
    report = await imported(bring_in, **{"sales_rules.json": content})

    (found,) = report.faults
    assert str(found).startswith(fault)


async def test_categories_that_are_no_list_are_refused(bring_in: BringIn) -> None:
    report = await imported(bring_in, a_rule(), **{"categories.json": "[{}, 3]"})

    (fault,) = report.faults
    assert str(fault).startswith("sales_rules.json: categories.json is not a list of ")
