"""Catalogue price rules at the admin door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from gateway.personalize import catalogue_price_rules
from gateway.personalize.catalogue_price_rules import CataloguePriceRuleDefinition
from gateway.resolvers.checks import Reference
from gateway.resolvers.definitions import Definitions
from gateway.resolvers.subjects import Given, Subject, each_of


class CataloguePriceRules(Subject[CataloguePriceRuleDefinition]):
    """Catalogue price rules."""

    name = "catalogue_price_rules"
    judged = ("conditions", "segments")
    smallest: ClassVar[Given] = {
        **Subject.smallest,
        "action": "by_percent",
        "amount": 1,
    }

    def references(
        self, definition: CataloguePriceRuleDefinition
    ) -> Iterator[Reference]:
        """Yield websites, customer groups and segments."""
        yield from super().references(definition)
        groups = definition.customer_groups or ()
        yield from each_of("customer_groups", "customer_groups", groups)
        yield from each_of("segments", "segments", definition.segments)


STORED = Definitions(
    CataloguePriceRules(catalogue_price_rules.read, catalogue_price_rules.compile)
)
page, get = STORED.page, STORED.get
save, delete = STORED.save, STORED.delete
