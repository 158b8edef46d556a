"""Cart price rules at the admin door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from gateway.personalize import cart_price_rules
from gateway.personalize.cart_price_rules import CartPriceRuleDefinition
from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.subjects import Given, Subject, asked_by, each_of
from gateway.storage import budgets, definitions, websites
from gateway.storage.database import Connection


class CartPriceRules(Subject[CartPriceRuleDefinition]):
    """Cart price rules; a coupon code belongs to one of them."""

    name = "cart_price_rules"
    judged = ("conditions", "item_conditions")
    smallest: ClassVar[Given] = {
        **Subject.smallest,
        "action": "by_percent",
        "amount": 1,
    }

    def references(self, definition: CartPriceRuleDefinition) -> Iterator[Reference]:
        """Yield websites, customer groups, store views, and what conditions ask for."""
        yield from super().references(definition)
        groups = definition.customer_groups or ()
        yield from each_of("customer_groups", "customer_groups", groups)
        for view in definition.label_by_store_view:
            yield Reference(f"label_by_store_view.{view}", "store_views", view)
        yield from asked_by(definition.conditions)

    async def taken(
        self, connection: Connection, definition: CartPriceRuleDefinition
    ) -> Iterable[Problem]:
        """Tell when another rule has the coupon code."""
        code = definition.coupon_code
        if not code:
            return ()
        other = await definitions.taken_coupon_code(
            connection, code, besides=definition.key
        )
        if other is None:
            return ()
        message = f"the coupon code {code!r} is taken by the cart price rule {other!r}."
        return (Problem("coupon_code", message, "Write another code."),)

    async def require(
        self, connection: Connection, definition: CartPriceRuleDefinition
    ) -> None:
        """Raise that a budget is one of several currencies."""
        if definition.budget is None:
            return
        found = [await websites.find(connection, one) for one in definition.websites]
        currencies = {one.definition.currency for one in found if one is not None}
        if len(currencies) > 1:
            said = f"its websites have the currencies {', '.join(sorted(currencies))}."
            remedy = "Save a rule for each currency, with a budget of its own."
            raise InvalidInput(Problem("budget", said, remedy))

    def row(self, definition: CartPriceRuleDefinition) -> dict[str, Any]:
        """Return the columns, with the segments that the conditions ask for."""
        row = super().row(definition)
        row["segments"] = sorted(cart_price_rules.segment_keys(definition))
        return row


STORED = Definitions(CartPriceRules(cart_price_rules.read, cart_price_rules.compile))
page, get = STORED.page, STORED.get
save, delete = STORED.save, STORED.delete
spent = budgets.spent
