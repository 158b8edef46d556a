"""What rules can be written with: an editor can be built of these tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

import strawberry

from gateway.identity.admins import Role
from gateway.personalize import catalogue_price_rules, discounts, events
from gateway.personalize.attributes import ATTRIBUTES, Attribute, Scope
from gateway.personalize.catalogue_price_rules import PRICE_ACTIONS
from gateway.personalize.discounts import DISCOUNT_ACTIONS, Step
from gateway.personalize.element_lists import LISTS, ElementList
from gateway.personalize.events import EVENT_TYPES, Sender
from gateway.personalize.operators import OPERATORS, Kind
from gateway.personalize.operators import Operator as Row
from gateway.schema.admin.access import VIEWER
from gateway.schema.admin.context import Info
from gateway.storage import rulebooks

STEPS = {
    Step.UNUSED: "It takes no step.",
    Step.MULTIPLES: "Only whole multiples of the step are discounted, in units.",
    Step.BOUGHT: "The units to buy before some are free.",
}


@strawberry.type(description="How a condition compares a value.")
class Operator:
    """One row of the operator table."""

    key: str = strawberry.field(description="Its name in conditions.")
    symbol: str = strawberry.field(description="How Adobe Commerce writes it.")
    label: str = strawberry.field(description="How it reads.")
    kinds: list[Kind] = strawberry.field(description="The kinds of attributes it fits.")
    takes_list: bool = strawberry.field(
        description="Whether it compares with a list, whatever the attribute's kind."
    )

    @classmethod
    def of(cls, row: Row) -> Self:
        """Show an operator."""
        return cls(
            key=row.key,
            symbol=row.symbol,
            label=row.label,
            kinds=[kind for kind in Kind if kind in row.kinds],
            takes_list=row.takes_list,
        )


@strawberry.type(description="Something that a condition can look at.")
class ConditionAttribute:
    """One attribute."""

    key: str = strawberry.field(description="Its name in conditions.")
    label: str = strawberry.field(description="How it reads.")
    kind: Kind = strawberry.field(description="What its value is.")
    scope: Scope = strawberry.field(
        description="What it is read from. Conditions on a list look at its elements;"
        " those on items of the cart also at their products."
    )
    operators: list[str] = strawberry.field(
        description="The keys of the operators that fit it."
    )
    takes_list: bool = strawberry.field(
        description="Whether it is compared with a list under every operator."
    )
    is_own: bool = strawberry.field(
        description="Whether this shop has declared it, beside those of every shop."
    )

    moves_with_day: bool = strawberry.field(
        description="Whether it changes with the website's calendar day, though nothing"
        " has happened."
    )

    @classmethod
    def of(cls, row: Attribute) -> Self:
        """Show an attribute."""
        return cls(
            key=row.key,
            label=row.label,
            kind=row.kind,
            scope=row.scope,
            operators=[one.key for one in OPERATORS.values() if row.kind in one.kinds],
            takes_list=row.kind.takes_list,
            is_own=row.key not in ATTRIBUTES,
            moves_with_day=row.changes_with_day,
        )


@strawberry.type(description="A list that conditions can look into.")
class ConditionList:
    """One list."""

    key: str = strawberry.field(
        description="Its name in conditions, after `found`, `not_found` or `count`."
    )
    label: str = strawberry.field(description="How it reads.")
    element_scope: Scope = strawberry.field(
        description="What its elements are: attributes of this scope can be asked."
    )
    measures: list[str] = strawberry.field(
        description="The attributes of its elements that `sum` and `average` can take."
    )

    @classmethod
    def of(cls, row: ElementList) -> Self:
        """Show a list."""
        return cls(
            key=row.key,
            label=row.label,
            element_scope=row.of,
            measures=[one.key for one in _numbers_of(row)],
        )


@strawberry.type(description="How a cart price rule takes money off.")
class DiscountAction:
    """One row of the table of discount actions."""

    key: str = strawberry.field(description="Its name in rules.")
    label: str = strawberry.field(description="How it reads.")
    description: str = strawberry.field(
        description="What it does, with worked numbers."
    )
    amount: str = strawberry.field(description="What the rule's amount means to it.")
    step: str = strawberry.field(description="What the rule's step means to it.")
    takes_step: bool = strawberry.field(description="Whether it takes a step at all.")

    @classmethod
    def of(cls, row: discounts.DiscountAction) -> Self:
        """Show a discount action."""
        return cls(
            key=row.key,
            label=row.label,
            description=row.description,
            amount=row.amount,
            step=STEPS[row.step],
            takes_step=row.step is not Step.UNUSED,
        )


@strawberry.type(description="How a catalogue price rule lowers a price.")
class PriceAction:
    """One row of the table of price actions."""

    key: str = strawberry.field(description="Its name in rules.")
    label: str = strawberry.field(description="How it reads.")
    description: str = strawberry.field(
        description="What it does, with worked numbers."
    )
    amount: str = strawberry.field(description="What the rule's amount means to it.")

    @classmethod
    def of(cls, row: catalogue_price_rules.PriceAction) -> Self:
        """Show a price action."""
        return cls(
            key=row.key,
            label=row.label,
            description=row.description,
            amount=row.amount,
        )


@strawberry.type(description="Something that can happen, and that can be told of.")
class EventType:
    """One row of the table of event types."""

    key: str = strawberry.field(description="Its name in `recordEvents`.")
    label: str = strawberry.field(description="What has happened.")
    xdm: str = strawberry.field(description="Its type in Adobe's data schema.")
    aliases: list[str] = strawberry.field(
        description="Other names under which it is understood."
    )
    sender: Sender = strawberry.field(description="Who may tell of it.")

    @classmethod
    def of(cls, row: events.EventType) -> Self:
        """Show an event type."""
        return cls(
            key=row.key,
            label=row.label,
            xdm=row.xdm,
            aliases=list(row.aliases),
            sender=row.sender,
        )


@strawberry.type(description="Who is asking.")
class Me:
    """The holder of the request's token."""

    name: str = strawberry.field(description="The name of the token.")
    role: Role = strawberry.field(description="What it may do.")


