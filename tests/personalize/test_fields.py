from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.fields import KEY_REMEDY, Fields
from gateway.personalize.products import ProductList

Read = Callable[[Fields], Any]


def problems(given: dict[str, Any], read: Read, path: str = "") -> list[Problem]:
    fields = Fields(given, path)
    read(fields)
    return list(fields.problems)


@pytest.mark.parametrize(
    ("given", "read", "value"),
    [
        pytest.param(
            "summer-sale_1", lambda it: it.key("x"), "summer-sale_1", id="key"
        ),
        pytest.param("a" * 64, lambda it: it.key("x"), "a" * 64, id="longest key"),
        pytest.param("Zelt", lambda it: it.text("x"), "Zelt", id="text"),
        pytest.param(None, lambda it: it.text("x", required=False), "", id="no text"),
        pytest.param(True, lambda it: it.flag("x", default=False), True, id="flag"),
        pytest.param("no", lambda it: it.flag("x", default=True), False, id="no"),
        pytest.param(None, lambda it: it.flag("x", default=True), True, id="default"),
        pytest.param(
            "2026-12-24", lambda it: it.day("x"), date(2026, 12, 24), id="day"
        ),
        pytest.param(None, lambda it: it.day("x"), None, id="no day"),
        pytest.param("", lambda it: it.day("x"), None, id="an empty day"),
        pytest.param("1.5", lambda it: it.number("x"), Decimal("1.5"), id="number"),
        pytest.param(None, lambda it: it.number("x"), None, id="no number"),
        pytest.param(
            "1.2345", lambda it: it.decimal("x"), Decimal("1.2345"), id="fine"
        ),
        pytest.param(None, lambda it: it.decimal("x"), None, id="no decimal"),
        pytest.param(
            "2026-12-24T18:30:00+01:00",
            lambda it: it.instant("x"),
            datetime(2026, 12, 24, 17, 30, tzinfo=UTC),
            id="instant",
        ),
        pytest.param("", lambda it: it.instant("x"), None, id="no instant"),
        pytest.param("de", lambda it: it.country("x"), "DE", id="country"),
        pytest.param("", lambda it: it.country("x"), None, id="no country"),
        pytest.param(
            -1, lambda it: it.number("x", least=None), Decimal(-1), id="negative"
        ),
        pytest.param(20, lambda it: it.whole("x", 5, most=20), 20, id="whole"),
        pytest.param("3.0", lambda it: it.whole("x", 5), 3, id="whole as text"),
        pytest.param(None, lambda it: it.whole("x", 5), 5, id="whole default"),
        pytest.param(
            "UpSell",
            lambda it: it.choice("x", ProductList, ProductList.RELATED),
            ProductList.UPSELL,
            id="choice in any case",
        ),
        pytest.param(
            None,
            lambda it: it.choice("x", ProductList, ProductList.RELATED),
            ProductList.RELATED,
            id="choice default",
        ),
        pytest.param(
            ["related", "UPSELL"],
            lambda it: it.choices("x", ProductList),
            (ProductList.RELATED, ProductList.UPSELL),
            id="choices",
        ),
        pytest.param(None, lambda it: it.choices("x", ProductList), (), id="none"),
        pytest.param(["b", "a"], lambda it: it.keys("x"), ("b", "a"), id="keys"),
        pytest.param(None, lambda it: it.keys("x"), (), id="no keys"),
        pytest.param([0, 3], lambda it: it.wholes("x"), (0, 3), id="wholes"),
        pytest.param([], lambda it: it.wholes("x"), (), id="an empty list"),
        pytest.param(None, lambda it: it.wholes("x"), None, id="no wholes"),
        pytest.param(
            {"de": "Zelt"},
            lambda it: it.texts_by_key("x", longest=9),
            {"de": "Zelt"},
            id="texts by key",
        ),
        pytest.param(
            None, lambda it: it.texts_by_key("x", longest=9), {}, id="no texts"
        ),
        pytest.param({"all": []}, lambda it: it.tree("x"), {"all": []}, id="tree"),
        pytest.param(None, lambda it: it.tree("x"), None, id="no tree"),
        pytest.param(
            ["a", "b"], lambda it: it.texts("x", most=2), ("a", "b"), id="texts"
        ),
    ],
)
def test_a_field_is_read(given: Any, read: Read, value: Any) -> None:
    fields = Fields({"x": given})

    read_value = read(fields)

    fields.finish()
    assert read_value == value


