"""Audiences at the admin door."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self, TypeAlias

import strawberry

from gateway.personalize.audiences import AudienceDefinition
from gateway.resolvers import audiences
from gateway.resolvers.definitions import Saved
from gateway.resolvers.pages import Paging
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import DESCRIPTION, KEY, NAME, WEBSITES, Key
from gateway.schema.admin.inputs import described_by, given_by
from gateway.schema.admin.pages import (
    DEFAULT,
    CurrentPage,
    OfWebsite,
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
from gateway.storage import audience_members
from gateway.storage.audience_members import Count, Member
from gateway.storage.definitions import Use, Wanted


@strawberry.type(description="How many an audience has on one website.")
class AudienceCount:
    """How many an audience has on one website."""

    website: str = strawberry.field(description="The website's code.")
    members: int = strawberry.field(description="Who is in it now.")
    expired: int = strawberry.field(
        description="Who is in it no longer, and is forgotten after a while."
    )

    @classmethod
    def of(cls, count: Count) -> Self:
        """Show a count."""
        return cls(website=count.website, members=count.members, expired=count.expired)


@strawberry.type(description="A place that asks for something.")
class UsedBy:
    """A place that asks for something."""

    subject: str = strawberry.field(description="What it is, such as `segment`.")
    key: str = strawberry.field(description="Its key.")

    @classmethod
    def of(cls, use: Use) -> Self:
        """Show a use."""
        return cls(subject=use.subject, key=use.key)


@strawberry.type(description="Customers whom another system has chosen.")
class Audience:
    """An audience."""

    key: str = strawberry.field(description=KEY + " It stays once it is saved.")
    name: str = strawberry.field(description=NAME)
    description: str = strawberry.field(description=DESCRIPTION)
    source: str = strawberry.field(
        description="The system that chooses its members, for administrators."
    )
    websites: list[str] = strawberry.field(description=WEBSITES)
    ttl_seconds: int | None = strawberry.field(
        description="How many seconds a member stays where nobody says until when; null"
        " is for good. A change is for those who come in later."
    )
    version: int = strawberry.field(description="Rises by one with every change.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @classmethod
    def of(cls, saved: Saved[AudienceDefinition]) -> Self:
        """Show an audience."""
        definition = saved.definition
        return cls(
            key=definition.key,
            name=definition.name,
            description=definition.description,
            source=definition.source,
            websites=[*definition.websites],
            ttl_seconds=definition.ttl_seconds,
            version=saved.version,
            updated_at=saved.updated_at,
        )

    @strawberry.field(description="How many are in it, by website; none has no entry.")
    async def counts(self, info: Info) -> list[AudienceCount]:
        """Count its members."""
        found = await audience_members.counts(
            info.context.database, [self.key], datetime.now(UTC)
        )
        return [AudienceCount.of(one) for one in found[self.key]]

    @strawberry.field(description="What asks for it, and must cease before it can go.")
    async def used_by(self, info: Info) -> list[UsedBy]:
        """List what asks for it."""
        found = await audiences.uses(info.context.database, self.key)
        return [UsedBy.of(one) for one in found]


@strawberry.type(description="A customer in an audience.")
class AudienceMember:
    """A customer in an audience."""

    website: str = strawberry.field(description="Whose customer it is.")
    customer_id: str = strawberry.field(description="The customer's id in the shop.")
    qualified_at: datetime = strawberry.field(description="Since when.")
    expires_at: datetime | None = strawberry.field(
        description="Until when, and no longer; null is for good."
    )

    @classmethod
    def of(cls, member: Member) -> Self:
        """Show a member."""
        return cls(
            website=member.website,
            customer_id=member.customer_id,
            qualified_at=member.qualified_at,
            expires_at=member.expires_at,
        )


@described_by(Audience)
@strawberry.input(description="An audience as it is to be.")
class AudienceInput:
    """An audience as it is to be."""

    key: str = strawberry.field(
        description=KEY + " What is stored under it is replaced; its members stay."
    )
    name: str
    websites: list[str] = strawberry.field(
        description=WEBSITES + " Members on a website that it leaves are forgotten."
    )
    description: str = AudienceDefinition.description
    source: str = AudienceDefinition.source
    ttl_seconds: int | None = None


@strawberry.type(description="An audience was saved.")
class AudienceSaved:
    """An audience was saved."""

    audience: Audience = strawberry.field(
        description="The audience as it is stored now."
    )


SaveAudienceResult: TypeAlias = Annotated[
    AudienceSaved | Unsaved, save_result("audience")
]
DeleteAudienceResult: TypeAlias = Annotated[DeletedOrNot, delete_result("audience")]


@strawberry.type
class AudienceQueries:
    """What can be read of audiences."""

    @strawberry.field(
        description="Audiences, in the order of their making.", extensions=[VIEWER]
    )
    async def audiences(
        self,
        info: Info,
        search: Search = None,
        website: OfWebsite = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[Audience]:
        """List audiences."""
        wanted, paging = Wanted(search, website), Paging(page_size, current_page)
        page = await audiences.page(info.context.database, wanted, paging)
        return Page.of(page, Audience.of)

    @strawberry.field(
        description="The audience with a key; null if there is none.",
        extensions=[VIEWER],
    )
    async def audience(self, info: Info, key: Key) -> Audience | None:
        """Get an audience."""
        saved = await audiences.get(info.context.database, key)
        return None if saved is None else Audience.of(saved)

    @strawberry.field(
        description="Who is in an audience, by website and customer id, those included"
        " who are so no longer and not forgotten yet. They are personal data.",
        extensions=[EDITOR],
    )
    async def audience_members(
        self,
        info: Info,
        key: Key,
        website: OfWebsite = None,
        page_size: PageSize = DEFAULT.size,
        current_page: CurrentPage = DEFAULT.current,
    ) -> Page[AudienceMember]:
        """List members."""
        page = await audiences.members(
            info.context.database, key, website, Paging(page_size, current_page)
        )
        return Page.of(page, AudienceMember.of)


@strawberry.type
class AudienceMutations:
    """What can be done to audiences."""

    @strawberry.mutation(
        description="Save an audience, new or changed. Its members are imported, or"
        " come from a server by the storefront door's `updateAudienceMembers`.",
        extensions=[EDITOR],
    )
    async def save_audience(
        self,
        info: Info,
        input: Annotated[
            AudienceInput,
            strawberry.argument(description="The audience as it is to be."),
        ],
        expected_version: ExpectedVersion = None,
    ) -> SaveAudienceResult:
        """Save an audience."""
        database, given = info.context.database, given_by(input)
        saved = await audiences.save(database, given, expected_version)
        return AudienceSaved(audience=Audience.of(saved))

    @strawberry.mutation(
        description="Delete an audience that nothing asks for, with its members.",
        extensions=[EDITOR],
    )
    async def delete_audience(self, info: Info, key: Key) -> DeleteAudienceResult:
        """Delete an audience."""
        return Deleted(key=await audiences.delete(info.context.database, key))
