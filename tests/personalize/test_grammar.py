from __future__ import annotations

from typing import Any

import pytest

from gateway.personalize.attributes import Attributes, DeclaredAttribute, Scope
from gateway.personalize.conditions import (
    ALWAYS,
    Aggregate,
    Combination,
    Comparison,
    Condition,
    Found,
    OfLine,
    SameAsMatched,
)
from gateway.personalize.element_lists import LISTS
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Grammar, Limits, parse
from gateway.personalize.operators import Kind, Values
from tests.factories import a_product

ONLY = "Here only carts can be looked at."
ATTRIBUTES = Attributes(
    [
        DeclaredAttribute("product", "colour", Kind.SELECT),
        DeclaredAttribute("product", "new_since", Kind.DATE),
        DeclaredAttribute("product", "eco", Kind.BOOLEAN),
        DeclaredAttribute("product", "cost", Kind.NUMBER, in_conditions=False),
    ]
)
OF_ALL = Grammar(Scope.CONTEXT, frozenset(Scope), frozenset(LISTS), "All goes.")
OF_CARTS = Grammar(
    Scope.CONTEXT,
    frozenset({Scope.CART, Scope.ITEM, Scope.PRODUCT}),
    frozenset({"cart.items"}),
    ONLY,
)
OF_DISPLAY = Grammar(
    Scope.PRODUCT,
    frozenset({Scope.PRODUCT}),
    only="Only products.",
    compares_with_matched=True,
)

SHAPES = "attribute, found, not_found, sum, average, count, all, any"
OBJECT = 'Write {"all": [...]} or {"attribute": ..., "operator": ..., "value": ...}.'
MATCHED = "Write a 'value'; only products to display know a matched product."
NUMBER = "Write a number such as 12 or 12.5."
OF_NUMBERS = (
    "Write one of: at_least, at_most, greater_than, is, is_not, is_not_one_of, "
    "is_one_of, less_than."
)
OF_PRODUCTS = (
    "product.attribute_set, product.category, product.colour, product.eco, "
    "product.name, product.new_since, product.price, product.sku, product.type."
)
LISTED = (
    "Write one of: cart.items, customer.addresses, customer.order_addresses, "
    "customer.orders, products.ordered, products.viewed, wishlist."
)
COUNTED = (
    "Write one of: item.price, item.quantity, item.row_total, order.days_ago, "
    "order.grand_total, order.quantity, ordered.days_ago, ordered.quantity, "
    "viewed.days_ago, viewed.views."
)


def parsed(
    tree: Any, grammar: Grammar = OF_ALL, limits: Limits | None = None
) -> Condition:
    return parse(tree, grammar, ATTRIBUTES, path="conditions", limits=limits)


def problems(
    tree: Any, grammar: Grammar = OF_ALL, limits: Limits | None = None
) -> list[Problem]:
    with pytest.raises(InvalidInput) as refused:
        parsed(tree, grammar, limits)
    return list(refused.value.problems)


def asks(attribute: Any, operator: Any = "is", value: Any = 1) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "value": value}


def all_of(*children: Any) -> dict[str, Any]:
    return {"all": list(children)}


