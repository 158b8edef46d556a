from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.personalize import related_product_rules
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.context import Cart, Context
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.operators import Kind
from gateway.personalize.products import (
    Catalogue,
    Link,
    Links,
    Product,
    ProductList,
    Visibility,
)
from gateway.personalize.related_product_rules import (
    RelatedProductRule,
    RelatedProductRuleDefinition,
)
from gateway.personalize.schedule import Schedule
from gateway.personalize.targets import ShownTo, Target
from tests.factories import (
    a_cart,
    a_comparison,
    a_context,
    a_product,
    a_related_product_rule,
    an_item,
    of_sku,
)

RELATED, UPSELL, CROSSSELL = ProductList
GIVEN = {"key": "more", "name": "More", "websites": ["base"], "list": "upsell"}


def a_catalogue(*products: Product | str, links: Links | None = None) -> Catalogue:
    """Products in the order of their ids, which are 1, 2, 3 and so on."""
    numbered = [
        a_product(one, id=number)
        if isinstance(one, str)
        else a_product(**{**vars(one), "id": number})
        for number, one in enumerate(products, start=1)
    ]
    return Catalogue.of(numbered, links)


def on_page(catalogue: Catalogue, sku: str, **also: Any) -> Context:
    return a_context(page=catalogue.find(sku), catalogue=catalogue, **also)


def chosen(
    context: Context,
    *rules: RelatedProductRule,
    product_list: ProductList = RELATED,
    limit: int = 20,
) -> Sequence[str]:
    found = related_product_rules.choose(rules, context, product_list, limit)
    return [product.sku for product in found]


def same(attribute: str, operator: str = "is", **also: Any) -> dict[str, Any]:
    member = also or {"same_as_matched": True}
    return {"attribute": attribute, "operator": operator, **member}


def test_a_rule_displays_by_ascending_id_and_never_the_product_itself() -> None:
    catalogue = a_catalogue("tent", "mug", "pot", "pan")
    rule = a_related_product_rule()

    assert chosen(on_page(catalogue, "mug"), rule) == ["tent", "pot", "pan"]


def test_a_rule_displays_what_its_conditions_hold_of() -> None:
    catalogue = a_catalogue("tent", "mug", "pot", "pan")
    rule = a_related_product_rule(
        products_to_match=of_sku("tent"), products_to_display=of_sku("pan", "mug")
    )

    assert chosen(on_page(catalogue, "tent"), rule) == ["mug", "pan"]
    assert chosen(on_page(catalogue, "pot"), rule) == []


def test_only_what_is_sold_and_visible_is_displayed() -> None:
    catalogue = a_catalogue(
        "tent",
        a_product("unsold", saleable=False),
        a_product("hidden", visibility=Visibility.NOT_VISIBLE),
        a_product("searched", visibility=Visibility.SEARCH),
        a_product("listed", visibility=Visibility.CATALOG),
    )
    links = {
        ("tent", RELATED): [
            Link("unsold", 1),
            Link("hidden", 2),
            Link("searched", 3),
            Link("gone", 4),
            Link("listed", 5),
        ]
    }
    linked = Catalogue.of(catalogue.products.values(), links)

    assert chosen(on_page(catalogue, "tent"), a_related_product_rule()) == ["listed"]
    assert chosen(on_page(linked, "tent")) == ["listed"]


def test_links_come_first_by_position() -> None:
    links = {
        ("tent", RELATED): [
            Link("pan", 2),
            Link("tent", 0),
            Link("pot", 1),
            Link("cup", 2),
            Link("pot", 3),
        ],
        ("tent", UPSELL): [Link("mug", 0)],
    }
    catalogue = a_catalogue("tent", "mug", "pot", "pan", "cup", links=links)
    context = on_page(catalogue, "tent")

    assert chosen(context) == ["pot", "pan", "cup"]
    assert chosen(context, a_related_product_rule()) == ["pot", "pan", "cup", "mug"]
    assert chosen(context, product_list=UPSELL) == ["mug"]
    assert chosen(context, limit=2) == ["pot", "pan"]


