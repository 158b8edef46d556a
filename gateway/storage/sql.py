"""Reads sql/: queries by name, migrations in order.

A file of sql/queries/ is a row of queries, each of them three things: its name on a
line of its own (`-- active_segments`), a sentence or more of prose in comment lines,
and the SQL. A blank line stands between two queries, and inside none; a paragraph of
comment lines only is a remark on the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NewType

from gateway.storage.errors import BadQueryFile

Query = NewType("Query", str)

_NAME = re.compile(r"-- ([a-z][a-z0-9_]*)")
_COMMENT = re.compile(r"--($| )")

_PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """Where sql/ is: in the package when a wheel brought it, else beside it."""
    carried = _PACKAGE / "sql"
    return carried if carried.is_dir() else _PACKAGE.parent / "sql"


@dataclass(frozen=True)
class Queries:
    """The queries of one file, each an attribute: `queries("segments").active`."""

    file: str
    by_name: dict[str, Query]

    def __getattr__(self, name: str) -> Query:
        try:
            return self.by_name[name]
        except KeyError:
            known = ", ".join(sorted(self.by_name))
            raise AttributeError(
                f"sql/queries/{self.file}.sql has no query {name!r}; it has {known}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)


@cache
def queries(file: str) -> Queries:
    """Read sql/queries/*file*.sql.

    Raises:
        BadQueryFile: a query has no name, no prose or no SQL, or two have one name.
    """
    text = (folder() / "queries" / f"{file}.sql").read_text(encoding="utf-8")
    return Queries(file, parse(text, f"sql/queries/{file}.sql"))


def files() -> list[str]:
    """Give the name of every file of queries, as `queries` takes it, in order."""
    root = folder() / "queries"
    return sorted(
        path.relative_to(root).with_suffix("").as_posix()
        for path in root.rglob("*.sql")
    )


def parse(text: str, source: str) -> dict[str, Query]:
    """Split the text of a file into its queries, in the order of the file.

    Raises:
        BadQueryFile: as `queries` does; the message names *source* and the line.
    """
    found: dict[str, Query] = {}
    for line, paragraph in _paragraphs(text):
        where = f"{source}, line {line}"
        name = _NAME.fullmatch(paragraph[0])
        comments = takewhile(_COMMENT.match, paragraph)
        prose = sum(1 for _ in comments)
        if name is None and prose == len(paragraph):
            continue
        if name is None:
            raise BadQueryFile(
                f"{where}: a query begins with its name, as '-- active_segments', not"
                f" with {paragraph[0]!r}; inside it there is no blank line"
            )
        if prose == 1:
            raise BadQueryFile(
                f"{where}: say in a comment line below '{paragraph[0]}' what it"
                " answers and what its parameters are"
            )
        if prose == len(paragraph):
            raise BadQueryFile(f"{where}: {name[1]!r} has no SQL")
        if name[1] in found:
            raise BadQueryFile(f"{where}: a second query is called {name[1]!r}")
        found[name[1]] = Query("\n".join(paragraph[prose:]))
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each run of lines that are not blank, with the number of its first."""
    start, lines = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            start = start if lines else number
            lines.append(line.rstrip())
        elif lines:
            yield start, lines
            lines = []
