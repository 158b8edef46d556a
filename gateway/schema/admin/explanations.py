"""Why cart price rules gave what they gave, at the admin door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize import because, cart_price_rules
from gateway.personalize.cart_price_rules import Outcome
from gateway.personalize.operators import Scalar, Value
from gateway.resolvers import explanations
from gateway.resolvers.explanations import Asked, Explained
from gateway.schema.admin.access import VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.problems import InvalidInput, NotFound
from gateway.schema.admin.scalars import CartAsMirrored


@strawberry.type(description="A condition that settled the matter.")
class ConditionReason:
    """A leaf of a tree, and what it found."""

    path: str = strawberry.field(
        description="Where it stands in the rule, such as `conditions.all.0`."
    )
    asked: str = strawberry.field(
        description="The attribute, or what is looked for in a list, such as"
        " `found cart.items`, whose actual value is the number of elements that fit."
    )
    operator: str = strawberry.field(description="The key of the operator.")
    actual: list[str] = strawberry.field(
        description="What is there, as text; empty if it is missing."
    )
    wanted: list[str] = strawberry.field(description="What is compared with.")

    @classmethod
    def of(cls, reason: because.Reason) -> Self:
        """Show a reason."""
        return cls(
            path=reason.path,
            asked=reason.asked,
            operator=reason.operator,
            actual=_texts(reason.actual),
            wanted=_texts(reason.wanted),
        )

    @classmethod
    def list_of(cls, reasons: Iterable[because.Reason]) -> list[Self]:
        """Show several."""
        return [cls.of(one) for one in reasons]


@strawberry.type(description="What became of one line under one rule.")
class LineOutcome:
    """What became of one line under one rule."""

    line: int = strawberry.field(description="Its place in the cart, from 0 on.")
    outcome: Outcome = strawberry.field(description="What became of it.")
    discarded_by: str | None = strawberry.field(
        description="The key of the rule that discards subsequent ones."
    )
    reasons: list[ConditionReason] = strawberry.field(
        description="Which item conditions it failed."
    )

    @classmethod
    def of(cls, told: cart_price_rules.LineOutcome) -> Self:
        """Show what became of a line."""
        return cls(
            line=told.at,
            outcome=told.outcome,
            discarded_by=told.discarded_by,
            reasons=ConditionReason.list_of(told.reasons),
        )


@strawberry.type(description="What became of one rule.")
class RuleOutcome:
    """What became of one rule."""

    key: str = strawberry.field(description="The rule's key.")
    priority: int = strawberry.field(description="The rule's priority.")
    outcome: Outcome = strawberry.field(description="What became of it.")
    reasons: list[ConditionReason] = strawberry.field(
        description="Which conditions failed: one of an `any`, or all of an `all`, must"
        " change."
    )
    lines: list[LineOutcome] = strawberry.field(
        description="What became of each line; empty if conditions failed before."
    )

    @classmethod
    def of(cls, told: cart_price_rules.RuleOutcome) -> Self:
        """Show what became of a rule."""
        return cls(
            key=told.rule.key,
            priority=told.rule.priority,
            outcome=told.outcome,
            reasons=ConditionReason.list_of(told.reasons),
            lines=[LineOutcome.of(one) for one in told.lines],
        )


@strawberry.type(description="How an amount came to be.")
class DiscountStep:
    """What one rule gave on a line, on a child of one, or on shipping."""

    rule: str = strawberry.field(description="The rule's key.")
    child: int | None = strawberry.field(
        description="The place of a bundle's child, from 0 on; null is all of the line."
    )
    units: Decimal = strawberry.field(description="The units that are discounted.")
    price: Decimal = strawberry.field(description="The price of one unit.")
    base: Decimal = strawberry.field(
        description="What these units cost less all that rules before gave on the line."
    )
    proposed: Decimal = strawberry.field(
        description="What the action proposes, not rounded."
    )
    carried: Decimal = strawberry.field(
        description="The fraction of a coin that was left over from lines before."
    )
    amount: Decimal = strawberry.field(description="What was given.")
    is_cut: bool = strawberry.field(
        description="Whether there was no more to give: of the line's cost, or of the"
        " most that the rule takes off a cart."
    )

    @classmethod
    def of(cls, told: cart_price_rules.Amount) -> Self:
        """Show how an amount came to be."""
        given = told.given
        return cls(
            rule=told.rule_key,
            child=told.child,
            units=given.portion.units,
            price=given.portion.price,
            base=given.portion.net,
            proposed=given.proposed,
            carried=given.carried,
            amount=given.amount,
            is_cut=given.is_cut,
        )


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
        description="The masked id of a cart that is kept, with its owner.",
    )
    at: datetime | None = strawberry.field(
        default=None, description="The instant to decide about; now if it is left out."
    )
    customer_id: str | None = strawberry.field(
        default=None, description="The customer whose cart it is."
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
        """Explain a cart."""
        at = input.at or datetime.now(UTC)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        storage = info.context.storage
        return CartExplanation.of(
            await explanations.explain_cart(storage, input.to_asked(), at)
        )


def _texts(value: Value) -> list[str]:
    if value is None:
        return []
    values: tuple[Scalar, ...] = value if isinstance(value, tuple) else (value,)
    return [_text(one) for one in values]


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
