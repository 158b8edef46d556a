"""What a product costs, and why, at the admin door."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Self

import strawberry

from gateway.personalize import prices
from gateway.personalize.tier_prices import ONE
from gateway.resolvers import product_prices
from gateway.resolvers.product_prices import Asked, Explained
from gateway.schema.admin.access import VIEWER
from gateway.schema.admin.context import Info


@strawberry.type(description="What one catalogue price rule made of a price.")
class PriceStep:
    """One rule at work."""

    catalogue_price_rule: str = strawberry.field(description="The rule's key.")
    before: Decimal = strawberry.field(description="The price that it was given.")
    after: Decimal = strawberry.field(description="The price that it left.")

    @classmethod
    def of(cls, step: prices.Step) -> Self:
        """Show a step."""
        return cls(
            catalogue_price_rule=step.rule,
            before=step.before.normalize(),
            after=step.after.normalize(),
        )


@strawberry.type(
    description="What one unit of a product costs, and all prices that took part: the"
    " lowest of them counts."
)
class ProductPrice:
    """One explained price."""

    sku: str = strawberry.field(description="The product's SKU.")
    regular_price: Decimal | None = strawberry.field(
        description="The price that the product has by itself."
    )
    special_price: Decimal | None = strawberry.field(
        description="The special price, within its days."
    )
    tier_price: Decimal | None = strawberry.field(
        description="The lowest tier price of group and quantity."
    )
    rules_price: Decimal | None = strawberry.field(
        description="What catalogue price rules leave of the regular price."
    )
    steps: list[PriceStep] = strawberry.field(
        description="What each rule did, in the order in which they applied."
    )
    children: list[str] = strawberry.field(
        description="SKUs of the children whose prices are its own, if it has none:"
        " ask for theirs to learn more."
    )
    final_price: Decimal | None = strawberry.field(
        description="What is asked; null is not known."
    )

    @classmethod
    def of(cls, explained: Explained) -> Self:
        """Show an explained price."""
        found = explained.prices
        return cls(
            sku=explained.product.sku,
            regular_price=_shown(found.regular),
            special_price=_shown(found.special),
            tier_price=_shown(found.tier),
            rules_price=_shown(found.by_rules),
            steps=[PriceStep.of(step) for step in found.steps],
            children=[*explained.children],
            final_price=_shown(found.final),
        )


def _shown(price: Decimal | None) -> Decimal | None:
    """Return *price* without the zeros that a column adds to it."""
    return None if price is None else price.normalize()


@strawberry.type
class ProductPriceQueries:
    """What can be asked about prices."""

    @strawberry.field(
        description="What one unit of a product costs a customer group, and why; null"
        " if there is no such product.",
        extensions=[VIEWER],
    )
    async def product_price(
        self,
        info: Info,
        website: Annotated[str, strawberry.argument(description="The website's code.")],
        sku: Annotated[str, strawberry.argument(description="The product's SKU.")],
        customer_group: Annotated[
            int, strawberry.argument(description="The group's id, 0 for visitors.")
        ] = 0,
        quantity: Annotated[
            Decimal,
            strawberry.argument(description="Units of one line of the cart."),
        ] = ONE,
        day: Annotated[
            date | None,
            strawberry.argument(
                description="Which day of the website's calendar; now if left out."
            ),
        ] = None,
        segments: Annotated[
            list[str] | None,
            strawberry.argument(
                description="Keys of the segments that the shopper is in."
            ),
        ] = None,
    ) -> ProductPrice | None:
        """Explain a price."""
        context = info.context
        explained = await product_prices.explain(
            context.database,
            context.rulebooks,
            website,
            sku,
            Asked(datetime.now(UTC), day, customer_group, tuple(segments or ())),
            quantity,
        )
        return None if explained is None else ProductPrice.of(explained)
