"""What shoppers do: the events of storefronts, of which histories are made.

A cart is what ``syncCart`` says it is, and an order what a server says: of these
events only the history is made.
"""

from __future__ import annotations

from functools import partial

from gateway.personalize.events.effects import Acted, Searched, Seen, Visited
from gateway.personalize.events.payloads import CART_ID, LONGEST_URL, Payload
from gateway.personalize.events.table import Sender, event_type

storefront_event = partial(event_type, sender=Sender.STOREFRONT)

_LIST = ("commerce.requisitionList", "requisitionList")


def _products(payload: Payload, *, required: bool = False) -> tuple[str, ...]:
    found = []
    for line in payload.parts("productListItems", required=required):
        found.append(line.text("SKU", "sku", required=True))
        line.amount("quantity", "qty")
        line.amount("priceTotal")
    return tuple(dict.fromkeys(sku for sku in found if sku))


def _of_cart(payload: Payload) -> Acted:
    payload.text(*CART_ID)
    _products(payload)
    return Acted()


def _of_list(payload: Payload) -> Acted:
    listed = payload.part(*_LIST)
    if listed is not None:
        listed.text("ID", "id")
        listed.text("name")
    _products(payload)
    return Acted()


@storefront_event("pageView", "web.webpagedetails.pageViews")
def page_view(payload: Payload) -> Visited:
    """A page is loaded."""
    return Visited(
        payload.text("web.webPageDetails.URL", "URL", longest=LONGEST_URL),
        payload.text("web.webReferrer.URL", "referrer", longest=LONGEST_URL),
    )


@storefront_event("productPageView", "commerce.productViews")
def product_page_view(payload: Payload) -> Seen:
    """The page of a product is shown."""
    return Seen(_products(payload, required=True))


@storefront_event("searchRequestSent", "searchRequest")
def search_request_sent(payload: Payload) -> Searched | Acted:
    """Something is searched for, or what was found is narrowed down or sorted."""
    phrase = payload.text("siteSearch.query", "siteSearch.phrase")
    return Searched(phrase) if phrase else Acted()


@storefront_event("searchResponseReceived", "searchResponse")
def search_response_received(payload: Payload) -> Acted:
    """What was searched for is found."""
    payload.amount("siteSearch.numberOfResults")
    return Acted()


@storefront_event("addToCart", "commerce.productListAdds")
def add_to_cart(payload: Payload) -> Acted:
    """A product is added to the cart, or its quantity is raised."""
    return _of_cart(payload)


@storefront_event("openCart", "commerce.productListOpens")
def open_cart(payload: Payload) -> Acted:
    """The first product is added to an empty cart."""
    return _of_cart(payload)


@storefront_event("removeFromCart", "commerce.productListRemovals")
def remove_from_cart(payload: Payload) -> Acted:
    """A product is removed from the cart, or its quantity is lowered."""
    return _of_cart(payload)


@storefront_event("shoppingCartView", "commerce.productListViews")
def shopping_cart_view(payload: Payload) -> Acted:
    """The page of the cart is shown."""
    return _of_cart(payload)


@storefront_event("startCheckout", "commerce.checkouts", aliases=("initiateCheckout",))
def start_checkout(payload: Payload) -> Acted:
    """The checkout begins."""
    return _of_cart(payload)


@storefront_event("completeCheckout", "commerce.purchases", aliases=("placeOrder",))
def complete_checkout(payload: Payload) -> Acted:
    """The checkout ends with an order, which counts once a server tells of it."""
    payload.text("commerce.order.purchaseID", "order.purchaseID")
    _products(payload)
    return Acted()


@storefront_event("signIn", "userAccount.login")
def sign_in(_: Payload) -> Acted:
    """A login is attempted; who the shopper is, tokens alone say."""
    return Acted()


@storefront_event("signOut", "userAccount.logout")
def sign_out(_: Payload) -> Acted:
    """A logout is attempted."""
    return Acted()


@storefront_event("createAccount", "userAccount.createProfile")
def create_profile(_: Payload) -> Acted:
    """A registration is attempted."""
    return Acted()


@storefront_event("editAccount", "userAccount.updateProfile")
def edit_profile(_: Payload) -> Acted:
    """A change of the customer's own data is attempted."""
    return Acted()


@storefront_event("createRequisitionList", "commerce.requisitionListOpens")
def create_requisition_list(payload: Payload) -> Acted:
    """A requisition list is made."""
    return _of_list(payload)


@storefront_event("addToRequisitionList", "commerce.requisitionListAdds")
def add_to_requisition_list(payload: Payload) -> Acted:
    """A product is added to a requisition list."""
    return _of_list(payload)


@storefront_event(
    "removeFromRequisitionList",
    "commerce.requisitionListRemovals",
    aliases=("commerce.requsitionListRemovals",),
)
def remove_from_requisition_list(payload: Payload) -> Acted:
    """A product is removed from a requisition list."""
    return _of_list(payload)


@storefront_event("deleteRequisitionList", "commerce.requisitionListDeletes")
def delete_requisition_list(payload: Payload) -> Acted:
    """A requisition list is deleted."""
    return _of_list(payload)
