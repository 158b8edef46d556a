"""What is true of every cart and every set of cart price rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize import cart_price_rules, money
from gateway.personalize.cart_price_rules import (
    AtMostPer,
    CartDiscounts,
    CartPriceRule,
    FreeShipping,
    GroupApplies,
    Lane,
    Outcome,
    TotalsOf,
)
from gateway.personalize.context import Cart, CartItem, Context, Website
from gateway.personalize.discounts import DISCOUNT_ACTIONS, Step
from tests.factories import (
    a_cart,
    a_cart_price_rule,
    a_context,
    a_product,
    an_item,
)

# A machine that is busy with other tests is no fault of a cart.
property_of = settings(deadline=None, max_examples=60)

SKUS = ("mug", "pot", "pan")

amounts = st.decimals(0, 300, places=2)
prices = st.decimals(-5, 200, places=2) | st.decimals(0, 1, places=4)
quantities = st.integers(1, 12).map(Decimal) | st.decimals("0.1", 3, places=3)


@st.composite
def items(draw: st.DrawFn) -> CartItem:
    price = draw(st.none() | prices)
    product = a_product(draw(st.sampled_from(SKUS)), price)
    if draw(st.integers(0, 4)):
        return an_item(product, draw(quantities))
    return draw(bundles())


@st.composite
def bundles(draw: st.DrawFn) -> CartItem:
    """A bundle that costs what its children do."""
    bundle, count = a_product("kit", None, type="bundle"), draw(st.integers(1, 3))
    skus = draw(st.lists(st.sampled_from(SKUS), min_size=1, max_size=3))
    children = tuple(
        replace(
            an_item(a_product(sku, abs(draw(prices))), draw(st.integers(1, 3)) * count),
            within=bundle,
        )
        for sku in skus
    )
    price = sum((child.row_total for child in children), Decimal(0)) / count
    whole = an_item(bundle, count, price)
    return replace(whole, children=children, sums_children=True)


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    lines = draw(st.lists(items(), max_size=6))
    return a_cart(*lines, shipping=draw(amounts), tax=draw(amounts))


@st.composite
def rules(draw: st.DrawFn, id: int = 1) -> CartPriceRule:
    action = draw(st.sampled_from(list(DISCOUNT_ACTIONS)))
    takes_step = DISCOUNT_ACTIONS[action].step is not Step.UNUSED
    buys = action == "buy_x_get_y"
    step = draw(st.integers(1, 4)) if takes_step else 0
    return a_cart_price_rule(
        f"rule-{id}",
        action,
        draw(st.integers(0, step)) if buys else draw(amounts),
        id=id,
        step=step,
        at_most=draw(st.none() | st.integers(0, 5)),
        at_most_per=draw(st.sampled_from([one.value for one in AtMostPer])),
        most_discount=draw(st.none() | amounts.filter(bool)),
        budget=draw(st.none() | amounts.filter(bool)),
        totals_of=draw(st.sampled_from([one.value for one in TotalsOf])),
        gifts=["mug", "pot"] if DISCOUNT_ACTIONS[action].gives_gifts else [],
        priority=draw(st.integers(0, 3)),
        discards_subsequent=draw(st.booleans()),
        applies_to_shipping=draw(st.booleans()),
        free_shipping=draw(st.sampled_from([one.value for one in FreeShipping])),
        evaluation_group="group",
        lane=draw(st.sampled_from([one.value for one in Lane])),
        group_applies=draw(st.sampled_from([one.value for one in GroupApplies])),
        conditions=draw(st.none() | amounts.map(over)),
        item_conditions=draw(st.none() | st.sampled_from(SKUS).map(of_sku)),
    )


@st.composite
def rule_sets(draw: st.DrawFn) -> tuple[CartPriceRule, ...]:
    count = draw(st.integers(0, 5))
    return in_order([draw(rules(id)) for id in range(1, count + 1)])


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    currency = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    most = draw(st.none() | amounts.map(lambda one: money.rounded(one, 0)))
    website = Website("base", currency=currency, most_discount=most)
    return a_context(draw(carts()), website=website)


def over(amount: Decimal) -> dict[str, Any]:
    attribute = "cart.subtotal_after_discounts"
    return {
        "all": [
            {"attribute": attribute, "operator": "at_least", "value": str(amount)},
        ]
    }


def of_sku(sku: str) -> dict[str, Any]:
    return {"all": [{"attribute": "product.sku", "operator": "is", "value": sku}]}


def in_order(rules: Sequence[CartPriceRule]) -> tuple[CartPriceRule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.order))


def amounts_of(discounts: CartDiscounts) -> tuple[Decimal, ...]:
    return (
        *(line.amount for line in discounts.lines),
        discounts.discount,
        discounts.shipping,
        discounts.shipping_discount,
        discounts.grand_total,
    )


@property_of
@given(contexts(), rule_sets())
def test_amounts_add_up_and_stay_within_what_things_cost(
    context: Context, rules: tuple[CartPriceRule, ...]
) -> None:
    discounts = cart_price_rules.apply(rules, context)

    given_on_items = sum(one.amount for one in discounts.on_items)
    assert sum(line.amount for line in discounts.lines) == discounts.discount
    assert given_on_items == discounts.discount
    for line in discounts.lines:
        if line.children:
            assert sum(child.amount for child in line.children) == line.amount
            assert sum(child.row_total for child in line.children) == line.row_total
            assert all(0 <= child.amount <= child.row_total for child in line.children)
        assert sum(one.amount for one in line.by_rule) == line.amount
        assert 0 <= line.amount <= max(line.row_total, Decimal(0))
        assert all(one.amount > 0 for one in line.by_rule)
    assert 0 <= discounts.shipping_discount <= discounts.shipping
    assert discounts.grand_total >= 0


@property_of
@given(contexts(), rule_sets())
def test_no_more_is_taken_off_than_cap_and_budgets_allow(
    context: Context, rules: tuple[CartPriceRule, ...]
) -> None:
    discounts = cart_price_rules.apply(rules, context)

    cap = context.website.most_discount
    assert cap is None or discounts.total_discount <= cap
    given = (*discounts.on_items, *discounts.on_shipping)
    for rule in rules:
        taken = sum((one.amount for one in given if one.rule_id == rule.id), Decimal(0))
        assert rule.budget is None or taken <= rule.budget


@property_of
@given(contexts(), rule_sets())
def test_every_amount_is_whole_coins(
    context: Context, rules: tuple[CartPriceRule, ...]
) -> None:
    decimals = money.decimals(context.website.currency)

    amounts = amounts_of(cart_price_rules.apply(rules, context))

    assert [money.rounded(amount, decimals) for amount in amounts] == list(amounts)


@property_of
@given(contexts(), rule_sets(), rules(id=9))
def test_a_rule_that_matches_nothing_changes_nothing(
    context: Context, rules: tuple[CartPriceRule, ...], extra: CartPriceRule
) -> None:
    elsewhere = a_cart_price_rule(item_conditions=of_sku("boat"))
    idle = replace(
        extra,
        own_item_condition=elsewhere.item_condition,
        applies_to_shipping=False,
        gifts=(),
    )

    without = cart_price_rules.apply(rules, context)
    with_it = cart_price_rules.apply(in_order([*rules, idle]), context)

    assert with_it == without


@property_of
@given(contexts(), rule_sets())
def test_the_same_input_gives_the_same_output(
    context: Context, rules: tuple[CartPriceRule, ...]
) -> None:
    assert cart_price_rules.apply(rules, context) == cart_price_rules.apply(
        rules, context
    )


@property_of
@given(contexts(), rule_sets())
def test_being_asked_why_changes_nothing(
    context: Context, rules: tuple[CartPriceRule, ...]
) -> None:
    explanation = cart_price_rules.explain(rules, context)

    discounts = explanation.discounts
    assert discounts == cart_price_rules.apply(rules, context)
    assert {one.rule.key for one in explanation.rules} == {one.key for one in rules}
    assert {
        one.rule.key for one in explanation.rules if one.outcome is Outcome.APPLIED
    } == discounts.applied_keys
    for line, steps in zip(discounts.lines, explanation.lines, strict=True):
        assert sum(one.given.amount for one in steps) == line.amount
    on_shipping = sum(one.given.amount for one in explanation.shipping)
    assert on_shipping == discounts.shipping_discount


@property_of
@given(contexts(), amounts)
def test_a_cart_amount_is_given_whole_or_all_that_there_is(
    context: Context, amount: Decimal
) -> None:
    decimals = money.decimals(context.website.currency)
    rule = a_cart_price_rule("off", "cart_fixed", amount)

    discounts = cart_price_rules.apply([rule], context)

    rows = [line.row_total for line in discounts.lines if line.row_total > 0]
    whole = money.rounded(amount, decimals)
    cap = context.website.most_discount
    most = whole if cap is None else min(whole, cap)
    assert discounts.discount == min(most, sum(rows, Decimal(0)))


@property_of
@given(contexts(), rule_sets(), st.randoms(use_true_random=False))
def test_the_order_of_lines_moves_no_more_than_a_coin_for_each_line_and_rule(
    context: Context, rules: tuple[CartPriceRule, ...], random: Any
) -> None:
    lines = list(context.cart.items)
    random.shuffle(lines)
    decimals = money.decimals(context.website.currency)
    # What a rule shares out by units, gifts among them, goes to the first lines first,
    # and a coin decides whether a budget meets it.
    unconditional = [
        replace(rule, condition=a_cart_price_rule().condition, budget=None)
        for rule in rules
        if not rule.gifts and rule.at_most_per is AtMostPer.LINE
    ]

    one = cart_price_rules.apply(unconditional, context)
    shuffled = replace(context, cart=replace(context.cart, items=tuple(lines)))
    other = cart_price_rules.apply(unconditional, shuffled)

    coins = len(rules) * (len(lines) + 1)
    assert abs(one.total_discount - other.total_discount) <= coins * (
        Decimal(1).scaleb(-decimals)
    )
    assert one.applied_keys == other.applied_keys
