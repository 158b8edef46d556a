"""A shop's own attributes, as they stand in the rows of products and customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.importing import kinds
from gateway.importing.faults import Refused
from gateway.personalize.constants import shown
from gateway.personalize.operators import Kind

MOST_UNDECLARED = 1000
LONGEST_TEXT = 10_000

_CODE = kinds.attribute_code()
_TEXT = kinds.text(LONGEST_TEXT)
_NUMBER = kinds.number()


class AttributeReader:
    """Reads the attributes of one row after another, against their declarations.

    *undeclared* are the codes nobody has declared, each with the kind that fits all
    of its values so far: a list is several choices, and text is text whatever it
    looks like, since a column of days may hold something else tomorrow.
    """

    def __init__(self, declared: Mapping[str, Kind]) -> None:
        self._declared = declared
        self.undeclared: dict[str, Kind] = {}

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Read one row's attributes; those without a value are left out.

        Raises:
            Refused: within the first attribute at fault, with the others.
        """
        values = {}
        refusals = list[Refused]()
        for code, value in given.items():
            if value is None or value in ("", []):
                continue
            try:
                kind = self._declared.get(code) or self._inferred(code, value)
                values[code] = _read(value, kind)
            except Refused as refused:
                within = f"{code}.{refused.within}".rstrip(".")
                refusals.append(Refused(str(refused), within=within))
        if refusals:
            first, *first.others = refusals
            raise first
        return values

    def _inferred(self, code: str, value: Any) -> Kind:
        kind = _kind_of(value)
        before = self.undeclared.get(code)
        if before is None:
            _CODE.read(code)
            if len(self.undeclared) >= MOST_UNDECLARED:
                raise Refused(
                    f"more than {MOST_UNDECLARED} attributes are not declared.",
                    "Declare them in a file called attributes.",
                )
        elif before is not kind:
            if Kind.MULTISELECT in {before, kind}:
                raise Refused(
                    f"it is {_NOUNS[kind]}, and in rows before {_NOUNS[before]}.",
                    "Write lists in all rows, or declare it in a file called"
                    " attributes.",
                )
            kind = Kind.TEXT
        self.undeclared[code] = kind
        return _kind_of(value)


_NOUNS = {
    Kind.MULTISELECT: "a list",
    Kind.BOOLEAN: "true or false",
    Kind.NUMBER: "a number",
    Kind.TEXT: "text",
}


def _kind_of(value: Any) -> Kind:
    if isinstance(value, list):
        return Kind.MULTISELECT
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.NUMBER if isinstance(value, int | float | Decimal) else Kind.TEXT


def _read(value: Any, kind: Kind) -> Any:
    if kind is Kind.MULTISELECT:
        several = value if isinstance(value, list) else [value]
        return [_scalar(one, Kind.SELECT, str(at)) for at, one in enumerate(several)]
    return _scalar(value, kind)


def _scalar(value: Any, kind: Kind, within: str = "") -> Any:
    if isinstance(value, list | dict):
        raise Refused(f"it is {shown(value)}.", "Write one value.", within)
    try:
        return _SCALARS[kind](value)
    except Refused as refused:
        raise Refused(str(refused), within=within) from None


def _number(value: Any) -> Any:
    _NUMBER.read(value)
    return value


def _day(value: Any) -> str:
    return str(kinds.day().read(value).isoformat())


def _text(value: Any) -> Any:
    """Take text; a number may stand for itself, since it compares like its text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _number(value)
    return _TEXT.read(value)


_SCALARS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.SELECT: _text,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: kinds.flag().read,
    Kind.DATE: _day,
}
