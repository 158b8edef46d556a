"""Marks: what is known of rules and products is not asked again."""

from __future__ import annotations

from decimal import Decimal

from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.clocks import Clock
from gateway.personalize.conditions import Condition
from gateway.personalize.operators import Kind
from gateway.personalize.prices import Buyer, PriceList
from gateway.personalize.products import Catalogue, Product
from tests.factories import (
    NOW,
    Number,
    a_catalogue_price_rule,
    a_comparison,
    a_product,
    of_sku,
)


class Asked:
    """A condition that remembers of which products it was asked."""

    def __init__(self, name: str, *skus: str) -> None:
        self.name = name
        self.skus = skus
        self.asked: list[str] = []

    def __repr__(self) -> str:
        return self.name

    def holds(self, subject: Product) -> bool:
        self.asked.append(subject.sku)
        return subject.sku in self.skus

    @property
    def clocks(self) -> frozenset[Clock]:
        return frozenset()

    def bound(self, matched: Product) -> Condition:
        del matched
        return self


def a_rule_asking(condition: Asked, amount: Number = 1) -> CataloguePriceRule:
    rule = a_catalogue_price_rule(condition.name, "by_fixed", amount)
    return CataloguePriceRule(
        id=rule.id,
        key=rule.key,
        schedule=rule.schedule,
        condition=condition,
        action=rule.action,
        amount=rule.amount,
    )


def all_prices(listed: PriceList) -> dict[str, Decimal | None]:
    prices = listed.to(Buyer(NOW, 0))
    return {sku: prices.of(one) for sku, one in listed.catalogue.products.items()}


def test_of_a_new_catalogue_only_changed_products_are_asked() -> None:
    mugs, cups = Asked("mugs", "mug", "pot"), Asked("cups", "cup")
    rules = [a_rule_asking(mugs, 1), a_rule_asking(cups, 2)]
    kept, left = a_product("mug"), a_product("cup")
    before = PriceList(Catalogue.of([kept, left, a_product("pan")]), rules)
    mugs.asked.clear()
    cups.asked.clear()

    changed = [kept, a_product("cup", 20), a_product("pot")]
    after = PriceList(Catalogue.of(changed), rules, before=before)

    assert (mugs.asked, cups.asked) == (["cup", "pot"], ["cup", "pot"])
    assert all_prices(after) == {"mug": 9, "cup": 18, "pot": 9}
    assert all_prices(before) == {"mug": 9, "cup": 8, "pan": 10}


def test_only_rules_with_new_conditions_are_asked_of_what_is_known() -> None:
    first, second = Asked("first", "mug"), Asked("second", "mug", "cup")
    catalogue = Catalogue.of([a_product("mug"), a_product("cup")])
    before = PriceList(catalogue, [a_rule_asking(first, 1), a_rule_asking(second, 2)])
    again, new = Asked("second"), Asked("third", "cup")

    rules = [a_rule_asking(new, 4), a_rule_asking(again, 3)]
    after = PriceList(catalogue, rules, before=before)

    assert (again.asked, new.asked) == ([], ["mug", "cup"])
    assert all_prices(after) == {"mug": 7, "cup": 3}


def test_two_rules_with_the_same_conditions_both_apply() -> None:
    catalogue = Catalogue.of([a_product("mug")])
    condition = of_sku("mug")
    one = a_catalogue_price_rule("one", "by_fixed", 1, conditions=condition)
    two = a_catalogue_price_rule("two", "by_fixed", 2, conditions=condition)

    before = PriceList(catalogue, [one])
    after = PriceList(catalogue, [two, one], before=before)

    assert all_prices(after) == {"mug": 7}
    assert all_prices(PriceList(catalogue, [two], before=after)) == {"mug": 8}


def test_what_a_condition_means_after_its_attribute_has_changed_is_asked_anew() -> None:
    product = a_product("mug", attributes={"new": True})
    catalogue = Catalogue.of([product])

    def rule(kind: Kind, *, value: object) -> CataloguePriceRule:
        return a_catalogue_price_rule(
            "new",
            "by_fixed",
            1,
            attributes=Attributes([DeclaredAttribute("product", "new", kind)]),
            conditions=a_comparison("product.new", "is", value),
        )

    before = PriceList(catalogue, [rule(Kind.NUMBER, value=1)])
    after = PriceList(catalogue, [rule(Kind.BOOLEAN, value=True)], before=before)

    assert all_prices(after) == {"mug": 9}


def test_a_shops_own_attributes_are_taken_over_too() -> None:
    def rule() -> CataloguePriceRule:
        return a_catalogue_price_rule(
            "red",
            attributes=Attributes([DeclaredAttribute("product", "hue", Kind.TEXT)]),
            conditions=a_comparison("product.hue", "is", "red"),
        )

    assert repr(rule().condition) == repr(rule().condition)


def test_where_nothing_changes_nothing_is_asked() -> None:
    condition = Asked("mugs", "mug")
    catalogue = Catalogue.of([a_product("mug"), a_product("cup")])
    before = PriceList(catalogue, [a_rule_asking(condition, 1)])
    condition.asked.clear()

    after = PriceList(catalogue, [a_rule_asking(condition, 2)], before=before)
    none = PriceList(catalogue, [], before=after)
    again = PriceList(catalogue, [a_rule_asking(condition, 2)], before=none)

    assert after.marks is before.marks
    assert all_prices(after) == {"mug": 8, "cup": 10}
    assert all_prices(none) == {"mug": 10, "cup": 10}
    assert all_prices(again) == {"mug": 8, "cup": 10}
    assert condition.asked == ["mug", "cup"]
