from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize import segments
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.context import Context
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.operators import Kind
from gateway.personalize.segments import AppliesTo, SegmentDefinition
from tests.factories import (
    a_cart,
    a_comparison,
    a_context,
    a_customer,
    a_product,
    a_segment,
    an_item,
)

OF_VISITORS = (
    "A segment that considers visitors can only look at the cart, its products, the "
    "session, products viewed and other segments; set applies_to to 'registered' to "
    "look at customers."
)
OF_CUSTOMERS = (
    "A segment can look at the cart, the session, the customer, addresses, orders, "
    "wishlist, products viewed or ordered and other segments."
)
GIVEN = {"key": "campers", "name": "Campers", "websites": ["base"]}


@pytest.mark.parametrize(
    ("applies_to", "visitor", "customer"),
    [("visitor", True, False), ("registered", False, True), ("both", True, True)],
)
def test_a_segment_considers_those_it_applies_to(
    applies_to: str, *, visitor: bool, customer: bool
) -> None:
    segment = a_segment(applies_to=applies_to)

    assert segment.matches(a_context()) is visitor
    assert segment.matches(a_context(customer=a_customer())) is customer


def test_a_segment_holds_of_whom_its_conditions_hold() -> None:
    segment = a_segment(conditions=a_comparison("cart.subtotal", "at_least", 50))

    assert not segment.matches(a_context())
    assert not segment.matches(a_context(a_cart(an_item(price="49.99"))))
    assert segment.matches(a_context(a_cart(an_item(price=50))))
    assert segment.matches(a_context(a_cart(an_item(price=50)), customer=a_customer()))


def test_a_visitors_segment_ends_at_login() -> None:
    cart = a_cart(an_item(a_product("tent")))
    segment = a_segment(
        applies_to="visitor",
        conditions={"found": "cart.items", **a_comparison("product.sku", "is", "tent")},
    )

    assert segment.matches(a_context(cart))
    assert not segment.matches(a_context(cart, customer=a_customer()))


def test_a_segment_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        segments.read({**GIVEN, "from": "2026-03-11", "to": "2026-03-10"})

    assert refused.value.problems == (
        Problem("to", "2026-03-10 is before 2026-03-11.", "Write the later day here."),
    )


@pytest.mark.parametrize(
    ("customer_id", "in_it"),
    [("1", True), ("2", False), ("3", False), ("4", False), ("5", True)],
    ids=["included", "excluded", "both", "of another website", "by condition"],
)
def test_members_by_hand_come_before_conditions(
    customer_id: str, *, in_it: bool
) -> None:
    definition = segments.read(
        {
            **GIVEN,
            "websites": ["base", "us"],
            "applies_to": "registered",
            "conditions": a_comparison("customer.newsletter", "is", value=True),
            "include": {"base": ["1", "3"], "us": ["4"]},
            "exclude": {"base": ["2", "3"], "us": ["5"]},
        }
    )
    segment = segments.compile(definition, Attributes(), website="base")
    subscribed = customer_id in {"2", "5"}

    customer = a_customer(customer_id, newsletter=subscribed)

    assert segment.matches(a_context(customer=customer)) is in_it


def test_members_by_hand_are_members_on_its_days_only() -> None:
    definition = segments.read(
        {**GIVEN, "to": "2026-03-09", "include": {"base": ["1"]}}
    )
    segment = segments.compile(definition, Attributes(), website="base")

    assert not segment.matches(a_context(customer=a_customer("1")))


@pytest.mark.parametrize(
    ("also", "problem"),
    [
        pytest.param(
            {"applies_to": "visitor", "include": {"base": ["1"]}},
            Problem(
                "include",
                "a segment of visitors has no customers in it.",
                "Leave it out, or set applies_to to 'registered' or 'both'.",
            ),
            id="visitors",
        ),
        pytest.param(
            {"applies_to": "both", "keeps_after_login": True},
            Problem(
                "keeps_after_login",
                "only a segment of visitors ends at the login.",
                "Leave it out, or set applies_to to 'visitor'.",
            ),
            id="customers who log in",
        ),
        pytest.param(
            {"exclude": {"us": ["1"]}},
            Problem(
                "exclude.us",
                "the segment is not of the website 'us'.",
                "Leave it out, or add the website to 'websites'.",
            ),
            id="another website",
        ),
        pytest.param(
            {"include": ["1"]},
            Problem("include", "a list is not an object.", "Write {...}."),
            id="a list",
        ),
        pytest.param(
            {"include": {"base": "1"}},
            Problem("include.base", "'1' is not a list.", "Write a list: [...]."),
            id="one id",
        ),
        pytest.param(
            {"include": {"base": [1]}},
            Problem("include.base.0", "1 is not text.", "Write a text in quotes."),
            id="a number",
        ),
        pytest.param(
            {"include": {"base": [""]}},
            Problem("include.base.0", "it is missing.", "Write a text."),
            id="nothing",
        ),
        pytest.param(
            {"include": {"base": ["1"] * 10_001}},
            Problem("include.base", "10001 are too many.", "Write at most 10000."),
            id="too many in a list",
        ),
        pytest.param(
            {
                "include": {"base": ["1"] * 5_000},
                "exclude": {"base": ["2"] * 5_001},
            },
            Problem(
                "include",
                "with 'exclude', 10001 customers are too many.",
                "Write at most 10000 in both together.",
            ),
            id="too many in all",
        ),
    ],
)
def test_members_by_hand_are_refused_with_path_and_remedy(
    also: dict[str, Any], problem: Problem
) -> None:
    with pytest.raises(InvalidInput) as refused:
        segments.read({**GIVEN, **also})

    assert refused.value.problems == (problem,)


