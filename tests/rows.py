"""Writes the rows of a shop by plain SQL, as any tool but ours would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.storage.database import Database

Tree = Mapping[str, Any]

_WITHOUT_ID = {"attribute_declaration", "customer", "order_line", "sales_order"}


class Shop:
    """A shop in the database; every method writes one row with the columns given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def website(self, code: str = "base", **columns: Any) -> None:
        given = {"name": code, "timezone": "UTC", "currency": "USD", **columns}
        await self._insert("website", code=code, **given)

    async def store_view(
        self, code: str = "default", website: str = "base", locale: str = "en-US"
    ) -> None:
        await self._insert(
            "store_view", code=code, website=website, name=code, locale=locale
        )

    async def product(
        self, sku: str, price: str | None = "10", website: str = "base", **columns: Any
    ) -> int:
        """Write a product, or replace it, at a new revision of its catalogue."""
        given = {
            "website": website,
            "sku": sku,
            "name": sku.replace("-", " ").capitalize(),
            "price": None if price is None else Decimal(price),
            "url_key": sku,
            **columns,
        }
        names, places = ", ".join(given), _places(given)
        written = ", ".join(f"{name} = excluded.{name}" for name in given)
        # One transaction: at a revision that is seen, all its products are there.
        id: int = await self.value(
            "with w as (update website set catalogue_revision = catalogue_revision + 1"
            f" where code = '{website}' returning catalogue_revision as revision)"
            f" insert into product ({names}, revision)"
            f" values ({places}, (select revision from w)) on conflict (website, sku)"
            f" do update set {written}, revision = excluded.revision returning id",
            *given.values(),
        )
        return id

    async def remove_product(self, sku: str, website: str = "base") -> None:
        await self.product(sku, None, website, removed=True)

    async def link(
        self, sku: str, linked_sku: str, list: str = "related", position: int = 0
    ) -> None:
        """Link two products by hand, which changes the one that links."""
        await self.execute(
            "with w as (update website set catalogue_revision = catalogue_revision + 1"
            " where code = 'base' returning catalogue_revision as revision),"
            " p as (update product set revision = (select revision from w)"
            " where website = 'base' and sku = $1)"
            " insert into product_link (website, sku, linked_sku, list, position)"
            " values ('base', $1, $2, $3, $4)",
            *(sku, linked_sku, list, position),
        )

    async def tier_price(
        self,
        sku: str,
        amount: str,
        quantity: str = "1",
        group_id: int | None = None,
        type: str = "fixed",
    ) -> None:
        """Write a tier price, which changes the product it is of."""
        await self.execute(
            "with w as (update website set catalogue_revision = catalogue_revision + 1"
            " where code = 'base' returning catalogue_revision as revision),"
            " p as (update product set revision = (select revision from w)"
            " where website = 'base' and sku = $1)"
            " insert into tier_price (website, sku, amount, quantity, group_id, type)"
            " values ('base', $1, $2, $3, $4, $5)",
            *(sku, Decimal(amount), Decimal(quantity), group_id, type),
        )

    async def attribute(self, entity: str, code: str, kind: str = "text") -> None:
        await self._insert(
            "attribute_declaration", entity=entity, code=code, kind=kind, label=code
        )

    async def customer(
        self, customer_id: str, website: str = "base", **columns: Any
    ) -> None:
        await self._insert(
            "customer", website=website, customer_id=customer_id, **columns
        )

    async def order(
        self,
        customer_id: str,
        order_id: str,
        status: str = "complete",
        *,
        created_at: str = "2026-01-02T03:04:05Z",
        grand_total: str = "10",
        quantity: str = "1",
    ) -> None:
        await self._insert(
            "sales_order",
            website="base",
            order_id=order_id,
            customer_id=customer_id,
            status=status,
            created_at=datetime.fromisoformat(created_at),
            grand_total=Decimal(grand_total),
            quantity=Decimal(quantity),
        )

    async def order_line(
        self, order_id: str, line: int, sku: str, quantity: str = "1"
    ) -> None:
        await self._insert(
            "order_line",
            website="base",
            order_id=order_id,
            line=line,
            sku=sku,
            quantity=Decimal(quantity),
            price=Decimal(10),
            row_total=Decimal(10),
        )

    async def segment(
        self, key: str, conditions: Tree | None = None, **columns: Any
    ) -> int:
        given = {"applies_to": "both", "conditions": conditions, **columns}
        return await self._definition("segment", key, given)

    async def block(self, key: str, content: str | None = None, **columns: Any) -> int:
        """Write a dynamic block, for everyone unless it names *segments*."""
        given = {
            "content": f"<p>{key}</p>" if content is None else content,
            "shown_to": "segments" if columns.get("segments") else "everyone",
            **columns,
        }
        return await self._definition("dynamic_block", key, given)

    async def cart_price_rule(
        self, key: str, action: str = "by_percent", amount: str = "10", **columns: Any
    ) -> int:
        given = {"action": action, "amount": Decimal(amount), "label": key, **columns}
        return await self._definition("cart_price_rule", key, given)

    async def catalogue_price_rule(
        self, key: str, action: str = "by_percent", amount: str = "10", **columns: Any
    ) -> int:
        given = {"action": action, "amount": Decimal(amount), **columns}
        return await self._definition("catalogue_price_rule", key, given)

    async def coupon(self, rule_id: int, code: str) -> int:
        """Write a code that was generated for a rule."""
        return await self._insert("coupon", rule_id=rule_id, code=code)

    async def related_product_rule(
        self, key: str, display: Tree | None = None, **columns: Any
    ) -> int:
        given = {
            "list": "related",
            "shown_to": "segments" if columns.get("segments") else "everyone",
            "products_to_display": display,
            **columns,
        }
        return await self._definition("related_product_rule", key, given)

    async def audience(self, key: str, **columns: Any) -> int:
        return await self._definition("audience", key, columns)

    async def member(
        self, audience: str, customer_id: str, until: datetime | None = None
    ) -> None:
        await self.execute(
            "insert into audience_member (website, customer_id, audience, expires_at)"
            " values ('base', $1, $2, $3)",
            *(customer_id, audience, until),
        )

    async def execute(self, statement: str, *arguments: Any) -> None:
        async with self._database.connection() as connection:
            await connection.execute(statement, *arguments)

    async def value(self, query: str, *arguments: Any) -> Any:
        async with self._database.connection() as connection:
            return await connection.fetchval(query, *arguments)

    async def _definition(
        self, table: str, key: str, columns: Mapping[str, Any]
    ) -> int:
        given = {"name": key, "websites": ["base"], **columns}
        return await self._insert(table, key=key, **given)

    async def _insert(self, table: str, **columns: Any) -> int:
        names, places = ", ".join(columns), _places(columns)
        has_id = table not in _WITHOUT_ID
        found: int = await self.value(
            f"insert into {table} ({names}) values ({places})"
            f" returning {'id' if has_id else '1'}",
            *columns.values(),
        )
        return found


def _places(columns: Mapping[str, Any]) -> str:
    return ", ".join(f"${place}" for place in range(1, len(columns) + 1))