@pytest.mark.parametrize(
    ("given", "read", "problem"),
    [
        pytest.param(
            None,
            lambda it: it.key("x"),
            Problem("x", "it is missing.", "Write a text."),
            id="no key",
        ),
        pytest.param(
            "Summer Sale",
            lambda it: it.key("x"),
            Problem("x", "'Summer Sale' is not a key.", KEY_REMEDY),
            id="no slug",
        ),
        pytest.param(
            "sale\n",
            lambda it: it.key("x"),
            Problem("x", r"'sale\n' is not a key.", KEY_REMEDY),
            id="a line's end",
        ),
        pytest.param(
            "a" * 65,
            lambda it: it.key("x"),
            Problem("x", f"'{'a' * 56}... is not a key.", KEY_REMEDY),
            id="too long a key",
        ),
        pytest.param(
            "",
            lambda it: it.text("x"),
            Problem("x", "it is missing.", "Write a text."),
            id="empty",
        ),
        pytest.param(
            5,
            lambda it: it.text("x"),
            Problem("x", "5 is not text.", "Write a text in quotes."),
            id="no text",
        ),
        pytest.param(
            "abcd",
            lambda it: it.text("x", longest=3),
            Problem("x", "it has 4 characters.", "Write at most 3."),
            id="too long",
        ),
        pytest.param(
            "a\0",
            lambda it: it.text("x"),
            Problem("x", "it holds a character that is none.", "Remove it."),
            id="nul",
        ),
        pytest.param(
            "perhaps",
            lambda it: it.flag("x", default=True),
            Problem(
                "x", "'perhaps' is neither true nor false.", "Write true or false."
            ),
            id="no flag",
        ),
        pytest.param(
            "24.12.2026",
            lambda it: it.day("x"),
            Problem(
                "x",
                "'24.12.2026' is not a date.",
                "Write it as year-month-day, such as 2026-12-24.",
            ),
            id="no day",
        ),
        pytest.param(
            -1,
            lambda it: it.number("x"),
            Problem("x", "-1 is too small.", "Write at least 0."),
            id="too small",
        ),
        pytest.param(
            101,
            lambda it: it.number("x", most=100),
            Problem("x", "101 is too large.", "Write at most 100."),
            id="too large",
        ),
        pytest.param(
            "0.00001",
            lambda it: it.decimal("x"),
            Problem("x", "0.00001 is too fine.", "Write at most 4 decimals."),
            id="too fine",
        ),
        pytest.param(
            "1.5",
            lambda it: it.whole("x", 1),
            Problem("x", "1.5 is not a whole number."),
            id="not whole",
        ),
        pytest.param(
            21,
            lambda it: it.whole("x", 20, least=1, most=20),
            Problem("x", "21 is too large.", "Write at most 20."),
            id="too large a whole",
        ),
        pytest.param(
            "upsel",
            lambda it: it.choice("x", ProductList, ProductList.RELATED),
            Problem("x", "'upsel' is not a choice.", "Did you mean 'upsell'?"),
            id="no choice",
        ),
        pytest.param(
            ["related"],
            lambda it: it.choice("x", ProductList, ProductList.RELATED),
            Problem(
                "x",
                "a list is not a choice.",
                "Write one of: crosssell, related, upsell.",
            ),
            id="a list of choices",
        ),
        pytest.param(
            ["related", 5],
            lambda it: it.choices("x", ProductList),
            Problem(
                "x.1", "5 is not a choice.", "Write one of: crosssell, related, upsell."
            ),
            id="one no choice",
        ),
        pytest.param(
            "a",
            lambda it: it.keys("x"),
            Problem("x", "'a' is not a list.", "Write a list: [...]."),
            id="no list",
        ),
        pytest.param(
            ["a", "B"],
            lambda it: it.keys("x"),
            Problem("x.1", "'B' is not a key.", KEY_REMEDY),
            id="one no key",
        ),
        pytest.param(
            ["a", "a"],
            lambda it: it.keys("x"),
            Problem("x.1", "'a' stands there twice.", "Keep one."),
            id="a key twice",
        ),
        pytest.param(
            [],
            lambda it: it.keys("x", required=True),
            Problem("x", "it is empty.", "Write at least one."),
            id="no key of some",
        ),
        pytest.param(
            [1, True],
            lambda it: it.wholes("x"),
            Problem(
                "x.1",
                "true is not a whole number of 0 to 2147483647.",
                "Write 0 or more.",
            ),
            id="a boolean is no number",
        ),
        pytest.param(
            [2**31],
            lambda it: it.wholes("x"),
            Problem(
                "x.0",
                "2147483648 is not a whole number of 0 to 2147483647.",
                "Write 0 or more.",
            ),
            id="more than the database keeps",
        ),
        pytest.param(
            ["de"],
            lambda it: it.texts_by_key("x", longest=9),
            Problem("x", "it is not an object.", 'Write {"key": "text"}.'),
            id="no object",
        ),
        pytest.param(
            {"DE": "Zelt"},
            lambda it: it.texts_by_key("x", longest=9),
            Problem("x", "'DE' is not a key.", KEY_REMEDY),
            id="no store view",
        ),
        pytest.param(
            {"de": "Zelt"},
            lambda it: it.texts_by_key("x", longest=3),
            Problem("x.de", "it has 4 characters.", "Write at most 3."),
            id="too long a text",
        ),
        pytest.param(
            [],
            lambda it: it.tree("x"),
            Problem("x", "a condition tree is an object.", 'Write {"all": [...]}.'),
            id="no tree",
        ),
        pytest.param(
            ["a", ""],
            lambda it: it.texts("x", most=2),
            Problem("x.1", "it is missing.", "Write a text."),
            id="an empty text",
        ),
        pytest.param(
            ["a", "b"],
            lambda it: it.texts("x", most=1),
            Problem("x", "2 are too many.", "Write at most 1."),
            id="too many texts",
        ),
    ],
)
def test_a_field_at_fault_says_what_to_write(
    given: Any, read: Read, problem: Problem
) -> None:
    assert problems({"x": given}, read) == [problem]


