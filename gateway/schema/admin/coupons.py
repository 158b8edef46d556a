"""Coupon codes at the admin door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Self, TypeAlias

import strawberry
from strawberry import Private

from gateway.personalize import errors
from gateway.personalize.coupon_codes import CodeFormat, CodePattern
from gateway.personalize.coupons import CouponStatus, KnownCoupon
from gateway.resolvers import coupon_codes, pages
from gateway.resolvers.once import Once
from gateway.resolvers.pages import Paging
from gateway.schema import uids
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.inputs import given_by
from gateway.schema.admin.pages import (
    DEFAULT,
    BrokenDefinition,
    CurrentPage,
    PageInfo,
    PageSize,
)
from gateway.schema.admin.problems import Conflict, InvalidInput, NotFound, Problem
from gateway.schema.errors import StorefrontError
from gateway.storage.coupons import GeneratedCoupon

MOST_AT_ONCE = 10_000
"""More take longer than a request may; `gateway coupons generate` makes them."""

Rule = Annotated[
    str, strawberry.argument(description="The key of the cart price rule.")
]
Codes = Annotated[list[str], strawberry.argument(description="The codes, in any case.")]
After = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="The uid of the last coupon of the page before: only those after"
        " it, on pages of their own. However many there are, it takes no time."
    ),
]

# The largest id that a row may have.
_LAST_ID = 2**63 - 1


@strawberry.type(description="A code that was generated for a cart price rule.")
class Coupon:
    """A code that was generated."""

    uid: strawberry.ID = strawberry.field(
        description="Its unique id, to list those after it."
    )
    code: str = strawberry.field(description="The code.")
    created_at: datetime = strawberry.field(description="When it was generated.")
    uses: int = strawberry.field(description="How many orders have or reserve it.")

    @classmethod
    def of(cls, coupon: GeneratedCoupon) -> Self:
        """Show a code."""
        return cls(
            uid=uids.encode(coupon.id),
            code=coupon.code,
            created_at=coupon.created_at,
            uses=coupon.uses,
        )


@strawberry.type(
    description="One page of coupon codes. Millions are quickly listed and slowly"
    " counted: they are counted only where somebody asks."
)
class CouponPage:
    """One page of codes; what it counts is shared by both fields that tell it."""

    paging: Private[Paging]
    counted: Private[Callable[[], Awaitable[int]]]
    once: Private[Once]
    items: list[Coupon] = strawberry.field(description="What is on the page.")

    @strawberry.field(description="What cannot be read: none, ever.")
    def broken(self) -> list[BrokenDefinition]:
        """Return what other lists may have."""
        return []

    @strawberry.field(description="Which page it is.")
    async def page_info(self) -> PageInfo:
        """Count the pages."""
        total = await self.once.get("total", self.counted)
        return PageInfo.of(pages.Page((), total, self.paging))

    @strawberry.field(description="How many there are on all pages.")
    async def total_count(self) -> int:
        """Count the codes."""
        return await self.once.get("total", self.counted)


@strawberry.type(
    description="What becomes of a code, which no shopper is told: to them all codes"
    " that do nothing are alike."
)
class CouponKnown:
    """What is known of a code on one website."""

    status: CouponStatus = strawberry.field(description="Why it does nothing.")
    rule: str | None = strawberry.field(description="The key of its cart price rule.")
    is_generated: bool = strawberry.field(description="Whether it was generated.")
    uses: int = strawberry.field(description="How many orders have or reserve it.")
    uses_of_rule: int = strawberry.field(
        description="How many orders have or reserve any code of the rule."
    )

    @classmethod
    def of(cls, known: KnownCoupon | None) -> Self:
        """Show what is known."""
        if known is None:
            nothing = CouponStatus.UNKNOWN
            return cls(
                status=nothing, rule=None, is_generated=False, uses=0, uses_of_rule=0
            )
        return cls(
            status=known.status,
            rule=known.rule,
            is_generated=known.is_generated,
            uses=known.uses,
            uses_of_rule=known.uses_of_rule,
        )


@strawberry.input(description="Codes that are to be generated.")
class GenerateCouponsInput:
    """How many codes, and what they look like."""

    rule: str = strawberry.field(
        description="The key of the cart price rule, which has `generatedCoupons`."
    )
    quantity: int = strawberry.field(
        description=f"How many, up to {MOST_AT_ONCE:,}; the command makes more at once."
    )
    length: int = strawberry.field(
        default=CodePattern.length,
        description="How many characters, besides prefix, suffix and dashes. It is"
        " raised until guessing is hopeless: 60 bits over all codes of the rule.",
    )
    keeps_length: bool = strawberry.field(
        default=False, description="Whether it is not raised, and a warning is enough."
    )
    format: CodeFormat = strawberry.field(
        default=CodePattern.format, description="Of which characters."
    )
    prefix: str = strawberry.field(
        default=CodePattern.prefix, description="What each begins with."
    )
    suffix: str = strawberry.field(
        default=CodePattern.suffix, description="What each ends with."
    )
    dash_every: int = strawberry.field(
        default=CodePattern.dash_every,
        description="After how many characters a dash stands; 0 for none.",
    )


@strawberry.type(description="Codes were generated.")
class CouponsGenerated:
    """What was generated."""

    quantity: int = strawberry.field(description="How many.")
    length: int = strawberry.field(description="How many characters each has.")
    warnings: list[Problem] = strawberry.field(description="What was changed.")

    @classmethod
    def of(cls, made: coupon_codes.Generated) -> Self:
        """Show what was generated."""
        warnings = Problem.list_of(made.warnings)
        return cls(
            quantity=made.quantity, length=made.pattern.length, warnings=warnings
        )


@strawberry.type(description="Codes were deleted; uses that were made stay counted.")
class CouponsDeleted:
    """What was deleted."""

    codes: list[str] = strawberry.field(description="The codes that there were.")


GenerateCouponsResult: TypeAlias = Annotated[
    CouponsGenerated | InvalidInput | Conflict | NotFound,
    strawberry.union(
        "GenerateCouponsResult",
        description="What was generated, or why it was refused.",
    ),
]
DeleteCouponsResult: TypeAlias = Annotated[
    CouponsDeleted | NotFound,
    strawberry.union(
        "DeleteCouponsResult", description="What was deleted, or why it was refused."
    ),
]


@strawberry.type
class CouponQueries:
    """What can be read of coupon codes."""

    @strawberry.field(
        description="The codes that were generated for a rule, in that order.",
        extensions=[VIEWER],
    )
    async def coupons(
        self,
        info: Info,
        rule: Rule,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
        after: After = None,
    ) -> CouponPage:
        """List codes."""
        database, above = info.context.database, _id(after)
        paging = Paging(page_size, current_page)
        found = await coupon_codes.page(database, rule, paging, above)
        return CouponPage(
            paging=paging,
            counted=partial(coupon_codes.count, database, rule, above),
            once=Once(),
            items=[Coupon.of(one) for one in found],
        )

    @strawberry.field(
        description="Whose a code is, and why it does nothing.", extensions=[VIEWER]
    )
    async def coupon_status(
        self,
        info: Info,
        code: Annotated[str, strawberry.argument(description="It, in any case.")],
        website: Annotated[
            str, strawberry.argument(description="The website where it is tried.")
        ],
    ) -> CouponKnown:
        """Look a code up."""
        database = info.context.database
        return CouponKnown.of(await coupon_codes.known(database, code, website))


def _id(after: str | None) -> int:
    """Read the uid of a coupon; 0 is before all of them."""
    if after is None:
        return 0
    try:
        id = uids.decode(after)
    except StorefrontError:
        id = _LAST_ID + 1
    if id > _LAST_ID:
        said = f"{after!r} is no uid of a coupon."
        remedy = "Write the uid of the last coupon that was listed."
        raise errors.InvalidInput(errors.Problem("after", said, remedy))
    return id


@strawberry.type
class CouponMutations:
    """What can be done to coupon codes."""

    @strawberry.mutation(
        description="Generate codes for a cart price rule, all of them or none.",
        extensions=[EDITOR],
    )
    async def generate_coupons(
        self,
        info: Info,
        input: Annotated[
            GenerateCouponsInput, strawberry.argument(description="Which codes.")
        ],
    ) -> GenerateCouponsResult:
        """Generate codes."""
        given = given_by(input)
        key = given.pop("rule")
        database = info.context.database
        made = await coupon_codes.generate(database, key, given, most=MOST_AT_ONCE)
        return CouponsGenerated.of(made)

    @strawberry.mutation(
        description="Delete codes that were generated for a cart price rule.",
        extensions=[EDITOR],
    )
    async def delete_coupons(
        self, info: Info, rule: Rule, codes: Codes
    ) -> DeleteCouponsResult:
        """Delete codes."""
        gone = await coupon_codes.delete(info.context.database, rule, codes)
        return CouponsDeleted(codes=[*gone])
