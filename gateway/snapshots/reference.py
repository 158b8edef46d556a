"""docs/reference.md: what stands in the tables, written out for people."""

from __future__ import annotations

from gateway.snapshots import actions, conditions, events, limits, prices
from gateway.snapshots.markdown import join, prose

_INTRODUCTION = """\
What conditions can ask, what discounts and price rules can do, what events there are,
and how much of anything is accepted.
[The guide for rules](admin.md) says how to use it; the schemas are in
[storefront.graphql](storefront.graphql) and [admin.graphql](admin.graphql), the
settings in [operations.md](operations.md#settings)."""


def reference() -> str:
    """Write the page."""
    return join(
        "# Reference",
        prose(_INTRODUCTION),
        conditions.attributes(),
        conditions.lists(),
        conditions.where(),
        conditions.operators(),
        conditions.comparisons(),
        actions.actions(),
        prices.price_actions(),
        events.events(),
        limits.limits(),
    )
