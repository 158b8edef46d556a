from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.personalize import money
from gateway.personalize.money import Carry

COINS = st.decimals(0, 100_000, places=2)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        pytest.param("USD", 2, id="dollar"),
        pytest.param("eur", 2, id="lower case"),
        pytest.param("JPY", 0, id="yen"),
        pytest.param("KWD", 3, id="kuwaiti dinar"),
        pytest.param("CLF", 4, id="unidad de fomento"),
        pytest.param("???", 2, id="unknown"),
    ],
)
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, decimals: int) -> None:
    assert money.decimals(currency) == decimals


@pytest.mark.parametrize(
    ("amount", "decimals", "coins"),
    [
        pytest.param("0.125", 2, "0.13", id="half goes up"),
        pytest.param("-0.125", 2, "-0.13", id="half goes away from zero"),
        pytest.param("0.1249", 2, "0.12", id="less than half goes down"),
        pytest.param("2.5", 0, "3", id="yen have no decimals"),
        pytest.param("2.0005", 3, "2.001", id="dinars have three"),
        pytest.param("7", 2, "7.00", id="whole amounts show their decimals"),
    ],
)
def test_half_a_coin_is_rounded_away_from_zero(
    amount: str, decimals: int, coins: str
) -> None:
    assert str(money.rounded(Decimal(amount), decimals)) == coins


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        pytest.param("10", ["9.99"] * 3, ["3.33", "3.34", "3.33"], id="thirds"),
        pytest.param("30", ["100", "50", "50"], ["15.00", "7.50", "7.50"], id="even"),
        pytest.param("0.01", ["1", "1", "1"], ["0.00", "0.01", "0.00"], id="one coin"),
        pytest.param("5", ["0", "2"], ["0.00", "5.00"], id="a weightless part"),
        pytest.param("5", ["0", "0"], ["0.00", "0.00"], id="nothing weighs"),
        pytest.param("5", [], [], id="nobody is there"),
    ],
)
def test_an_amount_is_split_to_the_last_coin(
    amount: str, weights: list[str], parts: list[str]
) -> None:
    split = money.split(Decimal(amount), [Decimal(one) for one in weights], 2)

    assert [str(part) for part in split] == parts


@given(st.lists(COINS, min_size=1, max_size=30), st.data())
def test_the_parts_add_up_and_none_exceeds_its_weight(
    weights: list[Decimal], data: st.DataObject
) -> None:
    most = sum(weights)
    amount = data.draw(st.decimals(0, most, places=2)) if most else Decimal(0)

    parts = money.split(amount, weights, 2)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


def test_what_rounding_leaves_is_carried_to_the_next_amount_of_its_kind() -> None:
    carry = Carry(2)
    one_tenth = Decimal("0.105")

    amounts = [carry.rounded(one_tenth, "10", most=Decimal(1)) for _ in range(4)]
    other_kind = carry.rounded(one_tenth, "20", most=Decimal(1))

    assert amounts == [Decimal(text) for text in ("0.11", "0.10", "0.11", "0.10")]
    assert other_kind == Decimal("0.11")


def test_what_a_line_cannot_take_is_carried_too() -> None:
    carry = Carry(2)

    first = carry.rounded(Decimal(3), "10", most=Decimal(2))
    second = carry.rounded(Decimal(3), "10", most=Decimal(9))

    assert (first, second) == (Decimal(2), Decimal(4))


def test_a_carried_debt_never_makes_an_amount_negative() -> None:
    carry = Carry(2)

    first = carry.rounded(Decimal("0.005"), "10", most=Decimal(1))
    second = carry.rounded(Decimal(0), "10", most=Decimal(1))

    assert (first, second) == (Decimal("0.01"), Decimal(0))
