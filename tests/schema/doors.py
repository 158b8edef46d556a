"""A tiny schema that knows no commerce, to put behind a door."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NewType

import httpx
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from gateway.personalize.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    Problem,
)
from gateway.schema.documents import DoorSchema
from gateway.schema.errors import Category, StorefrontError

Anything = NewType("Anything", object)
Even = NewType("Even", int)


def read_even(value: int) -> Even:
    if value % 2:
        raise ValueError("it is odd")
    return Even(value)


@dataclass
class Noted:
    """What resolvers did, and what they wait for."""

    done: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)


Info = strawberry.Info[Noted, None]


@strawberry.type
class Item:
    sku: str

    @strawberry.field
    def related(self) -> list[Item]:
        return [Item(sku="related")]


@strawberry.type
class Items:
    items: list[Item]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, info: Info, name: str = "you") -> str:
        info.context.done.append("hello")
        return f"hello {name}"

    @strawberry.field
    def item(self) -> Item:
        return Item(sku="one")

    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(sku="one")]

    @strawberry.field
    def search(self, first: int = 5) -> list[Item]:
        return [Item(sku="one")] * first

    @strawberry.field
    def products(self, page_size: int = 20) -> Items:
        return Items(items=[Item(sku="one")] * page_size)

    @strawberry.field
    def count(self, ids: list[int]) -> int:
        return len(ids)

    @strawberry.field
    def day(self, of: dt.date) -> str:
        return of.isoformat()

    @strawberry.field
    def ratio(self, of: float = 0.5) -> float:
        return of

    @strawberry.field
    def half(self, of: Even) -> int:
        return of // 2

    @strawberry.field
    def anything(self) -> Anything:
        return Anything(2**70)

    @strawberry.field
    def number(self) -> int | None:
        return "secret"  # type: ignore[return-value]

    @strawberry.field
    def fail(self, kind: str) -> str | None:
        raise {
            "ValueError": ValueError("secret"),
            "GraphQLError": GraphQLError("secret"),
            "InvalidInput": InvalidInput(
                Problem("conditions.any.0", "nothing is called 'x'.", "Write 'y'.")
            ),
            "NotFound": NotFound(Problem("", "No segment is called 'x'.")),
            "Conflict": Conflict(Problem("", "It is in use.")),
            "Forbidden": Forbidden(Problem("", "Only an admin may.")),
            "StorefrontError": StorefrontError(
                'Could not find a cart with ID "X"', Category.NO_SUCH_ENTITY
            ),
        }[kind]

    @strawberry.field
    async def wait(self, info: Info) -> str:
        info.context.begun.set()
        try:
            await info.context.release.wait()
        except asyncio.CancelledError:
            info.context.done.append("cancelled")
            raise
        return "released"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def save(self, info: Info) -> str:
        info.context.done.append("save")
        return "saved"


SCHEMA = DoorSchema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(
        scalar_map={
            Anything: strawberry.scalar(name="Anything", serialize=lambda value: value),
            Even: strawberry.scalar(name="Even", parse_value=read_even),
        }
    ),
)

Serve = Callable[..., Awaitable[httpx.AsyncClient]]
