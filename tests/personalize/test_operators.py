from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.personalize.operators import (
    OPERATORS,
    Kind,
    Scalar,
    Value,
    Values,
    compare,
    key_of,
    keys_of,
)

TEXT, NUMBER, DATE, BOOLEAN = Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.BOOLEAN
SELECT, MULTISELECT, CATEGORY = Kind.SELECT, Kind.MULTISELECT, Kind.CATEGORY
NINE, TEN = Decimal(9), Decimal(10)
EVE, FEAST = date(2026, 12, 24), date(2026, 12, 25)


def test_the_table_is_adobes() -> None:
    rows = [(row.key, row.symbol, row.label) for row in OPERATORS.values()]

    assert rows == [
        ("is", "==", "Is"),
        ("is_not", "!=", "Is not"),
        ("at_least", ">=", "Equals or greater than"),
        ("at_most", "<=", "Equals or less than"),
        ("greater_than", ">", "Greater than"),
        ("less_than", "<", "Less than"),
        ("contains", "{}", "Contains"),
        ("does_not_contain", "!{}", "Does not contain"),
        ("is_one_of", "()", "Is one of"),
        ("is_not_one_of", "!()", "Is not one of"),
    ]


@pytest.mark.parametrize(
    ("kind", "operators"),
    [
        pytest.param(
            TEXT,
            "is is_not at_least at_most greater_than less_than contains"
            " does_not_contain is_one_of is_not_one_of",
            id="text",
        ),
        pytest.param(
            NUMBER,
            "is is_not at_least at_most greater_than less_than is_one_of is_not_one_of",
            id="number",
        ),
        pytest.param(
            DATE, "is is_not at_least at_most greater_than less_than", id="date"
        ),
        pytest.param(BOOLEAN, "is is_not", id="boolean"),
        pytest.param(SELECT, "is is_not is_one_of is_not_one_of", id="select"),
        pytest.param(
            MULTISELECT,
            "is is_not contains does_not_contain is_one_of is_not_one_of",
            id="multiselect",
        ),
        pytest.param(
            CATEGORY,
            "is is_not contains does_not_contain is_one_of is_not_one_of",
            id="category",
        ),
    ],
)
def test_each_kind_has_its_operators(kind: Kind, operators: str) -> None:
    fitting = [key for key, row in OPERATORS.items() if kind in row.kinds]

    assert fitting == operators.split()


def test_lists_are_wanted_by_two_operators_and_by_two_kinds() -> None:
    wants_list = {
        (key, kind)
        for key, row in OPERATORS.items()
        for kind in row.kinds
        if row.wants_list(kind)
    }

    by_operator = {(key, kind) for key, kind in wants_list if key.endswith("one_of")}
    by_kind = {pair for pair in wants_list if pair[1] in {MULTISELECT, CATEGORY}}
    assert wants_list == by_operator | by_kind
    assert len(by_operator) == 2 * 5
    assert len(by_kind) == 2 * 6


def holding(kind: Kind, actual: Value, wanted: Value) -> set[str]:
    """Return the operators of *kind* that hold, of those that want such a value."""
    return {
        key
        for key, row in OPERATORS.items()
        if kind in row.kinds
        and row.wants_list(kind) is isinstance(wanted, tuple)
        and row.holds(actual, wanted)
    }


SAME = "is at_least at_most"
ABOVE = "is_not at_least greater_than"
BELOW = "is_not at_most less_than"


