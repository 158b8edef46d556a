"""What a caller may see of an error is one table, and the rest is masked."""

from __future__ import annotations

import pytest
from graphql import GraphQLError

from gateway.personalize.errors import Conflict, NotFound, Problem
from gateway.schema.errors import (
    CATEGORY_OF,
    Category,
    StorefrontError,
    category_of,
    described,
    one_line,
)


class CartNotFound(NotFound):
    """No cart is called that."""


class PaymentRequired(Exception):
    """A kind of error nobody has listed yet."""


def located(origin: Exception) -> GraphQLError:
    return GraphQLError(str(origin), path=["cart"], original_error=origin)


def test_an_error_has_the_category_of_the_nearest_kind_listed() -> None:
    assert category_of(CartNotFound()) is Category.NO_SUCH_ENTITY
    assert category_of(Conflict()) is Category.ALREADY_EXISTS
    assert category_of(StorefrontError("x", Category.AUTHORIZATION)) is (
        Category.AUTHORIZATION
    )
    assert category_of(PaymentRequired()) is None


def test_one_more_kind_of_error_is_one_more_line_in_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(CATEGORY_OF, PaymentRequired, Category.AUTHORIZATION)

    entry = described(located(PaymentRequired("Pay first.")), "id")

    assert entry == {
        "message": "Pay first.",
        "path": ["cart"],
        "extensions": {"category": "graphql-authorization"},
    }


def test_a_masked_error_says_nothing_but_the_request_id() -> None:
    entry = described(located(PaymentRequired("secret")), "id")

    assert entry == {
        "message": "Internal server error",
        "path": ["cart"],
        "extensions": {"category": "internal", "request_id": "id"},
    }


def test_an_exception_that_speaks_like_graphql_is_masked_too() -> None:
    entry = described(located(ValueError("Argument 'x' is secret")), "id")

    assert entry["message"] == "Internal server error"


def test_an_error_raised_with_its_own_category_is_shown() -> None:
    raised = GraphQLError("No.", extensions={"category": "graphql-input", "code": "X"})

    entry = described(located(raised), "id")

    assert entry["message"] == "No."
    assert entry["extensions"] == {"category": "graphql-input", "code": "X"}


def test_problems_without_a_place_are_only_said() -> None:
    entry = described(located(NotFound(Problem("", "There is no 'x'."))), "id")

    assert entry["extensions"] == {"category": "graphql-no-such-entity"}


def test_a_long_message_is_shortened() -> None:
    entry = described(GraphQLError("x" * 10_000), "id")

    assert entry["message"] == "x" * 500 + "…"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("a\nb\r\x1b[31m", r"a\nb\r\x1b[31m"),
        ("Ödön", r"\xd6d\xf6n"),
        ("😀" * 1_000, r"\U0001f600" * 90),
    ],
    ids=["plain", "control characters", "letters", "long"],
)
def test_what_is_logged_is_one_short_line(text: str, line: str) -> None:
    assert one_line(text) == line