def test_a_fault_leaves_the_default() -> None:
    fields = Fields({"limit": 21, "active": "perhaps", "list": "none"})

    assert fields.whole("limit", 20, least=1, most=20) == 20
    assert fields.flag("active", default=True) is True
    assert fields.choice("list", ProductList, ProductList.UPSELL) is ProductList.UPSELL


def test_every_fault_is_raised_at_once_with_unknown_fields() -> None:
    given: Any = {"key": "A", "naem": "Sale", "limit": 0, 7: True}
    fields = Fields(given)
    fields.key()
    fields.text("name")
    fields.whole("limit", 1, least=1)

    with pytest.raises(InvalidInput) as refused:
        fields.finish()

    assert list(refused.value.problems) == [
        Problem("key", "'A' is not a key.", KEY_REMEDY),
        Problem("name", "it is missing.", "Write a text."),
        Problem("limit", "0 is too small.", "Write at least 1."),
        Problem("naem", "there is no such field.", "Did you mean 'name'?"),
        Problem("7", "there is no such field.", "Write one of: key, limit, name."),
    ]


def test_paths_are_the_callers() -> None:
    def read(fields: Fields) -> None:
        fields.key()
        fields.keys("websites")
        fields.texts_by_key("labels", longest=3)

    given = {"key": "A", "websites": ["B"], "labels": {"de": "Zelt"}}

    paths = [problem.path for problem in problems(given, read, "segments.3")]
    assert paths == [
        "segments.3.key",
        "segments.3.websites.0",
        "segments.3.labels.de",
    ]


@pytest.mark.parametrize("given", [None, [], "key: a", 5], ids=repr)
def test_only_an_object_has_fields(given: Any) -> None:
    with pytest.raises(InvalidInput, match=r"is not an object\. Write \{\.\.\.\}\.$"):
        Fields(given)
