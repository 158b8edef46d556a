from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.attributes import Attributes, Scope
from gateway.personalize.clocks import Clock
from gateway.personalize.conditions import (
    ALWAYS,
    NEVER,
    Combination,
    Comparison,
    Condition,
    Found,
    SameAsMatched,
)
from gateway.personalize.context import Address, Order
from gateway.personalize.element_lists import LISTS
from gateway.personalize.grammar import Grammar, parse
from gateway.personalize.operators import OPERATORS
from gateway.personalize.products import Catalogue, Product
from tests.factories import a_cart, a_context, a_customer, a_product, an_item

ANY = Grammar(Scope.CONTEXT, frozenset(Scope), frozenset(LISTS))
OF_PRODUCTS = Grammar(
    Scope.PRODUCT, frozenset({Scope.PRODUCT}), compares_with_matched=True
)


def a_condition(tree: dict[str, Any], grammar: Grammar = ANY) -> Condition:
    return parse(tree, grammar, Attributes(), path="conditions")


def asks(attribute: str, operator: str, value: Any) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "value": value}


def an_order(total: int = 100, *, status: str = "complete", quantity: int = 1) -> Order:
    return Order(status, date(2026, 1, 15), Decimal(total), Decimal(quantity))


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize("are", [True, False])
def test_a_combination_of_nothing_holds(every: bool, are: bool) -> None:  # noqa: FBT001
    assert Combination(every, (), are).holds(a_context())


def test_a_combination_asks_no_more_than_it_must() -> None:
    class Never:
        clocks = frozenset[Clock]()

        def holds(self, subject: Any) -> bool:
            raise AssertionError(subject)

        def bound(self, matched: Product) -> Condition:
            raise AssertionError(matched)

    assert not Combination(every=True, children=(NEVER, Never())).holds(None)
    assert Combination(every=False, children=(ALWAYS, Never())).holds(None)
    assert not Combination(every=True, children=(ALWAYS, Never()), are=False).holds(
        None
    )
    assert Combination(every=False, children=(NEVER, Never()), are=False).holds(None)


def test_combinations_nest() -> None:
    condition = a_condition(
        {
            "any": [
                {
                    "all": [
                        asks("cart.subtotal", "at_least", 50),
                        asks("cart.lines", "less_than", 2),
                    ]
                },
                {"all": [asks("cart.country", "is_one_of", "DE, AT")], "are": False},
            ]
        }
    )
    to_germany = Address(country="DE")

    small = a_context(a_cart(an_item("mug"), address=to_germany))
    large = a_context(a_cart(an_item("tent", price=60), address=to_germany))
    assert not condition.holds(small)
    assert condition.holds(large)
    assert condition.holds(a_context())


def test_found_asks_everything_of_the_same_line() -> None:
    condition = a_condition(
        {
            "found": "cart.items",
            "all": [
                asks("product.sku", "is", "tent"),
                asks("item.quantity", "at_least", 2),
            ],
        }
    )

    apart = a_context(a_cart(an_item("tent"), an_item("mug", 2)))
    together = a_context(a_cart(an_item("tent", 2), an_item("mug")))
    assert not condition.holds(apart)
    assert condition.holds(together)


def test_not_found_holds_of_an_empty_cart() -> None:
    condition = a_condition(
        {"not_found": "cart.items", "all": [asks("product.sku", "is", "tent")]}
    )

    assert condition.holds(a_context())
    assert condition.holds(a_context(a_cart(an_item("mug"))))
    assert not condition.holds(a_context(a_cart(an_item("mug"), an_item("tent"))))


def test_found_without_conditions_holds_of_any_element() -> None:
    condition = a_condition({"found": "cart.items"})

    assert not condition.holds(a_context())
    assert condition.holds(a_context(a_cart(an_item("mug"))))


def test_a_wishlist_is_looked_up_in_the_catalogue() -> None:
    condition = a_condition(
        {"found": "wishlist", "all": [asks("product.price", "at_least", 100)]}
    )
    catalogue = Catalogue.of([a_product("tent", 199), a_product("mug", 9)])

    def wishing(*skus: str) -> bool:
        customer = a_customer(wishlist=skus)
        return condition.holds(a_context(customer=customer, catalogue=catalogue))

    assert wishing("mug", "tent")
    assert not wishing("mug", "gone")
    assert not condition.holds(a_context(catalogue=catalogue))


