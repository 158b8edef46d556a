"""How a condition compares: one decorated function per operator.

To add one, write a function over *(actual, wanted)* under ``@operator``; it is
then parsed, checked against kinds, listed and documented. The semantics are Adobe
Commerce's (condition engine, comparison semantics): text compares without regard
to case, numeric text as numbers, a list and a scalar never meet, and only the
negative operators accept a missing value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache

from gateway.personalize.table import Table

Scalar = str | Decimal | bool | date
Value = Scalar | tuple[Scalar, ...] | None
Compare = Callable[[Value, Value], bool]
Key = Decimal | str

# Without Python's own freedoms: "24_01" and Arabic digits are text, as for Adobe.
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)


class Kind(StrEnum):
    """What an attribute's value is; it decides which operators fit."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    SELECT = "select"
    MULTISELECT = "multiselect"
    CATEGORY = "category"

    @property
    def takes_list(self) -> bool:
        """Whether a condition's value is a list under every operator."""
        return self in {Kind.MULTISELECT, Kind.CATEGORY}


class By(StrEnum):
    """What alone decides whether an operator holds, so that an index can look it up.

    A list has no order and no parts: it is one of VALUES, or has only its length.
    """

    VALUES = "values"
    """Whether the attribute has a value in common with what is wanted."""
    ORDER = "order"
    """Whether its value is less than what is wanted, equal or more."""
    PARTS = "parts"
    """Whether its text has a part in it that is wanted; without one, it is as none."""


@dataclass(frozen=True)
class Operator:
    """One row of the operator table; *symbol* is Adobe's own name for it.

    *needs_a_common_value* says that it holds only where the attribute has a value, or
    one of its values, in common with what is wanted: an index can then find those.
    *by* is what decides it; None is something else, and then it is always asked.
    """

    key: str
    symbol: str
    label: str
    kinds: frozenset[Kind]
    takes_list: bool
    needs_a_common_value: bool
    holds: Compare
    by: By | None = None

    def wants_list(self, kind: Kind) -> bool:
        """Whether the condition's value is a list for an attribute of *kind*."""
        return self.takes_list or kind.takes_list


OPERATORS: Table[Operator] = Table("operator")

_ALL = frozenset(Kind)
_ORDERED = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DATE})
_LISTED = _ALL - {Kind.DATE, Kind.BOOLEAN}
_CONTAINING = frozenset({Kind.TEXT, Kind.MULTISELECT, Kind.CATEGORY})


def operator(
    key: str,
    symbol: str,
    kinds: frozenset[Kind],
    *,
    by: By | None = None,
    takes_list: bool = False,
    needs_a_common_value: bool = False,
) -> Callable[[Compare], Compare]:
    """Enter the decorated comparison into the table under *key*."""

    def enter(compare: Compare) -> Compare:
        label = (compare.__doc__ or "").split("\n", 1)[0].rstrip(".")
        OPERATORS.add(
            key,
            Operator(
                key, symbol, label, kinds, takes_list, needs_a_common_value, compare, by
            ),
        )
        return compare

    return enter