def test_rules_go_by_priority_and_then_by_id() -> None:
    catalogue = a_catalogue("tent", "a", "b", "c", "d")
    rules = [
        a_related_product_rule(id=1, priority=2, products_to_display=of_sku("a")),
        a_related_product_rule(id=4, priority=1, products_to_display=of_sku("b")),
        a_related_product_rule(id=3, priority=1, products_to_display=of_sku("c")),
        a_related_product_rule(id=2, priority=0, products_to_display=of_sku("d")),
    ]

    assert chosen(on_page(catalogue, "tent"), *rules) == ["d", "c", "b", "a"]


def test_a_lower_priority_only_fills_what_is_free() -> None:
    # Adobe's worked example: 6 places, rules that match 2, 6 and 20 products.
    skus = [f"p{number:02}" for number in range(28)]
    catalogue = a_catalogue("tent", *skus)
    rules = [
        a_related_product_rule(
            id=at, priority=at, products_to_display=of_sku(*skus[first:last])
        )
        for at, (first, last) in enumerate([(0, 2), (2, 8), (8, 28)])
    ]
    context = on_page(catalogue, "tent")

    assert chosen(context, *rules, limit=6) == skus[:6]
    assert chosen(context, *rules, limit=20) == skus[:20]


def test_a_rule_gives_no_more_than_its_limit() -> None:
    catalogue = a_catalogue("tent", "a", "b", "c", "d")
    rules = [
        a_related_product_rule(id=1, limit=2),
        a_related_product_rule(id=2, limit=1),
    ]

    assert chosen(on_page(catalogue, "tent"), *rules) == ["a", "b", "c"]


def test_what_is_chosen_already_takes_nothing_from_a_rules_limit() -> None:
    links = {("tent", RELATED): [Link("a"), Link("c")]}
    catalogue = a_catalogue("tent", "a", "b", "c", "d", links=links)
    rule = a_related_product_rule(limit=2)

    assert chosen(on_page(catalogue, "tent"), rule) == ["a", "c", "b", "d"]


@pytest.mark.parametrize(
    ("limit", "shown"), [(25, 20), (20, 20), (1, 1), (0, 0), (-1, 0)]
)
def test_a_list_is_no_longer_than_asked_and_than_twenty(limit: int, shown: int) -> None:
    skus = [f"p{number:02}" for number in range(30)]
    links = {("tent", RELATED): [Link(sku) for sku in skus[:15]]}
    catalogue = a_catalogue("tent", *skus, links=links)

    found = chosen(on_page(catalogue, "tent"), a_related_product_rule(), limit=limit)

    assert found == skus[:shown]


def test_a_rule_is_for_one_list() -> None:
    catalogue = a_catalogue("tent", "mug")
    rule = a_related_product_rule(list="upsell")
    context = on_page(catalogue, "tent")

    assert chosen(context, rule) == []
    assert chosen(context, rule, product_list=UPSELL) == ["mug"]
    assert chosen(context, rule, product_list=CROSSSELL) == []


def test_a_rule_runs_on_days_of_the_websites_calendar() -> None:
    catalogue = a_catalogue("tent", "mug")
    day: Any = {"from": "2026-12-24", "to": "2026-12-24"}
    rule = a_related_product_rule(timezone="Europe/Berlin", **day)

    def at(written: str) -> Sequence[str]:
        moment = datetime.fromisoformat(written).replace(tzinfo=UTC)
        return chosen(on_page(catalogue, "tent", at=moment), rule)

    assert at("2026-12-23T22:59:59") == []
    assert at("2026-12-23T23:00") == ["mug"]
    assert at("2026-12-24T22:59:59") == ["mug"]
    assert at("2026-12-24T23:00") == []


def test_a_rule_for_segments_is_shown_to_shoppers_in_any_of_them() -> None:
    catalogue = a_catalogue("tent", "mug")
    rule = a_related_product_rule(shown_to="segments", segments=["campers", "climbers"])

    def within(*segments: str) -> Sequence[str]:
        context = on_page(catalogue, "tent", segments=frozenset(segments))
        return chosen(context, rule)

    assert within() == []
    assert within("sailors") == []
    assert within("sailors", "climbers") == ["mug"]


