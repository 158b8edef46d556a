"""What a storefront may know of the store view it shows."""

from __future__ import annotations

from typing import Self

import strawberry

from gateway.personalize.rulebook import RuleBook


@strawberry.type(description="The store view and what the gateway shares.")
class StoreConfig:
    """Codes, currency and locale of the request's store view."""

    store_code: strawberry.ID | None = strawberry.field(description="The store view.")
    store_name: str | None = strawberry.field(description="The store view's name.")
    locale: str | None = strawberry.field(description="The store view's locale.")
    website_code: strawberry.ID | None = strawberry.field(description="The website.")
    timezone: str | None = strawberry.field(description="The website's time zone.")
    base_currency_code: str | None = strawberry.field(
        description="The currency of all amounts."
    )
    default_display_currency_code: str | None = strawberry.field(
        description="The currency of all amounts."
    )
    share_active_segments: bool | None = strawberry.field(
        description="Whether shoppers see the uids of their segments."
    )
    share_applied_cart_rule: bool | None = strawberry.field(
        description="Whether shoppers see the uids of applied cart price rules."
    )
    graphql_share_customer_group: bool | None = strawberry.field(
        description="Whether shoppers see the uid of their customer group."
    )

    @classmethod
    def of(cls, rulebook: RuleBook, store_view: str) -> Self:
        """Describe *store_view* of the rule book's website."""
        shown = {view.code: view for view in rulebook.store_views}.get(store_view)
        website = rulebook.website
        return cls(
            store_code=strawberry.ID(store_view),
            store_name=shown.name if shown else None,
            locale=shown.locale.replace("-", "_") if shown else None,
            website_code=strawberry.ID(website.code),
            timezone=website.timezone,
            base_currency_code=website.currency,
            default_display_currency_code=website.currency,
            share_active_segments=True,
            share_applied_cart_rule=True,
            graphql_share_customer_group=True,
        )
