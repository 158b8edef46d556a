"""Translate what Adobe Commerce calls things into what we call them.

Used by the conformance vectors and by imports of sample stores; it takes Adobe's field
names and a neutral condition tree, as in ``vectors/README.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    Shipping,
    Website,
)
from gateway.personalize.operators import OPERATORS
from gateway.personalize.products import Product
from tests.factories import NOW

Given = Mapping[str, Any]

_OPERATORS = {row.symbol: row.key for row in OPERATORS.values()}
_CART_ATTRIBUTES = {
    "base_subtotal": "cart.subtotal",
    "base_subtotal_with_discount": "cart.subtotal_after_discounts",
    "total_qty": "cart.quantity",
    "weight": "cart.weight",
    "payment_method": "cart.payment_method",
    "shipping_method": "cart.shipping_method",
    "postcode": "cart.postcode",
    "region": "cart.region",
    "region_id": "cart.region",
    "country_id": "cart.country",
}
_ITEM_ATTRIBUTES = {
    "category_ids": "product.category",
    "attribute_set_id": "product.attribute_set",
    "quote_item_price": "item.price",
    "quote_item_qty": "item.quantity",
    "quote_item_row_total": "item.row_total",
}
_SUMS = {"qty": "item.quantity", "base_row_total": "item.row_total"}
_FREE_SHIPPING = ("none", "items", "shipment")
_NO_CATEGORIES: Mapping[str, str] = {}
_TAKE_STEP = {"by_percent", "by_fixed", "to_percent", "buy_x_get_y"}


def cart_price_rule(
    rule: Given, categories: Mapping[str, str] = _NO_CATEGORIES
) -> Given:
    """Return the fields of our definition; *categories* are paths by URL key."""
    groups = rule.get("customer_group_ids", "all")
    action = rule["simple_action"]
    fields = {
        "key": f"rule-{rule['rule_id']}",
        "name": rule.get("name") or f"Rule {rule['rule_id']}",
        "description": rule.get("description"),
        "websites": ["base"],
        "active": rule.get("is_active", True),
        "customer_groups": None if groups == "all" else groups,
        "priority": rule.get("sort_order") or 0,
        "coupon_code": rule.get("coupon_code"),
        "conditions": tree(rule.get("conditions"), categories),
        "item_conditions": tree(rule.get("actions"), categories),
        "action": action,
        "amount": str(rule["discount_amount"]),
        "at_most": rule.get("discount_qty"),
        "step": int(rule.get("discount_step") or 0) if action in _TAKE_STEP else 0,
        "discards_subsequent": rule.get("stop_rules_processing", False),
        "applies_to_shipping": rule.get("apply_to_shipping", False),
        "free_shipping": _FREE_SHIPPING[rule.get("simple_free_shipping") or 0],
        "label": rule.get("label"),
    }
    return {name: value for name, value in fields.items() if value is not None}


def tree(node: Given | None, categories: Mapping[str, str]) -> Given | None:
    """Return a neutral condition tree as one of ours."""
    if node is None:
        return None
    children = [tree(child, categories) for child in node.get("conditions", ())]
    combined = {node.get("aggregator", "all"): children}
    match node["type"]:
        case "combine":
            return {**combined, "are": node.get("value", True)}
        case "product_found":
            shape = "found" if node.get("found", True) else "not_found"
            return {shape: "cart.items", **combined}
        case "product_subselect":
            return {"sum": _SUMS[node["attribute"]], **_compared(node), **combined}
        case "address":
            return {"attribute": _CART_ATTRIBUTES[node["attribute"]], **_compared(node)}
        case "product":
            code = node["attribute"]
            attribute = _ITEM_ATTRIBUTES.get(code, f"product.{code}")
            scope = {"of": node["scope"]} if node.get("scope") else {}
            return {"attribute": attribute, **_compared(node, categories), **scope}
    raise NotImplementedError(node["type"])


def _compared(node: Given, categories: Mapping[str, str] = _NO_CATEGORIES) -> Given:
    value = node["value"]
    if isinstance(value, Mapping):
        value = [categories[key] for key in value["category_url_keys"]]
    return {"operator": _OPERATORS[node["operator"]], "value": value}


def context(cart: Given) -> Context:
    """Return the shopper of a vector with their cart."""
    group = cart["customer_group_id"]
    address = cart.get("address") or {}
    shipping = cart.get("shipping") or {}
    coupon = cart.get("coupon")
    region = address.get("region_id") or address.get("region")
    return Context(
        at=NOW,
        website=Website("base", currency=cart["currency"]),
        customer=Customer("1", group_id=group) if group else None,
        cart=Cart(
            items=tuple(_item(item) for item in cart["items"]),
            coupon_codes=(coupon,) if coupon else (),
            shipping=Shipping(
                shipping.get("method"), Decimal(str(shipping.get("amount", 0)))
            ),
            payment_method=cart.get("payment_method"),
            address=Address(
                country=address.get("country_id"),
                region=None if region is None else str(region),
                postcode=address.get("postcode"),
            ),
        ),
    )


def _item(item: Given) -> CartItem:
    parent = None
    sku = item["sku"]
    if "match_skus" in item:
        parent_sku, sku = item["match_skus"]
        parent = Product(parent_sku, type="configurable")
    elif item.get("type") == "configurable":
        categories = tuple(item.get("parent_categories", ()))
        parent = Product("configurable", type="configurable", categories=categories)
    weight = item.get("weight")
    children = tuple(_item(child) for child in item.get("children", ()))
    if children:
        bundle = Product(item["product_sku"], type="bundle")
        parts = tuple(replace(child, within=bundle) for child in children)
        price = Decimal(str(item["price"]))
        quantity = Decimal(str(item["qty"]))
        return CartItem(bundle, quantity, price, children=parts, sums_children=True)
    product = Product(
        sku,
        type="simple",
        attribute_set=item.get("attribute_set"),
        price=Decimal(str(item["price"])),
        weight=None if weight is None else Decimal(str(weight)),
        categories=tuple(item.get("categories", ())),
        attributes={
            code: tuple(value) if isinstance(value, list) else value
            for code, value in item.get("attributes", {}).items()
        },
    )
    return CartItem(product, Decimal(str(item["qty"])), product.price, parent)
