"""Small whole values for tests: each argument is what the test is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gateway.personalize import (
    cart_price_rules,
    catalogue_price_rules,
    related_product_rules,
    segments,
)
from gateway.personalize.attributes import Attributes
from gateway.personalize.cart_price_rules import (
    CartDiscounts,
    CartPriceRule,
    CartPriceRuleDefinition,
)
from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.context import (
    NOT_LOGGED_IN,
    Cart,
    CartItem,
    Context,
    Customer,
    Shipping,
    Website,
)
from gateway.personalize.grammar import Limits
from gateway.personalize.prices import Buyer, PriceList, Prices
from gateway.personalize.products import Catalogue, Product, Visibility
from gateway.personalize.related_product_rules import RelatedProductRule
from gateway.personalize.segments import Segment

Number = Decimal | int | str

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
WEBSITE = Website("base")


def a_product(sku: str = "mug", price: Number | None = 10, **also: Any) -> Product:
    """A simple product that is sold and shown; *also* are Product's own fields."""
    product = Product(
        sku,
        name=sku.replace("-", " ").capitalize(),
        type="simple",
        attribute_set="Default",
        price=None if price is None else Decimal(price),
        saleable=True,
        visibility=Visibility.CATALOG_SEARCH,
    )
    return replace(product, **also)


def an_item(
    product: Product | str = "mug",
    quantity: Number = 1,
    price: Number | None = None,
    *,
    parent: Product | None = None,
) -> CartItem:
    """A line of a cart; its price is the product's own unless it is given."""
    sold = a_product(product) if isinstance(product, str) else product
    paid = sold.price if price is None else Decimal(price)
    return CartItem(sold, Decimal(quantity), paid, parent)


def a_cart(*items: CartItem, shipping: Number = 0, **also: Any) -> Cart:
    """A cart of *items* and a flat shipping amount; *also* are Cart's own fields."""
    chosen = also.pop("method", "flatrate_flatrate")
    cart = Cart(items=items, shipping=Shipping(chosen, Decimal(shipping)))
    return replace(cart, **also)


def a_customer(customer_id: str = "1", **also: Any) -> Customer:
    """A registered customer of the General group."""
    return replace(Customer(customer_id), **also)


def a_context(cart: Cart | None = None, **also: Any) -> Context:
    """A visitor on the website at noon of an ordinary day."""
    context = Context(at=NOW, website=WEBSITE, cart=cart or Cart())
    return replace(context, **also)


def a_cart_price_rule(
    key: str = "rule",
    action: str = "by_percent",
    amount: Number = 10,
    *,
    id: int = 1,
    attributes: Attributes | None = None,
    timezone: str = "UTC",
    **also: Any,
) -> CartPriceRule:
    """A compiled rule; *also* are its fields as an admin writes them."""
    return cart_price_rules.compile(
        a_cart_price_rule_definition(key, action, amount, **also),
        attributes or Attributes(),
        timezone=timezone,
        id=id,
    )


def a_cart_price_rule_definition(
    key: str = "rule", action: str = "by_percent", amount: Number = 10, **also: Any
) -> CartPriceRuleDefinition:
    """A definition as an admin writes it; *also* are its further fields."""
    given: Mapping[str, Any] = {
        "key": key,
        "name": key.capitalize(),
        "websites": ["base"],
        "action": action,
        "amount": str(amount),
        **also,
    }
    return cart_price_rules.read(given)


def a_segment(
    key: str = "segment",
    *,
    attributes: Attributes | None = None,
    timezone: str = "UTC",
    **also: Any,
) -> Segment:
    """A compiled segment; *also* are its fields as an admin writes them."""
    given = {"key": key, "name": key.capitalize(), "websites": ["base"], **also}
    definition = segments.read(given)
    return segments.compile(definition, attributes or Attributes(), timezone=timezone)


def a_catalogue_price_rule(
    key: str = "rule",
    action: str = "by_percent",
    amount: Number = 10,
    *,
    id: int = 1,
    attributes: Attributes | None = None,
    timezone: str = "UTC",
    **also: Any,
) -> CataloguePriceRule:
    """A compiled rule for prices; *also* are its fields as an admin writes them."""
    given = {"key": key, "name": key.capitalize(), "websites": ["base"]}
    return catalogue_price_rules.compile(
        catalogue_price_rules.read(
            {**given, "action": action, "amount": str(amount), **also}
        ),
        attributes or Attributes(),
        timezone=timezone,
        id=id,
        limits=Limits(segment_prices=True),
    )


def prices_of(
    catalogue: Catalogue,
    *rules: CataloguePriceRule,
    at: datetime = NOW,
    group_id: int = NOT_LOGGED_IN,
    segments: frozenset[str] = frozenset(),
) -> Prices:
    """What *catalogue* costs a visitor at noon, or whoever else is said."""
    return PriceList(catalogue, rules).to(Buyer(at, group_id, segments))


def a_related_product_rule(
    key: str = "rule",
    *,
    id: int = 1,
    attributes: Attributes | None = None,
    timezone: str = "UTC",
    **also: Any,
) -> RelatedProductRule:
    """A compiled rule for related products; *also* are its fields as written."""
    given = {"key": key, "name": key.capitalize(), "websites": ["base"]}
    return related_product_rules.compile(
        related_product_rules.read({**given, "list": "related", **also}),
        attributes or Attributes(),
        timezone=timezone,
        id=id,
    )


def a_comparison(attribute: str, operator: str, value: Any) -> dict[str, Any]:
    """A tree of one comparison."""
    return {"all": [{"attribute": attribute, "operator": operator, "value": value}]}


def of_sku(*skus: str) -> dict[str, Any]:
    """A tree that holds of the products called *skus*."""
    return a_comparison("product.sku", "is_one_of", list(skus))


def discounts_on(context: Context, *rules: CartPriceRule) -> CartDiscounts:
    """What *rules* give on the context's cart, in whatever order they are listed."""
    in_order = sorted(rules, key=lambda rule: rule.order)
    return cart_price_rules.apply(in_order, context)


def on_lines(discounts: CartDiscounts) -> list[str]:
    """What was given on each line, in the order of the cart."""
    return [str(line.amount) for line in discounts.lines]
