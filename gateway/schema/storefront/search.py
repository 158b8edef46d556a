"""Finding products by what a storefront knows of them."""

from __future__ import annotations

from enum import StrEnum

import strawberry

from gateway.personalize.product_search import Search, SortBy
from gateway.schema.storefront.optional import optional
from gateway.schema.storefront.paging import SearchResultPageInfo
from gateway.schema.storefront.products import ProductInterface


@strawberry.input(description="Equal to a value, or to one of several.")
class FilterEqualTypeInput:
    """One value or several."""

    eq: str | None = optional("This value.")
    in_: list[str | None] | None = optional("One of these values.", name="in")

    def values(self) -> frozenset[str]:
        """Return every value that is asked for."""
        given = [*(self.in_ or []), self.eq]
        return frozenset(one for one in given if isinstance(one, str))


@strawberry.input(description="Containing a text.")
class FilterMatchTypeInput:
    """A text to look for, without regard to case."""

    match: str | None = optional("The text.")


@strawberry.input(description="Between two amounts.")
class FilterRangeTypeInput:
    """From one amount to another, both included."""

    from_: str | None = optional("At least this.", name="from")
    to: str | None = optional("At most this.")


@strawberry.input(description="Which products to return; every member must fit.")
class ProductAttributeFilterInput:
    """What the wanted products have in common."""

    sku: FilterEqualTypeInput | None = optional("By SKU.")
    url_key: FilterEqualTypeInput | None = optional("By URL key.")
    category_url_path: FilterEqualTypeInput | None = optional(
        "By category path; what is below it counts too."
    )
    name: FilterMatchTypeInput | None = optional("By a part of the name.")
    price: FilterRangeTypeInput | None = optional("By the price of the moment.")


@strawberry.enum(description="The direction of an order.")
class SortEnum(StrEnum):
    """Ascending or descending."""

    ASC = "ASC"
    DESC = "DESC"


@strawberry.input(description="How the products are ordered; by id without it.")
class ProductAttributeSortInput:
    """The order; the first member that is given counts."""

    name: SortEnum | None = optional("By name.")
    price: SortEnum | None = optional("By the price of the moment.")
    position: SortEnum | None = optional("By id: positions are the shop's own.")
    relevance: SortEnum | None = optional("By id: every product found is relevant.")

    def chosen(self) -> tuple[SortBy, bool]:
        """Return what counts, and whether in descending order."""
        for direction, by in ((self.name, SortBy.NAME), (self.price, SortBy.PRICE)):
            if direction:
                return by, direction is SortEnum.DESC
        return SortBy.ID, self.position is SortEnum.DESC


@strawberry.type(description="One page of products.")
class Products:
    """One page of the products that were found."""

    items: list[ProductInterface] = strawberry.field(description="The products.")
    page_info: SearchResultPageInfo = strawberry.field(description="Which page.")
    total_count: int = strawberry.field(description="The products on all pages.")


def to_search(
    search: str | None,
    wanted: ProductAttributeFilterInput | None,
    sort: ProductAttributeSortInput | None,
) -> Search:
    """Return what is looked for."""
    wanted = wanted or ProductAttributeFilterInput()
    sort_by, descending = (sort or ProductAttributeSortInput()).chosen()
    price = wanted.price or FilterRangeTypeInput()
    return Search.of(
        text=f"{search or ''} {(wanted.name and wanted.name.match) or ''}",
        skus=wanted.sku.values() if wanted.sku else None,
        url_keys=wanted.url_key.values() if wanted.url_key else None,
        categories=(
            wanted.category_url_path.values() if wanted.category_url_path else None
        ),
        price_from=price.from_ or None,
        price_to=price.to or None,
        sort_by=sort_by,
        descending=descending,
    )
