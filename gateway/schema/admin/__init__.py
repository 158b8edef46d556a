"""Door 2, ``/admin/graphql``: what admin UIs read and write.

Plain camelCase GraphQL. A field belongs to a subject's module and needs a role; a
write answers with what was saved, or with what is wrong as values.
"""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from gateway.schema.admin import enums  # noqa: F401 - Names the enums.
from gateway.schema.admin.access import require_roles
from gateway.schema.admin.audiences import AudienceMutations, AudienceQueries
from gateway.schema.admin.cart_price_rules import (
    CartPriceRuleMutations,
    CartPriceRuleQueries,
)
from gateway.schema.admin.catalogue_price_rules import (
    CataloguePriceRuleMutations,
    CataloguePriceRuleQueries,
)
from gateway.schema.admin.coupons import CouponMutations, CouponQueries
from gateway.schema.admin.customer_groups import (
    CustomerGroupMutations,
    CustomerGroupQueries,
)
from gateway.schema.admin.dynamic_blocks import (
    DynamicBlockMutations,
    DynamicBlockQueries,
)
from gateway.schema.admin.explanations import ExplanationQueries
from gateway.schema.admin.matched_customers import MatchedCustomerQueries
from gateway.schema.admin.problems import HANDLERS
from gateway.schema.admin.product_prices import ProductPriceQueries
from gateway.schema.admin.related_product_rules import (
    RelatedProductRuleMutations,
    RelatedProductRuleQueries,
)
from gateway.schema.admin.scalars import SCALARS
from gateway.schema.admin.segment_counts import SegmentCountQueries
from gateway.schema.admin.segment_refreshes import (
    SegmentRefreshMutations,
    SegmentRefreshQueries,
)
from gateway.schema.admin.segments import SegmentMutations, SegmentQueries
from gateway.schema.admin.store_views import StoreViewMutations, StoreViewQueries
from gateway.schema.admin.vocabulary import VocabularyQueries
from gateway.schema.admin.websites import WebsiteMutations, WebsiteQueries
from gateway.schema.documents import DoorSchema


@strawberry.type(description="What an administrator reads.")
class Query(
    SegmentQueries,
    MatchedCustomerQueries,
    SegmentCountQueries,
    SegmentRefreshQueries,
    DynamicBlockQueries,
    CartPriceRuleQueries,
    CataloguePriceRuleQueries,
    CouponQueries,
    RelatedProductRuleQueries,
    AudienceQueries,
    WebsiteQueries,
    StoreViewQueries,
    CustomerGroupQueries,
    ProductPriceQueries,
    VocabularyQueries,
    ExplanationQueries,
):
    """What an administrator reads."""


@strawberry.type(description="What an administrator writes.")
class Mutation(
    SegmentMutations,
    SegmentRefreshMutations,
    DynamicBlockMutations,
    CartPriceRuleMutations,
    CataloguePriceRuleMutations,
    CouponMutations,
    RelatedProductRuleMutations,
    AudienceMutations,
    WebsiteMutations,
    StoreViewMutations,
    CustomerGroupMutations,
):
    """What an administrator writes."""


require_roles(Query, Mutation)

schema = DoorSchema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(scalar_map=SCALARS),
    exception_handlers=HANDLERS,
)
"""What the admin door speaks."""
