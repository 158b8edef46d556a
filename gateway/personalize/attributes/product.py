"""What a condition can look at in a product."""

from __future__ import annotations

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.operators import Kind, Value
from gateway.personalize.products import Product


@attribute("product.sku", Kind.TEXT, Scope.PRODUCT)
def sku(product: Product) -> Value:
    """SKU."""
    return product.sku


@attribute("product.name", Kind.TEXT, Scope.PRODUCT)
def name(product: Product) -> Value:
    """Name."""
    return product.name


@attribute("product.type", Kind.SELECT, Scope.PRODUCT)
def type_(product: Product) -> Value:
    """Product type."""
    return product.type


@attribute("product.attribute_set", Kind.SELECT, Scope.PRODUCT)
def attribute_set(product: Product) -> Value:
    """Attribute set."""
    return product.attribute_set


@attribute(
    "product.category",
    Kind.CATEGORY,
    Scope.PRODUCT,
    # Every product is below the root, so what is above its own matches the whole shop.
    read_matched=lambda product: product.deepest_categories,
)
def category(product: Product) -> Value:
    """Category by its path; a product is in every category above its own."""
    return product.categories_with_ancestors


@attribute("product.price", Kind.NUMBER, Scope.PRODUCT)
def price(product: Product) -> Value:
    """Regular price of one unit."""
    return product.price
