"""The tables of customers, and of what they keep in their accounts."""

from __future__ import annotations

from gateway.importing import kinds
from gateway.importing.columns import (
    ATTRIBUTES,
    FIRST_NAME,
    LAST_NAME,
    MIDDLE_NAME,
    OF_ADDRESS,
    OF_CUSTOMER,
    PREFIX,
    SUFFIX,
    WEBSITE,
    Column,
    required,
    table,
)

CUSTOMERS = table(
    "customers",
    "Who has an account.",
    ("website", "customer_id"),
    WEBSITE,
    required(
        "customer_id",
        kinds.text(),
        "The customer's id in the shop: the `sub` of their tokens.",
    ),
    Column("email", kinds.text(), "E-mail address."),
    FIRST_NAME,
    LAST_NAME,
    PREFIX,
    MIDDLE_NAME,
    SUFFIX,
    Column(
        "group_id",
        kinds.whole(1),
        "Their customer group.",
        default=1,
        leads_to="customer group {}",
    ),
    Column("gender", kinds.text(), "Gender."),
    Column("date_of_birth", kinds.day(), "Date of birth."),
    Column("created_at", kinds.moment(), "When the account was made."),
    Column(
        "store_view",
        kinds.text(),
        "The store view in which it was made.",
        leads_to="store view {} on its website",
    ),
    Column(
        "newsletter",
        kinds.flag(),
        "Whether the newsletter is subscribed to.",
        default=False,
    ),
    Column(
        "store_credit",
        kinds.number(0),
        "Store credit, in the website's currency.",
        default=0,
    ),
    ATTRIBUTES,
    owner="customer",
)

ADDRESSES = table(
    "addresses",
    "The addresses in a customer's account.",
    ("website", "customer_id", "address_id"),
    WEBSITE,
    OF_CUSTOMER,
    required("address_id", kinds.text(), "The address's own id."),
    *OF_ADDRESS,
    Column(
        "default_billing",
        kinds.flag(),
        "Whether it is the default billing address.",
        default=False,
    ),
    Column(
        "default_shipping",
        kinds.flag(),
        "Whether it is the default shipping address.",
        default=False,
    ),
    owner="address",
)

WISHLISTS = table(
    "wishlists",
    "What customers wish for.",
    ("website", "customer_id", "sku"),
    WEBSITE,
    OF_CUSTOMER,
    required(
        "sku",
        kinds.text(),
        "The product; it need not be in the catalogue any more.",
    ),
    Column("quantity", kinds.number(0), "Units.", default=1),
    Column("added_at", kinds.moment(), "When it was wished for."),
)
