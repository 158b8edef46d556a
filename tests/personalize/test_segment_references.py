"""Segments that ask for other segments."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize import rulebook, segment_references, segments
from gateway.personalize.attributes import Attributes
from gateway.personalize.context import Website
from gateway.personalize.decide import Decision
from gateway.personalize.errors import Problem
from gateway.personalize.rulebook import Fault, Row, Rows, RuleBook
from tests.factories import a_cart, a_comparison, a_context, a_segment, an_item


def asks(*keys: str, operator: str = "is_one_of") -> dict[str, Any]:
    return a_comparison("customer.segment", operator, list(keys))


def a_book(**trees: Any) -> RuleBook:
    """A rule book of segments by key."""
    given = {"name": "Any", "websites": ["base"]}
    rows = [
        Row(id, {**given, "key": key, "conditions": tree})
        for id, (key, tree) in enumerate(trees.items(), start=1)
    ]
    return rulebook.compile(Website("base"), Rows(segments=rows), Attributes())


def keys_in(book: RuleBook, *quantities: int) -> list[str]:
    """Who is in which segments, with a cart of lines of some quantities."""
    cart = a_cart(*(an_item(quantity=quantity) for quantity in quantities))
    return [one.key for one in Decision(a_context(cart), book).segments]


FULL = a_comparison("cart.lines", "at_least", 1)


def test_a_segment_can_ask_for_others_wherever_they_are_listed() -> None:
    book = a_book(
        third=asks("second"),
        second=asks("first"),
        first=FULL,
        others=asks("first", operator="is_not_one_of"),
        other_others=asks("others"),
    )

    assert keys_in(book, 1) == ["third", "second", "first"]
    assert keys_in(book) == ["others", "other_others"]
    assert [one.depth for one in book.segments] == [2, 1, 0, 1, 2]


def test_a_segment_that_is_not_there_has_nobody_in_it() -> None:
    book = a_book(in_it=asks("gone"), not_in_it=asks("gone", operator="is_not_one_of"))

    assert keys_in(book) == ["not_in_it"]


def test_a_broken_segment_has_nobody_in_it() -> None:
    book = a_book(broken={"attribute": "no.such"}, asking=asks("broken"), whole=FULL)

    assert keys_in(book, 1) == ["whole"]
    assert [fault.key for fault in book.faults] == ["broken"]


def test_outside_of_its_days_a_segment_has_nobody_in_it() -> None:
    over = a_segment("over", to="2026-03-09")
    asking = a_segment("asking", conditions=asks("over"))
    otherwise = a_segment("otherwise", conditions=asks("over", operator="is_not"))

    found = segments.match([asking, otherwise, over], a_context())

    assert [one.key for one in found] == ["otherwise"]


def test_circles_that_were_written_by_hand_are_left_out_and_told() -> None:
    book = a_book(
        a=asks("b"),
        b=asks("c"),
        c=asks("a"),
        itself=asks("itself"),
        behind=asks("a", operator="is_not_one_of"),
        sound=FULL,
    )

    assert keys_in(book, 1) == ["behind", "sound"]
    circle = next(fault.reason for fault in book.faults if fault.key == "a")
    assert circle in {
        f"it asks for itself: {way}."
        for way in ("a -> b -> c -> a", "b -> c -> a -> b", "c -> a -> b -> c")
    }
    told = Problem("", "it asks for itself: itself -> itself.")
    assert Fault("segment", "itself", (told,)) in book.faults
    assert len(book.faults) == 4


@pytest.mark.parametrize(
    ("graph", "through", "way"),
    [
        ({}, "x", ("x", "x")),
        ({"a": ["x"]}, "a", ("x", "a", "x")),
        ({"a": ["b", "c"], "b": [], "c": ["x"]}, "a", ("x", "a", "c", "x")),
        ({"a": ["b"], "b": ["a"]}, "a", ()),
        ({"a": ["gone"], "x": ["a"]}, "a", ()),
    ],
)
def test_a_circle_is_told_by_its_way(
    graph: dict[str, list[str]], through: str, way: tuple[str, ...]
) -> None:
    assert segment_references.circle(graph, "x", through) == way


def test_what_is_asked_for_is_found_with_its_path() -> None:
    tree = {
        "any": [
            asks("a", "b"),
            {"attribute": "customer.segment", "operator": "is", "value": "c; d"},
            FULL,
            {"are": False, "all": [asks("a")]},
        ]
    }

    assert list(segment_references.asked(tree)) == [
        ("conditions.any.0.all.0.value.0", "a"),
        ("conditions.any.0.all.0.value.1", "b"),
        ("conditions.any.1.value", "c"),
        ("conditions.any.1.value", "d"),
        ("conditions.any.3.all.0.all.0.value.0", "a"),
    ]