def key_of(value: Scalar) -> Key:
    """Return what *value* is compared by: a number, or text without regard to case.

    Text that looks like a number is one, so that "1" is "1.0".
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, date):
        # Never a number, and in no case.
        return str(value)
    text = str(value)
    return Decimal(text.strip()) if _NUMBER.fullmatch(text) else text.casefold()


# Constants are asked about again and again; what shoppers bring is not kept.
_constant_key = lru_cache(maxsize=8192)(key_of)
_constant_text = lru_cache(maxsize=8192)(str.casefold)


class Values(tuple[Scalar, ...]):  # noqa: SLOT001 - cached_property needs a __dict__.
    """Several values that find their keys once, where a plain tuple always would.

    Equal to the plain tuple of the same values.
    """

    @cached_property
    def keys(self) -> frozenset[Key]:
        """What the values are compared by."""
        return frozenset(map(key_of, self))


def keys_of(value: Value) -> Iterable[Key]:
    """Return what *value*, a scalar or several, is compared by; nothing if missing."""
    if isinstance(value, Values):
        return value.keys
    if isinstance(value, tuple):
        return frozenset(map(key_of, value))
    return () if value is None else (key_of(value),)


def _is_same(actual: Scalar, wanted: Scalar) -> bool:
    return key_of(actual) == _constant_key(wanted)


def _overlap(actual: Value, wanted: tuple[Scalar, ...]) -> bool:
    keys = wanted.keys if isinstance(wanted, Values) else frozenset(keys_of(wanted))
    return not keys.isdisjoint(keys_of(actual))


def _order(actual: Value, wanted: Value) -> int | None:
    """Order two scalars: negative, zero or positive; None if one is no scalar."""
    if actual is None or wanted is None:
        return None
    if isinstance(actual, tuple) or isinstance(wanted, tuple):
        return None
    if isinstance(actual, Decimal) and isinstance(wanted, Decimal):
        return (actual > wanted) - (actual < wanted)
    left, right = key_of(actual), key_of(wanted)
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left > right) - (left < right)
    # Dates are ordered as they are written, and text with regard to case.
    one, other = str(actual), str(wanted)
    return (one > other) - (one < other)


def _is_malformed(actual: Value, wanted: Value) -> bool:
    """Whether a list is wanted of a scalar: false even for a negative operator."""
    is_list_or_missing = actual is None or isinstance(actual, tuple)
    return isinstance(wanted, tuple) and not is_list_or_missing


@operator("is", "==", _ALL, by=By.VALUES, needs_a_common_value=True)
def is_(actual: Value, wanted: Value) -> bool:
    """Is."""
    if actual is None or wanted is None:
        return False
    if isinstance(wanted, tuple):
        return isinstance(actual, tuple) and _overlap(actual, wanted)
    if isinstance(actual, tuple):
        return len(actual) == 1 and _is_same(actual[0], wanted)
    return _is_same(actual, wanted)


@operator("is_not", "!=", _ALL, by=By.VALUES)
def is_not(actual: Value, wanted: Value) -> bool:
    """Is not."""
    return not _is_malformed(actual, wanted) and not is_(actual, wanted)


@operator("at_least", ">=", _ORDERED, by=By.ORDER)
def at_least(actual: Value, wanted: Value) -> bool:
    """Equals or greater than."""
    order = _order(actual, wanted)
    return order is not None and order >= 0


@operator("at_most", "<=", _ORDERED, by=By.ORDER)
def at_most(actual: Value, wanted: Value) -> bool:
    """Equals or less than."""
    order = _order(actual, wanted)
    return order is not None and order <= 0


@operator("greater_than", ">", _ORDERED, by=By.ORDER)
def greater_than(actual: Value, wanted: Value) -> bool:
    """Greater than."""
    order = _order(actual, wanted)
    return order is not None and order > 0


@operator("less_than", "<", _ORDERED, by=By.ORDER)
def less_than(actual: Value, wanted: Value) -> bool:
    """Less than."""
    order = _order(actual, wanted)
    return order is not None and order < 0


@operator("contains", "{}", _CONTAINING, by=By.PARTS)
def contains(actual: Value, wanted: Value) -> bool:
    """Contains."""
    if actual is None or wanted is None:
        return False
    parts = wanted if isinstance(wanted, tuple) else (wanted,)
    if isinstance(actual, tuple):
        return _overlap(actual, parts)
    text = str(actual).casefold()
    return any(part in text for part in parts_of(parts))


def parts_of(wanted: Value) -> Iterable[str]:
    """Return the parts that a text may have, which are looked for in folded text."""
    parts = wanted if isinstance(wanted, tuple) else (wanted,)
    return (_constant_text(str(part)) for part in parts if part is not None)


@operator("does_not_contain", "!{}", _CONTAINING, by=By.PARTS)
def does_not_contain(actual: Value, wanted: Value) -> bool:
    """Does not contain."""
    return not contains(actual, wanted)


@operator(
    "is_one_of",
    "()",
    _LISTED,
    by=By.VALUES,
    takes_list=True,
    needs_a_common_value=True,
)
def is_one_of(actual: Value, wanted: Value) -> bool:
    """Is one of."""
    return isinstance(wanted, tuple) and _overlap(actual, wanted)


@operator("is_not_one_of", "!()", _LISTED, by=By.VALUES, takes_list=True)
def is_not_one_of(actual: Value, wanted: Value) -> bool:
    """Is not one of."""
    return isinstance(wanted, tuple) and not is_one_of(actual, wanted)


def compare(row: Operator, actual: Value, wanted: Value, kind: Kind) -> bool:
    """Compare raw values, where *wanted* was not checked against *kind*.

    A list where a scalar belongs, or the reverse, is false for every operator.
    Saved conditions are checked instead, and ask ``row.holds`` directly.
    """
    if row.wants_list(kind) is not isinstance(wanted, tuple):
        return False
    return row.holds(actual, wanted)
