"""Related-product rules at the admin door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from gateway.personalize import related_product_rules
from gateway.personalize.attributes import Attributes
from gateway.personalize.grammar import Limits
from gateway.personalize.related_product_rules import RelatedProductRuleDefinition
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions, Given, each_of


class RelatedProductRules(Definitions[RelatedProductRuleDefinition]):
    """Related-product rules."""

    subject = "related_product_rules"
    judged = ("products_to_match", "products_to_display")
    smallest: ClassVar[Given] = {**Definitions.smallest, "list": "related"}

    def read(self, given: Given) -> RelatedProductRuleDefinition:
        """Read a definition."""
        return related_product_rules.read(given)

    def compile(
        self,
        definition: RelatedProductRuleDefinition,
        attributes: Attributes,
        limits: Limits,
    ) -> None:
        """Raise what is wrong with the conditions."""
        related_product_rules.compile(definition, attributes, limits=limits)

    def references(
        self, definition: RelatedProductRuleDefinition
    ) -> Iterator[Reference]:
        """Yield websites and segments."""
        yield from super().references(definition)
        yield from each_of("segments", "segments", definition.target.segments)


_rules = RelatedProductRules()
page, get = _rules.page, _rules.get
save, delete = _rules.save, _rules.delete
