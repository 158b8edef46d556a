"""Writes an export into a file, with a bar for people and lines for logs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.exporting import Format, begun
from gateway.resolvers.matched_customers import Wanted
from gateway.storage.database import Database

STANDARD_OUTPUT = Path("-")

_Opener = Callable[[str, int], int]


async def write(
    database: Database, wanted: Wanted, format: Format, output: Path, told: TextIO
) -> None:
    """Write the customers who are wanted to *output*, whole or not at all.

    Raises:
        InvalidInput: no segments are named, or too many.
        NotFound: there is no such website, or no such segment on it.
        OSError: the file cannot be written.
    """
    export = await begun(database, wanted)
    if not export.freshness.is_current:
        said = "a segment was never refreshed, or saved since: `gateway segments"
        print(f"{said} refresh` brings it up to date", file=told, flush=True)
    with (
        whole_file(output, _for_its_owner) as file,
        _bar(told, export.total) as advance,
    ):
        async for part in export.written(database, format, advance):
            file.write(part)
    print(f"{export.total:,} customers: {output}", file=told, flush=True)


@contextmanager
def whole_file(path: Path, opener: _Opener | None = None) -> Iterator[BinaryIO]:
    """Open a file that stands under its name only once it is whole.

    What is there and no file, such as a pipe or a device, is written to as it is.
    """
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.exists() and not path.is_file():
        with path.open("wb") as there:
            yield there
        return
    path = path.resolve()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(unfinished, "xb", opener=opener) as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def whole_text(path: Path | None) -> Iterator[TextIO]:
    """Open such a file for text; None is standard output."""
    if path is None or path == STANDARD_OUTPUT:
        yield sys.stdout
        return
    with (
        whole_file(path) as file,
        io.TextIOWrapper(file, encoding="utf-8", newline="") as text,
    ):
        yield text


def _for_its_owner(path: str, flags: int) -> int:
    """Open what concerns nobody else on this machine."""
    return os.open(path, flags, 0o600)


@contextmanager
def _bar(stream: TextIO, total: int) -> Iterator[Callable[[int], None]]:
    """Draw a bar on a terminal; a log is no place for progress."""
    if not stream.isatty():
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.completed:,} of {task.total:,} customers", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=stream)) as progress:
        task = progress.add_task("", total=total)
        yield lambda more: progress.update(task, advance=more)
