"""Writes what docs/importing.md says of the tables, out of their description."""

from __future__ import annotations

from gateway.importing.columns import WEBSITE, Column, Table
from gateway.importing.tables import TABLES

BEGIN = "<!-- The tables begin: generated from gateway/importing/tables/. -->"
END = "<!-- The tables end. -->"


def reference() -> str:
    """Return every table that can be imported, as Markdown."""
    return "\n".join(_section(table) for table in TABLES.values())


def refreshed(page: str) -> str:
    """Return the *page* with the tables between its marks as they are now.

    Raises:
        ValueError: it has no marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{begin}\n\n{reference()}\n{end}{after}"


def _section(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    rows = "".join(_row(column) for column in table.columns)
    return (
        f"### {table.name}\n\n{table.meaning}\nKnown by {key}.\n\n"
        f"| column | holds | when it is empty | meaning |\n|---|---|---|---|\n{rows}"
    )


def _row(column: Column) -> str:
    return (
        f"| `{column.name}` | {column.kind.accepts} | {_absent(column)}"
        f" | {column.meaning} |\n"
    )


def _absent(column: Column) -> str:
    if column.required:
        return "refused"
    if column is WEBSITE:
        return "the only website"
    default = column.default
    if default is None:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default or default == 0 else "empty"
