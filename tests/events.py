"""Events as storefronts and servers send them."""

from __future__ import annotations

from typing import Any

Given = dict[str, Any]

AT = "2026-03-10T11:00:00Z"


def an_event(id: str, type: str, payload: Any = None, **also: Any) -> Given:
    """Make an event at eleven; *also* are its other fields."""
    return {"id": id, "type": type, "at": AT, "payload": payload, **also}


def a_page_view(id: str, url: str, referrer: str | None = None, **also: Any) -> Given:
    web: Given = {"webPageDetails": {"pageViews": 1, "URL": url}}
    if referrer is not None:
        web["webReferrer"] = {"URL": referrer}
    return an_event(id, "pageView", {"web": web}, **also)


def a_product_view(id: str, *skus: str, **also: Any) -> Given:
    listed = [{"SKU": sku} for sku in skus]
    return an_event(id, "productPageView", {"productListItems": listed}, **also)


def an_order(
    id: str, order_id: str, *, cart_id: str | None = None, **also: Any
) -> Given:
    """Make an order of two mugs at 9.95, with shipping for 5.00."""
    payload: Given = {
        "commerce": {
            "order": {
                "purchaseID": order_id,
                "payments": [{"paymentAmount": 24.9, "currencyCode": "USD"}],
                "currencyCode": "USD",
            },
            "shipping": {"shippingAmount": 5},
        },
        "productListItems": [
            {"SKU": "mug", "name": "Mug", "quantity": 2, "priceTotal": 19.9}
        ],
    }
    if cart_id is not None:
        payload["commerce"]["cart"] = {"cartID": cart_id}
    return an_event(id, "orderPlaced", payload, **also)


def of_order(id: str, type: str, order_id: str, **also: Any) -> Given:
    return an_event(id, type, {"commerce": {"order": {"purchaseID": order_id}}}, **also)
