"""Tells how far an import has come: bars for people, lines for logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.progress import Progress, TaskID

from gateway.importing.report import FileReport
from gateway.progress import bars_on


class Reporter(Protocol):
    """Is told what happens while it happens."""

    def begin(self, file: str) -> None:
        """A file is begun."""

    def advance(self, part: float) -> None:
        """That much of it is read: from 0 to 1."""

    def finish(self, done: FileReport) -> None:
        """It is imported."""


class Silence:
    """Says nothing."""

    def begin(self, file: str) -> None:
        """Say nothing."""

    def advance(self, part: float) -> None:
        """Say nothing."""

    def finish(self, done: FileReport) -> None:
        """Say nothing."""


class Lines:
    """Writes a line for each file that is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, file: str) -> None:
        """Say nothing yet."""

    def advance(self, part: float) -> None:
        """Say nothing: a log is no place for progress."""

    def finish(self, done: FileReport) -> None:
        """Say what became of the file."""
        print(_said(done), file=self._stream, flush=True)


class Bars:
    """Draws a bar for each file."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, file: str) -> None:
        """Draw an empty bar."""
        self._task = self._progress.add_task(file, total=1.0, said="")

    def advance(self, part: float) -> None:
        """Fill it so far."""
        if self._task is not None:
            self._progress.update(self._task, completed=part)

    def finish(self, done: FileReport) -> None:
        """Fill it up, and say what became of the file."""
        if self._task is not None:
            said = _said(done).partition(": ")[2]
            self._progress.update(self._task, completed=1.0, said=said)


@contextmanager
def reporter_for(stream: TextIO) -> Iterator[Reporter]:
    """Give what suits *stream*: bars on a terminal, lines elsewhere."""
    with bars_on(stream) as progress:
        yield Lines(stream) if progress is None else Bars(progress)


def _said(done: FileReport) -> str:
    counts = f"{done.added:,} added, {done.changed:,} changed"
    left = f", {done.left_out:,} left out" if done.left_out else ""
    counts = f"{counts}, {done.unchanged:,} unchanged{left}"
    return f"{done.file}: {done.read:,} read, {counts}"