@pytest.mark.parametrize(
    ("actual", "wanted", "operators"),
    [
        pytest.param("Anna", "Anna", f"{SAME} contains", id="equal"),
        pytest.param(
            "Anna", "anna", "is contains at_most less_than", id="order minds case"
        ),
        pytest.param(
            "anna@shop.example", "SHOP", f"{ABOVE} contains", id="part in any case"
        ),
        pytest.param("Ann", "Anna", f"{BELOW} does_not_contain", id="not its part"),
        pytest.param(
            "STRASSE", "straße", "is contains at_most less_than", id="folded sharp s"
        ),
        pytest.param(
            "ΟΔΥΣΣΕΥΣ", "οδυσσευς", "is contains at_most less_than", id="final sigma"
        ),
        pytest.param(
            "İzmir", "izmir", f"{ABOVE} does_not_contain", id="dotted capital i"
        ),
        pytest.param("10", "9", f"{ABOVE} does_not_contain", id="numeric order"),
        pytest.param("1.0", "1", f"{SAME} contains", id="numeric equality"),
        pytest.param("1E3", "1000", f"{SAME} does_not_contain", id="exponent"),
        pytest.param(" 5\t", "+5.", f"{SAME} does_not_contain", id="spaces and sign"),
        pytest.param("007", "7", f"{SAME} contains", id="leading zeros"),
        pytest.param(
            "24_01", "2401", f"{ABOVE} does_not_contain", id="no underscores in numbers"
        ),
        pytest.param("٣", "3", f"{ABOVE} does_not_contain", id="ascii digits only"),
        pytest.param(
            "1e9999", "1e9999", f"{SAME} contains", id="an absurd number is text"
        ),
        pytest.param(
            "2026-12-24", "2026-12-25", f"{BELOW} does_not_contain", id="no subtraction"
        ),
        pytest.param("", "", f"{SAME} contains", id="both empty"),
        pytest.param("x", "", f"{ABOVE} contains", id="the empty text is everywhere"),
        pytest.param("", "x", f"{BELOW} does_not_contain", id="empty"),
        pytest.param(TEN, "10", f"{SAME} contains", id="a number as text"),
        pytest.param(None, "x", "is_not does_not_contain", id="missing"),
        pytest.param(None, "", "is_not does_not_contain", id="missing is not empty"),
        pytest.param(("a",), "A", "is contains", id="the only one of a list"),
        pytest.param(("a", "b"), "a", "is_not contains", id="one of a list"),
        pytest.param(("ab",), "a", "is_not does_not_contain", id="part of one"),
        pytest.param((), "a", "is_not does_not_contain", id="an empty list"),
        pytest.param("b", ("A", "B"), "is_one_of", id="listed"),
        pytest.param("1.0", ("x", "1"), "is_one_of", id="listed as a number"),
        pytest.param("c", ("A", "B"), "is_not_one_of", id="not listed"),
        pytest.param("", ("A", "B"), "is_not_one_of", id="empty is not listed"),
        pytest.param(None, ("A", "B"), "is_not_one_of", id="missing is not listed"),
        pytest.param(("c", "a"), ("A", "B"), "is_one_of", id="some of a list listed"),
        pytest.param((), ("A", "B"), "is_not_one_of", id="none of an empty list"),
    ],
)
def test_text_compares(actual: Value, wanted: Value, operators: str) -> None:
    assert holding(TEXT, actual, wanted) == set(operators.split())


@pytest.mark.parametrize(
    ("actual", "wanted", "operators"),
    [
        pytest.param(TEN, Decimal("10.00"), SAME, id="equal"),
        pytest.param(TEN, NINE, ABOVE, id="above"),
        pytest.param(NINE, TEN, BELOW, id="below"),
        pytest.param(-TEN, NINE, BELOW, id="negative"),
        pytest.param("10.0", TEN, SAME, id="text that looks like a number"),
        pytest.param("9", TEN, BELOW, id="text below"),
        pytest.param("many", TEN, ABOVE, id="other text is ordered as text"),
        pytest.param(True, Decimal(1), SAME, id="true is 1"),
        pytest.param(None, TEN, "is_not", id="missing"),
        pytest.param(None, Decimal(0), "is_not", id="missing is not zero"),
        pytest.param((TEN,), TEN, "is", id="the only one of a list"),
        pytest.param((TEN, NINE), TEN, "is_not", id="one of a list"),
        pytest.param((), TEN, "is_not", id="an empty list"),
        pytest.param(TEN, (NINE, TEN), "is_one_of", id="listed"),
        pytest.param("10.0", (NINE, TEN), "is_one_of", id="text listed"),
        pytest.param(-TEN, (NINE, TEN), "is_not_one_of", id="not listed"),
        pytest.param(None, (NINE, TEN), "is_not_one_of", id="missing is not listed"),
        pytest.param((TEN,), (NINE, TEN), "is_one_of", id="a list listed"),
    ],
)
def test_numbers_compare(actual: Value, wanted: Value, operators: str) -> None:
    assert holding(NUMBER, actual, wanted) == set(operators.split())


