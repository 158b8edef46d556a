"""Writes the rows of a shop by plain SQL, as any tool but ours would."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gateway.storage.database import Database

Tree = Mapping[str, Any]


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
            "revision": await self._next_revision(website),
        }
        return await self._insert("product", replacing="website, sku", **given)

    async def remove_product(self, sku: str, website: str = "base") -> None:
        await self.product(sku, None, website, removed=True)

    async def link(
        self, sku: str, linked_sku: str, list: str = "related", position: int = 0
    ) -> None:
        """Link two products by hand, which changes the one that links."""
        await self._insert(
            "product_link",
            website="base",
            sku=sku,
            list=list,
            linked_sku=linked_sku,
            position=position,
        )
        await self.execute(
            "update product set revision = $2 where sku = $1",
            sku,
            await self._next_revision("base"),
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
        self, customer_id: str, order_id: str, status: str = "complete", **columns: Any
    ) -> None:
        given = {"website": "base", "grand_total": Decimal(10), "quantity": Decimal(1)}
        await self.execute(
            "insert into sales_order (website, order_id, customer_id, status,"
            " created_at, grand_total, quantity)"
            " values ($1, $2, $3, $4, $5::text::timestamptz, $6, $7)",
            *(given["website"], order_id, customer_id, status),
            columns.get("created_at", "2026-01-02T03:04:05Z"),
            columns.get("grand_total", given["grand_total"]),
            columns.get("quantity", given["quantity"]),
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

    async def _insert(
        self, table: str, *, replacing: str | None = None, **columns: Any
    ) -> int:
        names = ", ".join(columns)
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        statement = f"insert into {table} ({names}) values ({places})"
        if replacing:
            written = ", ".join(f"{name} = excluded.{name}" for name in columns)
            statement += f" on conflict ({replacing}) do update set {written}"
        has_id = table not in {"attribute_declaration", "customer", "product_link"}
        found: int = await self.value(
            f"{statement} returning {'id' if has_id else '1'}", *columns.values()
        )
        return found

    async def _next_revision(self, website: str) -> int:
        revision: int = await self.value(
            "update website set catalogue_revision = catalogue_revision + 1"
            " where code = $1 returning catalogue_revision",
            website,
        )
        return revision