@pytest.mark.parametrize(
    ("tree", "path", "message", "remedy"),
    [
        pytest.param([], "", "a condition is an object.", OBJECT, id="a list"),
        pytest.param("", "", "a condition is an object.", OBJECT, id="an empty text"),
        pytest.param(False, "", "a condition is an object.", OBJECT, id="false"),
        pytest.param(0, "", "a condition is an object.", OBJECT, id="zero"),
        pytest.param(
            all_of(None), ".all.0", "a condition is an object.", OBJECT, id="null"
        ),
        pytest.param(
            all_of({}),
            ".all.0",
            "this is not a condition.",
            f"Write one of the members {SHAPES}.",
            id="an empty object",
        ),
        pytest.param(
            {"alle": []},
            "",
            "this is not a condition.",
            f"Write one of the members {SHAPES}.",
            id="a misspelt combination",
        ),
        pytest.param(
            {"are": False},
            "",
            "this is not a condition.",
            f"Write one of the members {SHAPES}.",
            id="true or false of nothing",
        ),
        pytest.param(
            {"all": [], "any": []},
            "",
            "'all' and 'any' stand together.",
            "Keep one.",
            id="all and any",
        ),
        pytest.param(
            {"all": {"attribute": "cart.lines"}},
            ".all",
            "an object is no list.",
            'Write "all": [...].',
            id="all of an object",
        ),
        pytest.param(
            {"any": "cart.lines"},
            ".any",
            "'cart.lines' is no list.",
            'Write "any": [...].',
            id="any of a text",
        ),
        pytest.param(
            {"all": [], "are": "false"},
            ".are",
            "'false' is neither true nor false.",
            "Write true or false.",
            id="are is a text",
        ),
        pytest.param(
            {"all": [], "are": None},
            ".are",
            "null is neither true nor false.",
            "Write true or false.",
            id="are is null",
        ),
        pytest.param(
            {"all": [], "arre": True},
            ".arre",
            "'arre' is unknown here.",
            "Did you mean 'are'?",
            id="a misspelt member",
        ),
        pytest.param(
            {"all": [], 7: True},
            ".7",
            "7 is unknown here.",
            "Write one of: all, any, are.",
            id="a member that is no text",
        ),
        pytest.param(
            {**asks("cart.lines"), "are": True},
            ".are",
            "'are' is unknown here.",
            "Write one of: attribute, operator, value.",
            id="a comparison that is true",
        ),
        pytest.param(
            {**asks("cart.lines"), "all": []},
            ".all",
            "'all' is unknown here.",
            "Write one of: attribute, operator, value.",
            id="a comparison with children",
        ),
        pytest.param(
            asks("cart.subtotl"),
            ".attribute",
            "no condition attribute is called 'cart.subtotl'.",
            "Did you mean 'cart.subtotal'?",
            id="a misspelt attribute",
        ),
        pytest.param(
            asks("subtotal"),
            ".attribute",
            "no condition attribute is called 'subtotal'.",
            "Did you mean 'cart.subtotal'?",
            id="an attribute without its scope",
        ),
        pytest.param(
            {"found": "cart.items", **all_of(asks("x"))},
            ".all.0.attribute",
            "no condition attribute is called 'x'.",
            "Write one of: item.price, item.quantity, item.row_total, " + OF_PRODUCTS,
            id="an attribute like no other",
        ),
        pytest.param(
            all_of(asks(None)),
            ".all.0.attribute",
            "no condition attribute is called null.",
            "Write one of: cart.country, cart.coupon, cart.coupon_applied, "
            "cart.gift_card, cart.grand_total, cart.hours_since_change, cart.lines, "
            "cart.payment_method, cart.postcode, cart.quantity, cart.region, "
            "cart.shipping and 42 more.",
            id="no attribute",
        ),
        pytest.param(
            {"found": "wishlist", **all_of(asks("product.cost"))},
            ".all.0.attribute",
            "'product.cost' is declared, but not for conditions.",
            "Import its declaration with 'in_conditions' as true.",
            id="an attribute that is not for conditions",
        ),
        pytest.param(
            {"found": "customer.orders", **all_of(asks(["order.status"]))},
            ".all.0.attribute",
            "no condition attribute is called a list.",
            "Write one of: order.country, order.created_at, order.days_ago, "
            "order.grand_total, order.quantity, order.status.",
            id="an attribute that is a list",
        ),
        pytest.param(
            asks("product.sku"),
            ".attribute",
            "'product.sku' cannot be asked here.",
            'Ask it of the elements of a list: {"found": "cart.items", "all": [...]}.',
            id="a product's attribute of the cart",
        ),
        pytest.param(
            asks("item.price"),
            ".attribute",
            "'item.price' cannot be asked here.",
            'Ask it of the elements of a list: {"found": "cart.items", "all": [...]}.',
            id="a line's attribute of the cart",
        ),
        pytest.param(
            asks("order.status"),
            ".attribute",
            "'order.status' cannot be asked here.",
            'Ask it of the elements of a list: {"found": "customer.orders", "all": '
            "[...]}.",
            id="an order's attribute of the customer",
        ),
        pytest.param(
            asks("address.city"),
            ".attribute",
            "'address.city' cannot be asked here.",
            'Ask it of the elements of a list: {"found": "customer.addresses", "all": '
            "[...]}.",
            id="an address's attribute of the customer",
        ),
        pytest.param(
            {"found": "customer.orders", **all_of(asks("cart.lines"))},
            ".all.0.attribute",
            "'cart.lines' cannot be asked here.",
            "Write one of: order.country, order.created_at, order.days_ago, "
            "order.grand_total, order.quantity, order.status.",
            id="the cart's attribute of an order",
        ),
        pytest.param(
            {"found": "wishlist", **all_of(asks("item.price"))},
            ".all.0.attribute",
            "'item.price' cannot be asked here.",
            f"Write one of: {OF_PRODUCTS}",
            id="a line's attribute of a wish",
        ),
        pytest.param(
            {"attribute": "cart.lines", "value": 1},
            ".operator",
            "the operator is missing.",
            OF_NUMBERS,
            id="no operator",
        ),
        pytest.param(
            asks("cart.lines", "at_lest"),
            ".operator",
            "no operator is called 'at_lest'.",
            "Did you mean 'at_least'?",
            id="a misspelt operator",
        ),
        pytest.param(
            asks("cart.lines", ">="),
            ".operator",
            "no operator is called '>='.",
            OF_NUMBERS,
            id="a symbol",
        ),
        pytest.param(
            asks("cart.lines", {"is": 1}),
            ".operator",
            "no operator is called an object.",
            OF_NUMBERS,
            id="an operator that is an object",
        ),
        pytest.param(
            asks("cart.lines", "contains"),
            ".operator",
            "'contains' does not fit a number.",
            OF_NUMBERS,
            id="a part of a number",
        ),
        pytest.param(
            asks("customer.newsletter", "is_one_of", ["yes"]),
            ".operator",
            "'is_one_of' does not fit a boolean.",
            "Write one of: is, is_not.",
            id="one of true and false",
        ),
        pytest.param(
            asks("customer.since", "is_one_of", ["2026-01-01"]),
            ".operator",
            "'is_one_of' does not fit a date.",
            "Write one of: at_least, at_most, greater_than, is, is_not, less_than.",
            id="one of several dates",
        ),
        pytest.param(
            asks("cart.country", "at_least", "DE"),
            ".operator",
            "'at_least' does not fit a select.",
            "Write one of: is, is_not, is_not_one_of, is_one_of.",
            id="an order of options",
        ),
        pytest.param(
            {"attribute": "cart.lines", "operator": "is"},
            ".value",
            "the value to compare with is missing.",
            "Write one.",
            id="no value",
        ),
        pytest.param(
            asks("cart.lines", "is", "many"),
            ".value",
            "'many' is not a number.",
            NUMBER,
            id="a word for a number",
        ),
        pytest.param(
            asks("cart.lines", "is", [1]),
            ".value",
            "a list is not a number.",
            NUMBER,
            id="a list for a number",
        ),
        pytest.param(
            asks("cart.lines", "is", None),
            ".value",
            "null is not a number.",
            NUMBER,
            id="null for a number",
        ),
        pytest.param(
            asks("cart.subtotal", "at_least", "1e15"),
            ".value",
            "'1e15' is too large.",
            "Write a number below 10^15.",
            id="too large a number",
        ),
        pytest.param(
            asks("customer.since", "at_least", "01.02.2026"),
            ".value",
            "'01.02.2026' is not a date.",
            "Write it as year-month-day, such as 2026-12-24.",
            id="no date",
        ),
        pytest.param(
            asks("customer.newsletter", "is", "perhaps"),
            ".value",
            "'perhaps' is neither true nor false.",
            "Write true or false.",
            id="no boolean",
        ),
        pytest.param(
            asks("customer.email", "contains", {"part": "@"}),
            ".value",
            "an object is not text.",
            "Write a text in quotes.",
            id="no text",
        ),
        pytest.param(
            asks("customer.email", "is", "x" * 1001),
            ".value",
            "the text has 1001 characters.",
            "At most 1000 are allowed.",
            id="too long a text",
        ),
        pytest.param(
            asks("customer.email", "is", "a\0"),
            ".value",
            "the text holds a character that is none.",
            "Remove it.",
            id="an unstorable text",
        ),
        pytest.param(
            asks("cart.lines", "is_one_of", [1, "two", 3]),
            ".value.1",
            "'two' is not a number.",
            NUMBER,
            id="one of a list at fault",
        ),
        pytest.param(
            asks("cart.lines", "is_one_of", "1, two"),
            ".value",
            "'two' is not a number.",
            NUMBER,
            id="one of a written list at fault",
        ),
        pytest.param(
            asks("cart.coupon", "is", []),
            ".value",
            "the list is empty.",
            "Write at least one value.",
            id="an empty list",
        ),
        pytest.param(
            asks("cart.coupon", "is", " ; ,"),
            ".value",
            "the list is empty.",
            "Write at least one value.",
            id="a list of separators",
        ),
        pytest.param(
            asks("cart.coupon", "is", None),
            ".value",
            "null is not text.",
            "Write a text in quotes.",
            id="null for a list",
        ),
        pytest.param(
            {"found": "cart"},
            ".found",
            "'cart' is not a list that can be looked into here.",
            LISTED,
            id="an unknown list",
        ),
        pytest.param(
            {"not_found": "wishlst"},
            ".not_found",
            "'wishlst' is not a list that can be looked into here.",
            "Did you mean 'wishlist'?",
            id="a misspelt list",
        ),
        pytest.param(
            {"found": ["wishlist"]},
            ".found",
            "a list is not a list that can be looked into here.",
            LISTED,
            id="a list of lists",
        ),
        pytest.param(
            {"found": "cart.items", **all_of({"found": "wishlist"})},
            ".all.0.found",
            "'wishlist' is not a list that can be looked into here.",
            "Lists do not nest; put it beside this one.",
            id="a list within a list",
        ),
        pytest.param(
            {
                "found": "cart.items",
                **all_of({"sum": "item.quantity", "operator": "is", "value": 1}),
            },
            ".all.0.sum",
            "'cart.items' is not a list that can be looked into here.",
            "Lists do not nest; put it beside this one.",
            id="a sum within a list",
        ),
        pytest.param(
            {"found": "cart.items", "value": 1},
            ".value",
            "'value' is unknown here.",
            "Write one of: all, any, are, found.",
            id="found with a value",
        ),
        pytest.param(
            {"found": "cart.items", "not_found": "wishlist"},
            ".not_found",
            "'not_found' is unknown here.",
            "Did you mean 'found'?",
            id="found and not found",
        ),
        pytest.param(
            {"count": "orders", "operator": "is", "value": 1},
            ".count",
            "'orders' is not a list that can be looked into here.",
            "Did you mean 'customer.orders'?",
            id="a count of an unknown list",
        ),
        pytest.param(
            {"sum": "cart.items", "operator": "is", "value": 1},
            ".sum",
            "'cart.items' is not a number of a list's elements.",
            COUNTED,
            id="a sum of a list",
        ),
        pytest.param(
            {"sum": "product.price", "operator": "is", "value": 1},
            ".sum",
            "'product.price' is not a number of a list's elements.",
            "Did you mean 'item.price'?",
            id="a sum of products",
        ),
        pytest.param(
            {"average": "order.status", "operator": "is", "value": 1},
            ".average",
            "'order.status' is a select, and a number is needed.",
            "Write one of: order.days_ago, order.grand_total, order.quantity.",
            id="an average of words",
        ),
        pytest.param(
            {"average": None, "operator": "is", "value": 1},
            ".average",
            "null is not a number of a list's elements.",
            COUNTED,
            id="an average of nothing",
        ),
        pytest.param(
            {"count": "customer.orders", "value": 1},
            ".operator",
            "the operator is missing.",
            OF_NUMBERS,
            id="a count without an operator",
        ),
        pytest.param(
            {"count": "customer.orders", "operator": "is"},
            ".value",
            "the value to compare with is missing.",
            "Write one.",
            id="a count without a value",
        ),
        pytest.param(
            {"count": "customer.orders", "operator": "is", "value": "few"},
            ".value",
            "'few' is not a number.",
            NUMBER,
            id="a count that is no number",
        ),
        pytest.param(
            {"attribute": "cart.lines", "operator": "is", "same_as_matched": True},
            "",
            "there is no matched product to compare with here.",
            MATCHED,
            id="the same as no product",
        ),
    ],
)
def test_a_fault_is_refused_with_its_path_and_a_remedy(
    tree: Any, path: str, message: str, remedy: str
) -> None:
    assert problems(tree) == [Problem(f"conditions{path}", message, remedy)]