def test_matching_keeps_the_order_of_the_segments() -> None:
    third, first, second = (
        a_segment("third"),
        a_segment("first", applies_to="registered"),
        a_segment("second", applies_to="visitor"),
    )

    matched = segments.match([third, first, second], a_context())

    assert matched == (third, second)


CUSTOMERS: dict[str, dict[str, Any]] = {
    "customer": {"attribute": "customer.group", "operator": "is", "value": "2"},
    "custom attribute": {
        "attribute": "customer.hobby",
        "operator": "is",
        "value": "climbing",
    },
    "wishlist": {"found": "wishlist"},
    "addresses": {"not_found": "customer.addresses"},
    "orders": {"count": "customer.orders", "operator": "is", "value": 0},
    "sales": {"sum": "order.grand_total", "operator": "at_least", "value": 100},
    "ordered": {"not_found": "products.ordered"},
}
PATHS = {
    "customer": "attribute",
    "custom attribute": "attribute",
    "wishlist": "found",
    "addresses": "not_found",
    "orders": "count",
    "sales": "sum",
    "ordered": "not_found",
}
HOBBY = Attributes([DeclaredAttribute("customer", "hobby", Kind.SELECT)])


@pytest.mark.parametrize("asked", list(CUSTOMERS))
@pytest.mark.parametrize("applies_to", ["visitor", "both"])
def test_what_visitors_cannot_have_is_refused(applies_to: str, asked: str) -> None:
    conditions = {"all": [{"any": [CUSTOMERS[asked]]}]}

    with pytest.raises(InvalidInput) as refused:
        a_segment(attributes=HOBBY, applies_to=applies_to, conditions=conditions)

    key = next(iter(CUSTOMERS[asked].values()))
    if asked == "sales":
        key = "customer.orders"
    message = {
        "attribute": f"{key!r} cannot be asked here.",
    }.get(PATHS[asked], f"{key!r} is not a list that can be looked into here.")
    path = f"conditions.all.0.any.0.{PATHS[asked]}"
    assert list(refused.value.problems) == [Problem(path, message, OF_VISITORS)]


@pytest.mark.parametrize("asked", list(CUSTOMERS))
def test_what_customers_have_is_allowed_for_registered_customers(asked: str) -> None:
    segment = a_segment(
        attributes=HOBBY, applies_to="registered", conditions=CUSTOMERS[asked]
    )

    assert not segment.matches(a_context())


@pytest.mark.parametrize("applies_to", ["visitor", "registered", "both"])
def test_the_cart_and_its_products_are_open_to_all(applies_to: str) -> None:
    attributes = Attributes([DeclaredAttribute("product", "colour", Kind.SELECT)])
    segment = a_segment(
        attributes=attributes,
        applies_to=applies_to,
        conditions={
            "all": [
                {"attribute": "cart.lines", "operator": "is", "value": 1},
                {"sum": "item.quantity", **is_at_least(2), **colour("Red")},
                {"found": "cart.items", **colour("red")},
            ]
        },
    )
    customer = a_customer() if applies_to == "registered" else None
    red = a_product(attributes={"colour": "red"})

    def shopping(quantity: int) -> Context:
        return a_context(a_cart(an_item(red, quantity)), customer=customer)

    assert segment.matches(shopping(2))
    assert not segment.matches(shopping(1))


def is_at_least(value: int) -> dict[str, Any]:
    return {"operator": "at_least", "value": value}


def colour(value: str) -> dict[str, Any]:
    return a_comparison("product.colour", "is", value)


def test_customers_are_told_apart_by_their_own_attributes() -> None:
    segment = a_segment(
        attributes=Attributes([DeclaredAttribute("customer", "points", Kind.NUMBER)]),
        applies_to="registered",
        conditions=a_comparison("customer.points", "at_least", 100),
    )

    def having(**attributes: Any) -> Context:
        return a_context(customer=a_customer(attributes=attributes))

    assert segment.matches(having(points=Decimal(100)))
    assert not segment.matches(having(points=Decimal(99)))
    assert not segment.matches(having())


def test_a_definition_has_defaults() -> None:
    assert segments.read(GIVEN) == SegmentDefinition(
        key="campers",
        name="Campers",
        websites=("base",),
        description="",
        active=True,
        applies_to=AppliesTo.BOTH,
        conditions=None,
    )


def test_a_definition_is_read() -> None:
    tree = a_comparison("cart.lines", "is", 1)
    given = {
        **GIVEN,
        "description": "They sleep outside.",
        "active": False,
        "applies_to": "VISITOR",
        "conditions": tree,
    }

    assert segments.read(given) == SegmentDefinition(
        key="campers",
        name="Campers",
        websites=("base",),
        description="They sleep outside.",
        active=False,
        applies_to=AppliesTo.VISITOR,
        conditions=tree,
    )


def test_every_field_at_fault_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        segments.read(
            {
                "key": "No Key",
                "websites": [],
                "active": "perhaps",
                "applies_to": "guest",
                "conditions": [],
                "condition": {},
            }
        )

    assert [problem.path for problem in refused.value.problems] == [
        "key",
        "name",
        "websites",
        "active",
        "applies_to",
        "conditions",
        "condition",
    ]
