"""Tells how far a refresh has come: a bar for people, lines for logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.progress import Progress, TaskID

from gateway.progress import bars_on
from gateway.resolvers.segment_refreshes import Reporter
from gateway.storage.segment_refreshes import Refresh, Run


class Lines:
    """Writes a line for what begins, and one for what is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def wait(self, website: str) -> None:
        """Say whom it waits for."""
        self._say(f"{website}: another refresh is running; waiting for it")

    def begin(self, website: str, run: Run) -> None:
        """Say what is begun."""
        how = "going on with" if run.resumed else "matching"
        self._say(f"{website}: {how} {len(run.segment_ids):,} segments")

    def advance(self, now: Refresh) -> None:
        """Say nothing: a log is no place for progress."""

    def finish(self, website: str, done: Refresh) -> None:
        """Say what came of it."""
        self._say(f"{website}: {_said(done)}")

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class Bar(Lines):
    """Draws a bar for each run."""

    def __init__(self, progress: Progress, stream: TextIO) -> None:
        super().__init__(stream)
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, website: str, run: Run) -> None:
        """Draw an empty bar."""
        del run
        self._task = self._progress.add_task(website, total=None, said="")

    def advance(self, now: Refresh) -> None:
        """Fill it so far."""
        if self._task is not None:
            self._progress.update(
                self._task, total=now.customers, completed=now.decided, said=_said(now)
            )

    def finish(self, website: str, done: Refresh) -> None:
        """Fill it up."""
        del website
        if self._task is not None:
            decided = done.decided
            self._progress.update(
                self._task, total=decided, completed=decided, said=_said(done)
            )

    def _say(self, line: str) -> None:
        self._progress.console.print(line, markup=False, highlight=False)


@contextmanager
def reporter_for(stream: TextIO) -> Iterator[Reporter]:
    """Give what suits *stream*: a bar on a terminal, lines elsewhere."""
    with bars_on(stream) as progress:
        yield Lines(stream) if progress is None else Bar(progress, stream)


def _said(now: Refresh) -> str:
    return (
        f"{now.decided:,} customers decided, {now.joined:,} joined and"
        f" {now.departed:,} left segments"
    )
