"""The cart as the storefront dialect shows it: lines, rules, totals."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

import strawberry
from strawberry import Private

from gateway.personalize.cart_price_rules import CartDiscounts
from gateway.personalize.decide import Decision
from gateway.personalize.money import ZERO
from gateway.resolvers.visits import Visit
from gateway.schema.storefront.cart_items import CartItemInterface, lines_of
from gateway.schema.storefront.coupon_results import CouponResult
from gateway.schema.storefront.discounts import (
    AppliedCoupon,
    CartDiscountType,
    Discount,
    FreeGift,
    discounts,
)
from gateway.schema.storefront.hints import CartHint
from gateway.schema.storefront.money import Money
from gateway.schema.storefront.paging import (
    CurrentPage,
    Page,
    PageSize,
    SearchResultPageInfo,
)
from gateway.schema.storefront.products import Showcase
from gateway.schema.storefront.shoppers import CartRuleStorefront


@strawberry.type(description="One page of a cart's lines.")
class CartItems:
    """One page of a cart's lines."""

    items: list[CartItemInterface] = strawberry.field(description="The lines.")
    page_info: SearchResultPageInfo = strawberry.field(description="Which page.")
    total_count: int = strawberry.field(description="The lines on all pages.")


@strawberry.type(description="A tax on the cart.")
class CartTaxItem:
    """The tax as a server stated it."""

    amount: Money = strawberry.field(description="The amount.")
    label: str = strawberry.field(description="The name of the tax.")


@strawberry.type(description="What the cart costs.")
class CartPrices:
    """The totals of a cart; sums of lines equal them to the cent."""

    subtotal_excluding_tax: Money = strawberry.field(
        description="The lines before any discount."
    )
    subtotal_with_discount_excluding_tax: Money = strawberry.field(
        description="The lines less their discounts."
    )
    discounts: list[Discount] = strawberry.field(
        description="What each rule took off, lines first, then shipping."
    )
    applied_taxes: list[CartTaxItem] = strawberry.field(description="Taxes.")
    grand_total_excluding_tax: Money = strawberry.field(
        description="What is to be paid, without tax."
    )
    grand_total: Money = strawberry.field(
        description="What is to be paid, less store credit and gift cards."
    )


@strawberry.type(description="How the cart is shipped.")
class SelectedShippingMethod:
    """The chosen shipping method and what it costs after cart price rules."""

    carrier_code: str = strawberry.field(description="The carrier.")
    method_code: str = strawberry.field(description="The carrier's method.")
    amount: Money = strawberry.field(description="The cost after free shipping.")


@strawberry.type(description="The shopper's cart, with every cart price rule applied.")
class Cart:
    """A cart as it was decided about."""

    decision: Private[Decision]
    showcase: Private[Showcase]

    @classmethod
    def of(cls, visit: Visit, decision: Decision) -> Self:
        """Write the cart that was decided about."""
        return cls(decision=decision, showcase=Showcase.of(visit, decision))

    @strawberry.field(description="The masked id; empty for a cart sent inline.")
    def id(self) -> strawberry.ID:
        """Return the masked id."""
        return strawberry.ID(self.decision.context.cart.id or "")

    @strawberry.field(description="The lines.")
    def items(self) -> list[CartItemInterface]:
        """Return every line, in the order it was sent."""
        return lines_of(self.showcase, self.decision)

    @strawberry.field(name="itemsV2", description="The lines, page by page.")
    def items_v2(
        self, page_size: PageSize = 20, current_page: CurrentPage = 1
    ) -> CartItems | None:
        """Return one page of the lines."""
        page = Page.of(page_size, current_page)
        items = lines_of(self.showcase, self.decision)
        return CartItems(
            items=list(page.cut(items)),
            page_info=SearchResultPageInfo.of(page, len(items)),
            total_count=len(items),
        )

    @strawberry.field(description="The units of all lines.")
    def total_quantity(self) -> float:
        """Return the sum of the quantities."""
        return float(self.decision.context.cart.quantity)

    @strawberry.field(description="The cart price rules that apply.")
    def rules(self) -> list[CartRuleStorefront]:
        """Return the applied rules, in the order they were applied."""
        return [CartRuleStorefront.of(rule.id) for rule in self._given.applied]

    @strawberry.field(description="The coupons that take part.")
    def applied_coupons(self) -> list[AppliedCoupon]:
        """Return the codes that earned something."""
        return [AppliedCoupon(code=code) for code in self._given.coupon_codes]

    @strawberry.field(description="What becomes of each coupon code of the cart.")
    def coupon_results(self) -> list[CouponResult]:
        """Return every code, also those that do nothing."""
        results = self.decision.coupon_results
        return [CouponResult.of(one, self.showcase) for one in results]

    @strawberry.field(description="Whether cart price rules make shipping free.")
    def ships_free(self) -> bool:
        """Tell whether the shipment is free."""
        return self._given.ships_free

    @strawberry.field(description="What cart price rules give free of charge.")
    def free_gifts(self) -> list[FreeGift]:
        """Return what the shopper may put into the cart, or has there already."""
        return [FreeGift.of(one, self.showcase) for one in self._given.gifts]

    @strawberry.field(
        description="What little is missing for cart price rules to give something."
    )
    def hints(self) -> list[CartHint]:
        """Return what the shopper is closest to."""
        return [CartHint.of(one, self.showcase) for one in self.decision.hints]

    @strawberry.field(description="The chosen shipping method, once there is one.")
    def selected_shipping_method(self) -> SelectedShippingMethod | None:
        """Return the method, split into carrier and the carrier's own method."""
        method = self.decision.context.cart.shipping.method
        if method is None:
            return None
        carrier, _, own = method.partition("_")
        return SelectedShippingMethod(
            carrier_code=carrier,
            method_code=own,
            amount=self._money(self._given.shipping),
        )

    @strawberry.field(description="What the cart costs.")
    def prices(self) -> CartPrices:
        """Return the totals."""
        given, currency = self._given, self._currency
        tax = [CartTaxItem(amount=self._money(given.tax), label="Tax")]
        return CartPrices(
            subtotal_excluding_tax=self._money(given.subtotal),
            subtotal_with_discount_excluding_tax=self._money(
                given.subtotal - given.discount
            ),
            discounts=[
                *discounts(given.on_items, CartDiscountType.ITEM, currency),
                *discounts(given.on_shipping, CartDiscountType.SHIPPING, currency),
            ],
            applied_taxes=tax if given.tax else [],
            # Credit may have paid for the tax, too.
            grand_total_excluding_tax=self._money(
                max(given.grand_total - given.tax, ZERO)
            ),
            grand_total=self._money(given.grand_total),
        )

    @property
    def _given(self) -> CartDiscounts:
        return self.decision.discounts

    @property
    def _currency(self) -> str:
        return self.decision.context.website.currency

    def _money(self, amount: Decimal) -> Money:
        return Money.of(amount, self._currency)
