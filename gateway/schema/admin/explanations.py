"""Why cart price rules gave what they gave, at the admin door."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.identity.admins import Role
from gateway.resolvers import explanations
from gateway.resolvers.explanations import Asked, Explained
from gateway.schema.admin.access import VIEWER, require
from gateway.schema.admin.context import Info
from gateway.schema.admin.problems import InvalidInput, NotFound
from gateway.schema.admin.rule_outcomes import DiscountStep, RuleOutcome
from gateway.schema.admin.scalars import CartAsMirrored


@strawberry.type(description="One line of the cart, and every discount on it.")
class ExplainedLine:
    """One line of the cart, and every discount on it."""

    sku: str = strawberry.field(description="What is in the cart.")
    quantity: Decimal = strawberry.field(description="How many units.")
    price: Decimal | None = strawberry.field(description="The price of one unit.")
    row_total: Decimal = strawberry.field(description="The cost before discounts.")
    discount: Decimal = strawberry.field(description="What rules gave on it.")
    steps: list[DiscountStep] = strawberry.field(
        description="How the discount came to be, in the order of the rules."
    )


@strawberry.type(description="A rule that no rule book has.")
class BrokenRule:
    """A rule that no rule book has."""

    key: str = strawberry.field(description="Its key.")
    reason: str = strawberry.field(description="Why it is left out.")


@strawberry.type(description="What the cart price rules gave on a cart, and why.")
class CartExplanation:
    """What the cart price rules gave on a cart, and why."""

    at: datetime = strawberry.field(description="The instant that was decided about.")
    today: date = strawberry.field(description="The website's day at that instant.")
    customer_group: int = strawberry.field(description="The shopper's group.")
    segments: list[str] = strawberry.field(
        description="The keys of the segments the shopper is in."
    )
    rules: list[RuleOutcome] = strawberry.field(
        description="Every active rule of the website, in the order they run."
    )
    broken: list[BrokenRule] = strawberry.field(
        description="Rules that are left out because they cannot be compiled."
    )
    lines: list[ExplainedLine] = strawberry.field(description="The lines of the cart.")
    shipping: Decimal = strawberry.field(description="The shipping amount.")
    ships_free: bool = strawberry.field(description="Whether rules ship it free.")
    shipping_steps: list[DiscountStep] = strawberry.field(
        description="How the discount on shipping came to be."
    )
    discount: Decimal = strawberry.field(
        description="What was given on lines and shipping."
    )
    grand_total: Decimal = strawberry.field(description="What is to be paid.")

    @classmethod
    def of(cls, told: Explained) -> Self:
        """Show what was decided, and why."""
        context, explanation = told.context, told.explanation
        given = explanation.discounts
        return cls(
            at=context.at,
            today=context.today,
            customer_group=context.group_id,
            segments=sorted(context.segments),
            rules=[RuleOutcome.of(one) for one in explanation.rules],
            broken=[BrokenRule(key=one.key, reason=one.reason) for one in told.faults],
            lines=[
                ExplainedLine(
                    sku=item.product.sku,
                    quantity=item.quantity,
                    price=item.price,
                    row_total=line.row_total,
                    discount=line.amount,
                    steps=[DiscountStep.of(one) for one in steps],
                )
                for item, line, steps in zip(
                    context.cart.items, given.lines, explanation.lines, strict=True
                )
            ],
            shipping=given.shipping,
            ships_free=given.ships_free,
            shipping_steps=[DiscountStep.of(one) for one in explanation.shipping],
            discount=given.total_discount,
            grand_total=given.grand_total,
        )


ExplainCartResult: TypeAlias = Annotated[
    CartExplanation | InvalidInput | NotFound,
    strawberry.union(
        "ExplainCartResult", description="What was decided and why, or what is wrong."
    ),
]


@strawberry.input(description="Which cart is explained, and for whom.")
class ExplainCartInput:
    """Which cart is explained, and for whom."""

    website: str = strawberry.field(description="The code of the website.")
    store_view: str = strawberry.field(
        default="", description="The code of the store view whose labels are meant."
    )
    cart: CartAsMirrored | None = strawberry.field(
        default=None, description="A cart, as a server would mirror it."
    )
    cart_id: str | None = strawberry.field(
        default=None,
        description="The masked id of a cart that is kept, with its owner. It needs"
        " the role `editor`.",
    )
    at: datetime | None = strawberry.field(
        default=None, description="The instant to decide about; now if it is left out."
    )
    customer_id: str | None = strawberry.field(
        default=None,
        description="The customer whose cart it is. It needs the role `editor`.",
    )
    customer_group: int | None = strawberry.field(
        default=None,
        description="A group, for anybody who is in it; 0 is a visitor.",
    )
    segments: list[str] | None = strawberry.field(
        default=None,
        description="Keys of segments, instead of those that conditions decide.",
    )

    def to_asked(self) -> Asked:
        """Return what is asked as the resolver takes it."""
        return Asked(
            website=self.website,
            store_view=self.store_view,
            cart=self.cart,  # type: ignore[arg-type] # The reader says what is wrong.
            cart_id=self.cart_id,
            customer_id=self.customer_id,
            customer_group=self.customer_group,
            segments=None if self.segments is None else tuple(self.segments),
        )


@strawberry.type
class ExplanationQueries:
    """What can be explained."""

    @strawberry.field(
        description="Which cart price rules apply to a cart, what each gives on each"
        " line, and why the others give nothing.",
        extensions=[VIEWER],
    )
    async def explain_cart(
        self,
        info: Info,
        input: Annotated[
            ExplainCartInput, strawberry.argument(description="Which cart, for whom.")
        ],
    ) -> ExplainCartResult:
        """Explain a cart; who is not made up for it is a person."""
        if input.customer_id is not None:
            require(Role.EDITOR, info.context, "customerId")
        if input.cart_id is not None:
            require(Role.EDITOR, info.context, "cartId")
        at = input.at or datetime.now(UTC)
        storage = info.context.storage
        return CartExplanation.of(
            await explanations.explain_cart(storage, input.to_asked(), at)
        )
