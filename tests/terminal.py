"""A terminal that keeps what is drawn on it."""

from __future__ import annotations

import io
import re

import pytest


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True

    def last_line(self, start: str) -> str:
        """Return what the line that begins with *start* was when last drawn."""
        drawn = re.split(r"[\r\n]|\x1b\[\d*[A-Z]", self.getvalue())
        return [line for line in drawn if line.startswith(start)][-1].rstrip()


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a wide one without colours: of a bar only what is filled is drawn."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    return Terminal()
