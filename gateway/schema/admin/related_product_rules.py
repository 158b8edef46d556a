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

LIST = "Which list beside a product it adds to."
PRIORITY = "Its place among the rules of a list; the lowest is first."
LIMIT = "The most products it adds to a list, 1 to 20."
SHOWN_TO = "Whether it is for everyone, or for the shoppers of its segments."
SEGMENTS = "Keys of segments; being in any one of them is enough."
TO_MATCH = "Beside which products it adds others; null is beside all of them."
TO_DISPLAY = (
    "Which products it adds; null is all of them. An attribute may be compared with"
    " that of the product they stand beside, by `same_as_matched: true` in place of a"
    " value, or for prices by `percent_of_matched: 110`."
)


@strawberry.type(
    description="A related-product rule: which products stand beside which."
)
class RelatedProductRule(Definition):
    """A related-product rule."""

    list_: ProductList = strawberry.field(name="list", description=LIST)
    priority: int = strawberry.field(description=PRIORITY)
    from_day: date | None = strawberry.field(name="from", description=FROM)
    to_day: date | None = strawberry.field(name="to", description=TO)
    limit: int = strawberry.field(description=LIMIT)
    shown_to: ShownTo = strawberry.field(description=SHOWN_TO)
    segments: list[str] = strawberry.field(description=SEGMENTS)
    products_to_match: ConditionTree | None = strawberry.field(description=TO_MATCH)
    products_to_display: ConditionTree | None = strawberry.field(description=TO_DISPLAY)

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


@strawberry.input(description="A related-product rule as it is to be.")
class RelatedProductRuleInput(DefinitionInput):
    """A related-product rule as it is to be."""

    list_: ProductList = strawberry.field(name="list", description=LIST)
    priority: int = strawberry.field(
        default=RelatedProductRuleDefinition.priority, description=PRIORITY
    )
    from_day: date | None = strawberry.field(
        name="from", default=None, description=FROM
    )
    to_day: date | None = strawberry.field(name="to", default=None, description=TO)
    limit: int = strawberry.field(
        default=RelatedProductRuleDefinition.limit, description=LIMIT
    )
    shown_to: ShownTo = strawberry.field(default=Target.shown_to, description=SHOWN_TO)
    segments: list[str] = strawberry.field(default_factory=list, description=SEGMENTS)
    products_to_match: ConditionTree | None = strawberry.field(
        default=None, description=TO_MATCH
    )
    products_to_display: ConditionTree | None = strawberry.field(
        default=None, description=TO_DISPLAY
    )


@strawberry.type(description="A related-product rule was saved.")
class RelatedProductRuleSaved:
    """A related-product rule was saved."""

    related_product_rule: RelatedProductRule = strawberry.field(
        description="The related-product rule as it is stored now."
    )
    warnings: list[Problem] = strawberry.field(
        description="What saving it has changed."
    )

    @classmethod
    def of(cls, saved: Saved[RelatedProductRuleDefinition]) -> Self:
        """Show what was saved."""
        warnings = Problem.list_of(saved.warnings)
        return cls(related_product_rule=RelatedProductRule.of(saved), warnings=warnings)


SaveRelatedProductRuleResult: TypeAlias = Annotated[
    RelatedProductRuleSaved | InvalidInput | Conflict | NotFound,
    strawberry.union(
        "SaveRelatedProductRuleResult",
        description="The saved related-product rule, or why it was refused.",
    ),
]
DeleteRelatedProductRuleResult: TypeAlias = Annotated[
    Deleted | Conflict | NotFound,
    strawberry.union(
        "DeleteRelatedProductRuleResult",
        description="What was deleted, or why it was refused.",
    ),
]


@strawberry.type
class RelatedProductRuleQueries:
    """What can be read of related-product rules."""

    @strawberry.field(
        description="Related-product rules, in the order of their making.",
        extensions=[VIEWER],
    )
    async def related_product_rules(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        active: Active = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[RelatedProductRule]:
        """List related-product rules."""
        wanted = Wanted(search, website, active)
        paging = Paging(page_size, current_page)
        database, limits = info.context.database, info.context.limits
        page = await related_product_rules.page(database, wanted, paging, limits)
        return Page.of(page, RelatedProductRule.of)

    @strawberry.field(
        description="The related-product rule with a key; null if there is none.",
        extensions=[VIEWER],
    )
    async def related_product_rule(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> RelatedProductRule | None:
        """Get a related-product rule."""
        context = info.context
        saved = await related_product_rules.get(context.database, key, context.limits)
        return None if saved is None else RelatedProductRule.of(saved)


@strawberry.type
class RelatedProductRuleMutations:
    """What can be done to related-product rules."""

    @strawberry.mutation(
        description="Save a related-product rule, new or changed."
        " Storefronts see it in the very next answer.",
        extensions=[EDITOR],
    )
    async def save_related_product_rule(
        self,
        info: Info,
        input: Annotated[
            RelatedProductRuleInput,
            strawberry.argument(description="The related-product rule as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveRelatedProductRuleResult:
        """Save a related-product rule."""
        context, given = info.context, given_by(input)
        return RelatedProductRuleSaved.of(
            await related_product_rules.save(
                context.database, given, expected_version, context.limits
            )
        )

    @strawberry.mutation(
        description="Delete a related-product rule.",
        extensions=[EDITOR],
    )
    async def delete_related_product_rule(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> DeleteRelatedProductRuleResult:
        """Delete a related-product rule."""
        return Deleted(
            key=await related_product_rules.delete(info.context.database, key)
        )