@pytest.mark.parametrize(
    ("tree", "path", "message"),
    [
        pytest.param(
            asks("customer.group", "is", "2"),
            ".attribute",
            "'customer.group' cannot be asked here.",
            id="an attribute",
        ),
        pytest.param(
            {"found": "wishlist"},
            ".found",
            "'wishlist' is not a list that can be looked into here.",
            id="a list",
        ),
        pytest.param(
            {"count": "customer.orders", "operator": "is", "value": 1},
            ".count",
            "'customer.orders' is not a list that can be looked into here.",
            id="a count",
        ),
        pytest.param(
            {"sum": "order.grand_total", "operator": "is", "value": 1},
            ".sum",
            "'customer.orders' is not a list that can be looked into here.",
            id="a sum",
        ),
        pytest.param(
            asks("customer.segment", "is", ["vip"]),
            ".attribute",
            "'customer.segment' cannot be asked here.",
            id="the context itself",
        ),
    ],
)
def test_whoever_asks_for_more_hears_what_is_allowed(
    tree: Any, path: str, message: str
) -> None:
    assert problems(tree, OF_CARTS) == [Problem(f"conditions{path}", message, ONLY)]


def test_nothing_unknown_is_suggested_that_is_not_allowed() -> None:
    assert problems({"found": "customer.order"}, OF_CARTS) == [
        Problem(
            "conditions.found",
            "'customer.order' is not a list that can be looked into here.",
            "Write one of: cart.items.",
        )
    ]
    assert problems({"found": "cart.item"}, OF_DISPLAY) == [
        Problem(
            "conditions.found",
            "'cart.item' is not a list that can be looked into here.",
            "Only products.",
        )
    ]


