"""Coupon codes at the admin door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.coupon_codes import CodeFormat, CodePattern
from gateway.personalize.coupons import CouponStatus, KnownCoupon
from gateway.resolvers import coupon_codes
from gateway.resolvers.pages import Paging
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.inputs import given_by
from gateway.schema.admin.pages import DEFAULT, CurrentPage, Page, PageSize
from gateway.schema.admin.problems import Conflict, InvalidInput, NotFound, Problem
from gateway.storage.coupons import GeneratedCoupon

MOST_AT_ONCE = 10_000
"""More take longer than a request may; `gateway coupons generate` makes them."""

Rule = Annotated[
    str, strawberry.argument(description="The key of the cart price rule.")
]
Codes = Annotated[list[str], strawberry.argument(description="The codes, in any case.")]


@strawberry.type(description="A code that was generated for a cart price rule.")
class Coupon:
    """A code that was generated."""

    code: str = strawberry.field(description="The code.")
    created_at: datetime = strawberry.field(description="When it was generated.")
    uses: int = strawberry.field(description="How many orders have or reserve it.")

    @classmethod
    def of(cls, coupon: GeneratedCoupon) -> Self:
        """Show a code."""
        return cls(code=coupon.code, created_at=coupon.created_at, uses=coupon.uses)


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
    ) -> Page[Coupon]:
        """List codes."""
        paging = Paging(page_size, current_page)
        page = await coupon_codes.page(info.context.database, rule, paging)
        return Page.of(page, Coupon.of)

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
