"""Related-product rules at the admin door."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.products import ProductList
from gateway.personalize.related_product_rules import RelatedProductRuleDefinition
from gateway.personalize.targets import ShownTo, Target
from gateway.resolvers import related_product_rules
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
    description="A related-product rule: which products stand beside which."
)
class RelatedProductRule(Definition):
    """A related-product rule."""

    list_: ProductList = strawberry.field(
        name="list", description="Which list beside a product it adds to."
    )
    priority: int = strawberry.field(
        description="Its place among the rules of a list; the lowest is first."
    )
    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    limit: int = strawberry.field(
        description="The most products it adds to a list, 1 to 20."
    )
    shown_to: ShownTo = strawberry.field(
        description="Whether it is for everyone, or for the shoppers of its segments."
    )
    segments: list[str] = strawberry.field(
        description="Keys of segments; being in any one of them is enough."
    )
    products_to_match: ConditionTree | None = strawberry.field(
        description="Beside which products it adds others; null is beside all of them."
    )
    products_to_display: ConditionTree | None = strawberry.field(
        description="Which products it adds; null is all of them. An attribute may be"
        " compared with that of the product they stand beside, by `same_as_matched:"
        " true` in place of a value, or for prices by `percent_of_matched: 110`."
    )

    @classmethod
    def of(cls, saved: Saved[RelatedProductRuleDefinition]) -> Self:
        """Show a related-product rule."""
        definition = saved.definition
        return cls(
            **shown(saved),
            list_=definition.list,
            priority=definition.priority,
            from_day=definition.from_day,
            to_day=definition.to_day,
            limit=definition.limit,
            shown_to=definition.target.shown_to,
            segments=[*definition.target.segments],
            products_to_match=tree(definition.products_to_match),
            products_to_display=tree(definition.products_to_display),
        )


@described_by(RelatedProductRule)
@strawberry.input(description="A related-product rule as it is to be.")
class RelatedProductRuleInput(DefinitionInput):
    """A related-product rule as it is to be."""

    list_: ProductList = strawberry.field(name="list")
    priority: int = RelatedProductRuleDefinition.priority
    from_day: date | None = strawberry.field(name="from", default=None)
    to_day: date | None = strawberry.field(name="to", default=None)
    limit: int = RelatedProductRuleDefinition.limit
    shown_to: ShownTo = Target.shown_to
    segments: list[str] = strawberry.field(default_factory=list)
    products_to_match: ConditionTree | None = None
    products_to_display: ConditionTree | None = None


@strawberry.type(description="A related-product rule was saved.")
class RelatedProductRuleSaved:
    """A related-product rule was saved."""

    related_product_rule: RelatedProductRule = strawberry.field(
        description="The related-product rule as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed, and why a rule book leaves it out."
    )

    @classmethod
    def of(cls, saved: Saved[RelatedProductRuleDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(related_product_rule=RelatedProductRule.of(saved), warnings=warnings)


SaveRelatedProductRuleResult: TypeAlias = Annotated[
    RelatedProductRuleSaved | Unsaved, save_result("related-product rule")
]
DeleteRelatedProductRuleResult: TypeAlias = Annotated[
    DeletedOrNot, delete_result("related-product rule")
]


_fields = RootFields(related_product_rules.STORED, RelatedProductRule.of)


@strawberry.type
class RelatedProductRuleQueries:
    """What can be read of related-product rules."""

    related_product_rules: Page[RelatedProductRule] = _fields.page()
    related_product_rule: RelatedProductRule | None = _fields.one()


@strawberry.type
class RelatedProductRuleMutations:
    """What can be done to related-product rules."""

    save_related_product_rule: SaveRelatedProductRuleResult = _fields.save(
        RelatedProductRuleInput, RelatedProductRuleSaved.of
    )
    delete_related_product_rule: DeleteRelatedProductRuleResult = _fields.delete()
