"""The tables that can be imported, column by column.

To add a column, add its line here and to the table's file in sql/queries/imports:
parsing, checks and docs/importing.md follow from this description.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.importing import kinds, nested_kinds
from gateway.importing.columns import (
    ATTRIBUTES,
    CITY,
    COUNTRY,
    FIRST_NAME,
    LAST_NAME,
    MIDDLE_NAME,
    OF_ADDRESS,
    OF_CUSTOMER,
    POSTCODE,
    PREFIX,
    REGION,
    SUFFIX,
    WEBSITE,
    Column,
    Table,
    amount,
    required,
    table,
)
from gateway.personalize.operators import Kind as AttributeKind
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
_DECLARED_KINDS = tuple(kind for kind in AttributeKind if kind != "category")

_ALL = (
    table(
        "websites",
        "The scope of customers, products and rules.",
        ("code",),
        required("code", kinds.key(), "The website's code."),
        required("name", kinds.text(), "Its name."),
        required(
            "timezone", kinds.text(), "Its IANA time zone, such as `Europe/Berlin`."
        ),
        required("currency", kinds.currency(), "The currency of all its amounts."),
        Column(
            "most_discount",
            kinds.number(),
            "The most that all cart price rules take off a cart; empty is no cap.",
        ),
    ),
    table(
        "store_views",
        "The language faces of a website.",
        ("code",),
        WEBSITE,
        required("code", kinds.key(), "The store view's code."),
        required("name", kinds.text(), "Its name."),
        required("locale", kinds.text(), "Its locale, such as `de-AT`."),
    ),
    table(
        "customer_groups",
        "The groups of customers; 0 is NOT LOGGED IN.",
        ("id",),
        required("id", kinds.whole(0), "The group's number."),
        required("name", kinds.text(32), "Its name; no two groups have the same."),
    ),
    table(
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
    ),
    table(
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
    ),
    table(
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
    ),
    table(
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
    ),
    table(
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
    ),
    table(
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
    ),
    table(
        "orders",
        "What was ordered; all amounts in the website's currency.",
        ("website", "order_id"),
        WEBSITE,
        required("order_id", kinds.text(), "The order's id in the shop."),
        Column(
            "customer_id",
            kinds.text(),
            "Who ordered; empty for a visitor.",
            leads_to="customer {} on its website",
        ),
        Column("email", kinds.text(), "E-mail address."),
        required("created_at", kinds.moment(), "When it was placed."),
        required("status", kinds.text(), "Its status, as `complete`."),
        Column("currency", kinds.currency(), "The currency the shopper saw."),
        amount("subtotal", "Sum of its lines before discounts."),
        amount("discount", "What was given in discounts."),
        amount("tax", "Tax."),
        amount("shipping", "Shipping."),
        required("grand_total", kinds.number(), "What was to be paid."),
        amount("quantity", "Units ordered, over all lines."),
        COUNTRY,
        REGION,
        CITY,
        POSTCODE,
    ),
    table(
        "order_addresses",
        "Where orders were billed and shipped to; without a shipping address here it is"
        " the one in the order's own row.",
        ("website", "order_id", "type"),
        WEBSITE,
        required(
            "order_id",
            kinds.text(),
            "The order's id in the shop.",
            leads_to="order {} on its website",
        ),
        required("type", kinds.choice(("billing", "shipping")), "What it is for."),
        *OF_ADDRESS,
        owner="address",
    ),
    table(
        "order_lines",
        "The lines of orders.",
        ("website", "order_id", "line"),
        WEBSITE,
        required(
            "order_id",
            kinds.text(),
            "The order's id in the shop.",
            leads_to="order {} on its website",
        ),
        required("line", kinds.whole(0), "The line's number."),
        required(
            "sku",
            kinds.text(),
            "What was ordered; it need not be in the catalogue any more.",
        ),
        Column("name", kinds.text(), "Its name at the time."),
        required("quantity", kinds.number(), "Units."),
        required("price", kinds.number(), "Price of one unit."),
        required("row_total", kinds.number(), "What the line came to."),
    ),
    table(
        "audiences",
        "Audiences: customers whom another system has chosen.",
        ("key",),
        required("key", kinds.key(), "The name by which conditions know it."),
        required("name", kinds.text(), "Its name for people."),
        Column("description", kinds.text(2000), "What it is for.", default=""),
        Column("source", kinds.text(), "The system that chooses.", default=""),
        required("websites", nested_kinds.texts(), "The websites it is for."),
        Column(
            "ttl_seconds",
            kinds.whole(1),
            "How long a member stays where nobody says until when; empty is for good.",
        ),
    ),
    table(
        "audience_members",
        "Who is in an audience.",
        ("website", "audience", "customer_id"),
        WEBSITE,
        required(
            "audience",
            kinds.key(),
            "The audience's key.",
            leads_to="audience {} on its website",
        ),
        OF_CUSTOMER,
        Column(
            "qualified_at",
            kinds.moment(),
            "Since when; empty is as it was, and now for who is new.",
        ),
        Column(
            "expires_at",
            kinds.moment(),
            "Until when, and no longer; empty is as long as the audience says.",
        ),
    ),
    table(
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
    ),
)

TABLES: Mapping[str, Table] = {one.name: one for one in _ALL}
