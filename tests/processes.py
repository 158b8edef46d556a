"""The gateway's command as a process of its own, as an operator starts it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.waiting import PATIENCE_SECONDS

# A busy machine may need its time.
_UNHURRIED = {
    f"GATEWAY_{name}_TIMEOUT_SECONDS": "60"
    for name in (
        "DATABASE_CONNECT",
        "DATABASE_ACQUIRE",
        "DATABASE_COMMAND",
        "REQUEST_BODY",
        "REQUEST",
    )
}

# Settings as well, and what makes Python colour what it prints.
_LEFT_OUT = {"DATABASE_URL", "CACHE_URL", "FORCE_COLOR", "PYTHON_COLORS"}

# Below the ports that the system gives to whoever takes any that is free.
_PORTS = range(10_000, 32_000)


@dataclass(frozen=True)
class Served:
    """A command that serves; *output* and *errors* hold what it has said until now."""

    address: str
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        return (self.folder / "errors").read_text(encoding="utf-8")

    def until_said(self, words: str, times: int) -> None:
        """Wait until it has said some words so many times on its errors."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.errors.count(words) < times:
            if time.monotonic() > deadline:
                raise RuntimeError(f"it does not say {words!r}: {self.errors}")
            time.sleep(0.05)

    def stopped_by(self, number: signal.Signals) -> int:
        """Signal all that was started, as a terminal does, and give the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(PATIENCE_SECONDS)


def environment(**settings: object) -> dict[str, str]:
    """This process's environment, with no setting of the gateway but *settings*.

    And time enough, unless they say otherwise.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GATEWAY_") and name not in _LEFT_OUT
    }
    return (
        inherited | _UNHURRIED | {name: str(value) for name, value in settings.items()}
    )


def run(*arguments: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", *map(str, arguments)],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@contextmanager
def started(command: str, folder: Path, **settings: object) -> Iterator[Served]:
    """Run a command that serves, from when it is ready to the end of the block."""
    port = free_port()
    arguments = [sys.executable, "-m", "gateway", command, "--port", str(port)]
    folder.mkdir(exist_ok=True)
    with (
        (folder / "output").open("wb") as output,
        (folder / "errors").open("wb") as errors,
    ):
        process = subprocess.Popen(
            arguments,
            env=environment(**settings),
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
    served = Served(f"http://127.0.0.1:{port}", process, folder)
    try:
        _wait_for(served)
        yield served
    finally:
        if process.poll() is None:
            served.stopped_by(signal.SIGINT)


def free_port() -> int:
    """A port that nobody listens on, nor is given to anybody who asks for any."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait_for(served: Served) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            # Without this it reads every certificate authority, each time.
            answer = httpx.get(f"{served.address}/readyz", verify=False)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.is_success:
            return
        time.sleep(0.1)
    raise RuntimeError(f"it does not serve: {served.errors}")
