"""Bars that show people how far something has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def bars_on(stream: TextIO) -> Iterator[Progress | None]:
    """Give what draws bars on a terminal, each with what is *said* of it; else None."""
    if not stream.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[said]}", markup=False),
    )
    with Progress(*columns, console=Console(file=stream)) as progress:
        yield progress