@pytest.mark.parametrize(
    ("actual", "wanted", "operators"),
    [
        pytest.param(EVE, EVE, SAME, id="equal"),
        pytest.param(FEAST, EVE, ABOVE, id="after"),
        pytest.param(EVE, FEAST, BELOW, id="before"),
        pytest.param(date(987, 1, 1), EVE, BELOW, id="a thousand years before"),
        pytest.param("2026-12-24", EVE, SAME, id="as it is stored"),
        pytest.param("2026-12-25", EVE, ABOVE, id="as it is stored, after"),
        pytest.param(None, EVE, "is_not", id="missing"),
        pytest.param((EVE,), EVE, "is", id="the only one of a list"),
        pytest.param((EVE, FEAST), EVE, "is_not", id="one of a list"),
    ],
)
def test_dates_compare(actual: Value, wanted: Value, operators: str) -> None:
    assert holding(DATE, actual, wanted) == set(operators.split())


@pytest.mark.parametrize(
    ("actual", "wanted", "operators"),
    [
        pytest.param(True, True, "is", id="true"),
        pytest.param(False, False, "is", id="false"),
        pytest.param(True, False, "is_not", id="not false"),
        pytest.param(False, True, "is_not", id="not true"),
        pytest.param("1", True, "is", id="1 is true"),
        pytest.param(Decimal(0), False, "is", id="0 is false"),
        pytest.param("", False, "is_not", id="empty is neither"),
        pytest.param(None, False, "is_not", id="missing is not false"),
        pytest.param(None, True, "is_not", id="missing is not true"),
    ],
)
def test_booleans_compare(actual: Value, wanted: Value, operators: str) -> None:
    assert holding(BOOLEAN, actual, wanted) == set(operators.split())


@pytest.mark.parametrize(
    ("actual", "wanted", "operators"),
    [
        pytest.param("Red", "red", "is", id="in any case"),
        pytest.param("red", "blue", "is_not", id="other"),
        pytest.param("dark red", "red", "is_not", id="part"),
        pytest.param("3", "3", "is", id="number of an option"),
        pytest.param(None, "red", "is_not", id="missing"),
        pytest.param(("red",), "Red", "is", id="the only one of a list"),
        pytest.param(("red", "blue"), "red", "is_not", id="one of a list"),
        pytest.param("red", ("Blue", "Red"), "is_one_of", id="listed"),
        pytest.param("red", ("Blue",), "is_not_one_of", id="not listed"),
        pytest.param(None, ("Blue",), "is_not_one_of", id="missing is not listed"),
        pytest.param(("red", "x"), ("Blue", "Red"), "is_one_of", id="some listed"),
    ],
)
def test_choices_compare(actual: Value, wanted: Value, operators: str) -> None:
    assert holding(SELECT, actual, wanted) == set(operators.split())


SOME = "is contains is_one_of"
NONE = "is_not does_not_contain is_not_one_of"


@pytest.mark.parametrize("kind", [MULTISELECT, CATEGORY])
@pytest.mark.parametrize(
    ("actual", "wanted", "operators"),
    [
        pytest.param(("a", "b"), ("B", "c"), SOME, id="an overlap"),
        pytest.param(("a", "b"), ("a", "b"), SOME, id="all"),
        pytest.param(("1.0",), ("1",), SOME, id="an overlap as numbers"),
        pytest.param(("a", "b"), ("c", "d"), NONE, id="no overlap"),
        pytest.param(("gear/tents",), ("gear",), NONE, id="a part of one"),
        pytest.param((), ("a",), NONE, id="empty"),
        pytest.param(None, ("a",), NONE, id="missing"),
        pytest.param("a", ("a", "b"), "contains is_one_of", id="no list, listed"),
        pytest.param("abc", ("b",), "contains is_not_one_of", id="no list, a part"),
        pytest.param(
            "x", ("a",), "does_not_contain is_not_one_of", id="no list, not listed"
        ),
    ],
)
def test_lists_compare(
    kind: Kind, actual: Value, wanted: Value, operators: str
) -> None:
    assert holding(kind, actual, wanted) == set(operators.split())


