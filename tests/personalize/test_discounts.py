from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from gateway.personalize.discounts import (
    DISCOUNT_ACTIONS,
    Portion,
    Step,
    Terms,
    discount_action,
)


def a_portion(units: str = "1", price: str = "10", discounted: str = "0") -> Portion:
    cost = Decimal(units) * Decimal(price)
    return Portion(
        Decimal(units), Decimal(price), Decimal(discounted), cost - Decimal(discounted)
    )


def proposed(action: str, terms: Terms, *portions: Portion) -> list[Decimal]:
    return list(DISCOUNT_ACTIONS[action].propose(portions, terms))


def proposed_on_shipping(action: str, terms: Terms, *portions: Portion) -> Decimal:
    assert terms.shipping is not None
    return DISCOUNT_ACTIONS[action].on_shipping(portions, terms.shipping, terms)


def test_the_table_holds_adobes_actions() -> None:
    assert list(DISCOUNT_ACTIONS) == [
        "by_percent",
        "by_fixed",
        "cart_fixed",
        "buy_x_get_y",
        "to_percent",
        "to_fixed",
        "free_gift",
    ]


@pytest.mark.parametrize("action", DISCOUNT_ACTIONS.values(), ids=DISCOUNT_ACTIONS)
def test_every_action_describes_itself(action: object) -> None:
    row = DISCOUNT_ACTIONS[getattr(action, "key", "")]

    assert row.label
    assert row.amount
    assert "Adobe Commerce: the " in row.description


def test_two_actions_cannot_claim_one_name() -> None:
    with pytest.raises(
        ValueError, match=r"^two entries claim the discount action 'by_fixed'$"
    ):

        @discount_action("by_fixed", "Twin", "nothing")
        def twin(
            portions: Sequence[Portion],
            terms: Terms,  # noqa: ARG001
        ) -> Sequence[Decimal]:
            return [Decimal(0) for _ in portions]


def test_percentages_compound_on_what_is_left() -> None:
    terms = Terms(Decimal(20))

    assert proposed("by_percent", terms, a_portion(price="100", discounted="10")) == [
        Decimal(18)
    ]


def test_more_than_a_hundred_percent_are_a_hundred() -> None:
    assert proposed("by_percent", Terms(Decimal(150)), a_portion()) == [Decimal(10)]


def test_a_percentage_remains_of_the_price() -> None:
    assert proposed("to_percent", Terms(Decimal(80)), a_portion(price="50")) == [
        Decimal(10)
    ]
    assert proposed("to_percent", Terms(Decimal(120)), a_portion(price="50")) == [
        Decimal(0)
    ]


def test_an_amount_is_taken_off_each_unit_whatever_was_given_before() -> None:
    terms = Terms(Decimal(8))

    assert proposed("by_fixed", terms, a_portion("3", discounted="25")) == [Decimal(24)]


def test_a_fixed_price_remains_for_each_unit() -> None:
    terms = Terms(Decimal(8))

    assert proposed("to_fixed", terms, a_portion("3"), a_portion(price="5")) == [
        Decimal(6),
        Decimal(-3),
    ]


def test_a_budget_is_shared_by_what_the_lines_still_cost() -> None:
    terms = Terms(Decimal(30))
    lines = (a_portion(price="120", discounted="20"), a_portion("2", "50"))

    assert proposed("cart_fixed", terms, *lines) == [Decimal(15), Decimal(15)]


def test_a_budget_is_at_most_what_the_lines_still_cost() -> None:
    terms = Terms(Decimal(50))
    lines = (a_portion(price="10"), a_portion(price="20"))

    assert proposed("cart_fixed", terms, *lines) == [Decimal(10), Decimal(20)]


def test_a_budget_over_nothing_is_nothing() -> None:
    terms = Terms(Decimal(50))

    assert proposed("cart_fixed", terms, a_portion(price="0")) == [Decimal(0)]
    assert proposed("cart_fixed", terms) == []


@pytest.mark.parametrize(
    ("step", "amount", "free"),
    [
        pytest.param(2, 1, {1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 2, 7: 2}, id="2 and 1"),
        pytest.param(3, 2, {4: 1, 5: 2, 8: 2, 9: 3, 10: 4}, id="3 and 2"),
        pytest.param(1, 2, {1: 0, 2: 0, 3: 0, 9: 0}, id="more free than bought"),
        pytest.param(0, 1, {1: 0, 2: 0}, id="nothing bought"),
        pytest.param(2, 0, {2: 0, 3: 0}, id="nothing given"),
    ],
)
def test_so_many_units_are_free(step: int, amount: int, free: dict[int, int]) -> None:
    terms = Terms(Decimal(amount), step)
    lines = [a_portion(str(units), "1") for units in free]

    assert proposed("buy_x_get_y", terms, *lines) == list(free.values())


@pytest.mark.parametrize(
    ("action", "amount", "step", "off"),
    [
        pytest.param("by_percent", "10", 0, "0.8", id="percent of what is left"),
        pytest.param("to_percent", "90", 0, "0.8", id="to percent of what is left"),
        pytest.param("by_fixed", "3", 0, "3", id="the amount once more"),
        pytest.param("to_fixed", "3", 0, "7", id="down to the amount"),
        pytest.param("cart_fixed", "24", 0, "4", id="a share of the budget"),
        pytest.param("buy_x_get_y", "1", 3, "2.5", id="a share for each free unit"),
    ],
)
def test_shipping_is_discounted_by_its_own_formula(
    action: str, amount: str, step: int, off: str
) -> None:
    shipping = a_portion(price="10", discounted="2")
    terms = Terms(Decimal(amount), step, shipping, cart_quantity=Decimal(4))
    lines = (a_portion("4"),)

    assert proposed_on_shipping(action, terms, *lines) == Decimal(off)


def test_a_line_needs_a_whole_step() -> None:
    admitted = {
        step: [
            quantity for quantity in range(1, 7) if step.admits(Decimal(quantity), 3)
        ]
        for step in Step
    }

    assert admitted == {
        Step.UNUSED: [1, 2, 3, 4, 5, 6],
        Step.MULTIPLES: [3, 4, 5, 6],
        Step.BOUGHT: [4, 5, 6],
    }


def test_only_whole_multiples_of_a_step_count() -> None:
    assert Step.MULTIPLES.units(Decimal(7), 3) == 6
    assert Step.MULTIPLES.units(Decimal(7), 0) == 7
    assert Step.BOUGHT.units(Decimal(7), 3) == 7
