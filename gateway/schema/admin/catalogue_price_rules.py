"""Catalogue price rules at the admin door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.catalogue_price_rules import CataloguePriceRuleDefinition
from gateway.resolvers import catalogue_price_rules
from gateway.resolvers.definitions import Saved
from gateway.schema.admin.definitions import (
    FROM,
    TO,
    Definition,
    DefinitionInput,
    shown,
)
from gateway.schema.admin.inputs import described_by
from gateway.schema.admin.pages import Page
from gateway.schema.admin.problems import Problem
from gateway.schema.admin.root_fields import RootFields
from gateway.schema.admin.scalars import ConditionTree, tree
from gateway.schema.admin.writes import (
    DeletedOrNot,
    Unsaved,
    delete_result,
    save_result,
)


@strawberry.type(
    description="A catalogue price rule: conditions on products, then a lower price for"
    " customer groups."
)
class CataloguePriceRule(Definition):
    """A catalogue price rule."""

    customer_groups: list[int] | None = strawberry.field(
        description="Ids of customer groups, 0 for visitors; null is all of them."
    )
    segments: list[str] = strawberry.field(
        description="Keys of segments: with any, only for shoppers in one of them."
        " Accepted where prices for segments are turned on."
    )
    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    priority: int = strawberry.field(
        description="Rules lower the price in the order of their priorities, the lowest"
        " first."
    )
    conditions: ConditionTree | None = strawberry.field(
        description="Which products it is for; null is all of them."
    )
    action: str = strawberry.field(
        description="How it lowers the price, by the key that `priceActions` lists."
    )
    amount: Decimal = strawberry.field(
        description="How much: what it means is the action's."
    )
    discards_subsequent: bool = strawberry.field(
        description="Whether rules after this one leave its products alone."
    )

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


@described_by(CataloguePriceRule)
@strawberry.input(description="A catalogue price rule as it is to be.")
class CataloguePriceRuleInput(DefinitionInput):
    """A catalogue price rule as it is to be."""

    customer_groups: list[int] | None = None
    segments: list[str] = strawberry.field(default_factory=list)
    from_day: date | None = strawberry.field(name="from", default=None)
    to_day: date | None = strawberry.field(name="to", default=None)
    priority: int = CataloguePriceRuleDefinition.priority
    conditions: ConditionTree | None = None
    action: str
    amount: Decimal
    discards_subsequent: bool = CataloguePriceRuleDefinition.discards_subsequent


@strawberry.type(description="A catalogue price rule was saved.")
class CataloguePriceRuleSaved:
    """A catalogue price rule was saved."""

    catalogue_price_rule: CataloguePriceRule = strawberry.field(
        description="The catalogue price rule as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed, and why a rule book leaves it out."
    )

    @classmethod
    def of(cls, saved: Saved[CataloguePriceRuleDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(catalogue_price_rule=CataloguePriceRule.of(saved), warnings=warnings)


SaveCataloguePriceRuleResult: TypeAlias = Annotated[
    CataloguePriceRuleSaved | Unsaved, save_result("catalogue price rule")
]
DeleteCataloguePriceRuleResult: TypeAlias = Annotated[
    DeletedOrNot, delete_result("catalogue price rule")
]


_fields = RootFields(catalogue_price_rules.STORED, CataloguePriceRule.of)


@strawberry.type
class CataloguePriceRuleQueries:
    """What can be read of catalogue price rules."""

    catalogue_price_rules: Page[CataloguePriceRule] = _fields.page()
    catalogue_price_rule: CataloguePriceRule | None = _fields.one()


@strawberry.type
class CataloguePriceRuleMutations:
    """What can be done to catalogue price rules."""

    save_catalogue_price_rule: SaveCataloguePriceRuleResult = _fields.save(
        CataloguePriceRuleInput, CataloguePriceRuleSaved.of
    )
    delete_catalogue_price_rule: DeleteCataloguePriceRuleResult = _fields.delete()
