"""Lets time pass for what waits on the event loop, without waiting for it."""

from __future__ import annotations

import asyncio

import pytest


def let_pass(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the clock of the running loop ahead: what is due by then is done at once."""
    loop = asyncio.get_running_loop()
    time = loop.time
    monkeypatch.setattr(loop, "time", lambda: time() + seconds)
