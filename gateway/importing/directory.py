"""Finds the files of an import directory, in the order in which they are imported."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.importing.batches import Read
from gateway.importing.faults import Fault, FileRefused
from gateway.importing.parquet import parquet
from gateway.importing.sales_rules import CATEGORIES
from gateway.importing.tables import TABLES
from gateway.importing.text_files import comma_separated, json_lines

TABLE_FORMATS: Mapping[str, Read] = {
    "jsonl": json_lines,
    "csv": comma_separated,
    "parquet": parquet,
    "jsonl.gz": json_lines,
    "csv.gz": comma_separated,
}
RULES = (
    "segments",
    "cart_price_rules",
    "sales_rules",
    "catalogue_price_rules",
    "dynamic_blocks",
    "related_product_rules",
)
RULE_FORMATS = ("yaml", "yml", "json")

# Whatever refers to something comes after it.
ORDER = (*TABLES, *RULES)


@dataclass(frozen=True)
class File:
    """A file to import: *subject* is what it holds, *format* how."""

    path: Path
    subject: str
    format: str

    @property
    def name(self) -> str:
        """The file's name, without its directory."""
        return self.path.name

    @property
    def unit(self) -> str:
        """What its contents are counted in."""
        return "row" if self.format == "parquet" else "line"


def find(directory: Path) -> tuple[Sequence[File], Sequence[str]]:
    """Return the files to import, in order, and a sentence for each that is ignored.

    Raises:
        FileRefused: there is no such directory, nothing in it to import, or one
            subject twice.
    """
    try:
        entries = sorted(directory.iterdir())
    except OSError as error:
        said = f"it cannot be read: {error.strerror}."
        raise FileRefused([Fault(_shown(str(directory)), said)]) from error
    found: dict[str, File] = {}
    ignored = []
    for entry in entries:
        file = _file(entry)
        if file is None:
            # It is read along with sales_rules.json.
            if not entry.name.startswith(".") and entry.name != CATEGORIES:
                ignored.append(_ignored(_shown(entry.name)))
        elif file.subject in found:
            first = found[file.subject].name
            said = f"{first} holds {file.subject}, too. Keep one of the two."
            raise FileRefused([Fault(file.name, said)])
        else:
            found[file.subject] = file
    if not found:
        said = "there is nothing to import. Bring files such as products.csv."
        raise FileRefused([Fault(_shown(str(directory)), " ".join([said, *ignored]))])
    return sorted(found.values(), key=lambda file: ORDER.index(file.subject)), ignored


def _file(path: Path) -> File | None:
    subject, _, format = path.name.partition(".")
    formats = _formats(subject)
    if format not in formats or not path.is_file():
        return None
    return File(path, subject, format)


def _formats(subject: str) -> Sequence[str]:
    if subject in TABLES:
        return tuple(TABLE_FORMATS)
    if subject == "sales_rules":
        return ("json",)
    return RULE_FORMATS if subject in RULES else ()


def _shown(name: str) -> str:
    """Return a name as every terminal can show it: it may be any bytes."""
    return name if name.isprintable() else ascii(name)


def _ignored(name: str) -> str:
    subject, _, format = name.partition(".")
    if format in _formats(subject):
        return f"{name} is ignored; it is no file."
    subject, _, format = name.lower().partition(".")
    near = difflib.get_close_matches(subject, ORDER, n=1, cutoff=0.75)
    if not near:
        return f"{name} is ignored."
    formats = _formats(near[0])
    meant = format if format in formats else formats[0]
    return f"{name} is ignored; did you mean {near[0]}.{meant}?"
