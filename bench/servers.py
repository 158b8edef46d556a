"""Starts what is measured: one worker on one core, with a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60.0


_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()


def pin(core: int) -> None:
    """Keep this process, and those it starts from now on, on one core if it can."""
    if core in _CORES:
        os.sched_setaffinity(0, {core})


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def gateway(*arguments: str, environment: Mapping[str, str]) -> None:
    """Run one command of the gateway to its end."""
    subprocess.run(  # noqa: S603  # Our own command.
        [sys.executable, "-m", "gateway", *arguments],
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def started(
    *command: str, port: int, environment: Mapping[str, str], log: Path
) -> Iterator[None]:
    """Run a server until the block ends; it must listen on *port* in time."""
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603  # Our own command.
            [sys.executable, *command],
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(port, server, log)
            yield
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')}")
