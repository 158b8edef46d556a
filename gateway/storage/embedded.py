"""The embedded PostgreSQL, for whoever has no server: started on demand, then stopped.

Every process that uses a data directory holds a lock on a file in it, and the kernel
gives a lock back however a process ends. So the last one to leave knows that it is the
last, and stops the server; what a killed process left running is joined by the next.
"""

import fcntl
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from gateway.storage.cluster import Cluster
from gateway.storage.errors import EmbeddedFailed
from gateway.storage.programs import programs_for

_LOGGER = logging.getLogger(__name__)


@contextmanager
def running(
    directory: Path, *, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start the server of a data directory or join it, and give its database's URL.

    At the end it is stopped, unless another process uses it. Meanwhile a SIGTERM or
    SIGHUP that nobody else handles ends the program by SystemExit, so that it is
    stopped then too. *settings* are PostgreSQL's, and count for whoever starts it.

    Raises:
        EmbeddedFailed: there can be no server here; the message says what to do.
    """
    directory = directory.absolute()
    with _signals_as_exit(), _opened(directory) as users:
        with _alone(directory):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster = Cluster(directory / "postgresql", programs_for(directory))
        try:
            with _alone(directory):
                cluster.ensure_made()
                cluster.ensure_running(settings or {})
            yield cluster.url()
        finally:
            with _undisturbed(), _alone(directory):
                if _is_last(users):
                    _stop(cluster)


def _opened(directory: Path) -> IO[str]:
    """Open the file that all users of a data directory hold locked."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return (directory / "users.lock").open("a")
    except OSError as error:
        raise EmbeddedFailed(
            f"the data directory {directory} cannot be used ({error.strerror}): set"
            " GATEWAY_DATA_DIRECTORY to a folder that this account may write to, or"
            " DATABASE_URL to a PostgreSQL server"
        ) from error


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let nobody else start or stop the server meanwhile."""
    with (directory / "starting.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    """Whether nobody else uses the data directory; give up our own lock to see."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(cluster: Cluster) -> None:
    try:
        cluster.stop()
    except EmbeddedFailed as failed:
        # Whoever comes next joins it; what made us leave is the better thing to say.
        _LOGGER.warning("The embedded PostgreSQL runs on: %s", failed)


@contextmanager
def _signals_as_exit() -> Iterator[None]:
    """Let the signals that end a program unwind it too."""

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    with _handling(leave, signal.SIGTERM, signal.SIGHUP, instead_of=signal.SIG_DFL):
        yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Finish stopping the server, even for somebody who presses Ctrl-C twice."""
    every = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    with _handling(signal.SIG_IGN, *every):
        yield


@contextmanager
def _handling(
    handler: Callable[[int, FrameType | None], NoReturn] | signal.Handlers,
    *signals: signal.Signals,
    instead_of: signal.Handlers | None = None,
) -> Iterator[None]:
    """Handle signals so, all of them or those that are handled as *instead_of*."""
    before = {}
    # Python lets only the main thread say how signals are handled.
    if threading.current_thread() is threading.main_thread():
        for number in signals:
            if instead_of is None or signal.getsignal(number) is instead_of:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handled in before.items():
            signal.signal(number, handled)
