"""The four fields that every subject of definitions has at the root of the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import strawberry

from gateway.resolvers.definitions import Definitions, Saved
from gateway.resolvers.pages import Paging
from gateway.resolvers.subjects import D
from gateway.schema.admin.access import EDITOR, VIEWER
from gateway.schema.admin.context import Info
from gateway.schema.admin.definitions import Definition, DefinitionInput, Key
from gateway.schema.admin.inputs import given_by
from gateway.schema.admin.pages import (
    DEFAULT,
    Active,
    CurrentPage,
    OfWebsite,
    Page,
    PageSize,
    Search,
)
from gateway.schema.admin.writes import Deleted, ExpectedVersion
from gateway.storage.definitions import Wanted

Shown = TypeVar("Shown", bound=Definition)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class RootFields(Generic[D, Shown]):
    """Makes these fields of definitions as they are *stored*, and one is *shown*."""

    stored: Definitions[D]
    shown: Callable[[Saved[D]], Shown]

    def page(self) -> Page[Shown]:
        """Make the field that lists them."""

        async def page(
            info: Info,
            search: Search = None,
            website: OfWebsite = None,
            active: Active = None,
            page_size: PageSize = DEFAULT.size,
            current_page: CurrentPage = DEFAULT.current,
        ) -> Page[Shown]:
            wanted = Wanted(search, website, active)
            paging = Paging(page_size, current_page)
            database, limits = info.context.database, info.context.limits
            found = await self.stored.page(database, wanted, paging, limits)
            return Page.of(found, self.shown)

        said = f"{self.stored.noun.capitalize()}s, in the order of their making."
        return strawberry.field(resolver=page, description=said, extensions=[VIEWER])

    def one(self) -> Shown | None:
        """Make the field that gets one of them."""

        async def one(info: Info, key: Key) -> Shown | None:
            context = info.context
            saved = await self.stored.get(context.database, key, context.limits)
            return None if saved is None else self.shown(saved)

        said = f"The {self.stored.noun} with a key; null if there is none."
        return strawberry.field(resolver=one, description=said, extensions=[VIEWER])

    def save(
        self, given: type[DefinitionInput], answer: Callable[[Saved[D]], Answer]
    ) -> Answer:
        """Make the field that saves what is *given*."""

        async def save(
            info: Info, input: DefinitionInput, expected_version: ExpectedVersion = None
        ) -> Answer:
            context = info.context
            saved = await self.stored.save(
                context.database, given_by(input), expected_version, context.limits
            )
            return answer(saved)

        # The class is an argument here, which no annotation can say.
        save.__annotations__["input"] = Annotated[
            given,
            strawberry.argument(description=f"The {self.stored.noun} as it is to be."),
        ]
        said = (
            f"Save a {self.stored.noun}, new or changed."
            " Storefronts see it in the very next answer."
        )
        return strawberry.mutation(resolver=save, description=said, extensions=[EDITOR])

    def delete(self, *, used: bool = False) -> Deleted:
        """Make the field that deletes one; what may be *used* must not be then."""

        async def delete(info: Info, key: Key) -> Deleted:
            return Deleted(key=await self.stored.delete(info.context.database, key))

        which = " that nothing refers to" if used else ""
        said = f"Delete a {self.stored.noun}{which}."
        return strawberry.mutation(
            resolver=delete, description=said, extensions=[EDITOR]
        )