@strawberry.type
class VocabularyQueries:
    """What rules can be written with, and who is asking."""

    @strawberry.field(
        description="What conditions can look at, the shop's own attributes included.",
        extensions=[VIEWER],
    )
    async def condition_attributes(
        self,
        info: Info,
        scope: Annotated[
            Scope | None,
            strawberry.argument(description="Only what is read from this."),
        ] = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only those with this text in key or label."
            ),
        ] = None,
    ) -> list[ConditionAttribute]:
        """List attributes."""
        wanted = (search or "").lower()
        return [
            ConditionAttribute.of(row)
            for row in await rulebooks.attributes(info.context.database)
            if row.in_conditions
            and scope in {None, row.scope}
            and wanted in f"{row.key} {row.label}".lower()
        ]

    @strawberry.field(description="How conditions can compare.", extensions=[VIEWER])
    async def operators(self) -> list[Operator]:
        """List operators."""
        return [Operator.of(row) for row in OPERATORS.values()]

    @strawberry.field(
        description="The lists that conditions can look into.", extensions=[VIEWER]
    )
    async def condition_lists(self) -> list[ConditionList]:
        """List the lists."""
        return [ConditionList.of(row) for row in LISTS.values()]

    @strawberry.field(
        description="How cart price rules can take money off.", extensions=[VIEWER]
    )
    async def discount_actions(self) -> list[DiscountAction]:
        """List discount actions."""
        return [DiscountAction.of(row) for row in DISCOUNT_ACTIONS.values()]

    @strawberry.field(
        description="How catalogue price rules can lower a price.", extensions=[VIEWER]
    )
    async def price_actions(self) -> list[PriceAction]:
        """List price actions."""
        return [PriceAction.of(row) for row in PRICE_ACTIONS.values()]

    @strawberry.field(
        description="What can happen, and be told of by `recordEvents` at the"
        " storefront door.",
        extensions=[VIEWER],
    )
    async def event_types(self) -> list[EventType]:
        """List event types."""
        return [EventType.of(row) for row in EVENT_TYPES.values()]

    @strawberry.field(description="Who is asking.", extensions=[VIEWER])
    async def me(self, info: Info) -> Me:
        """Tell whose token it is."""
        return Me(name=info.context.name, role=info.context.role)


def _numbers_of(row: ElementList) -> Iterator[Attribute]:
    for one in ATTRIBUTES.values():
        if one.scope is row.of and one.kind is Kind.NUMBER:
            yield one
