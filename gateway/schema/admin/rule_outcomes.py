"""What became of cart price rules and of lines, and why, at the admin door."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

import strawberry

from gateway.personalize import because, cart_price_rules
from gateway.personalize.cart_price_rules import Outcome
from gateway.personalize.operators import Scalar, Value


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
