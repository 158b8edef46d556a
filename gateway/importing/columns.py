"""What a column and a table are, and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gateway.importing import kinds, nested_kinds
from gateway.importing.kinds import Kind


@dataclass(frozen=True)
class Column:
    """One column: *default* stands for an absent value, unless it is *required*.

    *leads_to* says in words what a value refers to, with a place for the value.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: Any = None
    leads_to: str = ""


@dataclass(frozen=True)
class Table:
    """One table: rows with the same *key* are the same thing.

    *owner* is whose attributes stand in the column of that name.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    owner: str = ""

    @cached_property
    def known(self) -> frozenset[str]:
        """The columns' names."""
        return frozenset(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column called *name*."""
        return next(column for column in self.columns if column.name == name)


WEBSITE = Column(
    "website",
    kinds.key(),
    "The website's code; may be left out where there is only one, or with `--website`.",
)
OF_CUSTOMER = Column(
    "customer_id",
    kinds.text(),
    "The customer's id in the shop.",
    required=True,
    leads_to="customer {} on its website",
)
ATTRIBUTES = Column(
    "attributes",
    nested_kinds.attributes(),
    "The shop's own attributes: an object by code. Values are text, numbers, `true`"
    " or `false`, or lists of these.",
    default={},
)
FIRST_NAME = Column("first_name", kinds.text(), "First name.")
LAST_NAME = Column("last_name", kinds.text(), "Last name.")
PREFIX = Column("prefix", kinds.text(), "Name prefix, as `Dr.`.")
MIDDLE_NAME = Column("middle_name", kinds.text(), "Middle name.")
SUFFIX = Column("suffix", kinds.text(), "Name suffix, as `Jr.`.")
COUNTRY = Column("country", kinds.country(), "Country.")
REGION = Column("region", kinds.text(), "State or province.")
CITY = Column("city", kinds.text(), "City.")
POSTCODE = Column("postcode", kinds.text(), "Postcode.")
OF_ADDRESS = (
    FIRST_NAME,
    LAST_NAME,
    PREFIX,
    MIDDLE_NAME,
    SUFFIX,
    Column("company", kinds.text(), "Company."),
    Column("street", kinds.text(1000), "Street and number; may have several lines."),
    CITY,
    REGION,
    Column(
        "region_code",
        kinds.text(),
        "Its code, where the state or province was chosen from a list, as `CA`.",
    ),
    COUNTRY,
    POSTCODE,
    Column("telephone", kinds.text(), "Telephone number."),
    Column("fax", kinds.text(), "Fax number."),
    Column("vat_id", kinds.text(), "VAT number."),
    ATTRIBUTES,
)


def required(name: str, kind: Kind, meaning: str, leads_to: str = "") -> Column:
    """Describe a column that every row must have."""
    return Column(name, kind, meaning, required=True, leads_to=leads_to)


def amount(name: str, meaning: str) -> Column:
    """Describe a column of amounts, which are zero where there is none."""
    return Column(name, kinds.number(), meaning, default=0)


def table(
    name: str, meaning: str, key: tuple[str, ...], *columns: Column, owner: str = ""
) -> Table:
    """Describe a table."""
    return Table(name, meaning, key, columns, owner)
