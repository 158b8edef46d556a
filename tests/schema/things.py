"""A schema of things: some are read at once, some only after somebody looked."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from strawberry.extensions import FieldExtension

from gateway.schema.documents import CheckedDocument, Documents, DoorSchema
from gateway.schema.limits import Limits

Item = TypeVar("Item")


@strawberry.enum
class Colour(Enum):
    RED = "#f00"
    GREEN = "#0f0"


class Guarded(FieldExtension):
    """Lets nobody see a field."""

    def resolve(self, next_: Any, source: Any, info: Any, **given: Any) -> Any:
        del next_, source, info, given
        raise PermissionError("nobody may")


@strawberry.interface
class Thing:
    name: str | None
    sizes: list[list[int | None]] | None

    @strawberry.field
    def title(self) -> str:
        if self.name is None:
            raise ValueError("there is no name")
        return self.name.title()

    @strawberry.field
    def beside(self) -> Thing | None:
        return Toy(name="beside", sizes=None, colour=Colour.GREEN)

    @strawberry.field
    def repeated(self, times: int = 2) -> str:
        return (self.name or "") * times

    @strawberry.field
    async def awaited(self) -> Thing:
        return Tool(name="awaited", sizes=[[1], [None]], weight=2.5)

    @strawberry.field(extensions=[Guarded()])
    def guarded(self) -> str | None:
        return "a secret"


@strawberry.type
class Toy(Thing):
    colour: Colour | None


@strawberry.type
class Tool(Thing):
    weight: float


@strawberry.type
class Page(Generic[Item]):
    items: list[Item]


AnyPage = Annotated[Page[Toy] | Page[Tool], strawberry.union("AnyPage")]

A_TOY = Toy(name="kite", sizes=[[1, None], []], colour=Colour.RED)
A_TOOL = Tool(name="saw", sizes=None, weight=1.5)
BROKEN: list[Any] = [
    Toy(name=None, sizes=[[1], [2]], colour=None),
    Tool(name="saw", sizes=None, weight=float("nan")),
    Tool(name="saw", sizes=None, weight="heavy"),  # type: ignore[arg-type]
    Toy(name="kite", sizes=None, colour="blue"),  # type: ignore[arg-type]
    Toy(name="kite", sizes=[[2**40]], colour=None),
    Toy(name="kite", sizes="123", colour=None),  # type: ignore[arg-type]
    Toy(name=ValueError("a name"), sizes=None, colour=None),  # type: ignore[arg-type]
    ValueError("a thing"),
    "neither",
    None,
]


@strawberry.type
class Query:
    @strawberry.field
    def things(self) -> list[Thing]:
        return [A_TOY, A_TOOL]

    @strawberry.field
    async def later(self) -> list[Thing | None]:
        return [A_TOOL, None]

    @strawberry.field
    def broken(self, which: int) -> Thing | None:
        thing: Thing | None = BROKEN[which]
        return thing

    @strawberry.field
    def all_broken(self) -> list[Thing | None]:
        return BROKEN

    @strawberry.field
    def generated(self) -> list[Thing]:
        return (thing for thing in (A_TOY, A_TOOL))  # type: ignore[return-value]

    @strawberry.field
    def toy(self) -> Toy:
        return A_TOY

    @strawberry.field
    def one_kind(self) -> Page[Tool]:
        return Page(items=[A_TOOL])

    @strawberry.field
    def page(self) -> AnyPage:
        return Page(items=[A_TOOL])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def spoil(self) -> Toy:
        DONE.append("spoil")
        raise ValueError("it broke")


DONE: list[str] = []
THINGS = DoorSchema(query=Query, mutation=Mutation, types=[Toy, Tool])
ALL = """
    __typename name title sizes guarded
    beside { name beside { __typename title } }
    ... on Toy { colour } ... on Tool { weight }
"""


def a_document(source: str, schema: DoorSchema = THINGS) -> CheckedDocument:
    return Documents(schema.core, Limits()).check(source)
