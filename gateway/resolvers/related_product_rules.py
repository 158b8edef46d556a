"""Related-product rules at the admin door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from gateway.personalize import related_product_rules
from gateway.personalize.related_product_rules import RelatedProductRuleDefinition
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.subjects import Given, Subject, each_of


class RelatedProductRules(Subject[RelatedProductRuleDefinition]):
    """Related-product rules."""

    name = "related_product_rules"
    judged = ("products_to_match", "products_to_display")
    smallest: ClassVar[Given] = {**Subject.smallest, "list": "related"}

    def references(
        self, definition: RelatedProductRuleDefinition
    ) -> Iterator[Reference]:
        """Yield websites and segments."""
        yield from super().references(definition)
        yield from each_of("segments", "segments", definition.target.segments)


STORED = Definitions(
    RelatedProductRules(related_product_rules.read, related_product_rules.compile)
)
page, get = STORED.page, STORED.get
save, delete = STORED.save, STORED.delete
