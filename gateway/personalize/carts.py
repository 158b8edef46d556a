"""From the cart a shop mirrors to one that can be decided about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from gateway.personalize import money
from gateway.personalize.context import ZERO, Address, Cart, CartItem, Shipping
from gateway.personalize.coupons import Coupon
from gateway.personalize.fields import Fields
from gateway.personalize.prices import Prices

LINES = 250
"""Lines of a cart, and children of one of them."""
COUPON_CODES = 20
LARGEST_QUANTITY = 100_000
LARGEST_AMOUNT = 1_000_000_000

_SERVERS_ONLY = "Leave it out: only a server token may state amounts."


@dataclass(frozen=True)
class Line:
    """One line as it was mirrored.

    *price* is of one unit, and only a server may state it; None leaves it to the
    catalogue. *parent_sku* is the configurable product that *sku* is a child of.
    *children* are what a bundle is put together of, counted for one bundle.
    """

    sku: str
    quantity: Decimal
    price: Decimal | None = None
    parent_sku: str | None = None
    children: tuple[Line, ...] = ()


@dataclass(frozen=True)
class MirroredCart:
    """A cart as the shop last said it is; *id* is its masked id, if it is kept.

    *changed_at* is then when it last became another one.
    """

    id: str | None = None
    customer_id: str | None = None
    lines: tuple[Line, ...] = ()
    coupon_codes: tuple[str, ...] = ()
    shipping: Shipping = field(default_factory=Shipping)
    tax: Decimal = ZERO
    payment_method: str | None = None
    address: Address = field(default_factory=Address)
    store_credit: Decimal = ZERO
    gift_card: Decimal = ZERO
    changed_at: datetime | None = None

    def priced(self, prices: Prices, coupons: tuple[Coupon, ...] = ()) -> Cart:
        """Give every line its product and what it costs, in the order given.

        *coupons* is what is known of the coupon codes.
        A SKU that the catalogue does not know is kept, has no price unless a server
        stated one, and matches only what can be known of it. Amounts that a server
        stated become whole coins, as storefronts show them.
        """
        coins = partial(money.rounded, decimals=prices.decimals)
        return Cart(
            id=self.id,
            items=tuple(_item(line, prices) for line in self.lines),
            coupon_codes=self.coupon_codes,
            shipping=replace(self.shipping, amount=coins(self.shipping.amount)),
            tax=coins(self.tax),
            payment_method=self.payment_method,
            address=self.address,
            store_credit=coins(self.store_credit),
            gift_card=coins(self.gift_card),
            changed_at=self.changed_at,
            coupons=coupons,
        )


def _item(line: Line, prices: Prices) -> CartItem:
    catalogue = prices.catalogue
    product = catalogue.find(line.sku)
    paid = line.price
    if paid is None:
        paid = prices.of(product, line.quantity)
    children = tuple(
        replace(
            _item(child, prices),
            quantity=child.quantity * line.quantity,
            within=product,
        )
        for child in line.children
    )
    # Adobe Commerce: a bundle without a price of its own costs what its children do.
    sums_children = paid is None and bool(children)
    if sums_children:
        whole = sum((one.row_total for one in children), ZERO)
        paid = whole / line.quantity
    return CartItem(
        product=product,
        quantity=line.quantity,
        price=paid,
        parent=catalogue.find(line.parent_sku) if line.parent_sku else None,
        known=line.sku in catalogue.products,
        children=children,
        sums_children=sums_children,
        has_listed_price=line.price is None,
        decimals=prices.decimals,
    )


def read(given: Mapping[str, Any], *, from_server: bool) -> MirroredCart:
    """Read a cart from what a shopper, or a server, sent.

    Raises:
        InvalidInput: with every field at fault; amounts that a shopper states are
            faults, so that nobody sets a price of their own.
    """
    fields = Fields(given)
    cart = MirroredCart(
        id=fields.text("cart_id", longest=64, required=False) or None,
        customer_id=_customer_id(fields, from_server=from_server),
        lines=fields.many("items", lambda one: _line(one, from_server), most=LINES),
        coupon_codes=fields.texts("coupon_codes", most=COUPON_CODES),
        shipping=fields.one("shipping", lambda one: _shipping(one, from_server))
        or Shipping(),
        tax=_amount(fields, "tax", from_server=from_server) or ZERO,
        payment_method=fields.text("payment_method", required=False) or None,
        address=fields.one("address", _address) or Address(),
        store_credit=_amount(fields, "store_credit", from_server=from_server) or ZERO,
        gift_card=_amount(fields, "gift_card", from_server=from_server) or ZERO,
    )
    fields.finish()
    return cart


def _customer_id(fields: Fields, *, from_server: bool) -> str | None:
    customer_id = fields.text("customer_id", required=False) or None
    if customer_id is not None and not from_server:
        fields.fault(
            "customer_id",
            "whose cart it is comes from the customer's token.",
            "Leave it out, and send the token.",
        )
    return customer_id


def _line(fields: Fields, from_server: bool) -> Line:  # noqa: FBT001
    line = _child(fields, from_server)
    children = fields.many("children", lambda one: _child(one, from_server), most=LINES)
    if children and line.parent_sku:
        remedy = "Keep one: a bundle has children, a configurable's child a parent."
        fields.fault("children", "the line is a child itself.", remedy)
    return replace(line, children=children)


def _child(fields: Fields, from_server: bool) -> Line:  # noqa: FBT001
    quantity = fields.decimal("quantity", least=None, most=LARGEST_QUANTITY)
    if fields.raw("quantity") is None:
        fields.fault("quantity", "it is missing.", "Write how many there are.")
    elif quantity == 0:
        fields.fault("quantity", "it is zero.", "Leave the line out instead.")
    elif quantity is not None and quantity < 0:
        fields.fault("quantity", f"{quantity} is too small.", "Write more than 0.")
    return Line(
        sku=fields.text("sku"),
        quantity=quantity or ZERO,
        price=_amount(fields, "price", from_server=from_server),
        parent_sku=fields.text("parent_sku", required=False) or None,
    )


def _shipping(fields: Fields, from_server: bool) -> Shipping:  # noqa: FBT001
    return Shipping(
        fields.text("method", required=False) or None,
        _amount(fields, "amount", from_server=from_server) or ZERO,
    )


def _address(fields: Fields) -> Address:
    return Address(
        country=fields.country("country"),
        region=fields.text("region", required=False) or None,
        city=fields.text("city", required=False) or None,
        postcode=fields.text("postcode", longest=32, required=False) or None,
    )


def _amount(fields: Fields, name: str, *, from_server: bool) -> Decimal | None:
    amount = fields.number(name, most=LARGEST_AMOUNT)
    if amount is not None and not from_server:
        fields.fault(name, "a shopper cannot state it.", _SERVERS_ONLY)
    return amount
