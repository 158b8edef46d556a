"""Writes an export into a file, with a bar for people and lines for logs."""

from __future__ import annotations

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
    with _file(output) as file, _bar(told, export.total) as advance:
        async for part in export.written(database, format, advance):
            file.write(part)
    print(f"{export.total:,} customers: {output}", file=told, flush=True)


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that stands under its name only once it is whole."""
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # What is in it concerns nobody else on this machine.
        with open(unfinished, "xb", opener=_for_its_owner) as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _for_its_owner(path: str, flags: int) -> int:
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
