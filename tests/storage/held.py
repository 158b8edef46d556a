"""Holds the embedded PostgreSQL of a folder: a program for test_embedded.py to signal.

It says `ready` once the server runs. On Ctrl-C it asks the server something, to see
that the signal, which went to the whole process group, did not reach PostgreSQL.
"""

import asyncio
import signal
import sys
import time
from pathlib import Path

from gateway.storage import embedded
from gateway.storage.connection import connection_to


def _say(what: object) -> None:
    print(what, flush=True)  # noqa: T201  # The test reads it.


async def _ask(url: str) -> object:
    async with connection_to(url) as connection:
        return await connection.fetchval("select 'still here'")


def main() -> None:
    """Hold it until a signal comes, or for ten minutes."""
    # Whoever started the tests may have had it ignored, as nohup does.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with embedded.running(Path(sys.argv[1]), settings={"fsync": "off"}) as url:
        try:
            _say("ready")
            for _ in range(6000):
                # A signal that comes just before a sleep is seen just after it.
                time.sleep(0.1)
        except KeyboardInterrupt:
            _say(asyncio.run(_ask(url)))
    _say("left")


if __name__ == "__main__":
    main()
