"""Reads the files of the shared data, and writes those of an import directory."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def read_csv(path: Path) -> Sequence[Mapping[str, str]]:
    """Return the rows of a CSV file, plain or compressed."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        text = file.read().decode()
    return list(csv.DictReader(text.splitlines(keepends=True)))


def read_json(path: Path) -> Any:
    """Return what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, definitions: Sequence[Mapping[str, Any]]) -> None:
    """Write definitions as a JSON file."""
    path.write_text(json.dumps(definitions, indent=1), encoding="utf-8")


def write_csv(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    """Write columns of the same length as a CSV file; None is an empty value."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
