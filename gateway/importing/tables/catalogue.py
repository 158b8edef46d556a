"""The tables of what is sold, and for how much."""

from __future__ import annotations

from gateway.importing import kinds, nested_kinds
from gateway.importing.columns import (
    ATTRIBUTES,
    WEBSITE,
    Column,
    required,
    table,
)
from gateway.personalize.products import ProductList, Visibility
from gateway.personalize.tier_prices import TierPriceType

PRODUCT_TYPES = (
    "simple",
    "configurable",
    "virtual",
    "downloadable",
    "bundle",
    "grouped",
)

PRODUCTS = table(
    "products",
    "What a website sells.",
    ("website", "sku"),
    WEBSITE,
    required("sku", kinds.text(), "The product's SKU."),
    Column("name", kinds.text(), "Its name."),
    Column("type", kinds.choice(PRODUCT_TYPES), "Its type.", default="simple"),
    Column("attribute_set", kinds.text(), "Its attribute set."),
    Column(
        "price",
        kinds.number(0),
        "Regular price of one unit. A configurable product without one takes the"
        " lowest of its children's.",
    ),
    Column("special_price", kinds.number(0), "Special price of one unit."),
    Column("special_from", kinds.day(), "First day of the special price."),
    Column("special_to", kinds.day(), "Last day of the special price."),
    Column("weight", kinds.number(0), "Weight of one unit."),
    Column(
        "categories",
        nested_kinds.paths(),
        "The categories it is in; it also is in those above them.",
        default=(),
    ),
    ATTRIBUTES,
    Column("saleable", kinds.flag(), "Whether it can be bought.", default=True),
    Column(
        "visibility",
        kinds.choice(Visibility),
        "Where it can be found by itself.",
        default="catalog_search",
    ),
    Column(
        "children",
        nested_kinds.texts(),
        "The SKUs of which a configurable product is made.",
        default=(),
        leads_to="product {} on its website",
    ),
    Column("url_key", kinds.text(), "The last part of its page's address."),
    owner="product",
)

PRODUCT_LINKS = table(
    "product_links",
    "Products linked by hand; they come before those of rules.",
    ("website", "sku", "type", "linked_sku"),
    WEBSITE,
    required(
        "sku",
        kinds.text(),
        "The product whose page is shown.",
        leads_to="product {} on its website",
    ),
    required("type", kinds.choice(ProductList), "In which of its lists."),
    required(
        "linked_sku",
        kinds.text(),
        "The product that stands in the list.",
        leads_to="product {} on its website",
    ),
    Column(
        "position",
        kinds.whole(0),
        "Where in the list: the lowest comes first.",
        default=0,
    ),
)

TIER_PRICES = table(
    "tier_prices",
    "What a unit costs a customer group, or whoever buys several; the lowest price"
    " counts.",
    ("website", "sku", "group_id", "quantity"),
    WEBSITE,
    required(
        "sku",
        kinds.text(),
        "The product.",
        leads_to="product {} on its website",
    ),
    Column(
        "group_id",
        kinds.whole(0),
        "The customer group, 0 for visitors; empty for all of them.",
        leads_to="customer group {}",
    ),
    Column(
        "quantity",
        kinds.number(1),
        "Units of one line of the cart from which it holds.",
        default=1,
    ),
    Column(
        "type",
        kinds.choice(TierPriceType),
        "What the amount is: a price, or percent off the regular one.",
        default="fixed",
    ),
    required(
        "amount",
        kinds.number(0),
        "Price of one unit, or percent; 0 percent ends a tier price.",
    ),
)
