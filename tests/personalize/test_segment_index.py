"""The traps of an index, by name; that it agrees with the walk is a property."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import segments
from gateway.personalize.attributes import Attributes, DeclaredAttribute, Scope
from gateway.personalize.batches import Made
from gateway.personalize.conditions import Comparison, Found
from gateway.personalize.context import Address, Context, Order
from gateway.personalize.operators import OPERATORS, Kind, Value
from gateway.personalize.products import Catalogue
from gateway.personalize.rulebook import RuleBook
from gateway.personalize.schedule import Schedule
from gateway.personalize.segment_index import SegmentIndex
from gateway.personalize.segment_index import index as segment_index
from gateway.personalize.segment_index.bits import places
from gateway.personalize.segment_index.memory import MOST_KEPT
from gateway.personalize.segment_index.thresholds import Threshold, Thresholds
from gateway.personalize.segments import AppliesTo, Segment
from tests.factories import (
    NOW,
    WEBSITE,
    a_cart,
    a_comparison,
    a_context,
    a_customer,
    a_product,
    a_segment,
    an_item,
)

ATTRIBUTES = Attributes(
    [DeclaredAttribute("customer", kind.value, kind) for kind in Kind]
)


def of_customers(key: str, conditions: Any, **also: Any) -> Segment:
    return a_segment(
        key,
        attributes=ATTRIBUTES,
        applies_to="registered",
        conditions=conditions,
        **also,
    )


def with_value(kind: str, value: Value) -> Context:
    return a_context(customer=a_customer(attributes={kind: value}, version=1))


def found(listed: list[Segment], context: Context) -> list[str]:
    """The keys by the index, alone and among others; they must be those of the walk."""
    index = SegmentIndex(listed)
    matched = index.segments(index.mask(context))
    assert matched == segments.match(listed, context)
    together = index.masks(Made([context, a_context(), context]))
    assert [index.segments(mask) for mask in together[::2]] == [matched, matched]
    return [segment.key for segment in matched]


def each(kind: str, compared: Mapping[str, tuple[str, Any]]) -> list[Segment]:
    """A segment for each comparison of one attribute, by its key."""
    return [
        of_customers(key, a_comparison(f"customer.{kind}", operator, value))
        for key, (operator, value) in compared.items()
    ]


def test_a_missing_value_is_accepted_by_negative_operators_only() -> None:
    listed = each(
        "text",
        {
            "is": ("is", "a"),
            "is-not": ("is_not", "a"),
            "at-most": ("at_most", "a"),
            "contains": ("contains", "a"),
            "contains-not": ("does_not_contain", "a"),
            "one-of": ("is_one_of", ["a"]),
            "not-one-of": ("is_not_one_of", ["a"]),
        },
    )

    assert found(listed, with_value("text", None)) == [
        "is-not",
        "contains-not",
        "not-one-of",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.0", ["is-1", "is-01", "at-least-one"]),
        ("10", ["at-least-one", "at-least-9"]),
        ("1a", ["at-least-one"]),
        ("9a", ["at-least-one", "at-least-9"]),
        ("!", []),
    ],
)
def test_numeric_text_is_a_number_beside_numbers_and_text_beside_text(
    value: str, expected: list[str]
) -> None:
    listed = each(
        "text",
        {
            "is-1": ("is", "1"),
            "is-01": ("is_one_of", ["01", "x"]),
            "at-least-one": ("at_least", "1"),
            "at-least-9": ("at_least", "9"),
        },
    )

    assert found(listed, with_value("text", value)) == expected


def test_text_is_equal_without_regard_to_case_and_ordered_with_it() -> None:
    listed = each(
        "text",
        {
            "is": ("is", "STRASSE"),
            "contains": ("contains", "ASS"),
            "more": ("greater_than", "a"),
        },
    )

    assert found(listed, with_value("text", "Straße")) == ["is", "contains"]
    assert found(listed, with_value("text", "straße")) == ["is", "contains", "more"]


def test_a_list_and_a_scalar_never_meet_unless_one_of_is_asked() -> None:
    listed = [
        *each("multiselect", {"list": ("is", ["a"]), "list-not": ("is_not", ["a"])}),
        *each("multiselect", {"list-one-of": ("is_one_of", ["a"])}),
    ]

    assert found(listed, with_value("multiselect", "a")) == ["list-one-of"]
    assert found(listed, with_value("multiselect", ("a", "b"))) == [
        "list",
        "list-one-of",
    ]
    assert found(listed, with_value("multiselect", ())) == ["list-not"]


def test_a_list_of_one_is_that_one_and_a_longer_one_is_not() -> None:
    listed = each("select", {"is": ("is", "a"), "is-not": ("is_not", "a")})

    assert found(listed, with_value("select", ("a",))) == ["is"]
    assert found(listed, with_value("select", ("a", "a"))) == ["is-not"]


def test_dates_are_ordered_as_they_are_written() -> None:
    listed = each(
        "date",
        {
            "before": ("less_than", "2026-03-10"),
            "on": ("is", "2026-03-10"),
            "until": ("at_most", "2026-03-10"),
            "after": ("greater_than", "2026-03-10"),
        },
    )

    assert found(listed, with_value("date", date(2026, 3, 9))) == ["before", "until"]
    assert found(listed, with_value("date", date(2026, 3, 10))) == ["on", "until"]
    assert found(listed, with_value("date", date(2026, 10, 1))) == ["after"]
    # One that was stored as text is compared as it is written there.
    assert found(listed, with_value("date", "2026-3-1")) == ["after"]


@pytest.mark.parametrize("word", ["all", "any"])
@pytest.mark.parametrize("are", [True, False])
def test_a_combination_of_nothing_holds(word: str, *, are: bool) -> None:
    empty = {word: [], "are": are}
    listed = [
        of_customers("empty", empty),
        of_customers("within", {"all": [empty, {"all": [empty], "are": False}]}),
        of_customers("otherwise", {"any": [{"all": [empty], "are": False}, empty]}),
    ]

    assert found(listed, a_context(customer=a_customer())) == ["empty", "otherwise"]


def test_what_fails_together_need_not_fail_alone() -> None:
    pair = [
        a_comparison("customer.multiselect", "contains", [value])["all"][0]
        for value in ("a", "b")
    ]
    listed = [
        of_customers("not-both", {"any": pair, "are": False}),
        of_customers("neither", {"all": pair, "are": False}),
    ]

    assert found(listed, with_value("multiselect", ("a", "b"))) == []
    assert found(listed, with_value("multiselect", ("a", "c"))) == ["not-both"]
    assert found(listed, with_value("multiselect", ("a",))) == ["not-both"]
    assert found(listed, with_value("multiselect", ())) == ["not-both", "neither"]


def test_an_any_that_is_too_large_for_clauses_is_asked_as_it_is() -> None:
    halves = [
        {
            "all": [
                a_comparison("customer.number", "is", number)["all"][0],
                a_comparison("customer.text", "is", str(number))["all"][0],
            ]
        }
        for number in range(7)
    ]
    listed = [
        of_customers("any", {"any": halves}),
        of_customers("none", {"all": halves, "are": False}),
    ]
    both = a_customer(attributes={"number": Decimal(3), "text": "3"})
    half = a_customer(attributes={"number": Decimal(3), "text": "4"})

    assert found(listed, a_context(customer=both)) == ["any"]
    assert found(listed, a_context(customer=half)) == ["none"]


def test_all_that_is_found_in_a_list_is_found_of_one_element() -> None:
    german = a_comparison("address.country", "is", "DE")["all"]
    in_bonn = a_comparison("address.city", "is", "Bonn")["all"]
    listed = [
        of_customers("one", {"found": "customer.addresses", "all": german + in_bonn}),
        of_customers("none", {"not_found": "customer.addresses", "all": german}),
        of_customers("any", {"found": "customer.addresses"}),
        of_customers(
            "two",
            {
                "count": "customer.addresses",
                "operator": "at_least",
                "value": 2,
            },
        ),
    ]
    apart = (Address(country="DE"), Address(country="AT", city="Bonn"))
    together = (Address(country="DE", city="Bonn"),)

    assert found(listed, a_context(customer=a_customer(addresses=apart))) == [
        "any",
        "two",
    ]
    assert found(listed, a_context(customer=a_customer(addresses=together))) == [
        "one",
        "any",
    ]
    assert found(listed, a_context(customer=a_customer())) == ["none"]


def test_a_total_is_over_the_elements_that_fit() -> None:
    recent = a_comparison("order.days_ago", "at_most", 30)
    listed = [
        of_customers(
            "big",
            {"sum": "order.grand_total", "operator": "at_least", "value": 50, **recent},
        ),
        of_customers(
            "none", {"count": "customer.orders", "operator": "is", "value": 0, **recent}
        ),
    ]
    old = Order("complete", date(2025, 1, 1), Decimal(100), Decimal(1))
    new = Order("complete", date(2026, 3, 1), Decimal(49), Decimal(1))

    assert found(listed, a_context(customer=a_customer(orders=(old,)))) == ["none"]
    assert found(listed, a_context(customer=a_customer(orders=(old, new)))) == []
    assert found(listed, a_context(customer=a_customer(orders=(new, new)))) == ["big"]


def test_conditions_on_elements_are_two_where_constants_are_written_differently() -> (
    None
):
    def texts(context: Context) -> tuple[str, ...]:
        return (context.store_view,)

    def at_least(constant: str) -> Found:
        operator = OPERATORS["at_least"]
        compared = Comparison("text", str, operator, Decimal(constant))
        return Found(texts, compared)

    listed = [
        Segment(number, key, AppliesTo.BOTH, at_least(key))
        for number, key in enumerate(("1", "1.0"))
    ]

    # Beside a text, a number is a text, too; and "-" comes before "0".
    assert found(listed, a_context(store_view="1.-")) == ["1"]


def test_a_line_is_asked_by_each_of_its_faces() -> None:
    red = {"colour": "red"}
    child = replace(a_product("tee-red"), attributes=red)
    parent = replace(a_product("tee"), name="Tee")
    wanted = [
        a_comparison("product.sku", "is", "tee")["all"][0],
        a_comparison("product.name", "is", "Tee")["all"][0],
    ]
    listed = [a_segment("tees", conditions={"found": "cart.items", "all": wanted})]

    assert found(listed, a_context(a_cart(an_item(child, parent=parent)))) == ["tees"]
    assert found(listed, a_context(a_cart(an_item(child)))) == []


def test_segments_that_ask_for_others_are_decided_after_them() -> None:
    listed, _ = segments.in_order(
        [
            of_customers("both", a_comparison("customer.segment", "is", ["outer"])),
            of_customers("outer", a_comparison("customer.segment", "is", ["inner"])),
            of_customers(
                "not-inner", a_comparison("customer.segment", "is_not", ["inner"])
            ),
            of_customers("inner", a_comparison("customer.number", "at_least", 5)),
        ]
    )

    assert found(listed, with_value("number", Decimal(5))) == ["both", "outer", "inner"]
    assert found(listed, with_value("number", Decimal(4))) == ["not-inner"]


def test_members_and_schedules_are_minded_whatever_the_conditions_say() -> None:
    never = a_comparison("customer.number", "is", 1)
    over = Schedule(None, NOW)
    listed = [
        replace(of_customers("in", never), included=frozenset({"1"})),
        replace(of_customers("out", None), excluded=frozenset({"1"})),
        replace(
            of_customers("both", None),
            included=frozenset({"1"}),
            excluded=frozenset({"1"}),
        ),
        replace(of_customers("over", None), included=frozenset({"1"}), schedule=over),
        replace(a_segment("visitors", applies_to="visitor"), included=frozenset({"1"})),
    ]

    assert found(listed, a_context(customer=a_customer())) == ["in"]
    assert found(listed, a_context(customer=a_customer("2"))) == ["out", "both"]
    assert found(listed, a_context()) == ["visitors"]
    assert found(listed, a_context(at=NOW - timedelta(seconds=1))) == ["visitors"]
    before = a_context(at=NOW - timedelta(seconds=1), customer=a_customer())
    assert found(listed, before) == ["in", "over"]


def test_the_customer_is_looked_at_anew_once_the_version_or_the_day_has_changed() -> (
    None
):
    young = of_customers("young", a_comparison("customer.age", "less_than", 30))
    rich = of_customers("rich", a_comparison("customer.number", "at_least", 100))
    index = SegmentIndex([young, rich])
    customer = a_customer(
        date_of_birth=date(1996, 3, 11), attributes={"number": Decimal(1)}, version=1
    )
    later = replace(customer, attributes={"number": Decimal(100)}, version=2)
    tomorrow = NOW + timedelta(days=1)

    def keys(context: Context) -> frozenset[str]:
        return index.keys(index.mask(context))

    assert keys(a_context(customer=customer)) == {"young"}
    assert keys(a_context(customer=later)) == {"young", "rich"}
    assert keys(a_context(at=tomorrow, customer=later)) == {"rich"}
    assert keys(a_context(customer=customer)) == {"young"}


def test_what_moves_at_other_instants_than_midnight_is_not_kept() -> None:
    before_one = Comparison(
        "customer.hour",
        lambda context: Decimal(context.at.hour),
        OPERATORS["less_than"],
        Decimal(13),
        frozenset({lambda context: context.at + timedelta(hours=1)}),
        Scope.CUSTOMER,
    )
    index = SegmentIndex([Segment(1, "noon", AppliesTo.BOTH, before_one)])
    customer = a_customer(version=1)

    for hours, keys in ((0, {"noon"}), (1, set())):
        context = a_context(at=NOW + timedelta(hours=hours), customer=customer)

        assert index.keys(index.mask(context)) == keys


def test_nothing_is_kept_of_a_customer_nobody_knows() -> None:
    index = SegmentIndex(each("number", {"one": ("is", 1), "two": ("is", 2)}))

    for number, key in ((1, "one"), (2, "two")):
        unknown = a_customer(attributes={"number": Decimal(number)}, version=0)

        assert index.keys(index.mask(a_context(customer=unknown))) == {key}


def test_the_wishlist_is_looked_up_in_the_catalogue_of_the_moment() -> None:
    wish = {"found": "wishlist", **a_comparison("product.name", "is", "Tent")}
    index = SegmentIndex([of_customers("tents", wish)])
    customer = a_customer(wishlist=("tent",), version=1)
    sold = Catalogue.of([a_product("tent")])
    renamed = Catalogue.of([replace(a_product("tent"), name="Canvas")])

    for catalogue, keys in ((sold, {"tents"}), (renamed, set()), (sold, {"tents"})):
        context = a_context(customer=customer, catalogue=catalogue)

        assert index.keys(index.mask(context)) == keys


def test_no_more_customers_are_kept_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(segment_index, "MOST_KEPT", 2)
    index = SegmentIndex(each("number", {"one": ("is", 1)}))

    for number in range(5):
        index.mask(a_context(customer=a_customer(str(number), version=1)))

    assert list(index._kept) == ["3", "4"]


def test_an_index_answers_in_several_threads_at_once() -> None:
    listed = each("number", {str(number): ("at_least", number) for number in range(40)})
    index = SegmentIndex(listed)
    contexts = [
        a_context(
            customer=a_customer(
                str(number), attributes={"number": Decimal(number)}, version=1
            )
        )
        for number in range(40)
    ]

    with ThreadPoolExecutor(4) as threads:
        counts = list(
            threads.map(lambda one: len(index.segments(index.mask(one))), contexts * 5)
        )

    assert counts == list(range(1, 41)) * 5


def test_masks_too_large_to_be_kept_for_every_constant_are_made_from_others() -> None:
    at_least = frozenset({0, 1})
    thresholds = Thresholds(
        Threshold(Decimal(number), number * 5000, at_least) for number in range(20)
    )

    for number in range(-1, 20):
        held = [5000 * one for one in range(number + 1)]

        assert places(thresholds.at(Decimal(number))) == held
        assert places(thresholds.at(number + Decimal("0.5"))) == held


def test_segments_come_in_the_order_of_the_rule_book() -> None:
    price = a_comparison("cart.subtotal", "at_least", 1)
    several = {"all": [*price["all"], *a_comparison("cart.lines", "is", 1)["all"]]}
    listed = (
        a_segment("c"),
        a_segment("a", conditions=price),
        a_segment("b", conditions=several),
    )
    book = RuleBook(WEBSITE, segments=listed)

    matched = book.segments_of(a_context(a_cart(an_item())))

    assert [segment.key for segment in matched] == ["c", "a", "b"]
    assert RuleBook(WEBSITE).segments_of(a_context()) == ()


def test_many_shoppers_are_decided_together_whatever_their_values() -> None:
    listed = [
        *each("text", {"seven": ("contains", "7"), "none": ("is_not", "text 8")}),
        *each("date", {"from": ("at_least", "2001-01-01")}),
        *each("number", {"more": ("greater_than", "1000.5")}),
        of_customers("of-age", a_comparison("customer.age", "at_least", 18)),
    ]
    values: list[dict[str, Value]] = [
        {
            "text": f"text {number}" if number % 3 else None,
            "date": date(2000, 1, 1) + timedelta(days=number),
            "number": Decimal(number) if number % 5 else Decimal("1000.5"),
        }
        for number in range(3 * MOST_KEPT)
    ]
    contexts = [
        a_context(customer=a_customer(attributes=one, date_of_birth=one["date"]))
        for one in values
    ]
    index = SegmentIndex(listed)

    masks = index.masks(Made(contexts))

    assert [index.segments(mask) for mask in masks] == [
        segments.match(listed, context) for context in contexts
    ]
    assert index.masks(Made([])) == []