@pytest.mark.parametrize(
    ("tree", "path", "message", "remedy"),
    [
        pytest.param(
            {"same_as_matched": False},
            ".same_as_matched",
            "'same_as_matched' can only be true.",
            "Write true.",
            id="not the same",
        ),
        pytest.param(
            {"same_as_matched": "yes"},
            ".same_as_matched",
            "'same_as_matched' can only be true.",
            "Write true.",
            id="the same as a word",
        ),
        pytest.param(
            {"same_as_matched": True, "value": 1},
            ".value",
            "'value' is unknown here.",
            "Write one of: attribute, operator, same_as_matched.",
            id="the same and a value",
        ),
        pytest.param(
            {"same_as_matched": True, "percent_of_matched": 110},
            ".percent_of_matched",
            "'percent_of_matched' is unknown here.",
            "Did you mean 'same_as_matched'?",
            id="the same and a percentage",
        ),
        pytest.param(
            {"percent_of_matched": "more"},
            ".percent_of_matched",
            "'more' is not a number.",
            NUMBER,
            id="a percentage that is no number",
        ),
        pytest.param(
            {"percent_of_matched": 0},
            ".percent_of_matched",
            "0 is too small.",
            "Write more than 0.",
            id="no percent",
        ),
        pytest.param(
            {"attribute": "product.sku", "percent_of_matched": 110},
            ".percent_of_matched",
            "only 'product.price' has a percentage.",
            "Write 'same_as_matched': true, or ask 'product.price'.",
            id="a percentage of a SKU",
        ),
        pytest.param(
            {"same_as_matched": True, "operator": "contains"},
            ".operator",
            "'contains' does not fit a number.",
            OF_NUMBERS,
            id="an operator that does not fit",
        ),
        pytest.param(
            {},
            ".value",
            "the value to compare with is missing.",
            "Write one.",
            id="neither",
        ),
    ],
)
def test_a_comparison_with_the_matched_product_is_refused_likewise(
    tree: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    tree = {"attribute": "product.price", "operator": "is", **tree}

    found = problems(tree, OF_DISPLAY)

    assert found == [Problem(f"conditions{path}", message, remedy)]


def test_all_faults_are_named_at_once() -> None:
    tree = {
        "any": [
            asks("cart.subtotl"),
            {
                "found": "cart.items",
                "are": "no",
                "all": [asks("item.price", "contains", "x"), asks("product.sku", "is")],
            },
            {
                "sum": "item.weight",
                "operator": "about",
                "all": [asks("never.read")],
            },
            {"count": "customer.orders", "operator": "is", "value": "x", "al": []},
            {"attribute": "cart.lines", "operator": ">", "valu": 1},
            {"all": [{}], "any": [5]},
            asks("cart.coupon", "is_one_of", [None, "a", True]),
        ],
        "all": [],
        "ar": True,
    }

    assert [(problem.path, problem.message) for problem in problems(tree)] == [
        ("conditions.ar", "'ar' is unknown here."),
        ("conditions", "'all' and 'any' stand together."),
        (
            "conditions.any.0.attribute",
            "no condition attribute is called 'cart.subtotl'.",
        ),
        ("conditions.any.1.are", "'no' is neither true nor false."),
        ("conditions.any.1.all.0.operator", "'contains' does not fit a number."),
        (
            "conditions.any.2.sum",
            "'item.weight' is not a number of a list's elements.",
        ),
        ("conditions.any.2.operator", "no operator is called 'about'."),
        ("conditions.any.2.value", "the value to compare with is missing."),
        ("conditions.any.3.value", "'x' is not a number."),
        ("conditions.any.3.al", "'al' is unknown here."),
        ("conditions.any.4.valu", "'valu' is unknown here."),
        ("conditions.any.4.operator", "no operator is called '>'."),
        ("conditions.any.4.value", "the value to compare with is missing."),
        ("conditions.any.5", "'all' and 'any' stand together."),
        ("conditions.any.5.any.0", "a condition is an object."),
        ("conditions.any.6.value.0", "null is not text."),
        ("conditions.any.6.value.2", "true is not text."),
    ]


def nested(depth: int, inside: Any) -> Any:
    for _ in range(depth):
        inside = all_of(inside)
    return inside


def test_a_tree_nests_only_so_deep() -> None:
    limits = Limits(depth=3)
    leaf = asks("cart.lines")

    parsed(nested(2, leaf), limits=limits)
    assert problems(nested(3, leaf), limits=limits) == [
        Problem(
            "conditions.all.0.all.0.all.0",
            "the tree is nested too deep.",
            "Conditions may nest 3 deep.",
        )
    ]


def test_a_tree_of_any_depth_gets_an_answer() -> None:
    assert [problem.message for problem in problems(nested(50_000, {}))] == [
        "the tree is nested too deep."
    ]


def test_a_tree_has_only_so_many_conditions() -> None:
    limits = Limits(nodes=4)
    leaf = asks("cart.lines")

    parsed(all_of(leaf, leaf, leaf), limits=limits)
    assert problems(all_of(leaf, all_of(leaf, leaf, leaf), leaf), limits=limits) == [
        Problem(
            "conditions.all.1.all.1",
            "the tree has too many conditions.",
            "A tree may have 4 conditions.",
        )
    ]


@pytest.mark.parametrize("key", ["cart.country", "session.country"])
def test_a_country_is_two_letters(key: str) -> None:
    remedy = "Write its two letters, like DE."

    parsed(all_of(asks(key, "is", "de"), asks(key, "is_not_one_of", "DE; at")))
    for value in ("Germany", "", "D1", "DEU"):
        said = f"{value!r} is not a country's code."
        assert problems(all_of(asks(key, "is", value))) == [
            Problem("conditions.all.0.value", said, remedy)
        ]
    assert problems(all_of(asks(key, "is_one_of", ["DE", "Austria", 49]))) == [
        Problem(
            "conditions.all.0.value.1", "'Austria' is not a country's code.", remedy
        ),
        Problem("conditions.all.0.value.2", "49 is not a country's code.", remedy),
    ]


def test_a_list_has_only_so_many_values() -> None:
    limits = Limits(list_values=2)

    parsed(asks("cart.country", "is_one_of", ["DE", "AT"]), limits=limits)
    parsed(asks("cart.country", "is_one_of", "DE, AT"), limits=limits)
    for value in (["DE", "AT", "CH"], "DE, AT, CH"):
        tree = all_of(asks("cart.country", "is_one_of", value))
        assert problems(tree, limits=limits) == [
            Problem(
                "conditions.all.0.value",
                "3 values are too many.",
                "A list may have 2 values.",
            )
        ]


def test_the_usual_limits_are_generous() -> None:
    assert Limits() == Limits(depth=10, nodes=500, list_values=1000)


@pytest.mark.parametrize("tree", [None, {}, {"all": []}, {"any": [], "are": False}])
def test_no_conditions_hold_of_everything(tree: Any) -> None:
    assert parsed(tree) is ALWAYS or parsed(tree) == ALWAYS


def test_a_tree_becomes_a_condition() -> None:
    condition = parsed(
        {
            "any": [
                asks("cart.lines", "at_least", "2"),
                {"not_found": "cart.items", **all_of(asks("product.sku", "is", "mug"))},
                {
                    "count": "customer.orders",
                    "operator": "is",
                    "value": 0,
                    "any": [asks("order.status", "is_one_of", "complete; closed")],
                    "are": False,
                },
            ],
            "are": False,
        }
    )

    assert isinstance(condition, Combination)
    assert (condition.every, condition.are) == (False, False)
    lines, no_mug, no_orders = condition.children
    assert isinstance(lines, Comparison)
    assert (lines.attribute, lines.operator.key, lines.wanted) == (
        "cart.lines",
        "at_least",
        2,
    )
    assert isinstance(no_mug, Found)
    assert not no_mug.found
    assert isinstance(no_mug.condition, OfLine)
    assert isinstance(no_orders, Aggregate)
    assert isinstance(no_orders.condition, Combination)
    (status,) = no_orders.condition.children
    assert isinstance(status, Comparison)
    assert isinstance(status.wanted, Values)
    assert status.wanted == ("complete", "closed")


def test_a_list_of_one_may_be_written_as_a_scalar() -> None:
    for value in ("DE", ["DE"], "DE,", ("DE",)):
        condition = parsed(asks("cart.country", "is_one_of", value))
        assert isinstance(condition, Comparison)
        assert condition.wanted == ("DE",)
    eco = parsed(asks("product.eco", "is", "yes"), OF_DISPLAY)
    assert isinstance(eco, Comparison)
    assert eco.wanted is True


def test_a_comparison_with_the_matched_product_is_read() -> None:
    tree = {
        "attribute": "product.price",
        "operator": "at_least",
        "percent_of_matched": "110",
    }

    condition = parsed(tree, OF_DISPLAY)

    assert isinstance(condition, SameAsMatched)
    assert condition.percent == 110
    bound = condition.bound(a_product(price=50))
    assert isinstance(bound, Comparison)
    assert bound.wanted == 55
