"""The tables of what was ordered."""

from __future__ import annotations

from gateway.importing import kinds
from gateway.importing.columns import (
    CITY,
    COUNTRY,
    OF_ADDRESS,
    POSTCODE,
    REGION,
    WEBSITE,
    Column,
    amount,
    required,
    table,
)

ORDERS = table(
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
)

ORDER_ADDRESSES = table(
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
)

ORDER_LINES = table(
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
)