def test_what_is_asked_of_an_address_holds_of_one_address() -> None:
    condition = a_condition(
        {
            "found": "customer.addresses",
            "all": [
                asks("address.country", "is", "DE"),
                asks("address.city", "contains", "berg"),
                asks("address.default_shipping", "is", "yes"),
            ],
        }
    )
    nuremberg = Address(country="DE", city="Nürnberg", default_shipping=True)
    elsewhere = Address(country="FR", city="Strasbourg", default_shipping=True)
    not_default = Address(country="DE", city="Heidelberg")

    def living(*addresses: Address) -> bool:
        return condition.holds(a_context(customer=a_customer(addresses=addresses)))

    assert living(elsewhere, nuremberg)
    assert not living(elsewhere, not_default)
    assert not living()
    assert not condition.holds(a_context())


@pytest.mark.parametrize(
    ("aggregate", "operator", "value", "holds"),
    [
        pytest.param({"count": "customer.orders"}, "is", 3, True, id="count"),
        pytest.param({"sum": "order.grand_total"}, "is", 450, True, id="sum"),
        pytest.param({"average": "order.grand_total"}, "is", 150, True, id="average"),
        pytest.param({"sum": "order.quantity"}, "is", 6, True, id="quantity"),
        pytest.param({"count": "customer.orders"}, "less_than", 3, False, id="not"),
        pytest.param(
            {"count": "customer.orders"}, "is_one_of", [1, 3], True, id="listed"
        ),
    ],
)
def test_an_aggregate_compares(
    aggregate: dict[str, Any], operator: str, value: Any, *, holds: bool
) -> None:
    orders = tuple(an_order(total, quantity=2) for total in (100, 150, 200))
    condition = a_condition({**aggregate, "operator": operator, "value": value})

    context = a_context(customer=a_customer(orders=orders))
    assert condition.holds(context) is holds


def test_an_aggregate_counts_only_what_fits() -> None:
    condition = a_condition(
        {
            "count": "customer.orders",
            "operator": "is",
            "value": 1,
            "any": [
                asks("order.status", "is", "complete"),
                asks("order.grand_total", "at_least", 500),
            ],
            "are": False,
        }
    )
    orders = (
        an_order(600, status="complete"),
        an_order(600, status="canceled"),
        an_order(100, status="complete"),
    )

    assert not condition.holds(a_context(customer=a_customer(orders=orders[:1])))
    assert not condition.holds(a_context(customer=a_customer(orders=orders)))
    assert condition.holds(a_context(customer=a_customer(orders=orders[:2])))


@pytest.mark.parametrize("fold", ["count", "sum", "average"])
def test_every_aggregate_over_nothing_is_zero(fold: str) -> None:
    what = "customer.orders" if fold == "count" else "order.grand_total"
    fewer_than_one = {fold: what, "operator": "less_than", "value": 1}

    assert a_condition(fewer_than_one).holds(a_context(customer=a_customer()))
    assert a_condition(fewer_than_one).holds(a_context())


def test_an_average_leaves_out_what_has_no_value() -> None:
    condition = a_condition({"average": "item.price", "operator": "is", "value": 15})
    priced = an_item("mug", price=10), an_item("cup", price=20)
    unpriced = an_item(a_product("bowl", None))

    assert condition.holds(a_context(a_cart(*priced, unpriced)))


@pytest.mark.parametrize("word", ["all", "any"])
def test_a_sum_over_lines_without_children_never_holds(word: str) -> None:
    cart = a_cart(an_item("mug", 3))
    bare = {"sum": "item.quantity", "operator": "is", "value": 3}
    with_children = {**bare, word: [asks("product.sku", "is", "mug")]}

    assert not a_condition(bare).holds(a_context(cart))
    assert not a_condition({**bare, word: []}).holds(a_context(cart))
    assert not a_condition({**bare, word: [], "are": False}).holds(a_context(cart))
    assert a_condition(with_children).holds(a_context(cart))


def test_a_customers_attribute_is_missing_of_a_visitor() -> None:
    is_jane = a_condition(asks("customer.first_name", "is", "Jane"))
    is_not_jane = a_condition(asks("customer.first_name", "is_not", "Jane"))

    assert not is_jane.holds(a_context())
    assert is_not_jane.holds(a_context())
    assert is_jane.holds(a_context(customer=a_customer(first_name="JANE")))


def same(attribute: str, operator: str, **also: Any) -> dict[str, Any]:
    member = also or {"same_as_matched": True}
    return {"attribute": attribute, "operator": operator, **member}


def beside(tree: dict[str, Any], matched: Product, candidate: Product) -> bool:
    return a_condition(tree, OF_PRODUCTS).bound(matched).holds(candidate)


def test_before_it_is_bound_nothing_is_the_same_as_the_matched_product() -> None:
    condition = a_condition(same("product.attribute_set", "is"), OF_PRODUCTS)

    assert isinstance(condition, SameAsMatched)
    assert not condition.holds(a_product())


