"""What becomes of orders: events of the back office."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from gateway.personalize.context import ZERO, Address
from gateway.personalize.events.effects import (
    OrderLine,
    OrderMoved,
    OrderPlaced,
    OrderRefunded,
)
from gateway.personalize.events.payloads import CART_ID, Payload
from gateway.personalize.events.table import Sender, event_type

order_event = partial(event_type, sender=Sender.SERVER)


def _both(name: str) -> tuple[str, str]:
    """Give the names under which *name* may stand: in the group commerce, or not."""
    return f"commerce.{name}", name


_SHIPPING_ADDRESS = _both("shipping.address")


def _order_id(payload: Payload) -> str:
    return payload.text(*_both("order.purchaseID"), longest=64, required=True) or ""


def _line(payload: Payload) -> OrderLine:
    return OrderLine(
        sku=payload.text("SKU", "sku", required=True) or "",
        quantity=payload.amount("quantity", "qty", required=True) or ZERO,
        row_total=payload.amount("priceTotal", required=True) or ZERO,
        name=payload.text("name"),
    )


def address(payload: Payload | None, telephone: str | None = None) -> Address | None:
    """Read an address as Adobe's data schema spells it; a phone alone is none."""
    if payload is None:
        return None
    streets = [payload.text("street1"), payload.text("street2")]
    found = Address(
        street=", ".join(street for street in streets if street) or None,
        city=payload.text("city"),
        region=payload.text("state", "region"),
        country=payload.country("countryCode", "country"),
        postcode=payload.text("postalCode", "postcode", longest=32),
    )
    # Adobe sends `primary` with every address, also with one that says nothing else.
    return None if found == Address() else replace(found, telephone=telephone)


def _shipped(payload: Payload, status: str) -> OrderMoved:
    shipped_to = address(payload.part(*_SHIPPING_ADDRESS))
    return OrderMoved(_order_id(payload), status, shipped_to)


@order_event("orderPlaced", "commerce.backofficeOrderPlaced")
def order_placed(payload: Payload) -> OrderPlaced:
    """An order is placed; it is pending, and told of twice it is still one."""
    order_id = _order_id(payload)
    lines = tuple(map(_line, payload.parts("productListItems", required=True)))
    discount = payload.amount(*_both("order.discountAmount")) or ZERO
    tax = payload.amount(*_both("order.taxAmount")) or ZERO
    shipping = payload.amount(*_both("shipping.shippingAmount")) or ZERO
    payments = payload.parts(*_both("order.payments"))
    paid = [payment.amount("paymentAmount", required=True) for payment in payments]
    subtotal = sum((line.row_total for line in lines), ZERO)
    owed = max(subtotal - discount, ZERO) + tax + shipping
    return OrderPlaced(
        order_id=order_id,
        lines=lines,
        grand_total=sum((one or ZERO for one in paid), ZERO) if paid else owed,
        subtotal=subtotal,
        discount=discount,
        tax=tax,
        shipping=shipping,
        currency=payload.text(*_both("order.currencyCode"), longest=3),
        placed_at=payload.instant(*_both("order.createdDate")),
        billing=address(payload.part(*_both("billing.address"))),
        shipping_to=address(payload.part(*_SHIPPING_ADDRESS)),
        cart_id=payload.text(*CART_ID),
    )


@order_event("orderInvoiced", "commerce.backofficeOrderInvoiced")
def order_invoiced(payload: Payload) -> OrderMoved:
    """An order is invoiced; it is being processed."""
    return OrderMoved(_order_id(payload), "processing")


@order_event("orderItemsShipped", "commerce.backofficeOrderItemsShipped")
def order_items_shipped(payload: Payload) -> OrderMoved:
    """Something of an order is shipped; it is being processed."""
    return _shipped(payload, "processing")


@order_event("orderShipmentCompleted", "commerce.backofficeOrderShipmentCompleted")
def order_shipment_completed(payload: Payload) -> OrderMoved:
    """All of an order is shipped; it is complete."""
    return _shipped(payload, "complete")


@order_event(
    "orderCancelled", "commerce.backofficeOrderCancelled", aliases=("orderCanceled",)
)
def order_cancelled(payload: Payload) -> OrderMoved:
    """An order is cancelled, for good."""
    return OrderMoved(_order_id(payload), "canceled")


@order_event("orderLineItemRefunded", "commerce.backofficeCreditMemoIssued")
def order_line_item_refunded(payload: Payload) -> OrderRefunded:
    """Money is given back; an order of which all was given back is closed."""
    refunds = payload.parts(*_both("refunds"))
    amounts = [refund.amount("refundAmount", required=True) for refund in refunds]
    return OrderRefunded(
        _order_id(payload), sum((amount or ZERO for amount in amounts), ZERO)
    )


@order_event(
    "orderItemsReturnInitiated",
    "commerce.backofficeOrderItemsReturnInitiated",
    aliases=("orderItemsReturnedInitiated",),
)
def order_items_return_initiated(payload: Payload) -> OrderMoved:
    """Something is to come back, which changes nothing yet."""
    return OrderMoved(_order_id(payload))


@order_event(
    "orderItemReturnCompleted",
    "commerce.backofficeOrderItemsReturnCompleted",
    aliases=("orderItemsReturnCompleted",),
)
def order_item_return_completed(payload: Payload) -> OrderMoved:
    """Something came back; what it was worth, a refund tells."""
    return OrderMoved(_order_id(payload))
