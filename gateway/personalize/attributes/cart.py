"""What a condition can look at in the shopping cart."""

from __future__ import annotations

from decimal import Decimal

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.context import Cart, CartItem
from gateway.personalize.operators import Kind, Value


@attribute("cart.subtotal", Kind.NUMBER, Scope.CART)
def subtotal(cart: Cart) -> Value:
    """Subtotal before any discount, in the website's currency."""
    return cart.subtotal


@attribute("cart.subtotal_after_discounts", Kind.NUMBER, Scope.CART)
def subtotal_after_discounts(cart: Cart) -> Value:
    """Subtotal less what earlier cart price rules gave.

    Adobe Commerce, cart price rules: the attribute "Subtotal (Excl. Tax)".
    """
    return cart.subtotal_after_discounts


@attribute("cart.subtotal_including_tax", Kind.NUMBER, Scope.CART)
def subtotal_including_tax(cart: Cart) -> Value:
    """Subtotal before any discount, with the cart's tax.

    Adobe Commerce, cart price rules: the attribute "Subtotal (Incl. Tax)".
    """
    return cart.subtotal + cart.tax


@attribute("cart.grand_total", Kind.NUMBER, Scope.CART)
def grand_total(cart: Cart) -> Value:
    """Grand total: what is left to pay, once store credit and gift cards are taken."""
    return cart.grand_total


@attribute("cart.tax", Kind.NUMBER, Scope.CART)
def tax(cart: Cart) -> Value:
    """Tax amount."""
    return cart.tax


@attribute("cart.shipping", Kind.NUMBER, Scope.CART)
def shipping(cart: Cart) -> Value:
    """Shipping amount before discounts."""
    return cart.shipping.amount


@attribute("cart.store_credit", Kind.NUMBER, Scope.CART)
def store_credit(cart: Cart) -> Value:
    """Store credit that pays for the cart."""
    return cart.store_credit


@attribute("cart.gift_card", Kind.NUMBER, Scope.CART)
def gift_card(cart: Cart) -> Value:
    """Amount that gift cards pay for the cart."""
    return cart.gift_card


@attribute("cart.lines", Kind.NUMBER, Scope.CART)
def lines(cart: Cart) -> Value:
    """Number of cart line items, one for each row."""
    return Decimal(len(cart.items))


@attribute("cart.quantity", Kind.NUMBER, Scope.CART)
def quantity(cart: Cart) -> Value:
    """Total items quantity, the sum over all rows."""
    return cart.quantity


@attribute("cart.weight", Kind.NUMBER, Scope.CART)
def weight(cart: Cart) -> Value:
    """Total weight."""
    return cart.weight


@attribute("cart.coupon", Kind.MULTISELECT, Scope.CART)
def coupon(cart: Cart) -> Value:
    """Coupon codes in the cart."""
    return cart.coupon_codes


@attribute("cart.coupon_applied", Kind.BOOLEAN, Scope.CART)
def coupon_applied(cart: Cart) -> Value:
    """Whether any coupon code is in the cart."""
    return bool(cart.coupon_codes)


@attribute("cart.payment_method", Kind.SELECT, Scope.CART)
def payment_method(cart: Cart) -> Value:
    """Payment method, once it is chosen."""
    return cart.payment_method


@attribute("cart.shipping_method", Kind.SELECT, Scope.CART)
def shipping_method(cart: Cart) -> Value:
    """Shipping method (carrier_method), once it is chosen."""
    return cart.shipping.method


@attribute("cart.country", Kind.SELECT, Scope.CART, is_country=True)
def country(cart: Cart) -> Value:
    """Shipping country (ISO 3166 alpha-2)."""
    return cart.address.country


@attribute("cart.region", Kind.TEXT, Scope.CART)
def region(cart: Cart) -> Value:
    """Shipping state or province."""
    return cart.address.region


@attribute("cart.postcode", Kind.TEXT, Scope.CART)
def postcode(cart: Cart) -> Value:
    """Shipping postcode."""
    return cart.address.postcode


@attribute("item.quantity", Kind.NUMBER, Scope.ITEM)
def item_quantity(item: CartItem) -> Value:
    """Quantity in cart."""
    return item.quantity


@attribute("item.price", Kind.NUMBER, Scope.ITEM)
def item_price(item: CartItem) -> Value:
    """Price in cart, of one unit."""
    return item.price


@attribute("item.row_total", Kind.NUMBER, Scope.ITEM)
def item_row_total(item: CartItem) -> Value:
    """Row total in cart, before discounts."""
    return item.row_total
