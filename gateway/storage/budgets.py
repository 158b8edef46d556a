"""What orders have taken from the budgets of cart price rules."""

from __future__ import annotations

from decimal import Decimal

from gateway.personalize.money import ZERO
from gateway.storage.database import Database
from gateway.storage.sql import queries

SQL = queries("cart_price_rules")


async def spent(database: Database, rule_id: int) -> Decimal:
    """Return what reservations and orders hold of the budget of a rule."""
    rows = await database.read(SQL.spent, rule_id)
    return Decimal(rows[0]["spent"]) if rows else ZERO