def test_the_same_category_leaves_out_the_rest_of_the_shop() -> None:
    def within(sku: str, *categories: str) -> Product:
        return a_product(sku, categories=categories)

    catalogue = a_catalogue(
        within("dome", "shop/gear/tents", "shop"),
        within("tunnel", "shop/gear/tents/family", "shop"),
        within("pack", "shop/gear/packs", "shop"),
        within("card", "shop"),
        within("tarp", "shop/gear/tents", "shop/sale", "shop"),
        within("sock", "shop/clothes", "shop/sale", "shop"),
        within("loose"),
    )
    rule = a_related_product_rule(products_to_display=same("product.category"))

    def beside(sku: str) -> Sequence[str]:
        return chosen(on_page(catalogue, sku), rule)

    assert beside("dome") == ["tunnel", "tarp"]
    assert beside("tunnel") == []
    assert beside("tarp") == ["dome", "tunnel", "sock"]
    assert beside("card") == ["dome", "tunnel", "pack", "tarp", "sock"]
    assert beside("loose") == []


def test_an_upsell_costs_more_than_the_product() -> None:
    catalogue = a_catalogue(
        a_product("small", 100, attribute_set="Tent"),
        a_product("large", 110, attribute_set="Tent"),
        a_product("light", "109.99", attribute_set="Tent"),
        a_product("stove", 200, attribute_set="Stove"),
    )
    rule = a_related_product_rule(
        list="upsell",
        products_to_display={
            "all": [
                same("product.attribute_set"),
                same("product.price", "at_least", percent_of_matched=110),
            ]
        },
    )

    context = on_page(catalogue, "small")
    assert chosen(context, rule, product_list=UPSELL) == ["large"]


def test_a_rule_asks_for_a_shops_own_attributes() -> None:
    attributes = Attributes(
        [
            DeclaredAttribute("product", "colour", Kind.SELECT),
            DeclaredAttribute("product", "material", Kind.MULTISELECT),
        ]
    )

    def made(sku: str, colour: str, *material: str) -> Product:
        own = {"colour": colour, "material": material}
        return a_product(sku, attributes=own)

    catalogue = a_catalogue(
        made("shirt", "red", "cotton", "wool"),
        made("socks", "RED", "wool"),
        made("scarf", "blue", "wool"),
        made("shoes", "red", "leather"),
        a_product("gift"),
    )
    rule = a_related_product_rule(
        attributes=attributes,
        products_to_display={
            "all": [
                same("product.colour"),
                same("product.material", "contains"),
            ]
        },
    )

    assert chosen(on_page(catalogue, "shirt"), rule) == ["socks"]
    assert chosen(on_page(catalogue, "gift"), rule) == []


def test_a_page_of_an_unknown_product_is_matched_by_its_sku_alone() -> None:
    catalogue = a_catalogue("mug")
    by_sku = a_related_product_rule(products_to_match=of_sku("gone"))
    by_price = a_related_product_rule(
        products_to_match=a_comparison("product.price", "at_least", 0)
    )

    assert chosen(on_page(catalogue, "gone"), by_sku) == ["mug"]
    assert chosen(on_page(catalogue, "gone"), by_price) == []


def test_the_catalogue_says_what_a_known_product_is() -> None:
    catalogue = a_catalogue(a_product("tent", 199), "mug")
    rule = a_related_product_rule(
        products_to_match=a_comparison("product.price", "at_least", 100)
    )

    stated = a_context(page=a_product("tent", 1), catalogue=catalogue)
    assert chosen(stated, rule) == ["mug"]


def test_without_a_page_there_is_nothing_related() -> None:
    catalogue = a_catalogue("tent", "mug")
    context = a_context(a_cart(an_item("tent")), catalogue=catalogue)

    assert chosen(context, a_related_product_rule()) == []
    upsell = a_related_product_rule(list="upsell")
    assert chosen(context, upsell, product_list=UPSELL) == []


def a_cart_of(catalogue: Catalogue, *skus: str) -> Cart:
    return a_cart(*(an_item(catalogue.find(sku)) for sku in skus))


