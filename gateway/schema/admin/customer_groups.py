"""Customer groups at the admin door."""

from __future__ import annotations

from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.resolvers import customer_groups
from gateway.resolvers.customer_groups import CustomerGroup as Stored
from gateway.resolvers.pages import Paging
from gateway.schema.admin.access import ADMIN, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.inputs import described_by, given_by
from gateway.schema.admin.pages import (
    DEFAULT,
    CurrentPage,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.writes import (
    Deleted,
    DeletedOrNot,
    ExpectedVersion,
    Unsaved,
    delete_result,
    save_result,
)

Id = Annotated[int, strawberry.argument(description="Its id.")]


@strawberry.type(
    description="A customer group. A customer is in exactly one; every visitor is in"
    " group 0, NOT LOGGED IN."
)
class CustomerGroup:
    """A customer group."""

    id: int = strawberry.field(description="Its number, as rules refer to it.")
    name: str = strawberry.field(
        description="What it is called, 1 to 32 characters; no two groups have one"
        " name."
    )
    version: int = strawberry.field(description="Rises by one with every change.")

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Show a customer group."""
        definition = stored.definition
        id = definition.id
        assert id is not None  # noqa: S101 - A stored group has one.
        return cls(id=id, name=definition.name, version=stored.version)


@described_by(CustomerGroup)
@strawberry.input(description="A customer group as it is to be.")
class CustomerGroupInput:
    """A customer group as it is to be."""

    name: str
    id: int | None = strawberry.field(
        default=None,
        description="Its number; null takes the next that is free, for a new group.",
    )


@strawberry.type(description="A customer group was saved.")
class CustomerGroupSaved:
    """A customer group was saved."""

    customer_group: CustomerGroup = strawberry.field(
        description="The customer group as it is stored now."
    )

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Show what was saved."""
        return cls(customer_group=CustomerGroup.of(stored))


SaveCustomerGroupResult: TypeAlias = Annotated[
    CustomerGroupSaved | Unsaved, save_result("customer group")
]
DeleteCustomerGroupResult: TypeAlias = Annotated[
    DeletedOrNot, delete_result("customer group")
]


@strawberry.type
class CustomerGroupQueries:
    """What can be read of customer groups."""

    @strawberry.field(
        description="Customer groups, in the order of their ids.", extensions=[VIEWER]
    )
    async def customer_groups(
        self,
        info: Info,
        search: Search = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[CustomerGroup]:
        """List customer groups."""
        paging = Paging(page_size, current_page)
        page = await customer_groups.page(info.context.database, search, paging)
        return Page.of(page, CustomerGroup.of)

    @strawberry.field(
        description="The customer group with an id; null if there is none.",
        extensions=[VIEWER],
    )
    async def customer_group(self, info: Info, id: Id) -> CustomerGroup | None:
        """Get a customer group."""
        stored = await customer_groups.get(info.context.database, id)
        return None if stored is None else CustomerGroup.of(stored)


@strawberry.type
class CustomerGroupMutations:
    """What can be done to customer groups."""

    @strawberry.mutation(
        description="Save a customer group, new or renamed.", extensions=[ADMIN]
    )
    async def save_customer_group(
        self,
        info: Info,
        input: Annotated[
            CustomerGroupInput,
            strawberry.argument(description="The customer group as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveCustomerGroupResult:
        """Save a customer group."""
        database = info.context.database
        return CustomerGroupSaved.of(
            await customer_groups.save(database, given_by(input), expected_version)
        )

    @strawberry.mutation(
        description="Delete a customer group that no rule and no customer refers to.",
        extensions=[ADMIN],
    )
    async def delete_customer_group(
        self, info: Info, id: Id
    ) -> DeleteCustomerGroupResult:
        """Delete a customer group."""
        return Deleted(key=str(await customer_groups.delete(info.context.database, id)))