def test_binding_compares_with_what_the_matched_product_has() -> None:
    bag, tent = (a_product(attribute_set=of) for of in ("Bag", "Tent"))

    assert beside(same("product.attribute_set", "is"), bag, bag)
    assert not beside(same("product.attribute_set", "is"), bag, tent)
    assert beside(same("product.attribute_set", "is_not"), bag, tent)
    assert beside(same("product.attribute_set", "is_one_of"), bag, bag)


@pytest.mark.parametrize("operator", ["is", "is_not", "is_one_of", "is_not_one_of"])
def test_nothing_compares_with_a_value_that_the_matched_product_lacks(
    operator: str,
) -> None:
    tree = same("product.attribute_set", operator)
    unknown = a_product(attribute_set=None)

    assert not beside(tree, unknown, a_product(attribute_set="Bag"))
    assert not beside(tree, unknown, unknown)


@pytest.mark.parametrize(
    ("price", "fits"), [(Decimal("109.99"), False), (110, True), (111, True)]
)
def test_a_percentage_is_of_the_matched_price(price: Decimal, fits: bool) -> None:  # noqa: FBT001
    tree = same("product.price", "at_least", percent_of_matched=110)

    assert beside(tree, a_product(price=100), a_product(price=price)) is fits


def test_a_percentage_of_an_unknown_price_is_unknown() -> None:
    tree = same("product.price", "at_least", percent_of_matched=110)

    assert not beside(tree, a_product(price=None), a_product(price=100))
    assert not beside(tree, a_product(price=100), a_product(price=None))


@pytest.mark.parametrize(
    ("own", "category", "fits"),
    [
        pytest.param(["gear/tents"], "gear/tents", True, id="the same"),
        pytest.param(["gear/tents"], "gear/tents/family", True, id="one below it"),
        pytest.param(["gear/tents"], "gear", False, id="the one above it"),
        pytest.param(["gear/tents"], "gear/packs", False, id="the one beside it"),
        pytest.param(["gear/tents", "sale"], "sale", True, id="any of its own"),
        pytest.param(["gear", "gear/tents"], "gear/packs", False, id="not the root"),
        pytest.param(["gear"], "gear/packs", True, id="the root, if it is its own"),
        pytest.param([], "gear", False, id="none"),
    ],
)
def test_the_same_category_is_one_of_the_matched_products_deepest(
    own: list[str], category: str, *, fits: bool
) -> None:
    matched = a_product(categories=tuple(own))
    candidate = a_product("other", categories=(category,))

    assert beside(same("product.category", "is"), matched, candidate) is fits
    assert beside(same("product.category", "is_one_of"), matched, candidate) is fits
    assert beside(same("product.category", "is_not"), matched, candidate) is (
        bool(own) and not fits
    )


def test_binding_reaches_into_combinations() -> None:
    tree = {
        "all": [
            asks("product.price", "at_most", 50),
            {"any": [same("product.attribute_set", "is")], "are": False},
        ]
    }
    bag, tent = (a_product(attribute_set=of) for of in ("Bag", "Tent"))

    assert beside(tree, bag, tent)
    assert not beside(tree, bag, bag)


def test_binding_leaves_a_condition_as_it_is_when_nothing_is_compared() -> None:
    trees: list[dict[str, Any]] = [
        asks("cart.subtotal", "at_least", 50),
        {"all": [{"any": [asks("cart.subtotal", "at_least", 50)]}]},
        {"found": "cart.items", "all": [asks("product.sku", "is", "mug")]},
        {"count": "customer.orders", "operator": "is", "value": 1},
    ]

    for condition in map(a_condition, trees):
        assert condition.bound(a_product()) is condition


def test_conditions_are_values() -> None:
    tree = {"found": "cart.items", "all": [asks("item.price", "is", 1)]}

    assert a_condition(tree) == a_condition(tree)
    assert isinstance(a_condition(tree), Found)
    one = Comparison("product.sku", str, OPERATORS["is"], "mug")
    assert one == Comparison("product.sku", str, OPERATORS["is"], "mug")


def test_the_lists_say_what_they_hold() -> None:
    assert [(row.key, row.of, row.label) for row in LISTS.values()] == [
        ("cart.items", Scope.ITEM, "Lines of the shopping cart"),
        ("wishlist", Scope.PRODUCT, "Products on the customer's wishlist"),
        (
            "customer.addresses",
            Scope.ADDRESS,
            "Addresses in the customer's address book",
        ),
        (
            "customer.order_addresses",
            Scope.ORDER_ADDRESS,
            "Addresses to which the customer's orders were billed and shipped",
        ),
        ("customer.orders", Scope.ORDER, "Orders the customer has placed"),
        (
            "products.viewed",
            Scope.VIEWED,
            "Products the shopper has viewed, one entry for a product and day",
        ),
        (
            "products.ordered",
            Scope.ORDERED,
            "Products the customer has ordered, one entry for a line of an order",
        ),
    ]
