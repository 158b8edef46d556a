from __future__ import annotations

import pytest

from gateway.personalize.products import ProductList
from gateway.personalize.table import Table, suggest


def test_entries_keep_the_order_of_their_definition() -> None:
    table: Table[int] = Table("number")

    table.add("two", 2)
    table.add("one", 1)

    assert list(table.items()) == [("two", 2), ("one", 1)]
    assert len(table) == 2


def test_a_key_is_claimed_once() -> None:
    table: Table[int] = Table("number")
    table.add("one", 1)

    with pytest.raises(ValueError, match=r"^two entries claim the number 'one'$"):
        table.add("one", 1)

    assert dict(table) == {"one": 1}


def test_an_unknown_key_is_a_key_error() -> None:
    table: Table[int] = Table("number")

    with pytest.raises(KeyError):
        table["one"]


WORDS = ["cart.subtotal", "cart.lines", "customer.email"]


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        pytest.param("cart.subtotl", "Did you mean 'cart.subtotal'?", id="misspelt"),
        pytest.param("email", "Did you mean 'customer.email'?", id="its last part"),
        pytest.param(
            "xyz",
            "Write one of: cart.lines, cart.subtotal, customer.email.",
            id="far from all",
        ),
        pytest.param(
            "",
            "Write one of: cart.lines, cart.subtotal, customer.email.",
            id="empty",
        ),
    ],
)
def test_a_neighbour_is_suggested_or_else_all(key: str, remedy: str) -> None:
    assert suggest(key, WORDS) == remedy


def test_all_that_end_in_the_key_are_suggested() -> None:
    words = ["address.country", "cart.country", "order.status"]

    remedy = suggest("country", words)

    assert remedy == "Did you mean 'address.country' or 'cart.country'?"


def test_a_choice_is_suggested_as_it_is_written() -> None:
    assert suggest("upsel", ProductList) == "Did you mean 'upsell'?"


def test_of_many_words_only_twelve_are_listed() -> None:
    words = [f"word{number:02}" for number in range(13)]

    remedy = suggest("", words)

    assert remedy == f"Write one of: {', '.join(words[:12])} and 1 more."
    assert suggest("", words[:12]) == f"Write one of: {', '.join(words[:12])}."


def test_a_key_of_any_length_gets_an_answer() -> None:
    assert suggest("cart.lines" * 100_000, WORDS).startswith("Write one of: ")
