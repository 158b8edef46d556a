"""Door 1, ``/graphql``: what storefronts ask, in the dialect they speak.

Compatible with the Adobe Commerce GraphQL schema: its names, its snake_case fields,
its uids and its messages; beside it one query of our own, ``personalization``.
"""

from __future__ import annotations

from strawberry.schema.config import StrawberryConfig

from gateway.schema.documents import DoorSchema
from gateway.schema.storefront import cart_items, events, products
from gateway.schema.storefront.mutation import Mutation
from gateway.schema.storefront.query import Query

schema = DoorSchema(
    query=Query,
    mutation=Mutation,
    types=[*products.TYPES.values(), *cart_items.TYPES.values()],
    config=StrawberryConfig(auto_camel_case=False, scalar_map=events.SCALARS),
)
"""What the storefront door speaks."""