def test_crosssell_links_of_each_line_come_in_the_order_of_the_lines() -> None:
    links = {
        ("tent", CROSSSELL): [Link("pegs", 2), Link("tarp", 1)],
        ("mug", CROSSSELL): [Link("tea", 1), Link("tarp", 0), Link("tent", 0)],
        ("tea", CROSSSELL): [Link("pot", 0)],
    }
    catalogue = a_catalogue("pegs", "tarp", "tea", "tent", "mug", "pot", links=links)
    cart = a_cart_of(catalogue, "mug", "tent")

    context = a_context(cart, catalogue=catalogue)
    assert chosen(context, product_list=CROSSSELL) == ["tarp", "tea", "pegs"]


def test_crosssell_rules_match_any_line_and_leave_out_what_is_in_the_cart() -> None:
    catalogue = a_catalogue(
        a_product("tent", attribute_set="Tent"),
        a_product("mug", attribute_set="Kitchen"),
        a_product("pot", attribute_set="Kitchen"),
        a_product("tarp", attribute_set="Tent"),
        a_product("sock", attribute_set="Clothes"),
    )
    rule = a_related_product_rule(
        list="crosssell", products_to_display=same("product.attribute_set")
    )
    of_tents = a_related_product_rule(
        list="crosssell",
        products_to_match=of_sku("tent"),
        products_to_display=same("product.attribute_set"),
    )
    anything = a_related_product_rule(list="crosssell")

    def beside(*skus: str, by: RelatedProductRule) -> Sequence[str]:
        context = a_context(a_cart_of(catalogue, *skus), catalogue=catalogue)
        return chosen(context, by, product_list=CROSSSELL)

    assert beside("tent", "mug", by=rule) == ["pot", "tarp"]
    assert beside("mug", "tent", by=rule) == ["pot", "tarp"]
    assert beside("mug", "tent", by=of_tents) == ["tarp"]
    assert beside("mug", by=of_tents) == []
    assert beside("tent", "tarp", by=rule) == []
    assert beside("tent", "mug", "pot", by=anything) == ["tarp", "sock"]
    assert beside(by=anything) == []


def test_a_configurable_product_in_the_cart_is_left_out_with_its_child() -> None:
    links = {("tee", CROSSSELL): [Link("cap", 1)]}
    tee = a_product("tee", type="configurable", children=("tee-s",))
    catalogue = a_catalogue("tee-s", tee, "cap", "belt", links=links)
    line = an_item(catalogue.find("tee-s"), parent=catalogue.find("tee"))
    rule = a_related_product_rule(list="crosssell")

    context = a_context(a_cart(line), catalogue=catalogue)
    assert chosen(context, rule, product_list=CROSSSELL) == ["cap", "belt"]


def test_on_a_page_crosssells_go_with_its_product_and_still_not_with_the_cart() -> None:
    links = {
        ("tent", CROSSSELL): [Link("mug"), Link("tarp")],
        ("mug", CROSSSELL): [Link("pot")],
    }
    catalogue = a_catalogue("tent", "mug", "tarp", "pot", links=links)
    cart = a_cart_of(catalogue, "mug")

    context = on_page(catalogue, "tent", cart=cart)
    assert chosen(context, product_list=CROSSSELL) == ["tarp"]
    assert chosen(context, product_list=RELATED) == []


def test_a_new_catalogue_is_looked_at_anew() -> None:
    rule = a_related_product_rule(
        products_to_display={
            "all": [
                a_comparison("product.price", "at_most", 50),
                same("product.attribute_set"),
            ]
        }
    )
    before = a_catalogue("tent", a_product("mug", 10), a_product("pot", 60))
    after = a_catalogue("tent", a_product("mug", 60), a_product("pot", 10))

    for _ in range(2):
        assert chosen(on_page(before, "tent"), rule) == ["mug"]
        assert chosen(on_page(after, "tent"), rule) == ["pot"]


