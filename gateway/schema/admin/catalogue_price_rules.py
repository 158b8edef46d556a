"""Catalogue price rules at the admin door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.catalogue_price_rules import CataloguePriceRuleDefinition
from gateway.resolvers import catalogue_price_rules
from gateway.resolvers.definitions import Saved
from gateway.resolvers.pages import Paging
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import (
    FROM,
    TO,
    Definition,
    DefinitionInput,
    given_by,
    shown,
)
from gateway.schema.admin.pages import (
    DEFAULT,
    Active,
    CurrentPage,
    Deleted,
    ExpectedVersion,
    OfWebsite,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.problems import Conflict, InvalidInput, NotFound, Problem
from gateway.schema.admin.scalars import ConditionTree, tree
from gateway.storage.definitions import Wanted

CUSTOMER_GROUPS = "Ids of customer groups, 0 for visitors; null is all of them."
SEGMENTS = (
    "Keys of segments: with any, only for shoppers in one of them. Accepted where"
    " prices for segments are turned on."
)
PRIORITY = "Rules lower the price in the order of their priorities, the lowest first."
CONDITIONS = "Which products it is for; null is all of them."
ACTION = "How it lowers the price, by the key that `priceActions` lists."
AMOUNT = "How much: what it means is the action's."
DISCARDS = "Whether rules after this one leave its products alone."


@strawberry.type(
    description="A catalogue price rule: conditions on products, then a lower price for"
    " customer groups."
)
class CataloguePriceRule(Definition):
    """A catalogue price rule."""

    customer_groups: list[int] | None = strawberry.field(description=CUSTOMER_GROUPS)
    segments: list[str] = strawberry.field(description=SEGMENTS)
    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    priority: int = strawberry.field(description=PRIORITY)
    conditions: ConditionTree | None = strawberry.field(description=CONDITIONS)
    action: str = strawberry.field(description=ACTION)
    amount: Decimal = strawberry.field(description=AMOUNT)
    discards_subsequent: bool = strawberry.field(description=DISCARDS)

    @classmethod
    def of(cls, saved: Saved[CataloguePriceRuleDefinition]) -> Self:
        """Show a catalogue price rule."""
        definition = saved.definition
        groups = definition.customer_groups
        return cls(
            **shown(saved),
            customer_groups=None if groups is None else [*groups],
            segments=[*definition.segments],
            from_day=definition.from_day,
            to_day=definition.to_day,
            priority=definition.priority,
            conditions=tree(definition.conditions),
            action=definition.action,
            amount=definition.amount,
            discards_subsequent=definition.discards_subsequent,
        )


@strawberry.input(description="A catalogue price rule as it is to be.")
class CataloguePriceRuleInput(DefinitionInput):
    """A catalogue price rule as it is to be."""

    customer_groups: list[int] | None = strawberry.field(
        default=None, description=CUSTOMER_GROUPS
    )
    segments: list[str] = strawberry.field(default_factory=list, description=SEGMENTS)
    from_day: date | None = strawberry.field(
        name="from", default=None, description=FROM
    )
    to_day: date | None = strawberry.field(name="to", default=None, description=TO)
    priority: int = strawberry.field(
        default=CataloguePriceRuleDefinition.priority, description=PRIORITY
    )
    conditions: ConditionTree | None = strawberry.field(
        default=None, description=CONDITIONS
    )
    action: str = strawberry.field(description=ACTION)
    amount: Decimal = strawberry.field(description=AMOUNT)
    discards_subsequent: bool = strawberry.field(
        default=CataloguePriceRuleDefinition.discards_subsequent, description=DISCARDS
    )


@strawberry.type(description="A catalogue price rule was saved.")
class CataloguePriceRuleSaved:
    """A catalogue price rule was saved."""

    catalogue_price_rule: CataloguePriceRule = strawberry.field(
        description="The catalogue price rule as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed."
    )

    @classmethod
    def of(cls, saved: Saved[CataloguePriceRuleDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(catalogue_price_rule=CataloguePriceRule.of(saved), warnings=warnings)


SaveCataloguePriceRuleResult: TypeAlias = Annotated[
    CataloguePriceRuleSaved | InvalidInput | Conflict | NotFound,
    strawberry.union(
        "SaveCataloguePriceRuleResult",
        description="The saved catalogue price rule, or why it was refused.",
    ),
]
DeleteCataloguePriceRuleResult: TypeAlias = Annotated[
    Deleted | Conflict | NotFound,
    strawberry.union(
        "DeleteCataloguePriceRuleResult",
        description="What was deleted, or why it was refused.",
    ),
]


@strawberry.type
class CataloguePriceRuleQueries:
    """What can be read of catalogue price rules."""

    @strawberry.field(
        description="Catalogue price rules, in the order of their making.",
        extensions=[VIEWER],
    )
    async def catalogue_price_rules(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        active: Active = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[CataloguePriceRule]:
        """List catalogue price rules."""
        wanted = Wanted(search, website, active)
        paging = Paging(page_size, current_page)
        database, limits = info.context.database, info.context.limits
        page = await catalogue_price_rules.page(database, wanted, paging, limits)
        return Page.of(page, CataloguePriceRule.of)

    @strawberry.field(
        description="The catalogue price rule with a key; null if there is none.",
        extensions=[VIEWER],
    )
    async def catalogue_price_rule(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> CataloguePriceRule | None:
        """Get a catalogue price rule."""
        context = info.context
        saved = await catalogue_price_rules.get(context.database, key, context.limits)
        return None if saved is None else CataloguePriceRule.of(saved)


@strawberry.type
class CataloguePriceRuleMutations:
    """What can be done to catalogue price rules."""

    @strawberry.mutation(
        description="Save a catalogue price rule, new or changed."
        " Storefronts see it in the very next answer.",
        extensions=[EDITOR],
    )
    async def save_catalogue_price_rule(
        self,
        info: Info,
        input: Annotated[
            CataloguePriceRuleInput,
            strawberry.argument(description="The catalogue price rule as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveCataloguePriceRuleResult:
        """Save a catalogue price rule."""
        context, given = info.context, given_by(input)
        return CataloguePriceRuleSaved.of(
            await catalogue_price_rules.save(
                context.database, given, expected_version, context.limits
            )
        )

    @strawberry.mutation(
        description="Delete a catalogue price rule.",
        extensions=[EDITOR],
    )
    async def delete_catalogue_price_rule(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> DeleteCataloguePriceRuleResult:
        """Delete a catalogue price rule."""
        return Deleted(
            key=await catalogue_price_rules.delete(info.context.database, key)
        )
