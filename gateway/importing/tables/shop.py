"""The tables of what a shop is: websites, store views, groups and attributes."""

from __future__ import annotations

from gateway.importing import kinds
from gateway.importing.columns import WEBSITE, Column, required, table
from gateway.personalize.operators import Kind as AttributeKind

_DECLARED_KINDS = tuple(kind for kind in AttributeKind if kind != "category")

WEBSITES = table(
    "websites",
    "The scope of customers, products and rules.",
    ("code",),
    required("code", kinds.key(), "The website's code."),
    required("name", kinds.text(), "Its name."),
    required("timezone", kinds.text(), "Its IANA time zone, such as `Europe/Berlin`."),
    required("currency", kinds.currency(), "The currency of all its amounts."),
    Column(
        "most_discount",
        kinds.number(),
        "The most that all cart price rules take off a cart; empty is no cap, and zero"
        " is refused.",
    ),
)

STORE_VIEWS = table(
    "store_views",
    "The language faces of a website.",
    ("code",),
    WEBSITE,
    required("code", kinds.key(), "The store view's code."),
    required("name", kinds.text(), "Its name."),
    required("locale", kinds.text(), "Its locale, such as `de-AT`."),
)

CUSTOMER_GROUPS = table(
    "customer_groups",
    "The groups of customers; 0 is NOT LOGGED IN.",
    ("id",),
    required("id", kinds.whole(0), "The group's number."),
    required("name", kinds.text(32), "Its name; no two groups have the same."),
)

ATTRIBUTES = table(
    "attributes",
    "The shop's own attributes of products, customers and addresses.",
    ("entity", "code"),
    required(
        "entity", kinds.choice(("product", "customer", "address")), "What has it."
    ),
    required(
        "code",
        kinds.attribute_code(),
        "Its code; conditions know it as `product.code`, `customer.code` or"
        " `address.code`.",
    ),
    Column("label", kinds.text(), "Its name for people.", default=""),
    required("kind", kinds.choice(_DECLARED_KINDS), "What its values are."),
    Column(
        "in_conditions",
        kinds.flag(),
        "Whether conditions may ask for it.",
        default=True,
    ),
)