def test_preparing_changes_no_answer() -> None:
    catalogue = a_catalogue("tent", "mug", "pot")
    rules = [
        a_related_product_rule(
            id=1, products_to_display=a_comparison("product.name", "contains", "P")
        ),
        a_related_product_rule(id=2, products_to_display=same("product.price")),
    ]

    related_product_rules.prepare(rules, catalogue)
    related_product_rules.prepare(rules, a_catalogue())

    assert chosen(on_page(catalogue, "tent"), *rules) == ["pot", "mug"]


def test_a_definition_has_defaults() -> None:
    assert related_product_rules.read(GIVEN) == RelatedProductRuleDefinition(
        key="more",
        name="More",
        websites=("base",),
        list=UPSELL,
        description="",
        active=True,
        priority=1,
        from_day=None,
        to_day=None,
        limit=20,
        target=Target(ShownTo.EVERYONE, ()),
        products_to_match=None,
        products_to_display=None,
    )


FULL = {
    **GIVEN,
    "description": "What goes well together.",
    "active": False,
    "priority": 3,
    "from": "2026-12-01",
    "to": "2026-12-24",
    "limit": 4,
    "shown_to": "segments",
    "segments": ["campers"],
    "products_to_match": of_sku("tent"),
    "products_to_display": same("product.category"),
}


def test_a_definition_is_read_and_written() -> None:
    definition = related_product_rules.read(FULL)

    assert definition == RelatedProductRuleDefinition(
        key="more",
        name="More",
        websites=("base",),
        list=UPSELL,
        description="What goes well together.",
        active=False,
        priority=3,
        from_day=date(2026, 12, 1),
        to_day=date(2026, 12, 24),
        limit=4,
        target=Target(ShownTo.SEGMENTS, ("campers",)),
        products_to_match=of_sku("tent"),
        products_to_display=same("product.category"),
    )
    assert as_given(definition) == FULL


def test_a_rule_keeps_what_its_definition_says() -> None:
    rule = related_product_rules.compile(
        related_product_rules.read(FULL), Attributes(), timezone="Europe/Berlin", id=7
    )

    assert (rule.id, rule.key, rule.list, rule.limit) == (7, "more", UPSELL, 4)
    assert rule.order == (3, 7)
    assert rule.target == Target(ShownTo.SEGMENTS, ("campers",))
    assert rule.schedule == Schedule(
        datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 24, 23, tzinfo=UTC)
    )


def test_every_field_at_fault_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        related_product_rules.read(
            {
                "key": "more",
                "name": "More",
                "websites": ["base"],
                "priority": -1,
                "from": "2026-12-24",
                "to": "2026-12-01",
                "limit": 21,
                "shown_to": "segments",
                "products_to_match": [],
                "limits": 4,
            }
        )

    assert list(refused.value.problems) == [
        Problem("to", "2026-12-01 is before 2026-12-24.", "Write the later day here."),
        Problem("list", "it is missing.", "Write one of: crosssell, related, upsell."),
        Problem("priority", "-1 is too small.", "Write at least 0."),
        Problem("limit", "21 is too large.", "Write at most 20."),
        Problem("segments", "it is empty.", "Write at least one."),
        Problem(
            "products_to_match",
            "a condition tree is an object.",
            'Write {"all": [...]}.',
        ),
        Problem("limits", "there is no such field.", "Did you mean 'limit'?"),
    ]


def test_every_fault_of_both_trees_is_named() -> None:
    definition = related_product_rules.read(
        {
            **GIVEN,
            "products_to_match": {"all": [same("product.category")]},
            "products_to_display": {
                "any": [
                    a_comparison("cart.subtotal", "at_least", 50)["all"][0],
                    {"found": "cart.items"},
                ]
            },
        }
    )

    with pytest.raises(InvalidInput) as refused:
        related_product_rules.compile(definition, Attributes())

    only_products = "A related-product rule can look at products only."
    assert list(refused.value.problems) == [
        Problem(
            "products_to_match.all.0",
            "there is no matched product to compare with here.",
            "Write a 'value'; only products to display know a matched product.",
        ),
        Problem(
            "products_to_display.any.0.attribute",
            "'cart.subtotal' cannot be asked here.",
            only_products,
        ),
        Problem(
            "products_to_display.any.1.found",
            "'cart.items' is not a list that can be looked into here.",
            only_products,
        ),
    ]
