"""Catalogue price rules at the admin door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from gateway.personalize import catalogue_price_rules
from gateway.personalize.attributes import Attributes
from gateway.personalize.catalogue_price_rules import CataloguePriceRuleDefinition
from gateway.personalize.grammar import Limits
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions, Given, each_of


class CataloguePriceRules(Definitions[CataloguePriceRuleDefinition]):
    """Catalogue price rules."""

    subject = "catalogue_price_rules"
    judged = ("conditions", "segments")
    smallest: ClassVar[Given] = {
        **Definitions.smallest,
        "action": "by_percent",
        "amount": 1,
    }

    def read(self, given: Given) -> CataloguePriceRuleDefinition:
        """Read a definition."""
        return catalogue_price_rules.read(given)

    def compile(
        self,
        definition: CataloguePriceRuleDefinition,
        attributes: Attributes,
        limits: Limits,
    ) -> None:
        """Raise what is wrong with the conditions, or with being for segments."""
        catalogue_price_rules.compile(definition, attributes, limits=limits)

    def references(
        self, definition: CataloguePriceRuleDefinition
    ) -> Iterator[Reference]:
        """Yield websites, customer groups and segments."""
        yield from super().references(definition)
        groups = definition.customer_groups or ()
        yield from each_of("customer_groups", "customer_groups", groups)
        yield from each_of("segments", "segments", definition.segments)


_rules = CataloguePriceRules()
page, get = _rules.page, _rules.get
save, delete = _rules.save, _rules.delete