@pytest.mark.parametrize("actual", [None, "a", ("a",), (), TEN, EVE, True])
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("key", list(OPERATORS))
def test_a_malformed_value_is_false_even_for_a_negative_operator(
    key: str, kind: Kind, actual: Value
) -> None:
    operator = OPERATORS[key]
    wanted: Value = "a" if operator.wants_list(kind) else ("a",)

    assert compare(operator, actual, wanted, kind) is False


@pytest.mark.parametrize("key", ["at_least", "at_most", "greater_than", "less_than"])
@pytest.mark.parametrize("wanted", [None, (), ("a",)])
def test_nothing_is_ordered_against_what_is_no_scalar(key: str, wanted: Value) -> None:
    assert OPERATORS[key].holds("a", wanted) is False


def test_several_values_are_equal_to_the_plain_tuple() -> None:
    values = Values(("b", "a"))

    assert values.keys == {"a", "b"}
    assert hash(values) == hash(("b", "a"))
    assert values == ("b", "a")


@pytest.mark.parametrize(
    ("value", "key"),
    [
        pytest.param("Tent", "tent", id="text"),
        pytest.param("1.50", Decimal("1.5"), id="numeric text"),
        pytest.param(".5", Decimal("0.5"), id="without a leading digit"),
        pytest.param("1-2", "1-2", id="not quite a number"),
        pytest.param("infinity", "infinity", id="infinity is a word"),
        pytest.param("nan", "nan", id="nan is a word"),
        pytest.param(True, Decimal(1), id="true"),
        pytest.param(EVE, "2026-12-24", id="date"),
    ],
)
def test_a_value_has_a_key(value: Scalar, key: Decimal | str) -> None:
    assert key_of(value) == key


def test_a_missing_value_has_no_keys() -> None:
    assert list(keys_of(None)) == []
    assert list(keys_of("A")) == ["a"]
    assert set(keys_of(("A", "a", "1.0"))) == {"a", Decimal(1)}


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4)
scalars = st.text(max_size=8) | numbers | st.booleans() | st.dates()
values = st.none() | scalars | st.lists(scalars, max_size=4).map(tuple)


@given(actual=values, wanted=values)
def test_every_operator_answers_whatever_it_is_asked(
    actual: Value, wanted: Value
) -> None:
    for row in OPERATORS.values():
        assert row.holds(actual, wanted) in {True, False}


@given(actual=scalars, wanted=scalars)
def test_a_negative_operator_is_the_opposite_of_its_positive_one(
    actual: Scalar, wanted: Scalar
) -> None:
    def asked(key: str, value: Value) -> bool:
        return OPERATORS[key].holds(actual, value)

    assert asked("is_not", wanted) is not asked("is", wanted)
    assert asked("does_not_contain", wanted) is not asked("contains", wanted)
    assert asked("greater_than", wanted) is not asked("at_most", wanted)
    assert asked("less_than", wanted) is not asked("at_least", wanted)
    assert asked("is_not_one_of", (wanted,)) is not asked("is_one_of", (wanted,))


@given(actual=values, wanted=st.lists(scalars, max_size=4))
def test_several_values_answer_like_the_plain_tuple(
    actual: Value, wanted: list[Any]
) -> None:
    for row in OPERATORS.values():
        assert row.holds(actual, Values(wanted)) is row.holds(actual, tuple(wanted))


@given(actual=values, wanted=values)
def test_what_needs_a_common_value_has_one_where_it_holds(
    actual: Value, wanted: Value
) -> None:
    for row in OPERATORS.values():
        if row.needs_a_common_value and row.holds(actual, wanted):
            assert set(keys_of(actual)) & set(keys_of(wanted))
