"""The table of condition attributes, and a shop's own ones beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, TypeVar

from gateway.personalize.clocks import Clock, end_of_day
from gateway.personalize.operators import Kind, Value
from gateway.personalize.table import Table, suggest

Read = Callable[..., Value]
"""Takes a value of an attribute's scope; one that moves also takes the day."""

Reader = TypeVar("Reader", bound=Read)


class Scope(StrEnum):
    """What an attribute is a function of.

    Of REGISTERED it is the context, too, but only with a customer in it.
    """

    CONTEXT = "context"
    REGISTERED = "registered"
    CART = "cart"
    CUSTOMER = "customer"
    PRODUCT = "product"
    ITEM = "item"
    ADDRESS = "address"
    ORDER = "order"
    ORDER_ADDRESS = "order_address"
    SESSION = "session"
    VIEWED = "viewed"
    ORDERED = "ordered"


@dataclass(frozen=True)
class Attribute:
    """One row of the attribute table; *read* takes a value of its *scope*.

    What *moves_with_day* changes though nothing has happened: *read* then also takes
    the website's calendar day. Its *clock* strikes when time alone changes the value,
    and no answer that asked outlives that instant; None is a value that stays.
    *read_matched* is what "same as matched product" takes of the matched product,
    where that is less than what the product is found by. What is not *in_conditions*
    is declared, but no condition may ask for it. Of what *is_country* values are two
    letters.
    """

    key: str
    kind: Kind
    scope: Scope
    label: str
    read: Read
    read_matched: Read
    moves_with_day: bool = False
    clock: Clock | None = None
    in_conditions: bool = True
    is_country: bool = False

    @property
    def changes_with_day(self) -> bool:
        """Whether its value may be another one on another day."""
        return self.clock is end_of_day

    @property
    def clocks(self) -> frozenset[Clock]:
        """What a condition on the attribute is timed by."""
        return frozenset() if self.clock is None else frozenset({self.clock})


ATTRIBUTES: Table[Attribute] = Table("condition attribute")


def attribute(
    key: str,
    kind: Kind,
    scope: Scope,
    *,
    read_matched: Read | None = None,
    moves_with_day: bool = False,
    clock: Clock | None = None,
    is_country: bool = False,
) -> Callable[[Reader], Reader]:
    """Enter the decorated reader into the table under *key*."""

    def enter(read: Reader) -> Reader:
        label = (read.__doc__ or "").split("\n", 1)[0].rstrip(".")
        matched = read_matched or read
        timed_by = end_of_day if moves_with_day else clock
        row = Attribute(
            key,
            kind,
            scope,
            label,
            read,
            matched,
            moves_with_day,
            timed_by,
            is_country=is_country,
        )
        ATTRIBUTES.add(key, row)
        return read

    return enter


@dataclass(frozen=True)
class DeclaredAttribute:
    """A shop's own attribute of its products, customers or addresses.

    *entity* is ``product``, ``customer`` or ``address``, and the first half of its key.
    Whether conditions may ask for it is Adobe Commerce's "Use in Customer Segment".
    """

    entity: str
    code: str
    kind: Kind
    label: str = ""
    in_conditions: bool = True

    def as_attribute(self) -> Attribute:
        """Return the row under which conditions know it: ``product.colour``."""
        read = _reader(self.code)
        label = self.label or self.code.replace("_", " ").capitalize()
        return Attribute(
            f"{self.entity}.{self.code}",
            self.kind,
            Scope(self.entity),
            label,
            read,
            read,
            in_conditions=self.in_conditions,
        )


@lru_cache(maxsize=4096)
def _reader(code: str) -> Read:
    """Return what reads *code*, always the same: conditions are compared by it."""
    return partial(_read_own, code)


def _read_own(code: str, owner: Any) -> Value:
    value: Value = owner.attributes.get(code)
    return value


def own_code(read: Read) -> str | None:
    """Return the code of a shop's own attribute that *read* reads, if it does."""
    if isinstance(read, partial) and read.func is _read_own:
        code: str = read.args[0]
        return code
    return None


class Attributes:
    """The attributes a shop's conditions may use: the table's and its own."""

    def __init__(self, declared: Iterable[DeclaredAttribute] = ()) -> None:
        own = {row.key: row for row in (one.as_attribute() for one in declared)}
        # The table wins: a shop's own attribute cannot stand in for product.sku.
        self._rows: Mapping[str, Attribute] = {**own, **ATTRIBUTES}

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self._rows.values())

    def find(self, key: str) -> Attribute | None:
        """Return the attribute called *key*, or None."""
        return self._rows.get(key)

    def suggest(self, key: str, among: Callable[[Attribute], bool]) -> str:
        """Say which attribute *among* the fitting ones is meant by *key*."""
        return suggest(key, (row.key for row in self if among(row)))
