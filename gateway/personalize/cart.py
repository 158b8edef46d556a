"""What is known of a cart, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gateway.personalize import money
from gateway.personalize.coupons import Coupon
from gateway.personalize.customers import ZERO, Address
from gateway.personalize.prices import Prices
from gateway.personalize.products import Product
from gateway.personalize.tier_prices import ONE


@dataclass(frozen=True)
class CartItem:
    """One line of a cart; *price* is of one unit, None when nobody knows it.

    *parent* is the configurable product that *product* is a child of. A bundle has
    *children*, which count the units of the whole line and know what they stand
    *within*; *sums_children* says that it costs what they do. *has_listed_price* says
    that the price is the catalogue's, which segments may lower. *decimals* are those of
    the currency: a unit may cost parts of a coin, and the line costs whole ones.
    """

    product: Product
    quantity: Decimal
    price: Decimal | None = None
    parent: Product | None = None
    known: bool = True
    children: tuple[CartItem, ...] = ()
    sums_children: bool = False
    within: Product | None = None
    chosen: Product | None = None
    has_listed_price: bool = False
    decimals: int = 2

    @cached_property
    def row_total(self) -> Decimal:
        """Price times quantity, in whole coins; zero while the price is unknown."""
        if self.sums_children:
            return sum((child.row_total for child in self.children), ZERO)
        if self.price is None:
            return ZERO
        return money.rounded(self.quantity * self.price, self.decimals)

    @cached_property
    def weight(self) -> Decimal:
        """What the line weighs; what has no weight, and no children, weighs nothing."""
        if self.product.weight is None:
            return sum((child.weight for child in self.children), ZERO)
        return self.quantity * self.product.weight

    def repriced(self, prices: Prices, bundles: Decimal = ONE) -> CartItem:
        """Return the line with *prices* where it has the catalogue's.

        A child stands in *bundles*; what one of them holds is its quantity for tiers.
        """
        children = tuple(one.repriced(prices, self.quantity) for one in self.children)
        item = replace(self, children=children)
        if self.sums_children:
            return replace(item, price=item.row_total / self.quantity)
        if not self.has_listed_price:
            return item
        return replace(item, price=prices.of(self.product, self.quantity / bundles))

    @cached_property
    def faces(self) -> tuple[CartItem, ...]:
        """The line itself, and the others it can be taken for.

        A child of a configurable product also is its parent: what that does not say
        of itself (its price, the colour chosen) it says by the child. A bundle also is
        each of its children.
        """
        if self.parent is None:
            return (self, *self.children)
        whole = self.parent.completed_by(self.product)
        return (self, replace(self, product=whole, chosen=self.product))

    @cached_property
    def without_children(self) -> CartItem:
        """The line by itself."""
        return replace(self, children=())

    @cached_property
    def own_parent(self) -> CartItem:
        """The parent and nothing of the child; the line itself where it has none."""
        above = self.parent or self.within
        return self if above is None else replace(self, product=above, parent=None)

    @cached_property
    def own_children(self) -> tuple[CartItem, ...]:
        """The children and nothing of the parent; the line itself where it has none."""
        if self.chosen is not None:
            return (replace(self, product=self.chosen, chosen=None),)
        return self.children or (self,)


@dataclass(frozen=True)
class Shipping:
    """The chosen shipping method (``carrier_method``) and what it costs."""

    method: str | None = None
    amount: Decimal = ZERO


class Counted(NamedTuple):
    """The lines that totals are of, and what was given on them."""

    items: tuple[CartItem, ...]
    discount: Decimal


# No slots: cached_property needs a __dict__.
@dataclass(frozen=True)
class Cart:
    """What the shopper is about to buy; a shopper without a cart has an empty one.

    *coupons* are the codes among *coupon_codes* that a rule is known to have.
    *discount* is what earlier cart price rules of the same decision have given on
    items, so that conditions can ask for what is left. Subtotals, quantity and weight
    are of what is *counted*, which is all of the cart unless a rule says otherwise.
    *changed_at* is when a kept cart last became another one.
    """

    id: str | None = None
    items: tuple[CartItem, ...] = ()
    coupon_codes: tuple[str, ...] = ()
    shipping: Shipping = Shipping()
    tax: Decimal = ZERO
    payment_method: str | None = None
    address: Address = Address()  # noqa: RUF009  # It is frozen.
    discount: Decimal = ZERO
    store_credit: Decimal = ZERO
    gift_card: Decimal = ZERO
    coupons: tuple[Coupon, ...] = ()
    counted: Counted | None = None
    changed_at: datetime | None = None

    @property
    def _counted_items(self) -> tuple[CartItem, ...]:
        return self.items if self.counted is None else self.counted.items

    @cached_property
    def subtotal(self) -> Decimal:
        """The sum of the lines before any discount."""
        return sum((item.row_total for item in self._counted_items), ZERO)

    @property
    def subtotal_after_discounts(self) -> Decimal:
        """The sum of the lines less what was given on them."""
        given = self.discount if self.counted is None else self.counted.discount
        return self.subtotal - given

    @cached_property
    def quantity(self) -> Decimal:
        """The sum of the lines' quantities."""
        return sum((item.quantity for item in self._counted_items), ZERO)

    @cached_property
    def weight(self) -> Decimal:
        """The weight of everything."""
        return sum((item.weight for item in self._counted_items), ZERO)

    def repriced(self, prices: Prices) -> Cart:
        """Return the cart with *prices* where a line has the catalogue's."""
        return replace(self, items=tuple(one.repriced(prices) for one in self.items))

    @property
    def grand_total(self) -> Decimal:
        """What is to be paid: lines, less discount, plus shipping and tax.

        Adobe Commerce: store credit and gift cards are taken off, down to zero.
        """
        lines = sum((item.row_total for item in self.items), ZERO)
        total = lines - self.discount + self.shipping.amount + self.tax
        return max(total - self.store_credit - self.gift_card, ZERO)


NO_CART = Cart()
"""What a shopper without a cart has."""
