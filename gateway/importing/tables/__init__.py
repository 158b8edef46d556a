"""The tables that can be imported, column by column.

To add a column, add its line in its subject's module and to the table's file in
sql/queries/imports: parsing, checks and docs/importing.md follow from this description.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.importing.columns import Table
from gateway.importing.tables import audiences, catalogue, customers, orders, shop

__all__ = ["TABLES"]

# Whatever refers to something comes after it.
_ALL = (
    shop.WEBSITES,
    shop.STORE_VIEWS,
    shop.CUSTOMER_GROUPS,
    shop.ATTRIBUTES,
    catalogue.PRODUCTS,
    catalogue.PRODUCT_LINKS,
    catalogue.TIER_PRICES,
    customers.CUSTOMERS,
    customers.ADDRESSES,
    orders.ORDERS,
    orders.ORDER_ADDRESSES,
    orders.ORDER_LINES,
    audiences.AUDIENCES,
    audiences.AUDIENCE_MEMBERS,
    customers.WISHLISTS,
)

TABLES: Mapping[str, Table] = {one.name: one for one in _ALL}
